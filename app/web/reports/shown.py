"""Decides what the page of one report is given: its parts as they are laid out, and their sources.

Nothing is worded or computed here; `app.render` lays out every form of a report, this one too.
"""

from collections.abc import Mapping
from datetime import date

from pydantic import Field

from app.render.page import page
from app.render.view import Block, Item, UniversePage
from app.render.words import Words
from app.web.reports.files import FileName, file_names
from app.web.reports.kept import ReportRow
from core.records.evidence import Evidence
from core.records.record import Record, Slug
from core.records.report import Report
from core.records.universe import Universe


class EvidenceOrigin(Record):
    """Where a number was read: the call, who answered, what it knew."""

    id: Slug
    tool: str
    tool_name: str
    server: str
    as_of: date
    known_at: date | None
    sha256: str
    synthetic: bool


class UniverseParts(Record):
    """One market's parts, in their order."""

    id: Slug
    title: str
    subtitle: str
    synthetic: str = Field(description="empty for a real market")
    strip: tuple[Item, ...]
    front: tuple[Block, ...]
    details: tuple[Block, ...]


class ReportView(Record):
    """A report as its page shows it."""

    row: ReportRow
    title: str
    question: str
    understood: str
    disclaimer: str
    retold: bool = Field(description="templates tell it in another language than its own")
    universes: tuple[UniverseParts, ...]
    provenance: Block
    origins: tuple[EvidenceOrigin, ...]
    files: tuple[FileName, ...]


def report_view(report: Report, universes: Mapping[str, Universe], row: ReportRow) -> ReportView:
    """Return the page of a report, in the report's language."""
    laid = page(report, universes)
    return ReportView(
        row=row,
        title=laid.title,
        question=laid.question,
        understood=laid.understood,
        disclaimer=laid.disclaimer,
        retold=row.language != report.request.language,
        universes=tuple(_parts(one) for one in laid.universes),
        provenance=laid.provenance,
        origins=origins(report, universes),
        files=file_names(report),
    )


def origins(report: Report, universes: Mapping[str, Universe]) -> tuple[EvidenceOrigin, ...]:
    """Return every call that brought something; a fact's id begins with its evidence's."""
    words = {name: Words(report.request.language, universes[name]) for name in universes}
    return tuple(_origin(item, words[item.result.universe]) for item in report.evidence)


def _origin(item: Evidence, words: Words) -> EvidenceOrigin:
    return EvidenceOrigin(
        id=item.id,
        tool=item.tool,
        tool_name=words.label("tool", item.tool),
        server=item.server,
        as_of=item.result.as_of,
        known_at=item.result.known_at,
        sha256=item.sha256,
        synthetic=item.result.synthetic,
    )


def _parts(one: UniversePage) -> UniverseParts:
    return UniverseParts(
        id=one.id,
        title=one.title,
        subtitle=one.subtitle,
        synthetic=one.synthetic,
        strip=one.strip,
        front=one.front,
        details=tuple(block for block in one.details if not block.repeats),
    )
