"""Decides which of a server's messages reach a session: strict answers to our own questions.

Whatever else a server says ends here: its requests are refused, its notifications and the words of
its errors are dropped. What an answer means is the gate's to decide.
"""

import re
from collections.abc import AsyncIterable, AsyncIterator, Callable
from dataclasses import dataclass

from mcp.shared.version import SUPPORTED_PROTOCOL_VERSIONS
from mcp.types import (
    INTERNAL_ERROR,
    METHOD_NOT_FOUND,
    ErrorData,
    JSONRPCError,
    JSONRPCMessage,
    JSONRPCRequest,
    JSONRPCResponse,
)

from agents.toolbox.spec import CallLimits
from core.strict_json import UnreadableError, strict_json

REJECTED, LOST, LATE, SPENT = -32080, -32081, -32082, -32083
"""Error codes a session is told in the server's place; no server's own code passes."""

STRAY_BYTES = 1_000
"""What a message nobody asked for counts at least."""
HEAD_BYTES = 4_096
"""How much of an unreadable message is looked through for the question it answers."""

_ID = re.compile(rb'"id"\s*:\s*(\d{1,9})\s*[,}]')


class TooMuchError(Exception):
    """More bytes than a server may send; `head` is how they begin."""

    def __init__(self, head: bytes = b"") -> None:
        super().__init__("a server sent more than it may")
        self.head = head


@dataclass(frozen=True, slots=True)
class Heard:
    """What one message comes to: an answer for the session, or a refusal for the server."""

    answer: JSONRPCMessage | None = None
    refusal: JSONRPCMessage | None = None


NOTHING = Heard()


class Wire:
    """One connection's questions and what may answer them.

    `cap` is the most bytes of one message, and of all unasked ones between two questions.
    `tools_changed` is called when the server says that its tools did.
    """

    def __init__(self, cap: int, tools_changed: Callable[[], None]) -> None:
        self.cap = cap
        self._tools_changed = tools_changed
        self._waiting: dict[int, str] = {}
        self._stray = 0

    def asked(self, message: JSONRPCMessage) -> None:
        """Note a message on its way to the server."""
        root = message.root
        if isinstance(root, JSONRPCRequest) and isinstance(root.id, int):
            self._waiting[root.id] = root.method
            self._stray = 0

    def forget(self, name: int) -> None:
        """Wait no longer for the answer to a question: what comes of it now was not asked for."""
        self._waiting.pop(name, None)

    def received(self, raw: bytes) -> Heard:
        """Return what a message comes to.

        Raises:
            TooMuchError: too many messages that nobody asked for.
        """
        try:
            message = strict_json(raw)
        except UnreadableError:
            return self.unreadable(raw) if b'"jsonrpc"' in raw else self._unasked(raw)
        if not isinstance(message, dict) or message.get("jsonrpc") != "2.0":
            return self._unasked(raw)
        name = message.get("id")
        if "method" in message:
            self._unasked(raw)
            return self._request(message["method"], name)
        if type(name) is not int or name not in self._waiting:
            return self._unasked(raw)
        return self._answer(name, message)

    def unreadable(self, raw: bytes) -> Heard:
        """Return a rejection of the question that unreadable bytes answer.

        It is the one they name, else the only one waiting; when neither, nobody's.
        """
        named = _ID.search(raw[:HEAD_BYTES]) or _ID.search(raw[-HEAD_BYTES:])
        asked = int(named[1]) if named else next(iter(self._waiting), None)
        if asked not in self._waiting or (named is None and len(self._waiting) > 1):
            return self._unasked(raw)
        del self._waiting[asked]
        return Heard(answer=problem(asked, REJECTED))

    def _answer(self, name: int, message: dict[str, object]) -> Heard:
        method = self._waiting.pop(name)
        result = message.get("result")
        if "error" in message:
            return Heard(answer=problem(name, INTERNAL_ERROR))
        if not isinstance(result, dict):
            return Heard(answer=problem(name, REJECTED))
        if method == "initialize":
            version = result.get("protocolVersion")
            if version not in SUPPORTED_PROTOCOL_VERSIONS:
                return Heard(answer=problem(name, REJECTED))
            result = {
                "protocolVersion": version,
                "capabilities": {"tools": {}},
                "serverInfo": {"name": "server", "version": "0"},
            }
        return Heard(answer=_message(JSONRPCResponse(jsonrpc="2.0", id=name, result=result)))

    def _request(self, method: object, name: object) -> Heard:
        if method == "notifications/tools/list_changed":
            self._tools_changed()
        if type(name) is not int:
            return NOTHING
        if method == "ping":
            return Heard(refusal=_message(JSONRPCResponse(jsonrpc="2.0", id=name, result={})))
        return Heard(refusal=problem(name, METHOD_NOT_FOUND))

    def _unasked(self, raw: bytes) -> Heard:
        self._stray += max(len(raw), STRAY_BYTES)
        if self._stray > self.cap:
            raise TooMuchError
        return NOTHING


def message_cap(limits: CallLimits) -> int:
    """Return the most bytes of one message: an answer as JSON and as quoted text, and room."""
    return 4 * limits.answer_bytes


def problem(name: int, code: int) -> JSONRPCMessage:
    """Return the error that a question comes to, in no words of the server's."""
    return _message(
        JSONRPCError(jsonrpc="2.0", id=name, error=ErrorData(code=code, message="refused"))
    )


async def lines(chunks: AsyncIterable[bytes], cap: int) -> AsyncIterator[bytes]:
    """Yield the lines of a stream; a last one without an end is none.

    Raises:
        TooMuchError: a line is longer than the cap; no more than that was held.
    """
    held = bytearray()
    async for chunk in chunks:
        *whole, rest = chunk.split(b"\n")
        for piece in whole:
            yield bytes(_longer(held, piece, cap))
            held.clear()
        _longer(held, rest, cap)


def _longer(held: bytearray, piece: bytes, cap: int) -> bytearray:
    if len(held) + len(piece) > cap:
        raise TooMuchError(bytes((held + piece)[:HEAD_BYTES]))
    held += piece
    return held


def _message(root: JSONRPCResponse | JSONRPCError) -> JSONRPCMessage:
    return JSONRPCMessage(root)
