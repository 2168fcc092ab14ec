"""The page as PDF and its first sheet as PNG, by a typesetter with its own fonts and no clock."""

import json
from dataclasses import asdict
from functools import lru_cache
from typing import Literal

import typst

from app.render.html import template_text
from app.render.view import Page

PIXELS_PER_INCH = 144.0
UNSEEN = ("source", "fact", "reason")


def pdf(page: Page) -> bytes:
    """Return the page as PDF on A4."""
    return _compiled(page, form="pdf", first=False)[0]


def first_page_png(page: Page) -> bytes:
    """Return the first sheet as PNG."""
    return _compiled(page, form="png", first=True)[0]


def _compiled(page: Page, *, form: Literal["pdf", "png"], first: bool) -> list[bytes]:
    data = asdict(page, dict_factory=_printed)
    made = _compiler().compile(
        template_text("report.typ").encode(),
        format=form,
        ppi=PIXELS_PER_INCH,
        sys_inputs={
            "page": json.dumps(data, ensure_ascii=False),
            "first": "yes" if first else "no",
        },
    )
    return [made] if isinstance(made, bytes) else list(made or ())


@lru_cache(maxsize=1)
def _compiler() -> typst.Compiler:
    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=True)
    return typst.Compiler(font_paths=fonts, ignore_system_fonts=True)


def _printed(pairs: list[tuple[str, object]]) -> dict[str, object]:
    return {name: value for name, value in pairs if name not in UNSEEN}
