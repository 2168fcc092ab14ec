"""Decides what a question in a thread asks for, what it follows up, and which answers may serve."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Final

from app.chat.records import ThreadRow
from app.chat.threads import KeptTurn
from app.running.questions import Asked, understood
from app.running.runs import Runs
from core.errors import CallerError, ConflictError
from core.plain_text import plain_line
from core.records.holdings import Holdings
from core.records.mandate import MandatePatch
from core.records.request import Request

if TYPE_CHECKING:
    from app.compose import Composition

TITLE_CHARS: Final = 80
KNOWN_RUNS: Final = 6
"""Earlier turns of a thread whose answers may serve again, beside the one that is followed up."""


@dataclass(frozen=True, slots=True)
class Question:
    """A question as it is put: words, and what is stated beside them in closed terms."""

    text: str
    patch: MandatePatch | None = None
    holdings: Holdings | None = None


def requested(
    question: Question,
    thread: ThreadRow,
    composition: "Composition",
    *,
    previous: Request | None,
    latest: date | None,
) -> Request:
    """Return the question in closed terms; holdings stated beside the words replace theirs.

    Raises:
        RequestError: the words are no question of ours, or too many.
        CallerError: a date to come, a sector none of the universes has, limits at odds.
    """
    request = understood(
        Asked(question.text, thread.universe, thread.as_of, question.patch),
        composition.universes,
        today=composition.today,
        latest=latest,
        previous=previous,
    )
    held = question.holdings
    if held is None:
        return request
    _check_held(held, request, composition)
    return request.model_copy(update={"holdings": held})


def followed(turns: Sequence[KeptTurn], runs: Runs, follows: str | None) -> KeptTurn | None:
    """Return the turn a question follows up: the one named, else the last one that was answered.

    Raises:
        ConflictError: the one named has no answer yet.
    """
    answered = [turn for turn in turns if runs.has_report(turn.run)]
    if follows is None:
        told = [turn for turn in answered if turn.request.intent != "off_topic"]
        return told[-1] if told else None
    named = [turn for turn in answered if turn.run == follows]
    if not named:
        raise ConflictError(f"{follows} has no answer in this thread yet: it cannot be followed up")
    return named[0]


def known(turns: Sequence[KeptTurn], runs: Runs, followed_up: KeptTurn | None) -> tuple[str, ...]:
    """Return the earlier runs whose answers may serve again, the latest last."""
    told = [
        turn.run
        for turn in turns
        if turn != followed_up and turn.request.intent != "off_topic" and runs.has_report(turn.run)
    ]
    return tuple(told[-KNOWN_RUNS:])


def title_of(request: Request, composition: "Composition") -> str:
    """Return what a thread is called after its first question."""
    universe = composition.universes[request.universes[0]]
    name = universe.name_vi if request.language == "vi" else universe.name_en
    return plain_line(request.text, TITLE_CHARS) or plain_line(name, TITLE_CHARS)


def _check_held(held: Holdings, request: Request, composition: "Composition") -> None:
    if held.universe not in request.universes:
        raise CallerError(
            f"the holdings are of {held.universe}, the question is about "
            f"{', '.join(request.universes)}"
        )
    sectors = composition.universes[held.universe].sector_ids
    other = sorted({row.sector for row in held.positions if row.sector} - set(sectors))
    if other:
        raise CallerError(
            f"{other[0]} is no sector of {held.universe}: it has {', '.join(sectors)}"
        )
