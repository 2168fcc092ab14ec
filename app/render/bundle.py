"""Writes a report's files, all rendered before the first is written; never a half file."""

import json
import os
from collections.abc import Callable, Collection, Mapping
from functools import cache
from pathlib import Path
from typing import Literal, assert_never, get_args

from app.render.html import html
from app.render.markdown import markdown
from app.render.page import page
from app.render.pdf import first_page_png, pdf
from app.render.view import Page
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
    wanted = chosen_formats(formats)
    shown = cache(lambda: page(report, universes))
    rendered = {name: _bytes(name, report, shown) for name in wanted}
    out_dir.mkdir(parents=True, exist_ok=True)
    return {name: _write(out_dir / FILE_OF[name], rendered[name]) for name in wanted}


def report_json(report: Report) -> str:
    """Return the report as JSON, keys sorted, two spaces a level."""
    data = report.model_dump(mode="json")
    return json.dumps(data, sort_keys=True, ensure_ascii=False, indent=2, allow_nan=False) + "\n"


def chosen_formats(formats: Collection[str]) -> list[Format]:
    """Return the formats in the order they are written.

    Raises:
        CallerError: one is unknown, or none is named.
    """
    if not formats:
        raise CallerError(f"no format is named: choose from {', '.join(FORMATS)}")
    unknown = sorted(set(formats) - set(FORMATS))
    if unknown:
        raise CallerError(f"format {unknown[0]!r} is unknown: choose from {', '.join(FORMATS)}")
    return [name for name in FORMATS if name in formats]


def _bytes(name: Format, report: Report, shown: Callable[[], Page]) -> bytes:
    match name:
        case "json":
            return report_json(report).encode()
        case "html":
            return html(shown()).encode()
        case "md":
            return markdown(shown()).encode()
        case "pdf":
            return pdf(shown())
        case "png":
            return first_page_png(shown())
        case _:
            assert_never(name)


def _write(path: Path, content: bytes) -> Path:
    pending = path.with_name(f".{path.name}.{os.getpid()}.pending")
    try:
        with pending.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        return pending.replace(path)
    except BaseException:
        pending.unlink(missing_ok=True)
        raise
