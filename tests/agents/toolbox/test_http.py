"""A server behind streamable HTTP on the loopback interface; a dead port is down in time."""

import asyncio
import gzip
import socket
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack, contextmanager

import httpx
import pytest
import uvicorn
from mcp.types import JSONRPCError, JSONRPCMessage

from agents.toolbox.endpoint import Endpoint
from agents.toolbox.errors import ServerDownError
from agents.toolbox.sessions import Sessions
from agents.toolbox.spec import CallLimits, ServerSpec
from agents.toolbox.wire import LOST, REJECTED, SPENT
from tests.servers.market import Market, MarketServer, made_universe

LIMITS = CallLimits(start_seconds=60, call_seconds=60, ping_seconds=10)
ARGUMENTS = {"region": "toy"}
LOOPBACK = ("127.0.0.1", 0)


@contextmanager
def _served(market: MarketServer, listener: socket.socket) -> Iterator[str]:
    """Serve on a duplicate of a socket that listens: its port stays ours between two servers."""
    config = uvicorn.Config(
        market.server.streamable_http_app(), log_level="critical", lifespan="on", ws="none"
    )
    server = uvicorn.Server(config)
    own = listener.dup()
    thread = threading.Thread(target=server.run, kwargs={"sockets": [own]}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}/mcp"
    finally:
        server.should_exit = True
        thread.join(timeout=60)
        own.close()


def _called(url: str, times: int) -> list[object]:
    async def call() -> list[object]:
        spec = ServerSpec(name="remote", transport="http", url=url)
        async with Sessions((spec,), limits=LIMITS) as sessions:
            return [
                await sessions.call("remote", "get_data_status", ARGUMENTS) for _ in range(times)
            ]

    return asyncio.run(call())


def test_calls_over_http_share_one_session() -> None:
    market = MarketServer(Market(made_universe()))
    with socket.create_server(LOOPBACK) as listener, _served(market, listener) as url:
        answers = _called(url, 3)
    assert len(market.calls) == 3
    assert answers[0] == answers[2]
    assert isinstance(answers[0], dict)
    assert answers[0]["tool"] == "get_data_status"


def test_a_port_nobody_listens_on_is_down() -> None:
    with pytest.raises(ServerDownError):
        _called("http://127.0.0.1:9/mcp", 1)


def test_a_server_that_was_replaced_is_asked_again() -> None:
    first, second = (MarketServer(Market(made_universe())) for _ in range(2))

    async def call() -> None:
        url = f"http://127.0.0.1:{listener.getsockname()[1]}/mcp"
        spec = ServerSpec(name="remote", transport="http", url=url)
        async with Sessions((spec,), limits=LIMITS) as sessions:
            assert await sessions.call("remote", "get_data_status", ARGUMENTS)
            await asyncio.to_thread(serving.close)
            serving.enter_context(_served(second, listener))
            assert await sessions.call("remote", "get_data_status", ARGUMENTS)

    # the second server outlives the session, whose end would wait for an answer otherwise
    with socket.create_server(LOOPBACK) as listener, ExitStack() as serving:
        serving.enter_context(_served(first, listener))
        asyncio.run(call())
    assert (len(first.calls), len(second.calls)) == (1, 1)


class _Body(httpx.AsyncByteStream):
    """A body in pieces."""

    def __init__(self, body: bytes) -> None:
        self._body = body

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for place in range(0, len(self._body), 1 << 16):
            yield self._body[place : place + (1 << 16)]


def _said(status: int = 200, body: bytes = b"", **headers: str) -> httpx.Response:
    """Return a response as it comes off a connection: JSON, unless its headers say otherwise."""
    named = {"content-type": "application/json"}
    named |= {name.replace("_", "-"): value for name, value in headers.items()}
    return httpx.Response(status, headers=named, stream=_Body(body))


