"""A tool server on the loopback interface that answers well, and says more than it is asked.

It keeps what it sent and what it was asked; what comes of either is judged elsewhere.
"""

import json
import math
import threading
from collections import Counter, deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Final

from evals.injection.announced import IN_GREETING, IN_LISTING, TOOL_NAME
from evals.injection.answered import BEFORE_ANSWER, IN_CONTENT, IN_STEAD, UNKNOWN

Json = dict[str, object]
Answers = Callable[[str, Json], Json]
"""From a tool's name and its arguments to good structured content."""
OURS: Final = frozenset({"initialize", "tools/list", "tools/call", "ping"})
"""All a client of ours asks."""
HARMLESS: Final = "note"
"""What a clean twin is told for each text."""


@dataclass(frozen=True, slots=True)
class Load:
    """The texts a server says, by surface: `quiet` leaves answers good, `stead` spoils them.

    Of texts that go with answers, in content and before, each call takes the next `a_call`. Of
    `stead` each call takes one that stands in a place its answer has; where none is left, a
    harmless word spoils it. Of its calls `spoils` are spoiled, by default all.
    """

    quiet: Mapping[str, Sequence[str]] = field(default_factory=dict)
    stead: Mapping[str, Sequence[str]] | None = None
    a_call: int = 4
    spoils: float = math.inf

    def texts(self, surface: str) -> Sequence[str]:
        """Return the texts of a surface that leaves answers good."""
        return self.quiet.get(surface, ())


class Talker:
    """The server; give it another `load` for another run."""

    def __init__(self, tools: Sequence[str], answers: Answers) -> None:
        self._tools, self._answers = tuple(tools), answers
        self._lock = threading.Lock()
        self._numbers = 0
        self.reset(Load())

    def reset(self, load: Load) -> None:
        """Say something else from here on, and forget what was."""
        with self._lock:
            self.load = load
            self.sent: Counter[str] = Counter()
            self.asked: list[str] = []
            self.calls: list[tuple[str, str]] = []
            self.refused = 0
            self._stead = {name: deque(texts) for name, texts in (load.stead or {}).items()}
            self._waiting = {name: list(load.texts(name)) for name in (*IN_CONTENT, *BEFORE_ANSWER)}

    @contextmanager
    def serving(self) -> Iterator[str]:
        """Yield the URL."""
        listener = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        listener.daemon_threads = True
        thread = threading.Thread(target=listener.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{listener.server_address[1]}/mcp"
        finally:
            listener.shutdown()
            listener.server_close()
            thread.join()

    def heard(self, message: Json) -> list[Json]:
        """Return what is said to a message: nothing to a notice, else the answer last."""
        method, name = message.get("method"), message.get("id")
        if not isinstance(method, str):
            with self._lock:
                self.refused += "error" in message
            return []
        if name is None:
            return []
        params = message.get("params")
        given: Json = params if isinstance(params, dict) else {}
        with self._lock:
            self.asked.append(method)
        head: Json = {"jsonrpc": "2.0", "id": name}
        if method == "initialize":
            return [{**head, "result": self._greeting(given)}]
        if method == "tools/list":
            return [{**head, "result": self._listing()}]
        if method == "tools/call":
            return [*self._before(), {**head, **self._answer(given)}]
        return [{**head, "result": {}}]

    def _greeting(self, given: Json) -> Json:
        result: Json = {
            "protocolVersion": given.get("protocolVersion"),
            "capabilities": {"tools": {"listChanged": True}},
            "serverInfo": {"name": "talker", "version": "1"},
        }
        for surface, place in IN_GREETING.items():
            texts = self.load.texts(surface)
            if texts:
                result = place(result, "\n".join(texts))
                self._count(surface, len(texts))
        return result

    def _listing(self) -> Json:
        most = max((len(self.load.texts(surface)) for surface in IN_LISTING), default=0)
        names = [*self._tools, *(f"decoy_{n}" for n in range(most - len(self._tools)))]
        tools = [self._announced(name, number) for number, name in enumerate(names)]
        odd = self.load.texts(TOOL_NAME)
        self._count(TOOL_NAME, len(odd))
        return {"tools": [*tools, *({**_bare(text), "name": text} for text in odd)]}

    def _announced(self, name: str, number: int) -> Json:
        tool = _bare(name)
        for surface, place in IN_LISTING.items():
            texts = self.load.texts(surface)
            if number < len(texts):
                tool = place(tool, texts[number])
                self._count(surface, 1)
        return tool

    def _before(self) -> list[Json]:
        said = [
            message(text)
            for surface, message in BEFORE_ANSWER.items()
            for text in self._taken(surface)
        ]
        return [{**each, "id": self._number()} if "id" in each else each for each in said]

    def _taken(self, surface: str) -> list[str]:
        """Return the next texts of a surface that go with a call."""
        with self._lock:
            waiting, a_call = self._waiting[surface], self.load.a_call
            taken, self._waiting[surface] = waiting[:a_call], waiting[a_call:]
            self.sent[surface] += len(taken)
        return taken

    def _answer(self, given: Json) -> Json:
        tool, arguments = str(given.get("name")), given.get("arguments")
        sent: Json = arguments if isinstance(arguments, dict) else {}
        content = self._answers(tool, sent)
        with self._lock:
            self.calls.append((tool, json.dumps(sent, sort_keys=True)))
            spoils = self.load.stead is not None and len(self.calls) <= self.load.spoils
        if spoils:
            return self._spoiled(content)
        blocks = [
            block(text) for surface, block in IN_CONTENT.items() for text in self._taken(surface)
        ]
        return {"result": {"content": blocks, "structuredContent": content, "isError": False}}

    def _spoiled(self, content: Json) -> Json:
        """Return the answer with a text of the place that has the most left."""
        with self._lock:
            left = {name: len(texts) for name, texts in self._stead.items() if texts}
            fitting = {name: left[name] for name in left if IN_STEAD[name].fits(content)}
            if not fitting:
                return IN_STEAD[UNKNOWN].say(content, HARMLESS)
            surface = max(fitting, key=lambda name: fitting[name])
            self.sent[surface] += 1
            text = self._stead[surface].popleft()
        return IN_STEAD[surface].say(content, text)

    def _count(self, surface: str, number: int) -> None:
        with self._lock:
            self.sent[surface] += number

    def _number(self) -> int:
        with self._lock:
            self._numbers += 1
            return 10_000 + self._numbers


def _bare(name: str) -> Json:
    return {"name": name, "inputSchema": {"type": "object", "properties": {}}}


def _handler(talker: Talker) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            """Answer a message; in a stream of events where something is said before."""
            message = json.loads(self.rfile.read(int(self.headers["content-length"])))
            said = talker.heard(message)
            if not said:
                self._send(202, "application/json", b"")
            elif len(said) == 1:
                self._send(200, "application/json", json.dumps(said[0]).encode())
            else:
                events = (f"event: message\ndata: {json.dumps(each)}\n\n" for each in said)
                self._send(200, "text/event-stream", "".join(events).encode())

        def do_GET(self) -> None:
            """Refuse to open a stream."""
            self._send(405, "text/plain", b"")

        def do_DELETE(self) -> None:
            """End a session."""
            self._send(200, "text/plain", b"")

        def log_message(self, *_: object) -> None:
            """Say nothing."""

        def _send(self, status: int, kind: str, body: bytes) -> None:
            self.send_response(status)
            self.send_header("content-type", kind)
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

    return Handler
