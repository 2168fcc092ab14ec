"""Follows a run to its end, whoever works on it: told from the start, then as it happens."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from typing import Final

from app.chat.records import UnderstoodEvent
from app.chat.sources import stated
from app.chat.telling import Answered, Told, answered, ended, went
from app.chat.threads import KeptTurn
from app.chat.turns import Turns
from app.running.course import Standing
from app.running.runs import Runs
from core.errors import DataError
from core.records.report import Report
from core.remembered import Remembered

ELSEWHERE_SECONDS: Final = 0.5
"""How often a run is looked at that another process works on, or that waits for the user."""
KNOWN: Final = 256
"""Runs of which it is kept which answers they rest on."""


class Following:
    """What is told of the runs of one home."""

    def __init__(self, runs: Runs, turns: Turns) -> None:
        """Keep whose runs."""
        self._runs, self._turns = runs, turns
        self._rests_on: Remembered[str, frozenset[str]] = Remembered(KNOWN)

    async def told(self, turn: KeptTurn, after: int) -> AsyncIterator[Told]:
        """Yield what is told of a turn beyond a number, until it finished, failed or stopped.

        Raises:
            DataError: what was kept of it is damaged.
        """
        async for number, event in self._told(turn):
            if number > after:
                yield number, event

    async def _told(self, turn: KeptTurn) -> AsyncIterator[Told]:
        yield 1, await asyncio.to_thread(self._understood, turn)
        seen = 0
        while True:
            own = self._runs.own(turn.run)
            pulse = own.pulse if own is not None else None
            standing = await asyncio.to_thread(self._turns.standing, turn)
            for told in went(standing, seen):
                yield told
            seen = len(standing.lines)
            if standing.state not in {"running", "waiting"}:
                break
            seconds = None if own is not None and not own.over else ELSEWHERE_SECONDS
            await _stirred(pulse or asyncio.Event(), seconds)
        if standing.state != "finished":
            rest = ended(standing)
        else:
            rest = await asyncio.to_thread(self._answered, turn, standing)
        for told in rest:
            yield told

    def _understood(self, turn: KeptTurn) -> UnderstoodEvent:
        composition = self._runs.composition
        words = stated(turn.request, composition.universes, today=composition.today)
        return UnderstoodEvent(run=turn.run, request=turn.request, stated=words)

    def _answered(self, turn: KeptTurn, standing: Standing) -> list[Told]:
        report = self._runs.report(turn.run)
        known = [name for name in (*standing.ticket.knows, turn.follows) if name]
        found = Answered(
            run=turn.run,
            report=report,
            before=self._before(turn),
            known=frozenset().union(*map(self._answers, known)),
        )
        seconds = self._runs.record(turn.run).seconds
        return answered(found, standing.lines, self._runs.composition.universes, seconds=seconds)

    def _before(self, turn: KeptTurn) -> Report | None:
        if turn.follows is None:
            return None
        with suppress(DataError):
            return self._runs.report(turn.follows)
        return None

    def _answers(self, run: str) -> frozenset[str]:
        """Return the hashes of the answers a run rests on."""
        with suppress(DataError):
            return self._rests_on.get(run, lambda: _hashes(self._runs.report(run)))
        return frozenset()


def _hashes(report: Report) -> frozenset[str]:
    return frozenset(item.sha256 for item in report.evidence)


async def _stirred(pulse: asyncio.Event, seconds: float | None) -> None:
    with suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await pulse.wait()
