"""Decides who works on which run: one task each, whether or not anybody still waits for it.

A run belongs to the process and not to the request that began it: a client that goes leaves it
working. A stopped or killed one stands where its checkpoint does and may be resumed by any process.
"""

import asyncio
import secrets
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Final

from app.running.records import RunStep
from app.running.tickets import Claim, Failure, Standing, Ticket, Tickets
from core.errors import CallerError, DataError, SectorwiseError
from core.records.evidence import Evidence
from core.records.report import Report

if TYPE_CHECKING:
    from agents.run import Progress
    from app.compose import Composition
    from app.research import Research, RunRecord

AT_ONCE: Final = 2
"""Runs worked on at the same time; further ones wait for their turn."""
WAITING: Final = 8
"""Runs that may wait; further ones are refused."""
RECORD: Final = "run.json"
"""Of a run's folder: what is written last."""
KEPT: Final = 32
"""Finished runs whose outcome this process still holds; all are on disk."""


@dataclass(slots=True)
class Run:
    """A run this process works or worked on."""

    ticket: Ticket
    claim: Claim
    task: "asyncio.Task[Research]" = field(init=False)
    steps: list[RunStep] = field(default_factory=list)
    _stir: asyncio.Event = field(default_factory=asyncio.Event)

    def heard(self, progress: "Progress") -> None:
        """Note a step of the graph."""
        call = progress.step
        step = RunStep(node=progress.node, state=progress.state, call=call)
        self.steps.append(step)
        self.claim.note(step)
        self.stir()

    def stir(self) -> None:
        """Wake whoever follows."""
        self._stir.set()
        self._stir = asyncio.Event()

    async def followed(self) -> AsyncIterator[RunStep]:
        """Yield the steps, those before now first, until the run ends."""
        seen = 0
        while True:
            while seen < len(self.steps):
                yield self.steps[seen]
                seen += 1
            if self.task.done():
                return
            await self._stir.wait()


