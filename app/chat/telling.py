"""Decides what is told of a run, and under which number: the same whenever it is told again.

The question is 1, every line of the run's course one more, then come the answer's sentences and its
end. What ended a run that went on later keeps its number and is not told again.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.chat.difference import compared
from app.chat.records import (
    Event,
    FailedEvent,
    FinishedEvent,
    PlanEvent,
    StepEvent,
    StoppedEvent,
)
from app.chat.sources import sources_of
from app.running.course import Standing, worked_seconds
from app.running.records import Failure, Line, Mark, Planned, RunStep
from core.records.approval import Consent
from core.records.report import Report
from core.records.universe import Universe

Told = tuple[int, Event]
FIRST = 2
"""The number of a course's first line."""


@dataclass(frozen=True, slots=True)
class Answered:
    """A run's report, the one it is told against, and the answers known before it."""

    run: str
    report: Report
    before: Report | None
    known: frozenset[str]


def went(standing: Standing, seen: int) -> list[Told]:
    """Return what the lines after the first `seen` tell."""
    lines = standing.lines
    told = [
        (FIRST + place, _event(lines[place], last=place == len(lines) - 1))
        for place in range(seen, len(lines))
    ]
    return [(number, event) for number, event in told if event is not None]


def ended(standing: Standing) -> list[Told]:
    """Return how a run that stands still ended, where no line of its own tells that."""
    lines = standing.lines
    if lines and isinstance(_event(lines[-1], last=True), FailedEvent | StoppedEvent):
        return []
    return [(FIRST + len(lines), StoppedEvent())]


def answered(
    found: Answered, lines: Sequence[Line], universes: Mapping[str, Universe], *, seconds: float
) -> list[Told]:
    """Return the verified answer: its sentences, then what it rests on and what it changes."""
    report = found.report
    changed = compared(found.before, report)
    events: list[Event] = [*sources_of(report, universes).sentences()]
    events.append(
        FinishedEvent(
            run=found.run,
            seconds=worked_seconds(lines) or seconds,
            synthetic=report.synthetic,
            evidence_count=len(report.evidence),
            reused_count=sum(item.sha256 in found.known for item in report.evidence),
            gaps_count=len(report.gaps),
            language=report.request.language,
            differences=changed.rows,
            base=changed.base,
        )
    )
    return list(enumerate(events, start=FIRST + len(lines)))


def _event(line: Line, *, last: bool) -> Event | None:
    match line:
        case RunStep():
            return StepEvent(**dict(line))
        case Planned():
            return PlanEvent(approval=line.approval, waiting=line.waiting and last)
        case Failure():
            return FailedEvent(error=line.error, exit_code=line.exit_code) if last else None
        case Mark(mark="stopped") | Consent(verdict="cancel"):
            return StoppedEvent() if last else None
        case _:
            return None
