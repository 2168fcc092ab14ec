"""Every attack string through every door: nothing runs, nothing is fetched, no file is read."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path
from urllib.parse import quote

import pytest
from fastapi import FastAPI

from app.web.pages.registry import PAGES
from tests.app.web.security.asking import OWN, Answer
from tests.app.web.security.conftest import CANARIES, KEY, Attacked
from tests.app.web.security.strings import Table, corpus, everything, texts
from tests.app.web.security.watching import assert_harmless, watched

ROOT = Path(__file__).parents[4]
KNOWN = {"universe": "demo", "sector": "technology", "series": "policy_rate", "run": "none"}
SECRETS = (*CANARIES, "SQLite format", "root:x:", "mcpServers", "Traceback (most", "site-packages")
SAMPLED = 3
"""Of so many strings one is tried in a short run; all of them where it is to be proved."""


@dataclass(frozen=True, slots=True)
class Door:
    """One place of one operation that takes a text."""

    method: str
    path: str
    place: str
    kind: str

    def address(self, text: str) -> str:
        """Return the operation's address with the text in its place."""
        path = self.path
        for name, value in KNOWN.items():
            said = quote(text, safe="") if (self.kind, self.place) == ("path", name) else value
            path = path.replace(f"{{{name}}}", said)
        path = path.replace(f"{{{self.place}}}", quote(text, safe=""))
        for left in ("thread", "form", "model"):
            path = path.replace(f"{{{left}}}", "none")
        return f"{path}?{self.place}={quote(text, safe='')}" if self.kind == "query" else path


@pytest.fixture(scope="module")
def doors(unguarded: FastAPI) -> list[Door]:
    """Every parameter of every reading operation, and every page."""
    found = [
        Door(method.upper(), path, parameter["name"], parameter["in"])
        for path, methods in unguarded.openapi()["paths"].items()
        for method, operation in methods.items()
        for parameter in operation.get("parameters", [])
        if parameter["in"] in {"path", "query"} and method in {"get", "delete"}
    ]
    pages = [Door("GET", page.path, name, "query") for page in PAGES for name in ("universe", "x")]
    files = [Door("GET", "/static/1/{name}", "name", "path")]
    return found + pages + files


def wrong_with(answer: Answer, home: Path) -> str | None:
    """Return what an answer has that none may have."""
    said = answer.body.decode(errors="replace")
    if answer.status >= 500 and answer.status != 503:
        return f"status {answer.status}"
    held = [word for word in (*SECRETS, str(home), str(ROOT)) if word in said]
    if held:
        return f"tells {held[0]}"
    if not answer.headers["content-security-policy"].startswith("default-src 'none'"):
        return "no policy"
    kind = answer.headers.get("content-type", "").partition(";")[0]
    if kind == "application/json":
        json.loads(said)
    return _wrong_page(said) if kind == "text/html" else None


def _wrong_page(said: str) -> str | None:
    """Return what of an attack a page lets stand as markup."""
    raw = [text for text in corpus("script") if "<" in text and text in said]
    return f"shows {raw[0]} as markup" if raw else None


def tried(attacked: Attacked, table: Table, pairs: Iterator[tuple[Door, str, str]]) -> None:
    with watched() as watch:
        for door, kind, text in pairs:
            answer = attacked.ask(door.address(text), door.method)
            table.note(f"{door.kind} parameters", kind, wrong_with(answer, attacked.home))
    assert_harmless(watch, attacked.home)
    assert [row for row in table.worked if "parameters" in row[0]] == []


def test_no_parameter_lets_a_string_out_of_its_place(
    attacked: Attacked, doors: list[Door], table: Table
) -> None:
    """Every door once: each string of a sample on the next one."""
    strings = everything()[::SAMPLED]
    assert len(doors) >= len(strings)
    pairs = zip(doors, cycle(strings), strict=False)
    tried(attacked, table, ((door, *pair) for door, pair in pairs))


@pytest.mark.prove
@pytest.mark.timeout(1800)
def test_no_parameter_lets_any_string_out_of_its_place(
    attacked: Attacked, doors: list[Door], table: Table
) -> None:
    pairs = ((door, kind, text) for kind, text in everything() for door in doors)
    tried(attacked, table, pairs)


