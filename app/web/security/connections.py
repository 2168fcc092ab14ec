"""Decides how long a connection may keep the server waiting, and how the server ends.

A head that does not arrive, an answer nobody reads and connections beyond the cap are cut. Told to
end, the server ends streams at once and is gone within seconds, whatever a thread still computes:
what was stored stays stored.
"""

import asyncio
import os
import socket
import threading
from collections.abc import Callable
from types import FrameType
from typing import ClassVar, Final

import uvicorn
from starlette.types import ASGIApp
from uvicorn.protocols.http.h11_impl import H11Protocol, RequestResponseCycle

from app.web.security.limits import Limits

GRACE_SECONDS: Final = 2
"""How long answers under way may take once the server is told to end."""
LAST_SECONDS: Final = 4.0
"""When the process ends, told to, whatever it is at."""


def patient(limits: Limits) -> type[H11Protocol]:
    """Return the protocol of connections that are waited for no longer than these limits say."""
    return type("Patient", (_Patient,), {"limits": limits})


class _Patient(H11Protocol):
    """uvicorn's protocol, with timers on the client's side of it."""

    limits: ClassVar[Limits]
    _head: asyncio.TimerHandle | None = None
    _unread: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # uvicorn's
        super().connection_made(transport)
        if len(self.connections) > self.limits.connections:
            transport.abort()
        else:
            self._head = self.loop.call_later(self.limits.header_seconds, transport.abort)

    def connection_lost(self, exc: Exception | None) -> None:
        self._head = _cancelled(self._head)
        self._unread = _cancelled(self._unread)
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Wait for the rest of a head, from its first byte on; uvicorn bounds idle connections."""
        super().data_received(data)
        cycle: RequestResponseCycle | None = self.cycle
        if cycle is not None and not cycle.response_complete:
            self._head = _cancelled(self._head)
        elif self._head is None:
            self._head = self.loop.call_later(self.limits.header_seconds, self.transport.abort)

    def pause_writing(self) -> None:
        super().pause_writing()
        self._look_again()

    def resume_writing(self) -> None:
        super().resume_writing()
        self._unread = _cancelled(self._unread)

    def _look_again(self) -> None:
        unread = self.transport.get_write_buffer_size()
        self._unread = self.loop.call_later(self.limits.stalled_seconds, self._cut_unread, unread)

    def _cut_unread(self, before: int) -> None:
        """Cut the connection if the client has read nothing since."""
        if self.transport.get_write_buffer_size() >= before:
            self.transport.abort()
        else:
            self._look_again()


class Serving(uvicorn.Server):
    """uvicorn's server, which ends when it is told to."""

    def __init__(self, app: ASGIApp, limits: Limits, leave: Callable[[], None]) -> None:
        """Keep what ends the streams."""
        super().__init__(
            uvicorn.Config(
                app,
                http=patient(limits),
                ws="none",
                log_config=None,
                server_header=False,
                timeout_graceful_shutdown=GRACE_SECONDS,
            )
        )
        self._leave = leave
        self._loop: asyncio.AbstractEventLoop | None = None

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Listen."""
        self._loop = asyncio.get_running_loop()
        await super().startup(sockets)

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """End, asked by a signal."""
        super().handle_exit(sig, frame)
        last = threading.Timer(LAST_SECONDS, os._exit, (128 + sig,))
        last.daemon = True
        last.start()
        if self._loop is not None:
            self._loop.call_soon_threadsafe(self._leave)


def _cancelled(timer: asyncio.TimerHandle | None) -> asyncio.TimerHandle | None:
    """Return no timer."""
    if timer is not None:
        timer.cancel()
    return None
