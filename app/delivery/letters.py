"""Decides how a kept report becomes a message: its headline as text, its e-mail page, its PDF."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Final

from app.delivery.message import LONGEST_HTML, LONGEST_TEXT, Message
from app.render.bundle import FILE_OF, render
from app.render.email import email
from app.render.page import page
from app.render.view import Page
from core.plain_text import plain_line
from core.records.report import Report, Section
from core.records.universe import Universe

LETTERS: Final = "letters"
"""The folder of a home that holds what goes with messages, by content."""
SHORT: Final[tuple[Section, ...]] = ("answer", "headline", "recommendation", "warning")
LONGEST_SUBJECT: Final = 200
LONGEST_QUESTION: Final = 400


def report_message(
    report: Report, universes: Mapping[str, Universe], *, sink: str, home: Path
) -> Message:
    """Return the message of a report to a sink; its PDF is written into the home.

    Equal reports give the same key for a sink, so that none is told twice there.

    Raises:
        UnknownUniverseError: the report is about a universe that is not given.
    """
    pdf = pdf_of(home, report)
    render(report, universes, formats=("pdf",), out_dir=pdf.parent)
    shown = page(report, universes)
    shown = replace(shown, question=plain_line(shown.question, LONGEST_QUESTION))
    html = email(shown)
    return Message(
        key=report_key(report, sink),
        sink=sink,
        kind="report",
        subject=_subject(report, shown),
        text=_text(report, shown),
        html=html if len(html) <= LONGEST_HTML else None,
        attachments=(str(pdf.relative_to(home)),),
    )


def report_key(report: Report, sink: str) -> str:
    """Return the key of a report's message to a sink."""
    return f"report:{report.content_hash()[:32]}:{sink}:{report.request.language}"


def pdf_of(home: Path, report: Report) -> Path:
    """Return where the PDF of a report that was sent is."""
    return home / LETTERS / report.content_hash()[:32] / FILE_OF["pdf"]


def _subject(report: Report, shown: Page) -> str:
    days = ", ".join(dict.fromkeys(str(day) for day in report.as_of))
    made = next((part.synthetic for part in shown.universes if part.synthetic), "")
    marks = [made.partition(" — ")[0]] if made else []
    return " · ".join([*marks, shown.title, days])[:LONGEST_SUBJECT]


def _text(report: Report, shown: Page) -> str:
    marks = [part.synthetic for part in shown.universes if part.synthetic]
    said = [one.text for one in report.sentences if one.section in SHORT]
    lines = [*dict.fromkeys(marks), *said, "", shown.disclaimer]
    return "\n".join(lines)[:LONGEST_TEXT]
