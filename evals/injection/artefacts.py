"""Every text a reader, a client or a model gets of a report; decides nothing about it."""

import io
import zipfile
from collections.abc import Callable, Collection, Mapping
from functools import cache
from typing import Final

from app.chat.difference import compared
from app.chat.sources import sources_of
from app.render.delimited import delimited
from app.render.email import email
from app.render.html import html
from app.render.markdown import markdown
from app.render.page import page
from app.render.sheets.book import sectors_sheet, sheets
from app.render.xlsx import xlsx
from core.records.report import Report
from core.records.universe import Universe

NAMES: Final = ("said", "html", "email", "md", "csv", "xlsx", "chat")
PAGES: Final = frozenset({"html", "email"})
"""Artefacts that are HTML."""


def artefacts(
    report: Report, universes: Mapping[str, Universe], *, only: Collection[str] = NAMES
) -> dict[str, str]:
    """Return the report's forms by name, or some; of a workbook its XML.

    `said` are the sentences alone; `chat` the events of a chat's answer, a JSON document a line.
    The PDF, set from the page that `html` is made of, is looked at apart: `paper`.
    """
    shown = cache(lambda: page(report, universes))
    made: dict[str, Callable[[], str]] = {
        "said": lambda: "\n".join(sentence.text for sentence in report.sentences),
        "html": lambda: html(shown()),
        "email": lambda: email(shown()),
        "md": lambda: markdown(shown()),
        "csv": lambda: delimited(sectors_sheet(report, universes)),
        "xlsx": lambda: _unpacked(xlsx(sheets(report, universes))),
        "chat": lambda: _told(report, universes),
    }
    return {name: make() for name, make in made.items() if name in only}


def _told(report: Report, universes: Mapping[str, Universe]) -> str:
    events = [*sources_of(report, universes).sentences(), *compared(None, report).rows]
    return "\n".join(event.model_dump_json() for event in events)


def _unpacked(book: bytes) -> str:
    with zipfile.ZipFile(io.BytesIO(book)) as packed:
        names = (name for name in packed.namelist() if "sheet" in name)
        return "\n".join(packed.read(name).decode() for name in names)
