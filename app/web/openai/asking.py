"""Decides which run answers a resent history: one question is one run.

A history is found again by what was said in it, whoever resends it. The same question put again
joins the run that works on it, or is given an answer of the same day (UTC) that nobody has
received yet; otherwise asking again is a new run after the same predecessor. An edited history
branches where it was edited. A history never seen is understood from its questions, none of which
is run.
"""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from typing import Final

from app.chat.desk import ChatDesk
from app.chat.records import Turn
from app.web.openai.history import Said, history_key
from app.web.openai.suggestions import Market
from core.errors import CallerError, UnknownIdError

LOOKED_BACK: Final = 40
"""Messages whose runs are looked for; older ones are understood, not reused."""


class Asking:
    """One client interface's questions to the chat."""

    def __init__(
        self, chat: ChatDesk, *, clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    ) -> None:
        self._chat, self._clock = chat, clock
        self._one_by_one = asyncio.Lock()

    async def begun(self, client: str, market: Market, history: tuple[Said, ...]) -> str:
        """Return the run that answers the last message, which may be under way or finished.

        Args:
            client: what sets this interface's histories apart from others', our model's name.
            market: of questions that name none.
            history: what was said, the question last.

        Raises:
            CallerError: the last message is no question, or cannot be one of ours.
        """
        if not history or history[-1].by != "user":
            raise CallerError("messages: the last one must be the user's question")
        async with self._one_by_one:
            key = history_key(client, history)
            standing = await asyncio.to_thread(self._standing, key)
            if standing is not None and standing.state == "stopped":
                return (await self._chat.resumed(standing.run)).run
            if standing is not None:
                return standing.run
            turn = await self._asked(client, market, history)
            await asyncio.to_thread(self._chat.remembered, key, turn.run)
        return turn.run

    def received(self, client: str, history: tuple[Said, ...], answer: str, run: str) -> None:
        """Keep that a client has the whole answer; its next question follows this run."""
        told = (*history, Said("assistant", answer.strip()))
        self._chat.remembered(history_key(client, told), run)
        self._chat.remembered(_received_key(run), run)

    def _standing(self, key: str) -> Turn | None:
        """Return the turn that answers this very history still: not received, failed or old."""
        turn = self._turn(self._chat.recalled(key))
        if turn is None or turn.state in ("failed", "cancelled"):
            return None
        if turn.state in ("running", "waiting"):
            return turn
        asked_on = datetime.fromisoformat(turn.asked_at).astimezone(UTC).date()
        if asked_on != self._clock().astimezone(UTC).date():
            return None
        received = self._chat.recalled(_received_key(turn.run)) is not None
        return None if turn.state == "finished" and received else turn

    async def _asked(self, client: str, market: Market, history: tuple[Said, ...]) -> Turn:
        earlier, text = history[:-1], history[-1].text
        before, rest = await asyncio.to_thread(self._before, client, earlier)
        questions = tuple(row.text for row in rest if row.by == "user")
        previous = market.understood(questions, before.request if before else None)
        if before is not None:
            return await self._chat.asked(
                before.thread, text, follows=before.run, previous=previous, approve=False
            )
        universe = previous.universes[0] if previous is not None else market.default
        opened = await asyncio.to_thread(self._chat.opened, universe)
        try:
            return await self._chat.asked(opened.thread, text, previous=previous, approve=False)
        except CallerError:
            await asyncio.to_thread(self._chat.forgotten, opened.thread)
            raise

    def _before(
        self, client: str, earlier: tuple[Said, ...]
    ) -> tuple[Turn | None, tuple[Said, ...]]:
        """Return the finished turn the question follows, and what was said after it."""
        first = max(0, len(earlier) - LOOKED_BACK)
        for end in range(len(earlier), first, -1):
            turn = self._turn(self._chat.recalled(history_key(client, earlier[:end])))
            if turn is not None and turn.state == "finished" and not _is_outside(turn):
                return turn, earlier[end:]
        return None, earlier

    def _turn(self, run: str | None) -> Turn | None:
        with suppress(UnknownIdError):
            return self._chat.turn(run) if run is not None else None
        return None


def _is_outside(turn: Turn) -> bool:
    return turn.request.intent == "off_topic"


def _received_key(run: str) -> str:
    return history_key("received", (Said("assistant", run),))
