"""Decides what becomes of a question in a thread: understood, planned, agreed to, answered."""

import asyncio
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager, suppress
from datetime import date
from typing import Final

from app.chat.asking import Question, followed, known, requested, title_of
from app.chat.following import Following
from app.chat.records import Event, Thread, ThreadRow, Turn
from app.chat.threads import KeptTurn, Threads
from app.chat.turns import Turns
from app.running.records import Ticket
from app.running.runs import Runs
from core.errors import (
    BusyError,
    ConflictError,
    DataError,
    DateError,
    SectorwiseError,
    UnknownIdError,
    UnknownUniverseError,
)
from core.records.approval import Consent
from core.records.holdings import Holdings
from core.records.mandate import MandatePatch
from core.records.request import Request

THREADS: Final = 50
"""Threads of a list, unless more are asked for."""


class ChatDesk:
    """The threads of one home and the runs that answer them; used while it is open.

    What is not `async` may be called from any thread. Errors are CallerErrors: UnknownIdError (no
    such thread or run), ConflictError (not in the state that needs), BusyError (too many wait).
    """

    def __init__(self, runs: Runs) -> None:
        """Keep what works on runs."""
        self._runs, self._turns = runs, Turns(runs)
        self._following = Following(runs, self._turns)
        self._threads: Threads | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    @asynccontextmanager
    async def open(self, *, taking_up: bool = True, warm: bool = False) -> AsyncIterator[None]:
        """Hold the desk open; leaving stops every run of this process, to be taken up again.

        Args:
            taking_up: go on with the runs of threads that were under way when a process ended.
            warm: prepare what runs are made with before the first question.
        """
        self._loop = asyncio.get_running_loop()
        self._threads = await asyncio.to_thread(self._store)
        if warm:
            self._begin(self._warmed())
        try:
            for run in await asyncio.to_thread(self._broke_off) if taking_up else ():
                with suppress(ConflictError, UnknownIdError, BusyError, DataError):
                    self._runs.resumed(run)
            yield
        finally:
            for task in self._tasks:
                task.cancel()
            await self._runs.close()
            self._threads.close()
            self._threads = self._loop = None

    def threads(self, limit: int = THREADS) -> tuple[ThreadRow, ...]:
        """Return the threads, the last changed first."""
        return self._kept.rows(limit)

    def thread(self, thread: str) -> Thread:
        """Return a thread with its turns, oldest first.

        Raises:
            UnknownIdError: there is none.
        """
        row = self._kept.row(thread)
        turns = tuple(map(self._turns.told, self._kept.turns(thread)))
        return Thread(**row.model_dump(), turns=turns)

    def opened(self, universe: str, as_of: date | None = None) -> Thread:
        """Return a new thread; universe and date are of questions that name none.

        Raises:
            UnknownUniverseError: there is no such universe.
            DateError: the date is yet to come.
        """
        composition = self._runs.composition
        if universe not in composition.universes:
            known_ones = ", ".join(sorted(composition.universes))
            raise UnknownUniverseError(f"no universe {universe}; there are {known_ones}")
        if as_of is not None and as_of > composition.today:
            raise DateError(f"date {as_of} is yet to come: ask as of a day up to today")
        row = self._kept.opened(self._runs.new_id(), universe, as_of)
        return Thread(**row.model_dump())

    def forgotten(self, thread: str) -> None:
        """Delete a thread and its turns; what runs of it is stopped, reports are kept.

        Raises:
            UnknownIdError: there is none.
        """
        runs = self._kept.forgotten(thread)
        if self._loop is not None:
            self._loop.call_soon_threadsafe(lambda: self._begin(self._dropped(runs)))

    async def asked(
        self,
        thread: str,
        text: str,
        *,
        patch: MandatePatch | None = None,
        holdings: Holdings | None = None,
        follows: str | None = None,
        previous: Request | None = None,
        approve: bool = True,
    ) -> Turn:
        """Return the turn of a question, under way.

        A question that cannot be read becomes no turn: it raises. A plan that still waits makes way
        for the question.

        Args:
            thread: its thread.
            text: words; empty asks for the plain report.
            patch: limits in closed terms; they only tighten what the words state.
            holdings: what is held, in place of what the words say.
            follows: run of the turn it follows up; None: the thread's last answered one.
            previous: the question it continues, where that is none of the thread's.
            approve: the plan waits for a consent.

        Raises:
            CallerError: the question cannot be answered as asked.
            UnknownIdError: there is no such thread.
            ConflictError: the thread's last question is still worked on, and `follows` is None.
            BusyError: too many runs wait already.
        """
        row = await asyncio.to_thread(self._kept.row, thread)
        turns = await asyncio.to_thread(self._kept.turns, thread)
        if follows is None and turns:
            await self._make_way(turns[-1])
        before = await asyncio.to_thread(followed, turns, self._runs, follows)
        request = await asyncio.to_thread(
            requested,
            Question(text, patch, holdings),
            row,
            self._runs.composition,
            previous=previous or (before.request if before else None),
            latest=self._runs.latest,
        )
        self._runs.admit()
        turn = KeptTurn(
            run=self._runs.new_id(),
            thread=thread,
            asked_at=self._runs.composition.clock().isoformat(timespec="seconds"),
            text=request.text,
            request=request,
            follows=before.run if before else None,
        )
        knows = await asyncio.to_thread(known, turns, self._runs, before)
        return await self._begun(turn, knows, approve=approve)

    def turn(self, run: str) -> Turn:
        """Return a turn.

        Raises:
            UnknownIdError: there is none.
        """
        return self._turns.told(self._kept.turn(run))

    async def agreed(self, run: str, consent: Consent) -> Turn:
        """Return the turn after the user's word on its plan: under way, or cancelled.

        Raises:
            UnknownIdError: there is no such turn.
            ConflictError: its plan does not wait.
            CallerError: a call is left out that may not be.
        """
        from agents.approval import require_optional

        turn = await asyncio.to_thread(self._kept.turn, run)
        standing = await self._turns.settled(turn)
        if standing.state != "waiting" or standing.plan is None:
            raise ConflictError(
                f"the plan of {run} does not wait for a word: it is {standing.state}"
            )
        if consent.verdict == "cancel":
            self._runs.declined(run)
        else:
            require_optional(consent, standing.plan.approval)
            self._runs.resumed(run, consent)
        return await asyncio.to_thread(self._turns.told, turn)

    async def stopped(self, run: str) -> Turn:
        """Return the turn after stopping it; a plan that waits is cancelled.

        Raises:
            UnknownIdError: there is no such turn.
            ConflictError: nobody works on it here.
        """
        turn = await asyncio.to_thread(self._kept.turn, run)
        if (await self._turns.settled(turn)).state == "waiting":
            self._runs.declined(run)
        else:
            await self._runs.stopped(run)
        return await asyncio.to_thread(self._turns.told, turn)

    async def resumed(self, run: str) -> Turn:
        """Return the turn, under way from where it stood; no call it made is made again.

        Raises:
            UnknownIdError: there is no such turn, or nothing of it is kept.
            ConflictError: it is finished, under way, or its plan waits or was declined.
            BusyError: too many runs wait already.
        """
        turn = await asyncio.to_thread(self._kept.turn, run)
        if self._runs.has_report(run):
            raise ConflictError(f"{run} is finished")
        self._runs.resumed(run)
        return await asyncio.to_thread(self._turns.told, turn)

    async def followed(self, run: str, after: int = 0) -> AsyncIterator[tuple[int, Event]]:
        """Yield what is told of a run beyond a number until it finished, failed or stopped.

        Numbers begin with 1 and mean the same whenever they are told; some are passed over.

        Raises:
            UnknownIdError: there is no such turn.
            DataError: what was kept of it is damaged.
        """
        turn = await asyncio.to_thread(self._kept.turn, run)
        async for told in self._following.told(turn, after):
            yield told

    def remembered(self, key: str, run: str) -> None:
        """Keep which run answered another client's history."""
        self._kept.remembered(key, run)

    def recalled(self, key: str) -> str | None:
        """Return the run that answered another client's history; None when nobody told."""
        return self._kept.recalled(key)

    @property
    def _kept(self) -> Threads:
        if self._threads is None:
            raise ConflictError("the chat is closed: ask again when it is back")
        return self._threads

    def _store(self) -> Threads:
        composition = self._runs.composition
        return Threads(composition.settings.ledger, clock=composition.clock)

    def _broke_off(self) -> list[str]:
        """Return the runs of threads that were under way when their process ended."""
        found: list[str] = []
        for run in self._runs.unfinished():
            with suppress(DataError):
                standing = self._runs.standing(run)
                if standing is not None and standing.broke_off and self._kept.asked(run):
                    found.append(run)
        return sorted(found)

    async def _begun(self, turn: KeptTurn, knows: tuple[str, ...], *, approve: bool) -> Turn:
        title = title_of(turn.request, self._runs.composition)
        await asyncio.to_thread(self._kept.add, turn, title=title)
        ticket = Ticket(
            run_id=turn.run,
            request=turn.request,
            follows=turn.follows,
            knows=knows,
            approve=approve,
        )
        try:
            self._runs.begun(ticket)
        except (BusyError, OSError):
            await asyncio.to_thread(self._kept.drop, turn.run)
            raise
        return self._turns.told(turn)

    async def _make_way(self, last: KeptTurn) -> None:
        """Decline the plan that waits; refuse where the last question is still worked on."""
        state = (await self._turns.settled(last)).state
        if state == "running":
            raise ConflictError(f"{last.run} is still worked on: stop it, or wait for its answer")
        if state == "waiting":
            self._runs.declined(last.run)

    def _begin(self, made: Coroutine[None, None, None]) -> None:
        task = asyncio.create_task(made)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _warmed(self) -> None:
        with suppress(SectorwiseError):  # the first question tells
            await self._runs.warmed()

    async def _dropped(self, runs: tuple[str, ...]) -> None:
        for run in runs:
            await self._runs.forgotten(run)
