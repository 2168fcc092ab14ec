"""A loopback endpoint that speaks chat completions, or fails to in a chosen way."""

import json
import socket
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Final

from agents.llm.tokens import pieces_count
from evals.kit.asked import Agent, Body, asked_over, read_tokens
from evals.kit.modes import MODES, Reply, Request
from evals.kit.told import Told

HANG_SECONDS: Final = 30.0
SLOW_SECONDS: Final = 0.3
DRIP_SECONDS: Final = 0.1
MISSING_BYTES: Final = 500
"""Promised of a body that is cut."""


class FaultyEndpoint:
    """Answers under a mode; `requests` keeps every body, `faulty` counts those the mode was for.

    Args:
        mode: one of `evals.kit.modes.MODES`.
        answer: a text, or what a model would say to a request (`evals.kit.model.over_http`).
        only: the agent whose questions the mode is for; the other's are answered soundly.
        counts: whether it tells tokens.
    """

    def __init__(
        self,
        mode: str = "none",
        answer: str | Callable[[Body], str] = "{}",
        *,
        only: Agent | None = None,
        counts: bool = False,
    ) -> None:
        self._mode, self._answer, self._only, self._counts = MODES[mode], answer, only, counts
        self.requests: list[Body] = []
        self.faulty = 0
        self._lock = threading.Lock()
        self._released = threading.Event()

    @contextmanager
    def serving(self) -> Iterator[str]:
        """Yield the base URL."""
        answer = self._respond

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                length = int(self.headers["content-length"])
                answer(self, json.loads(self.rfile.read(length)))

            def log_message(self, *_: object) -> None:
                return

        server = _Server(("127.0.0.1", 0), Handler)
        thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}/v1"
        finally:
            self._released.set()
            server.shutdown()
            server.server_close()
            thread.join()

    def behave(self, mode: str) -> None:
        """Answer under another mode from now on."""
        with self._lock:
            self._mode = MODES[mode]

    def reply(self, body: Body) -> Reply:
        """Return what a request is answered with."""
        told = self._told(body)
        with self._lock:
            mode = self._mode
            self.requests.append(body)
            if self._only is not None and asked_over(body).agent != self._only:
                mode = MODES["none"]
            request = Request(body, self.faulty, told)
            self.faulty += mode is self._mode
        return mode.reply(request)

    def _told(self, body: Body) -> Told:
        text = self._answer if isinstance(self._answer, str) else self._answer(body)
        if not self._counts:
            return Told(text)
        read, wrote = read_tokens(body), pieces_count(text)
        return Told(text, usage={"prompt_tokens": read, "completion_tokens": wrote})

    def _respond(self, handler: BaseHTTPRequestHandler, body: Body) -> None:
        reply = self.reply(body)
        with suppress(OSError):
            match reply.sending:
                case "hang":
                    self._released.wait(HANG_SECONDS)
                case "slow":
                    self._released.wait(SLOW_SECONDS)
                case "reset":
                    _reset(handler)
                    return
            self._send(handler, reply)

    def _send(self, handler: BaseHTTPRequestHandler, reply: Reply) -> None:
        missing = MISSING_BYTES if reply.sending in {"cut", "drip", "endless"} else 0
        handler.send_response(reply.status)
        for name, value in reply.headers.items():
            handler.send_header(name, value)
        handler.send_header("content-length", str(len(reply.body) + missing))
        handler.end_headers()
        match reply.sending:
            case "drip":
                self._drip(handler, reply.body)
            case "endless":
                half = reply.body[: len(reply.body) // 2]
                handler.wfile.write(half[: half.rfind(b"\n\n") + 2] or half)
                self._drip(handler, b": \n\n" * MISSING_BYTES)
            case "cut":
                handler.wfile.write(reply.body[: len(reply.body) // 2])
                handler.close_connection = True
            case _:
                handler.wfile.write(reply.body)

    def _drip(self, handler: BaseHTTPRequestHandler, content: bytes) -> None:
        """Send a byte now and then, for as long as somebody reads."""
        for place in range(len(content)):
            handler.wfile.write(content[place : place + 1])
            handler.wfile.flush()
            if self._released.wait(DRIP_SECONDS):
                return


class _Server(ThreadingHTTPServer):
    """A server that says nothing of clients that went away."""

    daemon_threads = True

    def handle_error(self, request: object, client_address: object) -> None:
        """Stay silent."""


def _reset(handler: BaseHTTPRequestHandler) -> None:
    """End the connection without a word: what is sent on it comes back refused."""
    linger = struct.pack("ii", 1, 0)
    handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
    handler.connection.close()
    handler.close_connection = True
