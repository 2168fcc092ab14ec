"""The guard in front of a small application, asked as ASGI servers ask; and once over a socket."""

import http.client
import json
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import anyio
import pytest
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Scope

from core.errors import CallerError
from core.records.contracts import RESULT_OF_TOOL
from tools.guard import BODY_CAP_BYTES, guarded, is_loopback, security

PORT = 8765
TOKEN = "a-token-of-thirty-two-characters"  # noqa: S105 - nobody's
OWN = f"127.0.0.1:{PORT}"
JSON = ("content-type", "application/json")
Chunks = tuple[bytes, ...]


def status(
    app: ASGIApp, *headers: tuple[str, str], body: Chunks = (b"{}",), ends: bool = True
) -> int:
    """Return the status the application answers a POST with; a body that does not end, hangs."""
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

    scope: Scope = {
        "type": "http",
        "method": "POST",
        "path": "/mcp",
        "headers": [(name.encode(), value.encode("latin-1")) for name, value in headers],
    }

    async def once() -> None:
        await app(scope, receive, send)

    anyio.run(once)
    return int(sent[0]["status"])


def door(token: str | None = None, *names: str, host: str = "127.0.0.1") -> ASGIApp:
    inside = PlainTextResponse("inside")
    return guarded(inside, named=security(host, PORT, names), token=token)


@pytest.mark.parametrize("host", [OWN, f"localhost:{PORT}", f"[::1]:{PORT}"])
def test_this_machine_by_any_of_its_names_is_let_in(host: str) -> None:
    assert status(door(), ("host", host), JSON) == 200


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        f"evil.example:{PORT}",
        "127.0.0.1",
        "127.0.0.1:80",
        f"{OWN}.evil.example",
        f"{OWN}:80",
        f"127.0.0.1:{PORT}@evil.example",
        f"evil@{OWN}",
        f"localhost.evil.example:{PORT}",
        f"127.0.0.1.evil.example:{PORT}",
        f"0.0.0.0:{PORT}",
        f"[::]:{PORT}",
        f"::1:{PORT}",
        f"[::ffff:127.0.0.1]:{PORT}",
        f"2130706433:{PORT}",
        f"127.1:{PORT}",
        f" {OWN}x",
        "",
    ],
)
@pytest.mark.parametrize("token", [None, TOKEN])
def test_any_other_host_is_misdirected_whatever_its_token(host: str, token: str | None) -> None:
    headers = [("host", host), ("authorization", f"Bearer {TOKEN}"), JSON]
    assert status(door(token), *headers) == 421


def test_a_request_without_a_host_is_misdirected() -> None:
    assert status(door(), JSON) == 421


@pytest.mark.parametrize(
    ("origin", "expected"),
    [
        (f"http://{OWN}", 200),
        (f"http://localhost:{PORT}", 200),
        ("http://evil.example", 403),
        (f"http://evil.example:{PORT}", 403),
        (f"http://{OWN}.evil.example", 403),
        (f"http://{OWN}@evil.example", 403),
        ("http://localhost:3000", 403),
        ("null", 403),
        ("file://", 403),
    ],
)
def test_a_web_page_of_another_origin_is_refused(origin: str, expected: int) -> None:
    assert status(door(), ("host", OWN), ("origin", origin), JSON) == expected


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (f"Bearer {TOKEN}", 200),
        (f"bearer {TOKEN}", 200),
        (None, 401),
        ("", 401),
        ("Bearer", 401),
        ("Bearer ", 401),
        (f"Bearer {TOKEN[:-1]}", 401),
        (f"Bearer {TOKEN}x", 401),
        (f"Bearer  {TOKEN}", 401),
        (f"Basic {TOKEN}", 401),
        (TOKEN, 401),
        ("Bearer \xe9\xff", 401),
    ],
)
def test_only_the_token_itself_opens_a_server_that_has_one(said: str | None, expected: int) -> None:
    headers = [("host", OWN), JSON] + ([] if said is None else [("authorization", said)])
    assert status(door(TOKEN), *headers) == expected


def test_a_server_without_a_token_asks_for_none() -> None:
    assert status(door(None), ("host", OWN), JSON) == 200


