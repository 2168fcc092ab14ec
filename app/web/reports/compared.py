"""Decides how two kept reports stand side by side: what changed and why, weights, ranks, sentences.

The first is taken as the earlier. Changes are the core's; where two reports cannot be compared,
one sentence says why, and weights and sentences stand beside each other all the same.
"""

from collections.abc import Mapping
from datetime import date
from itertools import zip_longest
from typing import Literal

from pydantic import Field

from app.render.blocks.changed import all_changes
from app.render.material import Material, material
from app.render.view import Block
from app.web.reports.kept import ReportRow
from app.web.reports.shown import EvidenceOrigin, origins
from core.errors import CallerError
from core.facts import change_record_facts
from core.history.changes import changes
from core.history.snapshot import snapshot
from core.records.decision import AllocationLine, SectorScore
from core.records.history import Changes
from core.records.record import Fraction, Record, Slug
from core.records.report import Report, Section, Sentence
from core.records.universe import Universe

WhyNot = Literal["undecided", "horizons"]
"""One of them decides nothing here, or they decide over two horizons."""


class ComparedSector(Record):
    """One sector in both reports; None where one has no value."""

    sector: Slug
    name: str
    before_weight: Fraction | None
    after_weight: Fraction | None
    before_stance: str | None
    after_stance: str | None
    before_rank: int | None
    after_rank: int | None
    before_score: float | None
    after_score: float | None


class ComparedSentence(Record):
    """What both say of one subject; empty where one says nothing of it."""

    section: Section
    subject: str
    before: str
    after: str


class ComparedUniverse(Record):
    """One market both reports are about."""

    universe: Slug
    name: str
    before_as_of: date
    after_as_of: date
    before_cash_weight: float | None
    after_cash_weight: float | None
    why_not: WhyNot | None = Field(description="why no causes can be named")
    changes: Block | None
    sectors: tuple[ComparedSector, ...]
    sentences: tuple[ComparedSentence, ...]
    same_sentences_count: int


class Comparison(Record):
    """Two reports side by side."""

    before: ReportRow | None = Field(
        default=None, description="None: the same evidence without the limits the other states"
    )
    after: ReportRow
    universes: tuple[ComparedUniverse, ...]
    origins: tuple[EvidenceOrigin, ...]


def comparison(
    before: Report,
    after: Report,
    universes: Mapping[str, Universe],
    rows: tuple[ReportRow | None, ReportRow],
) -> Comparison:
    """Return both reports side by side, for every market both are about, in one language."""
    shared = [name for name in after.request.universes if name in before.request.universes]
    found = tuple(_universe(before, after, universes[name]) for name in shared)
    return Comparison(
        before=rows[0],
        after=rows[1],
        universes=found,
        origins=origins(after, universes),
    )


def unlimited(report: Report) -> Report:
    """Return the report as its own evidence decides it without the limits its question states.

    Raises:
        CallerError: it states none.
    """
    free = {row.universe: row for row in report.before}
    if not free:
        raise CallerError("the report states no limits of its own: name a second report")
    return report.model_copy(
        update={
            "request": report.request.model_copy(update={"patch": None}),
            "allocations": tuple(free.get(row.universe, row) for row in report.allocations),
            "before": (),
        }
    )


def _universe(before: Report, after: Report, universe: Universe) -> ComparedUniverse:
    first, second = material(before, universe), material(after, universe)
    found, why_not = _changes(before, after, universe)
    pairs = _sentences(first, second)
    return ComparedUniverse(
        universe=universe.id,
        name=second.words.entity(universe.id),
        before_as_of=first.as_of,
        after_as_of=second.as_of,
        before_cash_weight=first.allocation.cash_target_weight if first.allocation else None,
        after_cash_weight=second.allocation.cash_target_weight if second.allocation else None,
        why_not=why_not,
        changes=None if found is None else _block(after, universe, found),
        sectors=tuple(_sector(name, first, second) for name in second.order),
        sentences=tuple(pair for pair in pairs if pair.before != pair.after),
        same_sentences_count=sum(pair.before == pair.after for pair in pairs),
    )


def _changes(
    before: Report, after: Report, universe: Universe
) -> tuple[Changes | None, WhyNot | None]:
    first, second = snapshot(before, universe.id), snapshot(after, universe.id)
    if first is None or second is None:
        return None, "undecided"
    if first.horizon != second.horizon:
        return None, "horizons"
    return changes(first, second, universe), None


def _block(after: Report, universe: Universe, found: Changes) -> Block:
    """Return the changes as a report shows them, in place of those since its own predecessor."""
    told = after.model_copy(
        update={
            "changes": (found,),
            "facts": (*after.facts, *change_record_facts(found)),
            "sentences": tuple(row for row in after.sentences if row.section != "changes"),
        }
    )
    return all_changes(material(told, universe))


def _sector(name: str, first: Material, second: Material) -> ComparedSector:
    words = second.words
    old, new = _line(first, name), _line(second, name)
    was, now = _score(first, name), _score(second, name)
    return ComparedSector(
        sector=name,
        name=words.entity(name),
        before_weight=old.target_weight if old else None,
        after_weight=new.target_weight if new else None,
        before_stance=words.label("stance", old.stance) if old else None,
        after_stance=words.label("stance", new.stance) if new else None,
        before_rank=was.rank if was else None,
        after_rank=now.rank if now else None,
        before_score=was.score if was else None,
        after_score=now.score if now else None,
    )


def _line(one: Material, sector: str) -> AllocationLine | None:
    lines = one.allocation.lines if one.allocation else ()
    return next((line for line in lines if line.sector == sector), None)


def _score(one: Material, sector: str) -> SectorScore | None:
    return one.scores.get(sector)


def _sentences(first: Material, second: Material) -> list[ComparedSentence]:
    """Return the sentences in pairs by section and subject, in the second report's order."""
    old, new = _by_subject(first), _by_subject(second)
    found: list[ComparedSentence] = []
    for section, entity in dict.fromkeys([*new, *old]):
        key = (section, entity)
        for was, now in zip_longest(old.get(key, ()), new.get(key, ())):
            found.append(
                ComparedSentence(
                    section=section,
                    subject=second.words.entity(entity),
                    before=was.text if was else "",
                    after=now.text if now else "",
                )
            )
    return found


def _by_subject(one: Material) -> dict[tuple[Section, str], list[Sentence]]:
    held: dict[tuple[Section, str], list[Sentence]] = {}
    for sentence in one.report.sentences:
        if sentence.universe == one.universe.id:
            held.setdefault((sentence.section, sentence.entity), []).append(sentence)
    return held
