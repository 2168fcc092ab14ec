"""Decides who works on which run: one task each, whether or not anybody still waits for it.

A run belongs to the process and not to the request that began it: a client that goes leaves it
working. A stopped, waiting or killed one stands where its checkpoint does; any process resumes it.
"""

import asyncio
import secrets
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

from app.running.course import Standing
from app.running.kept import KeptRuns
from app.running.leftovers import tidied
from app.running.records import Mark, Ticket
from app.running.run import Run
from app.running.tickets import Tickets
from app.running.workshop import Workshop
from core.errors import BusyError, ConflictError, DataError, UnknownIdError
from core.records.approval import Consent

if TYPE_CHECKING:
    from agents.run import Declined, Waiting
    from app.compose import Composition
    from app.research import Research

AT_ONCE: Final = 2
"""Runs worked on at the same time; further ones wait for their turn."""
WAITING: Final = 8
"""Runs that may wait; further ones are refused."""
KEPT: Final = 32
"""Ended runs whose outcome this process still holds; all are on disk."""
ENDING_SECONDS: Final = 1.5
"""What runs have to stop when the process ends."""


class Runs(KeptRuns):
    """The runs of one home, and those of them this process works on."""

    def __init__(
        self,
        compose: "Callable[[], Composition]",
        home: Path,
        *,
        database: str | None = None,
        latest: date | None = None,
        at_once: int = AT_ONCE,
        waiting: int = WAITING,
    ) -> None:
        """Keep where runs are; what they are made with is composed with the first.

        Args:
            compose: from the settings.
            home: the folder that holds the runs.
            database: its URL, where other machines may work on runs of the home.
            latest: reports that know anything later are none of this server's.
            at_once: runs worked on at the same time.
            waiting: runs that may wait for their turn.
        """
        self._workshop = Workshop(compose)
        super().__init__(home, lambda: self.composition, latest=latest)
        self._at_once, self._waiting = at_once, waiting
        self._tickets = Tickets(home, database)
        self._own: dict[str, Run] = {}
        self._turns: asyncio.Semaphore | None = None

    @property
    def composition(self) -> "Composition":
        """What runs are made with."""
        return self._workshop.composition

    async def warmed(self) -> None:
        """Open what runs are made with before the first of them.

        Raises:
            SectorwiseError: it cannot be opened, by who must act.
        """
        await self._workshop.services()

    def begun(self, ticket: Ticket) -> Run:
        """Return a new run, under way.

        Raises:
            BusyError: too many wait already.
        """
        self.admit()
        begun_at = datetime.now(UTC).isoformat(timespec="seconds")
        ticket = ticket.model_copy(update={"begun_at": begun_at})
        return self._worked_on(Run(self._tickets.opened(ticket)))

    async def resumed(self, run_id: str, consent: Consent | None = None) -> Run:
        """Return a run that stood still, under way from where its checkpoint stands.

        Args:
            run_id: of the run.
            consent: the user's word on its plan, where it waits for it.

        Raises:
            UnknownIdError: there is no such unfinished run.
            ConflictError: somebody works on it, it waits for another word, its plan was declined.
            BusyError: too many wait already.
        """
        self.admit()
        run = await self._claimed(run_id, waiting=consent is not None)
        try:
            self.admit()
            run.note(Mark(mark="resumed") if consent is None else consent)
        except (BusyError, OSError):
            run.claim.release()
            raise
        return self._worked_on(run)

    async def declined(self, run_id: str) -> None:
        """End a run whose plan waits: nothing of it is carried out.

        Raises:
            UnknownIdError: there is no such unfinished run.
            ConflictError: its plan does not wait.
        """
        run = await self._claimed(run_id, waiting=True)
        try:
            run.note(Consent(verdict="cancel"))
        finally:
            run.claim.release()
        earlier = self._own.pop(run_id, None)
        if earlier is not None:
            earlier.stir()
        await self._forget_checkpoint(run_id)

    def own(self, run_id: str) -> Run | None:
        """Return a run of this process."""
        return self._own.get(run_id)

    def standing(self, run_id: str) -> Standing | None:
        """Return how far a run without a report is, whoever works on it; None without one.

        A process killed after it wrote the report may have left the file of the run.
        """
        if self.has_report(run_id):
            return None
        return self._tickets.standing(run_id)

    def course(self, run_id: str) -> Standing | None:
        """Return how a run goes, or went where it has its report; None where that is not kept.

        Raises:
            DataError: its file is damaged.
        """
        own = self._own.get(run_id)
        if own is not None and (not own.over or own.has_report):
            return own.standing
        found = self._tickets.standing(run_id)
        if not self.has_report(run_id):
            return found
        if found is not None:  # its process was killed before it moved the lines
            return Standing(found.ticket, found.lines, "finished")
        return self._tickets.finished(self.folder / run_id)

    async def tidied(self) -> None:
        """Bring to its end what killed processes left of finished runs; forget what is too old."""
        for run_id in await asyncio.to_thread(tidied, self._tickets, self):
            await self._forget_checkpoint(run_id)

    @property
    def under_way(self) -> int:
        """Runs of this process that have not ended, those that wait for their turn too."""
        return sum(not run.over for run in self._own.values())

    def unfinished(self) -> tuple[str, ...]:
        """Return the runs without a report, the latest first."""
        return self._tickets.listed()

    async def stopped(self, run_id: str) -> None:
        """Stop a run of this process; where its checkpoint stands it can be resumed.

        Raises:
            ConflictError: this process does not work on it.
        """
        run = self._own.get(run_id)
        if run is None or run.over:
            raise ConflictError(f"run {run_id} is not under way in this server")
        run.halted = True
        run.task.cancel()
        await asyncio.wait({run.task})

    async def forgotten(self, run_id: str) -> None:
        """Stop a run without a report, and forget how far it is; a report is kept."""
        with suppress(ConflictError):
            await self.stopped(run_id)
        self._own.pop(run_id, None)
        if not self.has_report(run_id) and self._tickets.forgotten(run_id):
            await self._forget_checkpoint(run_id)

    async def close(self) -> None:
        """Stop every run of this process, to be taken up again, and close what they are made with.

        Whatever does not stop in time is left behind.
        """
        working = {run.task for run in self._own.values() if not run.over}
        for task in working:
            task.cancel()
        if working:
            await asyncio.wait(working, timeout=ENDING_SECONDS)
        self._turns = None
        await self._workshop.close()
        self._tickets.close()

    def new_id(self) -> str:
        """Return a name that sorts by when the run was asked for."""
        return f"{datetime.now(UTC):%Y%m%d-%H%M%S-%f}-{secrets.token_hex(3)}"

    def admit(self) -> None:
        """Refuse a further run where too many wait.

        Raises:
            BusyError: they do.
        """
        if self.under_way >= self._at_once + self._waiting:
            raise BusyError(f"{self._waiting} runs wait already: ask again later, or stop one")

    async def _forget_checkpoint(self, run_id: str) -> None:
        from agents.checkpoints import forget_run
        from app.compose import checkpoints

        await forget_run(run_id, checkpoints(self.composition.settings))

    async def _claimed(self, run_id: str, *, waiting: bool) -> Run:
        """Return the run, ours to work on, if it waits for the user's word, or does not."""
        if self.has_report(run_id):
            raise UnknownIdError(f"no unfinished run {run_id!r}: list_research names those")
        claiming = asyncio.create_task(asyncio.to_thread(self._tickets.resumed, run_id))
        try:
            run = Run(await asyncio.shield(claiming))
        except asyncio.CancelledError:
            with suppress(ConflictError, UnknownIdError, DataError):
                (await claiming).release()
            raise
        found = run.claim.found
        if found.declined or (found.state == "waiting") != waiting:
            run.claim.release()
            raise ConflictError(f"run {run_id} {_unfit(found)}")
        return run

    def _worked_on(self, run: Run) -> Run:
        name = run.ticket.run_id
        earlier = self._own.pop(name, None)
        self._own[name] = run
        run.begin(asyncio.create_task(self._research(run), name=f"research-{name}"))
        if earlier is not None:
            earlier.stir()
        ended = [name for name, other in self._own.items() if other.over]
        for name in ended[:-KEPT]:
            del self._own[name]
        return run

    async def _research(self, run: Run) -> bool:
        """Work on the run when its turn comes, and tell whether it came to its report.

        Its claim is given back however it ends.
        """
        self._turns = self._turns or asyncio.Semaphore(self._at_once)
        with run:
            async with self._turns:
                run.set_out()
                done = await self._done(run)
            finished = run.came_to(done)
            if finished:
                run.claim.finish(self.folder / run.ticket.run_id)
            return finished

    async def _done(self, run: Run) -> "Research | Waiting | Declined":
        from agents.run import Heard
        from app.research import Worked, advanced

        ticket = run.ticket
        await self.tidied()
        services = await self._workshop.services()
        return await advanced(
            ticket.request,
            replace(services, approve=ticket.approve),
            self.composition,
            run=ticket.run_id,
            previous=await asyncio.to_thread(self.evidence_for, ticket),
            heard=Heard(run.heard, run.planned),
            consent=run.consent,
            worked=Worked(ticket.begun_at, run.worked),
            right=run.claim.right,
        )


def _unfit(found: Standing) -> str:
    if found.declined:
        return "was declined: ask again"
    if found.state == "waiting":
        return "waits for a word on its plan"
    return "does not wait for a word on its plan"