def test_the_operators_names_are_answered_and_their_prefixes_are_not() -> None:
    app = door(TOKEN, "tools.bank.example", host="0.0.0.0")  # noqa: S104 - not bound
    key = ("authorization", f"Bearer {TOKEN}")
    assert status(app, ("host", "tools.bank.example"), key, JSON) == 200
    assert status(app, ("host", f"tools.bank.example:{PORT}"), key, JSON) == 200
    assert status(app, ("host", "tools.bank.example:1"), key, JSON) == 421
    assert status(app, ("host", f"0.0.0.0:{PORT}"), key, JSON) == 421


def test_an_address_for_everyone_needs_a_name() -> None:
    for host in ("0.0.0.0", "::"):  # noqa: S104 - not bound
        with pytest.raises(CallerError, match="--name"):
            security(host, PORT)


def test_loopback_is_told_from_what_others_can_reach() -> None:
    assert all(map(is_loopback, ["127.0.0.1", "127.9.9.9", "::1", "[::1]", "localhost"]))
    assert not any(map(is_loopback, ["0.0.0.0", "::", "10.0.0.1", "example.org"]))  # noqa: S104


def test_a_body_at_the_cap_passes_and_one_byte_more_is_too_large() -> None:
    host = ("host", OWN)
    assert status(door(), host, JSON, body=(b"x" * BODY_CAP_BYTES,)) == 200
    assert status(door(), host, JSON, body=(b"x" * (BODY_CAP_BYTES + 1),)) == 413
    declared = ("content-length", str(BODY_CAP_BYTES + 1))
    assert status(door(), host, JSON, declared, body=()) == 413


def test_a_body_in_chunks_without_a_length_is_counted() -> None:
    chunk = b"x" * (BODY_CAP_BYTES // 4)
    assert status(door(), ("host", OWN), JSON, body=(chunk,) * 4) == 200
    assert status(door(), ("host", OWN), JSON, body=(chunk,) * 5) == 413


def test_a_body_that_never_ends_is_given_up() -> None:
    named = security("127.0.0.1", PORT)
    app = guarded(PlainTextResponse("inside"), named=named, token=None, body_seconds=0.05)
    assert status(app, ("host", OWN), JSON, body=(b"{",), ends=False) == 408


def test_no_body_is_read_for_who_has_no_token() -> None:
    assert status(door(TOKEN), ("host", OWN), JSON, body=(), ends=False) == 401


SERVE = """
import sys
from pathlib import Path

from tools.context import ToolContext
from tools.storage.models import ModelStore
from tools.server import build_server, serve_http
from tools.storage.store import Store

home = Path(sys.argv[1])
context = ToolContext(Store(home), {}, ModelStore(home), "demo")
token = sys.argv[2]
serve_http(build_server(context), port=0, token=token, tell=lambda url: print(url, flush=True))
"""


@contextmanager
def served(folder: Path) -> Iterator[int]:
    script = folder / "serve.py"
    script.write_text(SERVE, encoding="utf-8")
    command = [sys.executable, str(script), str(folder), TOKEN]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            yield int(process.stdout.readline().rpartition(":")[2].partition("/")[0])
        finally:
            process.terminate()


def asked(port: int, host: str, token: str, *, length: int | None = None) -> tuple[int, str]:
    request = json.dumps({"jsonrpc": "2.0", "id": 1, "method": "tools/list", "params": {}})
    headers = {
        "Host": host,
        "Content-Type": "application/json",
        "Accept": "application/json, text/event-stream",
        "Authorization": f"Bearer {token}",
    }
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.request("POST", "/mcp", request + " " * (length or 0), headers)
        response = connection.getresponse()
        return response.status, response.read().decode()
    finally:
        connection.close()


def test_a_served_port_lists_the_tools_to_who_may_and_outlives_who_may_not(
    tmp_path: Path,
) -> None:
    with served(tmp_path) as port:
        own = f"127.0.0.1:{port}"
        drips = [socket.create_connection(("127.0.0.1", port)) for _ in range(20)]
        for drip in drips:
            drip.sendall(b"POST /mcp HTTP/1.1\r\nHost: ")
        assert asked(port, "evil.example", TOKEN)[0] == 421
        assert asked(port, own, "wrong")[0] == 401
        assert asked(port, own, TOKEN, length=BODY_CAP_BYTES)[0] == 413
        code, text = asked(port, own, TOKEN)
        assert code == 200
        answer = json.loads(text.partition("data: ")[2].splitlines()[0])
        assert {tool["name"] for tool in answer["result"]["tools"]} == set(RESULT_OF_TOOL)
        assert TOKEN not in text
        for drip in drips:
            drip.close()
