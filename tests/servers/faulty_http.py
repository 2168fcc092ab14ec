"""The hostile server over streamable HTTP: `faulty_http.py FAULT TOOL ANSWERS.json SCOPE TRAP DIR`.

One thread a request, on the loopback interface. Faults of HTTP itself are here.
"""

import gzip
import json
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from pathlib import Path
from typing import Final

from tests.servers.faults import CANARY, DIE, DOWN, EVIDENCE, FAILED, REJECTED, TIMEOUT, Json, Said
from tests.servers.hostile import Hostile, loaded

SPENT: Final = "quota_spent"
OF_HTTP: Final[dict[str, str]] = {
    "one JSON body": EVIDENCE,
    "flapping": EVIDENCE,
    "same origin redirect": EVIDENCE,
    "redirect to another host": DOWN,
    "redirect without end": DOWN,
    "reset": DOWN,
    "cut short": DOWN,
    "session gone": DOWN,
    "bad gateway": DOWN,
    "server error": FAILED,
    "unauthorised": FAILED,
    "too many requests": SPENT,
    "HTML for JSON": REJECTED,
    "gzip bomb": REJECTED,
    "endless body": REJECTED,
    "endless comments": TIMEOUT,
    "invites to reconnect": REJECTED,
    "huge header": DOWN,
}
"""Faults only HTTP has, each with what must come of its one tool."""
STATUS: Final = {
    "session gone": 404,
    "bad gateway": 502,
    "server error": 500,
    "unauthorised": 401,
    "too many requests": 429,
}


class FaultyHTTP:
    """One hostile server behind a port; a request for a stream of messages is put on file."""

    def __init__(self, server: Hostile, streams: Path) -> None:
        self.server = server
        self._streams = streams
        self._calls = count()

    def serve(self) -> None:
        """Print the port, then serve until killed."""
        faulty = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                length = int(self.headers["content-length"])
                with suppress(OSError, ValueError):
                    message: Json = json.loads(self.rfile.read(length))
                    faulty._answer(self, message)

            def do_GET(self) -> None:
                faulty._streams.touch()
                self.send_error(405)

            def do_DELETE(self) -> None:
                self.send_response(200)
                self.send_header("content-length", "0")
                self.end_headers()

            def log_message(self, *_: object) -> None:
                return

        listener = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        listener.daemon_threads = True
        print(listener.server_address[1], flush=True)
        listener.serve_forever(0.02)

    def _answer(self, handler: BaseHTTPRequestHandler, message: Json) -> None:
        params = message.get("params")
        called = params.get("name") if isinstance(params, dict) else None
        if not isinstance(message.get("id"), int):
            return self._head(handler, 202, {"content-length": "0"})
        mine = message.get("method") == "tools/call" and called == self.server.tool
        if mine and self._misbehaves(handler, message):
            return None
        return self._stream(handler, self.server.said(message))

    def _misbehaves(self, handler: BaseHTTPRequestHandler, message: Json) -> bool:
        """Misbehave on a call of the tool; False when it is to be answered as usual."""
        fault = self.server.fault
        if fault in STATUS:
            self._body(handler, STATUS[fault], CANARY.encode())
        elif fault == "same origin redirect" and not handler.path.endswith("/"):
            self._body(handler, 307, b"", {"location": f"{handler.path}/"})
        elif fault == "redirect to another host":
            self._body(handler, 307, b"", {"location": self.server.trap})
        elif fault == "redirect without end":
            self._body(handler, 307, b"", {"location": handler.path})
        elif fault == "reset" or (fault == "flapping" and next(self._calls) % 2 == 0):
            handler.close_connection = True
        elif fault in BODIES:
            good = "".join(str(piece) for piece in self.server.said(message))
            BODIES[fault](self, handler, good.encode())
        else:
            return False
        return True

    def _stream(self, handler: BaseHTTPRequestHandler, said: Iterator[Said]) -> None:
        headers = {"content-type": "text/event-stream", "connection": "close"}
        self._head(handler, 200, {**headers, "mcp-session-id": "one"})
        open_event = False
        for piece in said:
            if piece is DIE:
                break
            if isinstance(piece, float):
                handler.wfile.flush()
                time.sleep(piece)
            elif isinstance(piece, bytes):
                handler.wfile.write(piece if open_event else b"data: " + piece)
                open_event = True
            else:
                raw = str(piece).encode(errors="surrogateescape")
                handler.wfile.write(b"event: message\ndata: " + raw + b"\n\n")
        handler.close_connection = True

    def _head(self, handler: BaseHTTPRequestHandler, status: int, headers: dict[str, str]) -> None:
        handler.send_response(status)
        for name, value in headers.items():
            handler.send_header(name, value)
        handler.end_headers()

    def _body(
        self,
        handler: BaseHTTPRequestHandler,
        status: int,
        body: bytes,
        headers: dict[str, str] | None = None,
    ) -> None:
        plain = {"content-type": "application/json", "content-length": str(len(body))}
        self._head(handler, status, {**plain, **(headers or {})})
        handler.wfile.write(body)

    def _json(self, handler: BaseHTTPRequestHandler, good: bytes) -> None:
        self._body(handler, 200, good)

    def _html(self, handler: BaseHTTPRequestHandler, good: bytes) -> None:
        del good
        self._body(handler, 200, CANARY.encode(), {"content-type": "text/html"})

    def _short(self, handler: BaseHTTPRequestHandler, good: bytes) -> None:
        self._body(handler, 200, good[:40], {"content-length": str(len(good))})
        handler.close_connection = True

    def _gzip(self, handler: BaseHTTPRequestHandler, good: bytes) -> None:
        bomb = gzip.compress(good + b" " * 20_000_000, 1)
        self._body(
            handler, 200, bomb, {"content-encoding": "gzip", "content-length": str(len(bomb))}
        )

    def _endless(self, handler: BaseHTTPRequestHandler, good: bytes) -> None:
        del good
        self._head(handler, 200, {"content-type": "application/json", "connection": "close"})
        while True:
            handler.wfile.write(b" " * (1 << 16))

    def _comments(self, handler: BaseHTTPRequestHandler, good: bytes) -> None:
        del good
        self._head(handler, 200, {"content-type": "text/event-stream", "connection": "close"})
        while True:
            handler.wfile.write(b": " + CANARY.encode() + b"\n\n")
            time.sleep(0.01)

    def _reconnect(self, handler: BaseHTTPRequestHandler, good: bytes) -> None:
        del good
        self._head(handler, 200, {"content-type": "text/event-stream", "connection": "close"})
        handler.wfile.write(b"id: 1\nretry: 0\ndata: {}\n\n")
        handler.close_connection = True

    def _headers(self, handler: BaseHTTPRequestHandler, good: bytes) -> None:
        self._body(handler, 200, good, {"x-note": CANARY * 10_000})


BODIES = {
    "one JSON body": FaultyHTTP._json,
    "HTML for JSON": FaultyHTTP._html,
    "cut short": FaultyHTTP._short,
    "gzip bomb": FaultyHTTP._gzip,
    "endless body": FaultyHTTP._endless,
    "endless comments": FaultyHTTP._comments,
    "invites to reconnect": FaultyHTTP._reconnect,
    "huge header": FaultyHTTP._headers,
}


def main(fault: str, tool: str, answers: str, scope: str, trap: str, state: str) -> None:
    """Serve until killed."""
    server = Hostile(fault, tool, loaded(answers), only=scope == "only", trap=trap)
    FaultyHTTP(server, Path(f"{state}-streams")).serve()


if __name__ == "__main__":
    main(*sys.argv[1:])
