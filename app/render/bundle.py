"""Writes a report's files, all rendered before the first is written; never a half file."""

import json
from collections.abc import Callable, Collection, Mapping
from functools import cache
from pathlib import Path
from typing import Literal, assert_never, get_args

from app.render.delimited import delimited
from app.render.email import email
from app.render.html import html
from app.render.markdown import markdown
from app.render.orders import orders_csv
from app.render.page import page
from app.render.pdf import first_page_png, pdf
from app.render.sheets.book import sectors_sheet, sheets
from app.render.view import Page
from app.render.xlsx import xlsx
from app.writing import write_whole
from core.errors import CallerError
from core.records.report import Report
from core.records.universe import Universe

Format = Literal["pdf", "html", "email", "png", "xlsx", "csv", "orders", "md", "json"]
FORMATS: tuple[Format, ...] = get_args(Format)
FILE_OF: dict[Format, str] = {
    "pdf": "report.pdf",
    "html": "report.html",
    "email": "report.email.html",
    "png": "page1.png",
    "xlsx": "report.xlsx",
    "csv": "sectors.csv",
    "orders": "orders.csv",
    "md": "report.md",
    "json": "report.json",
}


def render(
    report: Report,
    universes: Mapping[str, Universe],
    *,
    formats: Collection[str] = FORMATS,
    out_dir: Path,
) -> dict[str, Path]:
    """Write the report in these formats and return the file of each that was written.

    Orders are written where there are any. Equal reports give equal bytes, on any machine's clock,
    time zone and locale.

    Raises:
        CallerError: a format is unknown.
        UnknownUniverseError: the report is about a universe that is not given.
    """
    wanted = chosen_formats(formats)
    shown = cache(lambda: page(report, universes))
    rendered = {
        name: _bytes(name, report, universes, shown)
        for name in wanted
        if name != "orders" or _ordered(report)
    }
    out_dir.mkdir(parents=True, exist_ok=True)
    written: dict[str, Path] = {}
    for name, made in rendered.items():
        written[name] = out_dir / FILE_OF[name]
        write_whole(written[name], made)
    return written


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


def _ordered(report: Report) -> bool:
    return any(order.quantity_count for plan in report.trades for order in plan.orders)


def _bytes(
    name: Format, report: Report, universes: Mapping[str, Universe], shown: Callable[[], Page]
) -> bytes:
    match name:
        case "json":
            return report_json(report).encode()
        case "xlsx":
            return xlsx(sheets(report, universes))
        case "csv":
            return delimited(sectors_sheet(report, universes)).encode()
        case "orders":
            return orders_csv(report.trades, dict(universes)).encode()
        case "pdf" | "png":
            return pdf(shown()) if name == "pdf" else first_page_png(shown())
        case "html" | "email" | "md":
            return _text(name, shown()).encode()
        case _:
            assert_never(name)


def _text(name: Literal["html", "email", "md"], shown: Page) -> str:
    match name:
        case "html":
            return html(shown)
        case "email":
            return email(shown)
        case "md":
            return markdown(shown)
        case _:
            assert_never(name)
