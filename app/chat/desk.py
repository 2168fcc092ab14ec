"""Decides what becomes of a question in a thread: understood, planned, agreed to, answered."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from app.running.runs import Runs


class ChatDesk:
    """The threads of one home and the runs that answer them."""

    def __init__(self, runs: Runs) -> None:
        """Keep what works on runs."""
        self._runs = runs

    @asynccontextmanager
    async def open(self) -> AsyncIterator[None]:
        """Take up what stood still when the process before ended; stop everything on leaving."""
        try:
            yield
        finally:
            await self._runs.close()
