"""A served home in this process, sessions with it, and what a client hears of progress."""

import asyncio
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from pathlib import Path

from mcp import ClientSession
from mcp.server.fastmcp import FastMCP
from mcp.shared.memory import create_connected_server_and_client_session
from mcp.types import CancelledNotification, CancelledNotificationParams, ClientNotification

from app.running.runs import Runs


def withdrawal(request_id: int | str) -> ClientNotification:
    """What a client sends to cancel a request."""
    params = CancelledNotificationParams(requestId=request_id)
    return ClientNotification(CancelledNotification(params=params))


@dataclass(frozen=True, slots=True)
class Served:
    """A server over a home."""

    home: Path
    server: FastMCP
    runs: Runs

    def session(self) -> AbstractAsyncContextManager[ClientSession]:
        """A client's session; leaving it is how a client goes."""
        return create_connected_server_and_client_session(self.server)


@dataclass(slots=True)
class Heard:
    """Listens to progress notifications."""

    messages: list[str] = field(default_factory=list)
    _more: asyncio.Event = field(default_factory=asyncio.Event)

    async def __call__(self, progress: float, total: float | None, message: str | None) -> None:
        del progress, total
        self.messages.append(message or "")
        self._more.set()

    async def until(self, message: str) -> None:
        """Wait until it was heard."""
        while message not in self.messages:
            self._more.clear()
            await self._more.wait()
