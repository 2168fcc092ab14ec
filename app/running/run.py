"""Decides what is noted of a run this process works on, and when that ends."""

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from types import TracebackType
from typing import TYPE_CHECKING, Self

from app.running.course import Standing, state_of, worked_seconds
from app.running.records import Failure, Line, Mark, Planned, RunStep, Ticket
from app.running.tickets import Claim
from app.state.storage_errors import storage_sentence
from core.errors import DataError, SectorwiseError
from core.records.approval import Approval, Consent

if TYPE_CHECKING:
    from agents.run import Declined, Progress, Waiting
    from app.research import Research

_SINCE = (Consent, Failure, Planned)
LOG = logging.getLogger(__name__)


@dataclass(slots=True, eq=False)
class Run:
    """A run this process works or worked on; a context while it is worked on.

    `lines` is all that was told of it, by other processes too; `halted` tells that the user
    stopped it; the task returns whether it came to its report, which is kept on disk alone.
    """

    claim: Claim
    ticket: Ticket = field(init=False)
    lines: list[Line] = field(init=False)
    halted: bool = False
    task: asyncio.Task[bool] = field(init=False)
    _began: float = field(init=False)
    _stir: asyncio.Event = field(default_factory=asyncio.Event)

    def __post_init__(self) -> None:
        self.ticket, self.lines = self.claim.found.ticket, list(self.claim.found.lines)
        self.set_out()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.end(error)

    @property
    def consent(self) -> Consent | None:
        """The user's word on the plan, unless the plan was shown again or the run failed since."""
        last = next((row for row in reversed(self.lines) if isinstance(row, _SINCE)), None)
        return last if isinstance(last, Consent) else None

    def set_out(self) -> None:
        """Count the time from now on, beside what was worked on it before."""
        self._began = time.monotonic() - worked_seconds(self.lines)

    def begin(self, task: asyncio.Task[bool]) -> None:
        """Take the task that works on it; one that is cancelled before it began ends too."""
        self.task = task
        task.add_done_callback(lambda _: self.end(asyncio.CancelledError()))
        task.add_done_callback(lambda _: self.stir())
        task.add_done_callback(_seen)

    def note(self, line: Line) -> None:
        """Tell a line to whoever follows, here and elsewhere."""
        self.lines.append(line)
        self.claim.note(line)
        self.stir()

    def heard(self, progress: "Progress") -> None:
        """Note a step of the graph."""
        seconds = round(time.monotonic() - self._began, 3)
        self.note(
            RunStep(
                node=progress.node, state=progress.state, call=progress.step,
                about=progress.about, seconds=seconds,
            )
        )  # fmt: skip

    def planned(self, approval: Approval) -> None:
        """Note the plan nobody is asked to agree to, once."""
        if not any(isinstance(line, Planned) for line in self.lines):
            self.note(Planned(approval=approval, waiting=False))

    def came_to(self, done: "Research | Waiting | Declined") -> bool:
        """Note a plan that is to be agreed to; tell whether the run has its report."""
        from agents.run import Waiting
        from app.research import Research

        if isinstance(done, Waiting):
            self.note(Planned(approval=done.approval, waiting=True))
        return isinstance(done, Research)

    def end(self, error: BaseException | None) -> None:
        """Note why it ends without a report, and let others work on it; only the first end counts.

        A process that ends leaves no note: what it worked on is to be taken up again. Nor does one
        that lost the run to another.
        """
        if self.claim.released:
            return
        try:
            last = self._last(error)
            if last is not None and not self.claim.lost:
                self.note(last)
        finally:
            self.claim.release()

    def _last(self, error: BaseException | None) -> Line | None:
        """Return what is noted of an end; the sentence is whole, each door cuts what it tells."""
        if isinstance(error, SectorwiseError):
            return Failure(error=str(error), exit_code=error.exit_code)
        if isinstance(error, Exception):
            LOG.error("run %s broke off", self.ticket.run_id, exc_info=error)
            kept = storage_sentence(error)
            if kept is not None:
                return Failure(error=kept, exit_code=DataError.exit_code)
            return Failure(error=f"the run broke off ({type(error).__name__}): resume it")
        return Mark(mark="stopped") if error is not None and self.halted else None

    @property
    def worked(self) -> float:
        """Seconds it was worked on before it set out."""
        return worked_seconds(self.claim.found.lines)

    @property
    def over(self) -> bool:
        """Whether nobody works on it here any more."""
        return self.task.done()

    @property
    def standing(self) -> Standing:
        """How far it is."""
        if not self.over:
            return Standing(self.ticket, tuple(self.lines), "running")
        if self.has_report:
            return Standing(self.ticket, tuple(self.lines), "finished")
        return Standing(self.ticket, tuple(self.lines), state_of(self.lines))

    @property
    def has_report(self) -> bool:
        """Whether it came to its report."""
        done = self.over and not self.task.cancelled() and self.task.exception() is None
        return done and self.task.result()

    def stir(self) -> None:
        """Wake whoever follows."""
        self._stir.set()
        self._stir = asyncio.Event()

    @property
    def pulse(self) -> asyncio.Event:
        """What is set when something more is told of it; taken before looking, none is missed."""
        return self._stir

    @property
    def steps(self) -> Sequence[RunStep]:
        """What began and ended until now."""
        return [line for line in self.lines if isinstance(line, RunStep)]

    async def followed(self) -> AsyncIterator[RunStep]:
        """Yield the steps, those before now first, until the run ends."""
        seen = 0
        while True:
            while seen < len(self.lines):
                line = self.lines[seen]
                seen += 1
                if isinstance(line, RunStep):
                    yield line
            if self.task.done():
                return
            await self._stir.wait()


def _seen(task: asyncio.Task[bool]) -> None:
    """Take note of an error nobody waited for; it is in the run's file."""
    if not task.cancelled():
        task.exception()
