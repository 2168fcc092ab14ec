"""Decides which file of a report an address names, and under which name and type it is sent."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Lock
from typing import Final, Literal

from app.render.bundle import FILE_OF, Format, render
from core.errors import UnknownIdError
from core.records.report import Report
from core.records.universe import Universe

FileName = Literal[
    "report.pdf", "report.html", "report.email.html", "page1.png", "report.xlsx", "sectors.csv",
    "orders.csv", "report.md", "report.json",
]  # fmt: skip
TYPES: Final[Mapping[str, str]] = {
    "pdf": "application/pdf",
    "html": "text/html; charset=utf-8",
    "png": "image/png",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
    "md": "text/markdown; charset=utf-8",
    "json": "application/json",
}
"""Content type by the last part of a file's name."""
_FORM_OF: Final[dict[str, Format]] = {file: form for form, file in FILE_OF.items()}
_ONE_AT_A_TIME: Final = Lock()
"""The typesetter is one object, which two threads must not use at once."""


@dataclass(frozen=True, slots=True)
class SentFile:
    """A file's bytes with what a client is told of them."""

    content: bytes
    media_type: str
    name: str


def report_file(
    report: Report, universes: Mapping[str, Universe], name: str, *, run: str, home: Path
) -> SentFile:
    """Return one file of a report, by the file's name or its format's.

    Args:
        report: in the language it is to be in.
        universes: by id.
        name: such as `report.pdf` or `pdf`.
        run: names the file for who saves it.
        home: scratch is written there and nowhere else.

    Raises:
        UnknownIdError: there is no such form, or the report has no orders.
    """
    form = _FORM_OF.get(name) or next((known for known in FILE_OF if known == name), None)
    if form is None:
        raise UnknownIdError(f"there is no such file: choose from {', '.join(_FORM_OF)}")
    with _ONE_AT_A_TIME, TemporaryDirectory(dir=home, prefix=".rendering-") as scratch:
        made = render(report, universes, formats=[form], out_dir=Path(scratch))
        if form not in made:
            raise UnknownIdError(f"report {run} has no orders: nothing is held, or no trade")
        content = made[form].read_bytes()
    file, language = FILE_OF[form], report.request.language
    stem, _, kind = file.rpartition(".")
    saved = f"{run}-{stem.replace('.', '-')}-{language}.{kind}"
    return SentFile(content=content, media_type=TYPES[kind], name=saved)


def file_names(report: Report) -> tuple[FileName, ...]:
    """Return the files a report has."""
    ordered = any(order.quantity_count for plan in report.trades for order in plan.orders)
    names: tuple[FileName, ...] = (
        "report.pdf", "report.html", "report.xlsx", "report.md", "report.json", "sectors.csv",
        "orders.csv", "page1.png", "report.email.html",
    )  # fmt: skip
    return tuple(name for name in names if ordered or name != "orders.csv")
