"""Clients that keep a server waiting, over real sockets; and how the server ends."""

import asyncio
import socket
import threading
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from functools import partial
from unittest.mock import Mock

import anyio
import pytest
import uvicorn
from starlette.responses import PlainTextResponse, StreamingResponse
from starlette.types import Receive, Scope, Send
from uvicorn.protocols.http.flow_control import FlowControl
from uvicorn.server import ServerState

from app.web.security.connections import Serving, patient
from app.web.security.flow import Flow
from app.web.security.limits import Limits

LIMITS = Limits(connections=5, header_seconds=0.4, stalled_seconds=0.4)
LARGE = b"x" * (32 * 1024 * 1024)
PATIENCE_SECONDS = 60.0
WHOLE = b"0\r\n\r\n"
"""What a stream that was ended well ends with."""


async def answering(scope: Scope, receive: Receive, send: Send) -> None:
    """Answer a little, a lot, or without end."""
    if scope["type"] != "http":
        return
    if scope["path"] == "/large":
        await PlainTextResponse(LARGE)(scope, receive, send)
    elif scope["path"] == "/events":
        await StreamingResponse(ticks(), media_type="text/event-stream")(scope, receive, send)
    else:
        await PlainTextResponse("inside")(scope, receive, send)


async def ticks() -> AsyncIterator[str]:
    while True:
        yield "data: tick\n\n"
        await anyio.sleep(0.05)


def until(condition: Callable[[], bool]) -> None:
    """Wait until it holds."""
    end = time.monotonic() + PATIENCE_SECONDS
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.01)


@dataclass(frozen=True, slots=True)
class Door:
    """A server in a thread: where it listens, and what it holds."""

    port: int
    flow: Flow
    server: uvicorn.Server

    @property
    def open_count(self) -> int:
        """How many connections it holds."""
        return len(self.server.server_state.connections)


@contextmanager
def serving(limits: Limits = LIMITS) -> Iterator[Door]:
    """Serve on a port of this machine, in a thread."""
    flow = Flow(answering, limits)
    server = Serving(flow, limits, flow.leave)
    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        try:
            until(lambda: server.started)
            yield Door(int(listening.getsockname()[1]), flow, server)
        finally:
            server.should_exit = True
            thread.join(PATIENCE_SECONDS)
    assert not thread.is_alive()


@pytest.fixture(scope="module")
def door() -> Iterator[Door]:
    with serving() as opened:
        yield opened


@pytest.fixture
def port(door: Door) -> int:
    until(lambda: door.open_count == 0)
    return door.port


def connected(port: int, text: bytes = b"") -> socket.socket:
    opened = socket.create_connection(("127.0.0.1", port), timeout=PATIENCE_SECONDS)
    opened.sendall(text)
    return opened


def request(path: str) -> bytes:
    return f"GET {path} HTTP/1.1\r\nHost: x\r\n\r\n".encode()


def read_until_cut(opened: socket.socket) -> bytes:
    """Return what comes until the server ends the connection, however it does."""
    read = bytearray()
    with suppress(ConnectionResetError):
        while piece := opened.recv(1 << 20):
            read += piece
    return bytes(read)


def is_answered(port: int) -> bool:
    with connected(port, request("/")) as opened:
        return opened.recv(65536).startswith(b"HTTP/1.1 200")


@pytest.mark.parametrize(
    "begun",
    [b"", b"GET / HT", b"GET / HTTP/1.1\r\nHost: x\r\n", b"GET / HTTP/1.1\r\nHost: x\r\nX-A: b"],
)
def test_a_head_that_does_not_arrive_is_not_waited_for(port: int, begun: bytes) -> None:
    start = time.monotonic()
    with connected(port, begun) as opened:
        assert read_until_cut(opened) == b""
    assert time.monotonic() - start > LIMITS.header_seconds / 2


def drips(opened: socket.socket) -> None:
    """Send a line of a head now and then, for as long as the server takes it."""
    end = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < end:
        opened.sendall(b"X-A: b\r\n")
        time.sleep(0.05)


def test_a_head_that_drips_is_not_waited_for_either(port: int) -> None:
    begun = b"GET / HTTP/1.1\r\nHost: x\r\n"
    with connected(port, begun) as opened, pytest.raises((ConnectionResetError, BrokenPipeError)):
        drips(opened)


def test_a_second_head_on_a_kept_connection_is_bounded_the_same(port: int) -> None:
    with connected(port, request("/")) as opened:
        assert opened.recv(65536).startswith(b"HTTP/1.1 200")
        opened.sendall(b"GET / HT")
        read_until_cut(opened)


def test_a_client_that_reads_nothing_is_cut_and_others_are_answered(door: Door, port: int) -> None:
    with connected(port, request("/large")) as opened:
        assert is_answered(port)
        until(lambda: door.open_count == 0)
        assert len(read_until_cut(opened)) < len(LARGE)


class Wire(asyncio.Transport):
    """A connection whose client has left so much unread."""

    unread_bytes, aborted = 0, False

    def get_write_buffer_size(self) -> int:
        return self.unread_bytes

    def abort(self) -> None:
        self.aborted = True


def test_a_client_that_reads_slowly_is_waited_for_until_it_reads_no_more() -> None:
    looks, loop, wire = list[Callable[[], None]](), Mock(), Wire()

    def later(seconds: float, look: Callable[..., None], *about: object) -> Mock:
        assert seconds == LIMITS.stalled_seconds
        looks.append(partial(look, *about))
        return Mock()

    loop.call_later = later
    protocol = patient(LIMITS)(uvicorn.Config(answering), ServerState(), {}, loop)
    protocol.transport, protocol.flow = wire, FlowControl(wire)
    wire.unread_bytes = 400
    protocol.pause_writing()
    for unread_bytes in (300, 299, 10):
        wire.unread_bytes = unread_bytes
        looks.pop()()
        assert not wire.aborted
    looks.pop()()
    assert wire.aborted
    assert looks == []


def test_connections_beyond_the_cap_are_cut_at_once() -> None:
    with serving(replace(LIMITS, header_seconds=10 * PATIENCE_SECONDS)) as door:
        held = [connected(door.port) for _ in range(LIMITS.connections)]
        until(lambda: door.open_count == len(held))
        with connected(door.port) as one_more:
            assert read_until_cut(one_more) == b""
        assert door.open_count == len(held)
        for opened in held:
            opened.close()
        until(lambda: door.open_count == 0)
        assert is_answered(door.port)


@pytest.mark.parametrize(
    "raw",
    [
        b"GET / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost : x\r\n\r\n",
        b"GET / HTTP/1.1\r\n Host: x\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00",
        b"GET /\x00 HTTP/1.1\r\nHost: x\r\n\r\n",
    ],
)
def test_what_is_no_request_is_never_answered_as_one(port: int, raw: bytes) -> None:
    with connected(port, raw) as opened:
        said = opened.recv(65536)
        assert not said.startswith(b"HTTP/1.1 200") or b"chunked" in raw
    assert is_answered(port)


def test_the_server_ends_at_once_however_many_streams_are_open(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("app.web.security.flow.PATIENCE_SECONDS", 10 * PATIENCE_SECONDS)
    with serving() as door:
        streams = [connected(door.port, request("/events")) for _ in range(3)]
        for stream in streams:
            assert b"data: tick" in stream.recv(65536) + stream.recv(65536)
        loop = door.server.servers[0].get_loop()
        door.server.should_exit = True
        loop.call_soon_threadsafe(door.flow.leave)
        for stream in streams:
            assert read_until_cut(stream).endswith(WHOLE), "it was cut, not ended"
            stream.close()
