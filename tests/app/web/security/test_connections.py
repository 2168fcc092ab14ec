"""Clients that keep a server waiting, over real sockets; and how the server ends."""

import socket
import threading
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager, suppress

import anyio
import pytest
import uvicorn
from starlette.responses import PlainTextResponse, StreamingResponse
from starlette.types import Receive, Scope, Send

from app.web.security.connections import Serving
from app.web.security.flow import Flow
from app.web.security.limits import Limits

LIMITS = Limits(connections=5, header_seconds=0.4, stalled_seconds=0.4)
LARGE = b"x" * (32 * 1024 * 1024)


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


@contextmanager
def serving() -> Iterator[tuple[int, Flow, uvicorn.Server]]:
    """Serve on a port of this machine, in a thread."""
    flow = Flow(answering, LIMITS)
    server = Serving(flow, LIMITS, flow.leave)
    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        try:
            while not server.started:
                time.sleep(0.01)
            yield int(listening.getsockname()[1]), flow, server
        finally:
            server.should_exit = True
            thread.join(10)
    assert not thread.is_alive()


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    with serving() as (port, _, _):
        yield port


def connected(port: int, text: bytes = b"") -> socket.socket:
    opened = socket.create_connection(("127.0.0.1", port), timeout=5)
    opened.sendall(text)
    return opened


def request(path: str) -> bytes:
    return f"GET {path} HTTP/1.1\r\nHost: x\r\n\r\n".encode()


def seconds_until_cut(opened: socket.socket) -> float:
    """Return how long the server kept the connection."""
    start = time.monotonic()
    try:
        while opened.recv(65536):
            pass
    except ConnectionResetError:
        pass
    return time.monotonic() - start


def is_answered(port: int) -> bool:
    with connected(port, request("/")) as opened:
        return opened.recv(65536).startswith(b"HTTP/1.1 200")


@pytest.mark.parametrize(
    "begun",
    [b"", b"GET / HT", b"GET / HTTP/1.1\r\nHost: x\r\n", b"GET / HTTP/1.1\r\nHost: x\r\nX-A: b"],
)
def test_a_head_that_does_not_arrive_is_not_waited_for(port: int, begun: bytes) -> None:
    with connected(port, begun) as opened:
        assert 0.1 < seconds_until_cut(opened) < 3


def test_a_head_that_drips_is_not_waited_for_either(port: int) -> None:
    with connected(port, b"GET / HTTP/1.1\r\nHost: x\r\n") as opened:
        start = time.monotonic()
        with suppress(ConnectionResetError, BrokenPipeError):
            while time.monotonic() - start < 4:
                opened.sendall(b"X-A: b\r\n")
                time.sleep(0.05)
        assert time.monotonic() - start < 3


def test_a_second_head_on_a_kept_connection_is_bounded_the_same(port: int) -> None:
    with connected(port, request("/")) as opened:
        assert opened.recv(65536).startswith(b"HTTP/1.1 200")
        opened.sendall(b"GET / HT")
        assert seconds_until_cut(opened) < 3


def test_a_client_that_reads_nothing_is_cut_and_others_are_answered(port: int) -> None:
    with connected(port, request("/large")) as opened:
        assert is_answered(port)
        time.sleep(1.2)
        opened.settimeout(0.5)
        read = 0
        try:
            while piece := opened.recv(1 << 20):
                read += len(piece)
        except (ConnectionResetError, TimeoutError):
            pass
        assert read < len(LARGE)


def test_a_client_that_reads_slowly_but_reads_is_served_whole(port: int) -> None:
    with connected(port, request("/large")) as opened:
        read, start = 0, time.monotonic()
        while read < len(LARGE):
            piece = opened.recv(1 << 19)
            assert piece
            read += len(piece)
            if time.monotonic() - start < 1.2:
                time.sleep(0.05)


def test_connections_beyond_the_cap_are_cut_at_once(port: int) -> None:
    held = [connected(port) for _ in range(LIMITS.connections)]
    time.sleep(0.05)
    try:
        with connected(port) as one_more:
            assert seconds_until_cut(one_more) < 0.3
    finally:
        for opened in held:
            opened.close()
    time.sleep(0.05)
    assert is_answered(port)


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


def test_the_server_ends_at_once_however_many_streams_are_open() -> None:
    with serving() as (port, flow, server):
        streams = [connected(port, request("/events")) for _ in range(3)]
        for stream in streams:
            assert b"data: tick" in stream.recv(65536) + stream.recv(65536)
        start = time.monotonic()
        loop = server.servers[0].get_loop()
        server.should_exit = True
        loop.call_soon_threadsafe(flow.leave)
        for stream in streams:
            seconds_until_cut(stream)
            stream.close()
        assert time.monotonic() - start < 2
