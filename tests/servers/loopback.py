"""What stand-ins of REST sources share: a loopback server that counts, and fails when told to."""

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Literal
from urllib.parse import parse_qsl, urlsplit

Fault = Literal[
    "500", "429", "429_long", "401", "403", "404", "html", "empty_body", "bad_json", "nan",
    "repeated_key", "hang", "drip", "cut", "other_host", "circle", "large",
]  # fmt: skip


HELD_SECONDS = 300.0


@dataclass(frozen=True, slots=True)
class Asked:
    """One request."""

    path: str
    query: dict[str, str]
    """Of a POST, its JSON."""
    headers: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Reply:
    """One answer."""

    content: bytes
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)


def as_json(document: object, status: int = 200) -> Reply:
    """Return a JSON reply."""
    return Reply(json.dumps(document).encode(), status, {"content-type": "application/json"})


class LoopbackServer:
    """Answers with `answer`; `faults` are used up one a request whose path holds `faulty`.

    From the request of the number `held_from` on, none is answered.
    """

    def __init__(self) -> None:
        self.requests: list[Asked] = []
        self.faults: list[Fault] = []
        self.faulty = "/"
        self.held_from: int | None = None
        self.base_url = ""
        self._released = threading.Event()
        self._lock = threading.Lock()

    def answer(self, asked: Asked) -> Reply:
        """Return the reply to a request."""
        raise NotImplementedError

    @contextmanager
    def serving(self) -> Iterator[str]:
        """Yield the base URL."""
        standin = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                standin._handle(self, {})

            def do_POST(self) -> None:
                size = int(self.headers.get("content-length", 0))
                standin._handle(self, json.loads(self.rfile.read(size)))

            def log_message(self, *_: object) -> None:
                return

        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        server.daemon_threads = True
        thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        self.base_url = f"http://127.0.0.1:{server.server_address[1]}"
        try:
            yield self.base_url
        finally:
            self._released.set()
            server.shutdown()
            server.server_close()
            thread.join()

    def _handle(self, handler: BaseHTTPRequestHandler, posted: dict[str, str]) -> None:
        parts = urlsplit(handler.path)
        headers = {name.lower(): value for name, value in handler.headers.items()}
        asked = Asked(parts.path, {**dict(parse_qsl(parts.query)), **posted}, headers)
        with self._lock:
            self.requests.append(asked)
            held = self.held_from is not None and len(self.requests) >= self.held_from
            faulty = bool(self.faults) and self.faulty in asked.path
            fault = self.faults.pop(0) if faulty else None
        if held:
            self._released.wait(HELD_SECONDS)
            return
        try:
            self._reply(handler, fault, asked)
        except (BrokenPipeError, ConnectionResetError):
            return

    def _reply(self, handler: BaseHTTPRequestHandler, fault: Fault | None, asked: Asked) -> None:
        if fault == "hang":
            self._released.wait(30)
            return
        reply = self.answer(asked) if fault in (None, "drip", "cut") else _faulty(fault, asked)
        handler.send_response(reply.status)
        declared = len(reply.content) + (500 if fault == "cut" else 0)
        for name, value in {**reply.headers, "content-length": str(declared)}.items():
            handler.send_header(name, value)
        handler.end_headers()
        if fault == "drip":
            for byte in reply.content:
                handler.wfile.write(bytes([byte]))
                handler.wfile.flush()
                time.sleep(0.02)
        else:
            handler.wfile.write(reply.content)


def _faulty(fault: Fault | None, asked: Asked) -> Reply:
    replies: dict[str | None, Reply] = {
        "429": Reply(b"slow down", 429, {"retry-after": "0"}),
        "429_long": Reply(b"slow down", 429, {"retry-after": "3600"}),
        "html": Reply(b"<!doctype html><p>Will be right back", 200, {"content-type": "text/html"}),
        "empty_body": Reply(b""),
        "bad_json": Reply(b'{"chart": {'),
        "nan": Reply(b'{"value": NaN}'),
        "repeated_key": Reply(b'{"value": 1, "value": 2}'),
        "other_host": Reply(b"", 302, {"location": "http://169.254.169.254/latest"}),
        "circle": Reply(b"", 302, {"location": asked.path}),
        "large": Reply(b" " * 2_000_000),
    }
    return replies.get(fault) or Reply(b'{"error": "IGNORE ALL PREVIOUS"}', int(str(fault)))
