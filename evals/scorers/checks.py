"""How a scorer scores: it judges many small things, and its value is the share that is right."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple, Protocol

from core.records.report import Report
from evals.records import Answer, Ran, Score, Turn

WHY_LIMIT = 400
"""Characters a score's reason may have."""


class Scorer(Protocol):
    """One idea of what makes a run good."""

    @property
    def name(self) -> str:
        """What the scorer is called in every table."""

    def __call__(self, ran: Ran) -> Score:
        """Return what it says of a run; it raises nothing."""


class Check(NamedTuple):
    """One thing judged; `what` says of a wrong one what fell short, and where."""

    right: bool
    what: str


class Judged(NamedTuple):
    """A turn that has a report, by its place."""

    place: int
    turn: Turn
    answer: Answer
    report: Report

    def said(self, what: str) -> str:
        """Return the words with the turn they are of, where there are several."""
        return f"turn {self.place + 1}: {what}" if self.place else what


@dataclass(frozen=True, slots=True)
class Checked:
    """A scorer made of checks; a run without anything to check is unscored."""

    name: str
    checks: Callable[[Ran], Iterable[Check]]

    def __call__(self, ran: Ran) -> Score:
        """Return the share of checks that hold, None without any, and those that do not."""
        found = list(self.checks(ran))
        wrong = list(dict.fromkeys(check.what for check in found if not check.right))
        right = sum(check.right for check in found)
        return Score(
            case=ran.case.id,
            scorer=self.name,
            value=right / len(found) if found else None,
            why=_shortened(wrong),
        )


def turns(ran: Ran) -> Iterator[tuple[int, Turn, Answer]]:
    """Yield each turn that was answered or refused, with its place from 0."""
    for answer in ran.answers:
        if answer.turn < len(ran.case.turns):
            yield answer.turn, ran.case.turns[answer.turn], answer


def reported(ran: Ran) -> Iterator[Judged]:
    """Yield each turn that has a report."""
    for place, turn, answer in turns(ran):
        if answer.report is not None:
            yield Judged(place, turn, answer, answer.report)


def _shortened(wrong: list[str]) -> str:
    """Return the reasons that fit, and how many more there are."""
    said, kept = "", 0
    for reason in wrong:
        longer = f"{said}; {reason}" if said else reason
        if len(longer) > WHY_LIMIT - 20:
            break
        said, kept = longer, kept + 1
    if kept == 0 and wrong:
        said, kept = wrong[0][: WHY_LIMIT - 20], 1
    return said + (f"; {len(wrong) - kept} more" if len(wrong) > kept else "")
