"""Decides what a run's lines say of it: whether it works, waits, stands still, failed or ended."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Self

from app.running.records import Failure, Line, Mark, Planned, RunState, RunStep, Ticket
from core.records.approval import Consent
from core.records.request import Request

_KINDS: Final[dict[str, type[Line]]] = {
    "node": RunStep,
    "approval": Planned,
    "verdict": Consent,
    "mark": Mark,
    "error": Failure,
}
"""Each kind's first field, as it is written."""
IN_VAIN: Final = 2
"""How often a run is taken up by itself without a step that ended in between."""


@dataclass(frozen=True, slots=True)
class Standing:
    """How far a run is: its question, all that was told, and what that makes of it."""

    ticket: Ticket
    lines: tuple[Line, ...]
    state: RunState

    @classmethod
    def unknown(cls, run_id: str, request: Request, state: RunState) -> Self:
        """Return where a run is of which nothing was kept but its question."""
        return cls(Ticket(run_id=run_id, request=request), (), state)

    @property
    def steps(self) -> tuple[RunStep, ...]:
        """What began and ended."""
        return tuple(line for line in self.lines if isinstance(line, RunStep))

    @property
    def error(self) -> str | None:
        """Why it failed."""
        last = self.lines[-1] if self.lines else None
        return last.error if self.state == "failed" and isinstance(last, Failure) else None

    @property
    def plan(self) -> Planned | None:
        """The plan, once it is made."""
        return next((line for line in reversed(self.lines) if isinstance(line, Planned)), None)

    @property
    def declined(self) -> bool:
        """Whether the user declined its plan: nothing takes it up again."""
        return is_declined(self.lines)

    @property
    def broke_off(self) -> bool:
        """Whether it stands still though nobody stopped it: its process ended.

        One that was taken up in vain too often is not: it may be what ends the process.
        """
        if self.state != "stopped" or self.declined or _taken_up(self.lines) >= IN_VAIN:
            return False
        return not self.lines or self.lines[-1] != Mark(mark="stopped")


def line_of(text: str) -> Line:
    """Return a written line.

    Raises:
        ValueError: it is none.
    """
    kind = _KINDS.get(text[:40].partition('"')[2].partition('"')[0])
    if kind is None:
        raise ValueError("no line of a run")
    return kind.model_validate_json(text)


def state_of(lines: Sequence[Line]) -> RunState:
    """Return where a run stands that nobody works on."""
    last = lines[-1] if lines else None
    if isinstance(last, Failure):
        return "failed"
    return "waiting" if isinstance(last, Planned) and last.waiting else "stopped"


def is_declined(lines: Sequence[Line]) -> bool:
    """Tell whether the last word on the plan was that it be not carried out."""
    last = lines[-1] if lines else None
    return isinstance(last, Consent) and last.verdict == "cancel"


def _taken_up(lines: Sequence[Line]) -> int:
    """Return how often it was taken up since a step of it last ended."""
    count = 0
    for line in reversed(lines):
        if isinstance(line, RunStep) and line.state != "started":
            break
        count += line == Mark(mark="resumed")
    return count


def worked_seconds(lines: Sequence[Line]) -> float:
    """Return how long the run was worked on when it was last told of."""
    return next((line.seconds for line in reversed(lines) if isinstance(line, RunStep)), 0.0)
