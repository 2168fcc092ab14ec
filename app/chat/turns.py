"""Decides how far a turn is, from what is kept of the run that answers it."""

import asyncio

from app.chat.records import Turn, TurnState
from app.chat.threads import KeptTurn
from app.running.course import Standing
from app.running.records import Planned, RunState
from app.running.runs import Runs
from core.errors import DataError


class Turns:
    """The turns of one home."""

    def __init__(self, runs: Runs) -> None:
        """Keep whose runs."""
        self._runs = runs

    def told(self, turn: KeptTurn) -> Turn:
        """Return the turn as it stands."""
        return Turn(
            run=turn.run,
            thread=turn.thread,
            asked_at=turn.asked_at,
            text=turn.text,
            request=turn.request,
            state=self._state(turn),
        )

    def standing(self, turn: KeptTurn) -> Standing:
        """Return how far a turn is; a run nothing is kept of any more stands still.

        Raises:
            DataError: what was kept of it is damaged.
        """
        found = self._runs.course(turn.run)
        if found is not None:
            return found
        state: RunState = "finished" if self._runs.has_report(turn.run) else "stopped"
        return Standing.unknown(turn.run, turn.request, state)

    async def settled(self, turn: KeptTurn) -> Standing:
        """Return how far it is; a run that has just come to its plan has let go of it."""
        own = self._runs.own(turn.run)
        last = own.lines[-1] if own is not None and own.lines else None
        if own is not None and not own.over and isinstance(last, Planned) and last.waiting:
            await asyncio.wait({own.task})
        return await asyncio.to_thread(self.standing, turn)

    def _state(self, turn: KeptTurn) -> TurnState:
        try:
            standing = self.standing(turn)
        except DataError:
            return "failed"
        return "cancelled" if standing.declined else standing.state