class Runs:
    """The runs of one home, and those of them this process works on."""

    def __init__(
        self, compose: "Callable[[], Composition]", home: Path, *, latest: date | None = None
    ) -> None:
        """Keep where runs are; what they are made with is composed with the first of them.

        Args:
            compose: from the settings.
            home: the folder that holds the runs.
            latest: reports that know anything later are none of this server's.
        """
        self._compose, self._home, self._latest = compose, home, latest
        self._tickets = Tickets(home)
        self._own: dict[str, Run] = {}
        self._turns: asyncio.Semaphore | None = None

    def begun(self, ticket: Ticket) -> Run:
        """Return a new run, under way.

        Raises:
            CallerError: too many wait already.
        """
        self._admit()
        return self._worked_on(ticket, self._tickets.opened(ticket))

    def resumed(self, run_id: str) -> Run:
        """Return a run that stood still, under way from where its checkpoint stands.

        Raises:
            CallerError: there is no such unfinished run, somebody works on it, or too many wait.
        """
        standing = self.standing(run_id)
        if standing is None:
            raise CallerError(f"no unfinished run {run_id!r}: list_research names those there are")
        self._admit()
        return self._worked_on(standing.ticket, self._tickets.resumed(run_id))

    def own(self, run_id: str) -> Run | None:
        """Return a run of this process."""
        return self._own.get(run_id)

    def standing(self, run_id: str) -> Standing | None:
        """Return how far a run without a report is, whoever works on it; None without one.

        A process killed after it wrote the report may have left the file of the run.
        """
        from app.snapshots import RUNS

        if (self._home / RUNS / run_id / RECORD).exists():
            return None
        return self._tickets.standing(run_id)

    def unfinished(self) -> tuple[str, ...]:
        """Return the runs without a report, the latest first."""
        return self._tickets.listed()

    def finished(self, limit: int) -> "tuple[RunRecord, ...]":
        """Return the last whole records of runs with a report, whoever asked for them."""
        from app.research import runs_dir

        found = runs_dir(self._composition).glob(f"*/{RECORD}")
        records: list[RunRecord] = []
        for name in sorted((path.parent.name for path in found), reverse=True):
            with suppress(DataError):
                record = self.record(name)
                if self._latest is None or (record.request.as_of or date.max) <= self._latest:
                    records.append(record)
            if len(records) == limit:
                break
        return tuple(records)

    def record(self, run_id: str) -> "RunRecord":
        """Return the record of a finished run.

        Raises:
            DataError: there is no such run, or it is damaged.
        """
        from app.research import kept_run

        return kept_run(self._composition, run_id)

    def report(self, run_id: str) -> Report:
        """Return the report of a finished run.

        Raises:
            DataError: there is no such run, it is damaged, or it knows more than this server.
        """
        from app.snapshots import kept_report

        report = kept_report(self._home, self.record(run_id).run)
        if self._latest is not None and max(report.as_of) > self._latest:
            raise DataError(f"run {run_id} knows more than {self._latest}: ask again here")
        return report

    async def stopped(self, run_id: str) -> None:
        """Stop a run of this process; where its checkpoint stands it can be resumed.

        Raises:
            CallerError: this process does not work on it.
        """
        run = self._own.get(run_id)
        if run is None or run.task.done():
            raise CallerError(f"run {run_id} is not under way in this server")
        run.task.cancel()
        await asyncio.wait({run.task})

    async def close(self) -> None:
        """Stop every run of this process."""
        for name, run in list(self._own.items()):
            if not run.task.done():
                with suppress(CallerError):
                    await self.stopped(name)

    @cached_property
    def _composition(self) -> "Composition":
        return self._compose()

    def new_id(self) -> str:
        """Return a name that sorts by when the run was asked for."""
        return f"{datetime.now(UTC):%Y%m%d-%H%M%S-%f}-{secrets.token_hex(3)}"

    def _admit(self) -> None:
        """Refuse a further run where too many wait."""
        if sum(not run.task.done() for run in self._own.values()) >= AT_ONCE + WAITING:
            raise CallerError(f"{WAITING} runs wait already: ask again later, or stop_research one")

    def _worked_on(self, ticket: Ticket, claim: Claim) -> Run:
        run = Run(ticket, claim)
        run.task = asyncio.create_task(self._research(run), name=f"research-{ticket.run_id}")
        run.task.add_done_callback(lambda _: run.stir())
        run.task.add_done_callback(_seen)
        self._own[ticket.run_id] = run
        ended = [name for name, other in self._own.items() if other.task.done()]
        for name in ended[:-KEPT]:
            del self._own[name]
        return run

    async def _research(self, run: Run) -> "Research":
        """Work on the run when its turn comes; its claim is given back however it ends."""
        self._turns = self._turns or asyncio.Semaphore(AT_ONCE)
        try:
            async with self._turns:
                await asyncio.to_thread(_warmed)
                done = await self._done(run)
            run.claim.finish()
            return done
        except SectorwiseError as error:
            run.claim.note(Failure(error=str(error)))
            raise
        finally:
            run.claim.release()

    async def _done(self, run: Run) -> "Research":
        from app.compose import open_services
        from app.research import research_with

        ticket = run.ticket
        earlier = await asyncio.to_thread(self._evidence, ticket.follows)
        async with open_services(self._composition) as services:
            return await research_with(
                ticket.request,
                services,
                self._composition,
                run=ticket.run_id,
                previous=earlier,
                progress=run.heard,
            )

    def _evidence(self, run_id: str | None) -> tuple[Evidence, ...]:
        """Return what an earlier run found, so that no call is made twice."""
        return () if run_id is None else self.report(run_id).evidence


def _warmed() -> None:
    """Import the graph off the event loop: it takes seconds, once."""
    import app.compose
    import app.research  # noqa: F401 - for what importing leaves behind


def _seen(task: "asyncio.Task[Research]") -> None:
    """Take note of an error nobody waited for; it is in the run's file."""
    if not task.cancelled():
        task.exception()
