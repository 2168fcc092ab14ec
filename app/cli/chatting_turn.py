"""Sees one question of a terminal chat through: told as it goes, agreed to, stopped by Ctrl-C."""

import asyncio
import signal
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Final

from app.chat.desk import ChatDesk
from app.chat.records import FinishedEvent, PlanEvent, Turn
from app.cli.chatting_input import Lines
from app.cli.chatting_shown import Shown, beside
from core.errors import CallerError, ConflictError
from core.records.approval import Approval, Consent

ASK: Final = "run, edit or cancel [R/e/c] "
WHICH: Final = "leave out which numbers (Enter: put the question another way) "
RUN: Final = frozenset({"", "r", "run"})
EDIT: Final = frozenset({"e", "edit"})
DECLINED: Final = Consent(verdict="cancel")


class Followed:
    """A question under way in a terminal.

    `finished` is how it ended, if it did; `reworded` its text where it is to be put another way.
    """

    def __init__(self, desk: ChatDesk, shown: Shown, lines: Lines, *, at_once: bool) -> None:
        """Keep what is asked and told; `at_once` agrees to every plan."""
        self._desk, self._shown, self._lines = desk, shown, lines
        self._at_once = at_once
        self.finished: FinishedEvent | None = None
        self.reworded = ""

    async def seen(self, turn: Turn) -> None:
        """Print the turn until it ends; Ctrl-C stops it."""
        interrupts = _Interrupts(lambda: self._stopped(turn.run))
        try:
            interrupts.caught()
            async for _, event in self._desk.followed(turn.run):
                self._shown.tell(event)
                if isinstance(event, FinishedEvent):
                    self.finished = event
                if isinstance(event, PlanEvent) and event.waiting:
                    await self._agreed(turn, event.approval)
                    interrupts.caught()
        finally:
            await interrupts.left()

    async def _agreed(self, turn: Turn, approval: Approval) -> None:
        """Say the user's word on a plan, unless somebody did before."""
        if self._desk.turn(turn.run).state != "waiting":
            return
        consent = await self._word(turn, approval)
        self._shown.declined = consent.verdict == "cancel"
        with suppress(ConflictError):
            await self._desk.agreed(turn.run, consent)

    async def _word(self, turn: Turn, approval: Approval) -> Consent:
        if self._at_once:
            return Consent(verdict="run")
        try:
            said = await self._lines.line(ASK)
            while said is not None and said.casefold() in EDIT:
                numbers = await self._lines.line(WHICH)
                if not numbers:
                    self.reworded = turn.text
                    return DECLINED
                with suppress(CallerError):
                    return Consent(verdict="run", without=left_out(numbers, approval))
        except KeyboardInterrupt:
            return DECLINED
        agreed = said is not None and said.casefold() in RUN
        return Consent(verdict="run") if agreed else DECLINED

    async def _stopped(self, run: str) -> None:
        with suppress(ConflictError):  # it ended at the same moment
            await self._desk.stopped(run)


class _Interrupts:
    """What Ctrl-C does while a question is under way."""

    def __init__(self, done: Callable[[], Awaitable[None]]) -> None:
        self._done = done
        self._tasks: list[asyncio.Task[None]] = []

    def caught(self) -> None:
        """Take Ctrl-C; a prompt in between gives it back to nobody."""
        asyncio.get_running_loop().add_signal_handler(signal.SIGINT, self._begun)

    async def left(self) -> None:
        """Give Ctrl-C back, once what it began has ended."""
        asyncio.get_running_loop().remove_signal_handler(signal.SIGINT)
        await asyncio.gather(*self._tasks)

    def _begun(self) -> None:
        async def stop() -> None:
            await self._done()

        if not self._tasks:
            self._tasks.append(asyncio.create_task(stop()))


def left_out(numbers: str, approval: Approval) -> tuple[str, ...]:
    """Return the steps of these numbers of the shown plan.

    Raises:
        CallerError: one is no number of it.
    """
    steps = [call.step for call in beside(approval)]
    places = numbers.replace(",", " ").split()
    wrong = [place for place in places if not (place.isdecimal() and 0 < int(place) <= len(steps))]
    if wrong:
        raise CallerError(f"{wrong[0]!r} is no number of the plan: 1 to {len(steps)}")
    return tuple(dict.fromkeys(steps[int(place) - 1] for place in places))
