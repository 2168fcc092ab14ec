"""Receivers of messages for tests: a web address and a mail server on the loopback interface."""

import json
import socketserver
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TypeVar

Kept = TypeVar("Kept")


@dataclass
class Hook:
    """What a web address was sent; equal keys have effect once."""

    url: str = ""
    status: int = 200
    seconds: float = 0.0
    posts: list[tuple[str, dict[str, object]]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    answer: Callable[[BaseHTTPRequestHandler], None] | None = None

    @property
    def effects(self) -> list[str]:
        """The keys in the order they first came."""
        return list(dict.fromkeys(key for key, _ in self.posts))


@contextmanager
def webhook() -> Iterator[Hook]:
    """Yield a web address that answers with the hook's status."""
    hook = Hook()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            if hook.answer is not None:
                hook.answer(self)
                return
            if hook.status == 200:
                hook.posts.append((self.headers["Idempotency-Key"], body))
                hook.headers.append(dict(self.headers))
            time.sleep(hook.seconds)
            self.send_response(hook.status)
            self.send_header("Location", "http://127.0.0.1:9/elsewhere")
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its name there
            del format, args

    class Server(ThreadingHTTPServer):
        daemon_threads = True

    with Server(("127.0.0.1", 0), Handler) as server:
        hook.url = f"http://127.0.0.1:{server.server_port}/hook"
        yield from _served(server, hook)


@dataclass
class Mailbox:
    """What a mail server took, and what it says to a recipient."""

    port: int = 0
    mails: list[EmailMessage] = field(default_factory=list)
    recipients: list[list[str]] = field(default_factory=list)
    rcpt_answers: dict[str, str] = field(default_factory=dict)
    data_answer: str = "250 taken"
    quit_answer: str = "221 bye"
    trickling: threading.Event = field(default_factory=threading.Event)

    @property
    def url(self) -> str:
        """The server as an address of mail."""
        return f"mailto://127.0.0.1:{self.port}?from=desk@house.vn&to=pm@house.vn"


class _Talk(socketserver.StreamRequestHandler):
    """As much SMTP as a mail needs."""

    box: Mailbox

    def handle(self) -> None:
        if self.box.trickling.is_set():
            with suppress(OSError):  # until the client goes
                for _ in range(2000):
                    self._say("220-wait")
                    time.sleep(0.05)
            return
        self._say("220 here")
        to: list[str] = []
        while line := self.rfile.readline():
            verb, _, said = line.decode().strip().partition(" ")
            if verb.upper() == "QUIT":
                self._say(self.box.quit_answer)
                return
            self._answer(verb.upper(), said, to)

    def _answer(self, verb: str, said: str, to: list[str]) -> None:
        if verb == "RCPT":
            address = said.partition("<")[2].partition(">")[0]
            answer = self.box.rcpt_answers.get(address, "250 ok")
            if answer.startswith("250"):
                to.append(address)
            self._say(answer)
        elif verb == "DATA":
            self._say("354 go on")
            self._take(to)
        else:
            self._say("250 ok")

    def _take(self, to: list[str]) -> None:
        lines = []
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            lines.append(line.removeprefix(b".") if line.startswith(b"..") else line)
        if self.box.data_answer.startswith("250"):
            self.box.mails.append(message_from_bytes(b"".join(lines), policy=default))
            self.box.recipients.append(to)
        self._say(self.box.data_answer)

    def _say(self, text: str) -> None:
        self.wfile.write(f"{text}\r\n".encode())


class _MailServer(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True


@contextmanager
def mail_server() -> Iterator[Mailbox]:
    """Yield a mail server."""
    box = Mailbox()
    with _MailServer(("127.0.0.1", 0), type("Talk", (_Talk,), {"box": box})) as server:
        box.port = server.server_address[1]
        yield from _served(server, box)


def _served(server: socketserver.BaseServer, kept: Kept) -> Iterator[Kept]:
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield kept
    finally:
        server.shutdown()
        thread.join()
