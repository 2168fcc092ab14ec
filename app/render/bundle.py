"""Writes a report's files, all rendered before the first is written; never a half file."""

import json
import os
import tempfile
from collections.abc import Callable, Collection, Mapping
from pathlib import Path
from typing import Literal, get_args

from app.render.html import html
from app.render.markdown import markdown
from app.render.page import page
from app.render.view import Page
from app.render.words import Words
from core.errors import CallerError
from core.records.report import Report
from core.records.universe import Universe

Format = Literal["json", "html", "pdf", "md", "png"]
FORMATS: tuple[Format, ...] = get_args(Format)
FILE_OF: dict[Format, str] = {
    "json": "report.json",
    "html": "report.html",
    "pdf": "report.pdf",
    "md": "report.md",
    "png": "page1.png",
}


def render(
    report: Report,
    universes: Mapping[str, Universe],
    *,
    formats: Collection[str] = FORMATS,
    out_dir: Path,
) -> dict[str, Path]:
    """Write the report in these formats and return the file of each.

    Equal reports give equal bytes, on any machine's clock, time zone and locale.

    Raises:
        CallerError: a format is unknown.
        UnknownUniverseError: the report is about a universe that is not given.
    """
    wanted = _wanted(formats)
    shown = page(report, universes)
    words = Words(report.request.language, universes[report.request.universes[0]])
    rendered = {name: _bytes(name, report, shown, words.text("page")) for name in wanted}
    out_dir.mkdir(parents=True, exist_ok=True)
    return {name: _write(out_dir / FILE_OF[name], rendered[name]) for name in wanted}


def report_json(report: Report) -> str:
    """Return the report as JSON, keys sorted, two spaces a level."""
    data = report.model_dump(mode="json")
    return json.dumps(data, sort_keys=True, ensure_ascii=False, indent=2, allow_nan=False) + "\n"


def _wanted(formats: Collection[str]) -> list[Format]:
    unknown = sorted(set(formats) - set(FORMATS))
    if unknown:
        raise CallerError(f"format {unknown[0]!r} is unknown: choose from {', '.join(FORMATS)}")
    return [name for name in FORMATS if name in formats]


def _bytes(name: Format, report: Report, shown: Page, page_word: str) -> bytes:
    from app.render import pdf  # the typesetter is loaded only when it is wanted

    writers: dict[Format, Callable[[], bytes]] = {
        "json": lambda: report_json(report).encode(),
        "html": lambda: html(shown).encode(),
        "md": lambda: markdown(shown).encode(),
        "pdf": lambda: pdf.pdf(shown, page_word=page_word),
        "png": lambda: pdf.first_page_png(shown, page_word=page_word),
    }
    return writers[name]()


def _write(path: Path, content: bytes) -> Path:
    with tempfile.NamedTemporaryFile(
        dir=path.parent, prefix=f".{path.name}.", delete=False
    ) as file:
        try:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
            Path(file.name).replace(path)
        except BaseException:
            Path(file.name).unlink(missing_ok=True)
            raise
    return path
