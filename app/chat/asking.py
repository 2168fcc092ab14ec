"""Decides what a question in a thread asks for, what it follows up, and which answers may serve."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Final

from app.chat.records import ThreadRow
from app.chat.threads import KeptTurn
from app.running.questions import Asked, understood
from app.running.records import Ticket
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
    """A question as it is put: words, and what is stated beside them in closed terms.

    `follows` is the run of the turn it follows up, None the last answered one; `previous` the
    question it continues, where that is none of the thread's.
    """

    text: str
    patch: MandatePatch | None = None
    holdings: Holdings | None = None
    follows: str | None = None
    previous: Request | None = None


@dataclass(frozen=True, slots=True)
class Put:
    """A question as it will be kept, and the earlier runs whose answers may serve again.

    `title` is its thread's where that has none.
    """

    turn: KeptTurn
    title: str
    knows: tuple[str, ...]

    def ticket(self, *, approve: bool) -> Ticket:
        """Return what the run that answers it is asked."""
        return Ticket(
            run_id=self.turn.run,
            request=self.turn.request,
            follows=self.turn.follows,
            knows=self.knows,
            approve=approve,
        )


def put(question: Question, thread: ThreadRow, turns: Sequence[KeptTurn], runs: Runs) -> Put:
    """Return the question understood, in its thread.

    Args:
        question: as it is put.
        thread: whose universe and date are of questions that name none.
        turns: of the thread, oldest first.
        runs: that answered them.

    Raises:
        RequestError: the words are no question of ours, or too many.
        ConflictError: what it follows has no answer yet.
        CallerError: a date to come, a sector none of the universes has, limits at odds.
    """
    before = followed(turns, runs, question.follows)
    request = requested(
        question,
        thread,
        runs.composition,
        previous=question.previous or (before.request if before else None),
        latest=runs.latest,
    )
    turn = KeptTurn(
        run=runs.new_id(),
        thread=thread.thread,
        asked_at=runs.composition.clock().isoformat(timespec="seconds"),
        text=request.text,
        request=request,
        follows=before.run if before else None,
    )
    return Put(turn, title_of(request, runs.composition), known(turns, runs, before))


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
        Asked(question.text.replace("\0", " "), thread.universe, thread.as_of, question.patch),
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
