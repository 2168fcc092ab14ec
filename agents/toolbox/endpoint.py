"""Speaks HTTP with a tool server, within bounds; decides which responses are an answer.

Every exchange ends in one JSON message: the server's answer through the wire, or the error that
stands for it. No stream of other messages is opened, no redirect leaves the server's origin, no
compressed body is unpacked.
"""

import asyncio
import re
from collections.abc import AsyncIterator, Callable
from urllib.request import getproxies, proxy_bypass

import httpx
from mcp.types import INTERNAL_ERROR, JSONRPCMessage, JSONRPCRequest

from agents.toolbox.spec import CallLimits
from agents.toolbox.wire import (
    LATE,
    LOST,
    REJECTED,
    SPENT,
    TooMuchError,
    Wire,
    lines,
    message_cap,
    problem,
)

REDIRECTS = 3
"""Redirects followed within the server's origin, as to its address with a slash at the end."""
SESSION_HEADER = "mcp-session-id"
_SESSION = re.compile(r"[\x21-\x7e]{1,256}")
_SAME_REQUEST = (httpx.codes.TEMPORARY_REDIRECT, httpx.codes.PERMANENT_REDIRECT)
_PROBLEMS: dict[int, int] = {
    httpx.codes.BAD_REQUEST: LOST,
    httpx.codes.NOT_FOUND: LOST,
    httpx.codes.BAD_GATEWAY: LOST,
    httpx.codes.SERVICE_UNAVAILABLE: LOST,
    httpx.codes.GATEWAY_TIMEOUT: LATE,
    httpx.codes.TOO_MANY_REQUESTS: SPENT,
}
"""Statuses that say more than that a call failed; the first two tell that a session is gone."""


class Endpoint(httpx.AsyncBaseTransport):
    """The transport under the SDK's client, which is shown short JSON messages and no failure."""

    def __init__(self, url: str, limits: CallLimits, tools_changed: Callable[[], None]) -> None:
        self._inner = httpx.AsyncHTTPTransport(proxy=_proxy(url))
        self._limits, self._tools_changed = limits, tools_changed

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Return the one message an exchange comes to; 405 to a request for a stream of others."""
        if request.method == "GET":
            return httpx.Response(httpx.codes.METHOD_NOT_ALLOWED)
        question = _question(request)
        try:
            async with asyncio.timeout(self._seconds(question)):
                return await self._exchanged(request, question)
        except (TimeoutError, httpx.TimeoutException):
            return _told(question, LATE)
        except TooMuchError:
            return _told(question, REJECTED)
        except (httpx.HTTPError, httpx.InvalidURL):
            return _told(question, LOST)

    def _seconds(self, question: JSONRPCRequest | None) -> float:
        if question is None:
            return self._limits.ping_seconds
        starting = question.method in {"initialize", "tools/list"}
        return self._limits.start_seconds if starting else self._limits.call_seconds

    async def aclose(self) -> None:
        """Close the connections."""
        await self._inner.aclose()

    async def _exchanged(
        self, request: httpx.Request, question: JSONRPCRequest | None
    ) -> httpx.Response:
        response = await self._responded(request)
        try:
            if question is None or not response.is_success:
                lost = LOST if response.is_redirect else INTERNAL_ERROR
                return _told(question, _PROBLEMS.get(response.status_code, lost))
            answer = await self._answer(request, response, question)
            if answer is None:
                return _told(question, REJECTED)
            return _shown(answer, response.headers.get(SESSION_HEADER, ""))
        finally:
            await response.aclose()

    async def _responded(self, request: httpx.Request) -> httpx.Response:
        response = await self._inner.handle_async_request(request)
        for _ in range(REDIRECTS):
            where = _within_origin(request, response)
            if where is None:
                break
            await response.aclose()
            request = _again(request, request.content, where)
            response = await self._inner.handle_async_request(request)
        return response

    async def _answer(
        self, request: httpx.Request, response: httpx.Response, question: JSONRPCRequest
    ) -> JSONRPCMessage | None:
        wire = Wire(message_cap(self._limits), self._tools_changed)
        wire.asked(JSONRPCMessage(question))
        kind = response.headers.get("content-type", "").partition(";")[0].strip().lower()
        if response.headers.get("content-encoding", "identity").lower() != "identity":
            return None
        if kind == "application/json":
            body = await _whole(response.aiter_raw(), wire.cap)
            return wire.received(body).answer
        if kind != "text/event-stream":
            return None
        said = False
        async for event in _events(lines(response.aiter_raw(), wire.cap), wire.cap):
            said, heard = True, wire.received(event)
            if heard.refusal is not None:
                await self._say(request, heard.refusal)
            if heard.answer is not None:
                return heard.answer
        if not said:
            raise httpx.RemoteProtocolError("the stream ended before it said anything")
        return None

    async def _say(self, request: httpx.Request, message: JSONRPCMessage) -> None:
        body = message.model_dump_json(by_alias=True, exclude_none=True).encode()
        response = await self._inner.handle_async_request(_again(request, body, request.url))
        await response.aclose()


def _question(request: httpx.Request) -> JSONRPCRequest | None:
    """Return the question a request puts; None of a notification or a session's end."""
    if request.method != "POST":
        return None
    root = JSONRPCMessage.model_validate_json(request.content).root
    return root if isinstance(root, JSONRPCRequest) and isinstance(root.id, int) else None


def _told(question: JSONRPCRequest | None, code: int) -> httpx.Response:
    if question is None:
        return httpx.Response(httpx.codes.NO_CONTENT)
    return _shown(problem(int(question.id), code))


def _shown(message: JSONRPCMessage, session: str = "") -> httpx.Response:
    headers = {"content-type": "application/json"}
    if _SESSION.fullmatch(session):
        headers[SESSION_HEADER] = session
    body = message.model_dump_json(by_alias=True, exclude_none=True).encode()
    return httpx.Response(httpx.codes.OK, headers=headers, content=body)


def _within_origin(request: httpx.Request, response: httpx.Response) -> httpx.URL | None:
    """Return where the same request is to be sent again, if that is the same server."""
    if response.status_code not in _SAME_REQUEST:
        return None
    sent, where = request.url, request.url.join(response.headers.get("location", ""))
    same = (where.scheme, where.host, where.port) == (sent.scheme, sent.host, sent.port)
    return where if same and where.userinfo == sent.userinfo else None


def _again(request: httpx.Request, body: bytes, where: httpx.URL) -> httpx.Request:
    kept = [(k, v) for k, v in request.headers.multi_items() if k.lower() != "content-length"]
    return httpx.Request(
        request.method, where, headers=kept, content=body, extensions=request.extensions
    )


async def _whole(chunks: AsyncIterator[bytes], cap: int) -> bytes:
    held = bytearray()
    async for chunk in chunks:
        held += chunk
        if len(held) > cap:
            raise TooMuchError
    return bytes(held)


async def _events(rows: AsyncIterator[bytes], cap: int) -> AsyncIterator[bytes]:
    """Yield the data of server-sent events (WHATWG HTML, section 9.2.6), whatever their names."""
    held = bytearray()
    async for row in rows:
        line = row.removesuffix(b"\r")
        if line.startswith(b"data:"):
            held += line.removeprefix(b"data:").removeprefix(b" ") + b"\n"
        elif not line and held:
            yield bytes(held)
            held.clear()
        if len(held) > cap:
            raise TooMuchError


def _proxy(url: str) -> str | None:
    """Return the proxy the environment names for the address, as httpx itself would."""
    address = httpx.URL(url)
    if proxy_bypass(address.host):
        return None
    named = getproxies()
    return named.get(address.scheme) or named.get("all")
