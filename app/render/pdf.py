"""The page as PDF, its first sheet and its pictures as PNG, by a typesetter without a clock."""

import json
from dataclasses import asdict
from functools import lru_cache
from typing import TYPE_CHECKING, Literal

from app.render.html import template_text
from app.render.view import Page

if TYPE_CHECKING:
    import typst

PIXELS_PER_INCH = 144.0
UNSEEN = ("source", "fact", "reason")


Part = Literal["all", "first", "pictures"]


def pdf(page: Page) -> bytes:
    """Return the page as PDF on A4."""
    return _compiled(page, form="pdf", part="all")[0]


def first_page_png(page: Page) -> bytes:
    """Return the first sheet as PNG."""
    return _compiled(page, form="png", part="first")[0]


def pictures_png(page: Page, *, pixels_per_inch: float) -> list[bytes]:
    """Return the rotation map above the heatmap as one PNG a universe."""
    return _compiled(page, form="png", part="pictures", pixels_per_inch=pixels_per_inch)


def _compiled(
    page: Page, *, form: Literal["pdf", "png", "svg"], part: Part,
    pixels_per_inch: float = PIXELS_PER_INCH,
) -> list[bytes]:  # fmt: skip
    import typst

    data = asdict(page, dict_factory=_printed)
    made = typst.Compiler(font_paths=_fonts(), ignore_system_fonts=True).compile(
        template_text("report.typ").encode(),
        format=form,
        ppi=pixels_per_inch,
        sys_inputs={"page": json.dumps(data, ensure_ascii=False), "part": part},
    )
    return [made] if isinstance(made, bytes) else list(made or ())


@lru_cache(maxsize=1)
def _fonts() -> "typst.Fonts":
    """Return the fonts, read once; each page has its own compiler: threads cannot share one."""
    import typst

    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=True)


def _printed(pairs: list[tuple[str, object]]) -> dict[str, object]:
    return {name: value for name, value in pairs if name not in UNSEEN}
