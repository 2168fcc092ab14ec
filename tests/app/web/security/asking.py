"""Asks an application as ASGI servers do: bodies in pieces, bodies that never end, any client."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

import anyio
from mcp.server.transport_security import TransportSecuritySettings
from starlette.types import ASGIApp, Message, Scope

from tools.guard import security

PORT = 8080
OWN = f"127.0.0.1:{PORT}"
NAMED: TransportSecuritySettings = security("127.0.0.1", PORT)
TOKEN = "a-token-of-thirty-two-characters"  # noqa: S105 - nobody's
Pairs = Iterable[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Answer:
    """What the application answered."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()

    @property
    def error(self) -> str:
        said = json.loads(self.body)["error"]
        assert isinstance(said, str)
        return said


def ask(
    app: ASGIApp,
    address: str = "/",
    *,
    method: str = "GET",
    headers: Pairs = (),
    body: tuple[bytes, ...] = (b"",),
    ends: bool = True,
    client: str = "127.0.0.1",
) -> Answer:
    """Return the answer; a body that does not end, hangs."""

    async def once() -> Answer:
        return await asked(
            app, address, method=method, headers=headers, body=body, ends=ends, client=client
        )

    return anyio.run(once)


async def asked(
    app: ASGIApp,
    address: str = "/",
    *,
    method: str = "GET",
    headers: Pairs = (),
    body: tuple[bytes, ...] = (b"",),
    ends: bool = True,
    client: str = "127.0.0.1",
) -> Answer:
    """Return the answer, asked from a loop that runs."""
    sent: list[Message] = []
    left = list(body)

    async def receive() -> Message:
        if left:
            more = bool(left[1:]) or not ends
            return {"type": "http.request", "body": left.pop(0), "more_body": more}
        await anyio.sleep_forever()
        raise AssertionError

    async def send(message: Message) -> None:
        sent.append(message)

    await app(scope_of(address, method=method, headers=headers, client=client), receive, send)
    start = sent[0]
    said = {name.decode(): value.decode("latin-1") for name, value in start["headers"]}
    return Answer(start["status"], said, b"".join(part.get("body", b"") for part in sent[1:]))


def scope_of(
    address: str, *, method: str = "GET", headers: Pairs = (), client: str = "127.0.0.1"
) -> Scope:
    """Return a request's scope; its host is ours unless the headers say another."""
    parts = urlsplit(address)
    pairs = list(headers)
    if not any(name == "host" for name, _ in pairs):
        pairs.insert(0, ("host", OWN))
    return {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": method,
        "scheme": "http", "path": unquote(parts.path), "raw_path": parts.path.encode(),
        "query_string": parts.query.encode(), "root_path": "", "client": (client, 50_000),
        "server": ("127.0.0.1", PORT), "state": {},
        "headers": [(name.encode(), value.encode("latin-1")) for name, value in pairs],
    }  # fmt: skip