@pytest.mark.parametrize("before", ["/static/1/", "/reports/", "/sectors/", "/api/reports/", "/"])
def test_no_path_leads_to_a_file_that_is_none_of_ours(
    attacked: Attacked, table: Table, before: str
) -> None:
    with watched() as watch:
        for text in corpus("path"):
            for said in {text, quote(text), quote(text, safe=""), f"{text}/files/report.html"}:
                answer = attacked.ask(f"{before}{said.replace('?', '%3f')}")
                table.note("paths as they are", "path", wrong_with(answer, attacked.home))
    assert_harmless(watch, attacked.home)
    assert table.failures("paths as they are") == []


def bodies(text: str) -> Iterator[tuple[str, bytes]]:
    """Yield the bodies that take a text, with where they go."""
    slots: list[tuple[str, object]] = [
        ("/api/threads", {"universe": text}),
        ("/api/threads", {"universe": "demo", "as_of": text}),
        ("/api/threads/none/turns", {"text": text}),
        ("/api/threads/none/turns", {"text": "x", "mandate": {"excluded": [text]}}),
        ("/api/threads/none/turns", {"text": "x", "url": text}),
        ("/api/runs/none/consent", {"verdict": text}),
        ("/api/runs/none/consent", {"verdict": "run", "without": [text]}),
        ("/v1/chat/completions", {"model": text, "messages": [{"role": "user", "content": "x"}]}),
        ("/v1/query", {"messages": [{"role": text, "content": text}]}),
        ("/mcp", {"jsonrpc": "2.0", "id": 1, "method": text}),
        ("/mcp", {"jsonrpc": "2.0", "id": 1, "method": "tools/call",
                  "params": {"name": "get_market_overview", "arguments": {"region": text}}}),
        ("/mcp", {"jsonrpc": "2.0", "id": 1, "method": "resources/read",
                  "params": {"uri": text}}),
        ("/login", {"token": text}),
    ]  # fmt: skip
    for path, slot in slots:
        yield path, json.dumps(slot).encode()


def test_no_body_lets_a_string_out_of_its_place(attacked: Attacked, table: Table) -> None:
    with watched() as watch:
        for number, (kind, text) in enumerate(everything()[::SAMPLED]):
            chosen = list(bodies(text))
            for shift in range(2):
                path, body = chosen[(2 * number + shift) % len(chosen)]
                answer = attacked.ask(
                    path, "POST", body=body,
                    headers=[KEY, ("accept", "application/json, text/event-stream")],
                )  # fmt: skip
                table.note("bodies", kind, wrong_with(answer, attacked.home))
    assert_harmless(watch, attacked.home)
    assert table.failures("bodies") == []


def test_questions_and_titles_are_told_again_as_text_alone(
    attacked: Attacked, table: Table
) -> None:
    taken = 0
    for text in texts(900):
        thread = opened_thread(attacked)
        body = json.dumps({"text": text}).encode()
        answers = [attacked.ask(f"/api/threads/{thread}/turns", "POST", body=body)]
        assert answers[0].status in {201, 400}
        if answers[0].status == 201:
            taken += 1
            run = json.loads(answers[0].body)["run"]
            answers.append(attacked.ask(f"/api/runs/{run}", "DELETE"))
            answers.append(attacked.ask(f"/api/runs/{run}/events"))
            answers.append(attacked.ask(f"/api/threads/{thread}"))
            assert json.loads(answers[-1].body)["turns"][0]["run"] == run
        attacked.ask(f"/api/threads/{thread}", "DELETE")
        wrong = next(filter(None, (wrong_with(answer, attacked.home) for answer in answers)), None)
        for kind, one in everything():
            if one in text:
                table.note("questions", kind, wrong)
    assert taken >= 5
    assert table.failures("questions") == []


def opened_thread(attacked: Attacked) -> str:
    """Return a new thread of the demo market."""
    opened = attacked.ask("/api/threads", "POST", body=b'{"universe": "demo"}')
    return str(json.loads(opened.body)["thread"])


def test_a_page_of_another_origin_cannot_ask_a_question(attacked: Attacked) -> None:
    body = b'{"universe": "demo"}'
    for origin in ("https://evil.example", f"http://{OWN}.evil.example", "null"):
        answer = attacked.ask("/api/threads", "POST", headers=[KEY, ("origin", origin)], body=body)
        assert answer.status == 403