class _Answers(httpx.AsyncBaseTransport):
    """A connection that answers in turn; `asked` is every address it was asked for."""

    def __init__(self, *answers: httpx.Response) -> None:
        self._answers = list(answers)
        self.asked: list[str] = []

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(str(request.url))
        return self._answers.pop(0)


def _exchanged(*answers: httpx.Response, method: str = "POST") -> tuple[httpx.Response, list[str]]:
    endpoint, inner = Endpoint("http://server/mcp", LIMITS, lambda: None), _Answers(*answers)
    endpoint._inner = inner  # type: ignore[assignment]  # the one seam: no socket is opened
    question = b'{"jsonrpc": "2.0", "id": 4, "method": "tools/call"}'
    request = httpx.Request(method, "http://server/mcp", content=question)
    return asyncio.run(endpoint.handle_async_request(request)), inner.asked


def _code(response: httpx.Response) -> int:
    root = JSONRPCMessage.model_validate_json(response.content).root
    assert isinstance(root, JSONRPCError)
    assert root.id == 4
    return root.error.code


GOOD = b'{"jsonrpc": "2.0", "id": 4, "result": {"a": 1}}'
STREAM = "text/event-stream"


@pytest.mark.parametrize("end", [b"\n", b"\r\n"])
def test_an_answer_in_a_stream_is_the_same_as_in_a_body(end: bytes) -> None:
    note = b'data: {"jsonrpc": "2.0", "method": "notifications/message"}'
    rows = (note, b"", b": a comment", b"event: message", b"id: 7", b"data:" + GOOD, b"", b"")
    plain, _ = _exchanged(_said(body=GOOD))
    streamed, _ = _exchanged(_said(body=end.join(rows), content_type=STREAM))
    assert streamed.content == plain.content


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (_said(404), LOST),
        (_said(503), LOST),
        (_said(429, retry_after="1"), SPENT),
        (_said(body=GOOD, content_type="text/html"), REJECTED),
        (_said(body=GOOD + GOOD), REJECTED),
        (_said(body=GOOD.replace(b"4", b"5")), REJECTED),
        (_said(body=b" " * 9_000_000), REJECTED),
        (_said(body=gzip.compress(GOOD), content_encoding="gzip"), REJECTED),
        (_said(content_type=STREAM), LOST),
        (_said(body=b"data: {}\n\n", content_type=STREAM), REJECTED),
        (_said(body=(b"data: " + b"x" * 999 + b"\n") * 9_000, content_type=STREAM), REJECTED),
    ],
)
def test_what_is_no_answer_is_an_error_of_the_question(answer: httpx.Response, code: int) -> None:
    assert _code(_exchanged(answer)[0]) == code


@pytest.mark.parametrize(
    "where",
    [
        "http://other/mcp",
        "https://server/mcp",
        "http://server:81/mcp",
        "http://key@server/mcp",
        "//other/mcp",
        "http://169.254.169.254/",
        "http://[",
    ],
)
def test_no_redirect_leaves_the_servers_origin(where: str) -> None:
    told, asked = _exchanged(_said(307, location=where), _said(body=GOOD))
    assert _code(told) == LOST
    assert asked == ["http://server/mcp"]


def test_a_redirect_within_the_origin_is_followed_a_few_times() -> None:
    told, asked = _exchanged(_said(308, location="/mcp/"), _said(body=GOOD))
    assert told.status_code == 200
    assert asked == ["http://server/mcp", "http://server/mcp/"]
    told, asked = _exchanged(*(_said(308, location="/mcp/") for _ in range(20)))
    assert _code(told) == LOST
    assert len(asked) == 4


def test_no_stream_of_messages_is_opened() -> None:
    told, asked = _exchanged(method="GET")
    assert told.status_code == 405
    assert asked == []


def test_a_sessions_name_is_kept_only_when_it_is_one() -> None:
    for name, kept in (("a-b", True), ("a b", False), ("x" * 300, False), ("", False)):
        told, _ = _exchanged(_said(body=GOOD, mcp_session_id=name))
        assert ("mcp-session-id" in told.headers) is kept
