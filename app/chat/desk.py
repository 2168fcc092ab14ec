"""Decides what becomes of a question in a thread: understood, planned, agreed to, answered."""

import asyncio
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager, suppress
from datetime import date
from typing import Final
from weakref import WeakValueDictionary

from app.chat.asking import Put, Question, put
from app.chat.following import Following
from app.chat.records import Event, Thread, ThreadRow, Turn
from app.chat.threads import KeptTurn, Threads
from app.chat.turns import Turns
from app.chat.within import broke_off, turn_of, turns_of
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
        self._askings: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    @asynccontextmanager
    async def open(
        self, *, taking_up: bool = True, of: str | None = None, warm: bool = False
    ) -> AsyncIterator[None]:
        """Hold the desk open; leaving stops every run of this process, to be taken up again.

        Args:
            taking_up: go on with the runs of threads that were under way when a process ended.
            of: of this thread alone; None: of all.
            warm: prepare what runs are made with before the first question.
        """
        self._loop = asyncio.get_running_loop()
        self._threads = await asyncio.to_thread(self._store)
        if warm:
            self._begin(self._warmed())
        try:
            if taking_up:
                await self._taken_up(of)
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
        turns = tuple(map(self._turns.told, self._told(thread)))
        return Thread(
            **row.model_dump(exclude={"turns_count"}), turns_count=len(turns), turns=turns
        )

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
        """Return the turn of a question, under way; a plan that still waits makes way for it.

        A question that cannot be read becomes no turn: it raises.

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
            ConflictError: the thread's last question is still worked on, and `follows` is None, or
                another was put at the same moment.
            BusyError: too many runs wait already.
        """
        question = Question(text, patch, holdings, follows, previous)
        return await self._asked(thread, question, approve=approve)

    def turn(self, run: str) -> Turn:
        """Return a turn.

        Raises:
            UnknownIdError: there is none.
        """
        return self._turns.told(self._turn(run))

    async def agreed(self, run: str, consent: Consent) -> Turn:
        """Return the turn after the user's word on its plan: under way, or cancelled.

        Raises:
            UnknownIdError: there is no such turn.
            ConflictError: its plan does not wait.
            CallerError: a call is left out that may not be.
        """
        from agents.approval import require_optional

        turn = await asyncio.to_thread(self._turn, run)
        standing = await self._turns.settled(turn)
        if standing.state != "waiting" or standing.plan is None:
            raise ConflictError(
                f"the plan of {run} does not wait for a word: it is {standing.state}"
            )
        if consent.verdict == "cancel":
            await self._runs.declined(run)
        else:
            require_optional(consent, standing.plan.approval)
            await self._runs.resumed(run, consent)
        return await asyncio.to_thread(self._turns.told, turn)

    async def stopped(self, run: str) -> Turn:
        """Return the turn after stopping it; a plan that waits is cancelled.

        Raises:
            UnknownIdError: there is no such turn.
            ConflictError: nobody works on it here.
        """
        turn = await asyncio.to_thread(self._turn, run)
        if (await self._turns.settled(turn)).state == "waiting":
            await self._runs.declined(run)
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
        turn = await asyncio.to_thread(self._turn, run)
        if self._runs.has_report(run):
            raise ConflictError(f"{run} is finished")
        await self._runs.resumed(run)
        return await asyncio.to_thread(self._turns.told, turn)

    async def followed(self, run: str, after: int = 0) -> AsyncIterator[tuple[int, Event]]:
        """Yield what is told of a run beyond a number until it finished, failed or stopped.

        Numbers begin with 1 and mean the same whenever they are told; some are passed over.

        Raises:
            UnknownIdError: there is no such turn.
            DataError: what was kept of it is damaged.
        """
        turn = await asyncio.to_thread(self._turn, run)
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
        return Threads(composition.settings.database, clock=composition.clock)

    def _turn(self, run: str) -> KeptTurn:
        return turn_of(self._kept, self._runs, run)

    def _told(self, thread: str) -> tuple[KeptTurn, ...]:
        return turns_of(self._kept, self._runs, thread)

    async def _taken_up(self, thread: str | None) -> None:
        await self._runs.tidied()
        for run in await asyncio.to_thread(broke_off, self._kept, self._runs, thread):
            with suppress(ConflictError, UnknownIdError, BusyError, DataError):
                await self._runs.resumed(run)

    async def _asked(self, thread: str, question: Question, *, approve: bool) -> Turn:
        """Put the question: understood and admitted before anything makes way for it."""
        last = question.follows is None
        async with self._askings.setdefault(thread, asyncio.Lock()):
            row = await asyncio.to_thread(self._kept.row, thread)
            turns = await asyncio.to_thread(self._told, thread)
            waiting = await self._waiting(turns[-1]) if turns and last else None
            asked = await asyncio.to_thread(put, question, row, turns, self._runs)
            self._runs.admit()
            after = row.turns_count if last else None
            await asyncio.to_thread(self._kept.add, asked.turn, title=asked.title, after=after)
            return await self._begun(asked, instead_of=waiting, approve=approve)

    async def _begun(self, asked: Put, *, instead_of: str | None, approve: bool) -> Turn:
        run = asked.turn.run
        try:
            if instead_of is not None:
                await self._runs.declined(instead_of)
            self._runs.begun(asked.ticket(approve=approve))
        except (SectorwiseError, OSError):
            await asyncio.to_thread(self._kept.drop, run)
            raise
        return self._turns.told(asked.turn)

    async def _waiting(self, last: KeptTurn) -> str | None:
        """Return the last run if its plan waits; refuse where it is still worked on."""
        state = (await self._turns.settled(last)).state
        if state == "running":
            raise ConflictError(f"{last.run} is still worked on: stop it, or wait for its answer")
        return last.run if state == "waiting" else None

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
