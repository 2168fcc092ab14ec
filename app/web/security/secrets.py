"""Takes configured secrets out of everything that leaves: answers and streams.

Files that are packed (PDF, XLSX, pictures) and our own scripts are not looked into: what they are
made from was cleaned when it was stored.
"""

import codecs
from typing import Final

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from agents.toolbox.redaction import Redactor

READ: Final = (
    "application/json", "application/x-ndjson", "application/problem+json", "text/event-stream",
    "text/html", "text/plain", "text/csv", "text/markdown", "message/rfc822",
)  # fmt: skip
"""Kinds of answers that hold what tools, models and users wrote."""

BYTES: Final = "surrogateescape"
"""Bytes that are no UTF-8 come out as they went in."""


class Redacted:
    """Cleans answers on their way out, wherever they are cut."""

    def __init__(self, app: ASGIApp, redactor: Redactor) -> None:
        """Keep what knows the secrets."""
        self._app, self._redactor = app, redactor

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer without secrets."""
        await self._app(scope, receive, _Cleaner(self._redactor, send))


class _Cleaner:
    """Sends one answer: its head with the first piece, so that a length said is the length sent."""

    def __init__(self, redactor: Redactor, send: Send) -> None:
        self._redactor, self._send = redactor, send
        self._passage = redactor.passage()
        self._decoded = codecs.getincrementaldecoder("utf-8")(errors=BYTES)
        self._head: Message | None = None
        self._is_read = True

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            kind = Headers(raw=message["headers"]).get("content-type", "")
            self._is_read = kind.startswith(READ)
            if self._is_read and not kind.startswith("text/event-stream"):
                self._head = message
                return
        elif message["type"] == "http.response.body" and self._is_read:
            message = self._cleaned(message)
            if self._head is not None:
                head, self._head = self._head, None
                await self._send(_measured(head, message))
        await self._send(message)

    def _cleaned(self, message: Message) -> Message:
        more = message.get("more_body", False)
        text = self._passage.fed(self._decoded.decode(message.get("body", b""), not more))
        text += "" if more else self._passage.ended()
        return {**message, "body": text.encode("utf-8", BYTES)}


def _measured(head: Message, first: Message) -> Message:
    """Return the head with the length of what follows, where all of it is known."""
    headers = MutableHeaders(raw=list(head["headers"]))
    if "content-length" in headers:
        del headers["content-length"]
        if not first.get("more_body", False):
            headers["content-length"] = str(len(first["body"]))
    return {**head, "headers": headers.raw}
