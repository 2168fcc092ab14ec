import json
import re
from collections.abc import Iterator

import pytest
from fastapi import FastAPI

from app.web.security.headers import ALWAYS
from tests.app.web.security.asking import OWN
from tests.app.web.security.conftest import KEY, Attacked
from tests.app.web.security.strings import corpus, everything
from tests.app.web.security.watching import assert_harmless, watched

TELLS_WHERE = re.compile(
    r"(?:^|_)(?:url|uri|path|file|folder|host|port|command|cmd|args|env|server|endpoint|webhook)s?$"
)
LET_BY = {("/v1/query", "urls")}
"""OpenBB sends it; it is never read as an address."""
MCP_HEADERS = (KEY, ("accept", "application/json, text/event-stream"))


def names(schema: object) -> Iterator[str]:
    """Yield every member a body or a parameter of the interface may have."""
    if isinstance(schema, dict):
        yield from schema.get("properties", {})
        for part in schema.values():
            yield from names(part)
    elif isinstance(schema, list):
        for part in schema:
            yield from names(part)


def taken(openapi: dict[str, object], schema: object, seen: set[str]) -> Iterator[str]:
    """Yield the members of a body, through its references."""
    yield from names(schema)
    for reference in re.findall(r"#/components/schemas/([\w.-]+)", json.dumps(schema)):
        if reference not in seen:
            seen.add(reference)
            parts = openapi["components"]
            assert isinstance(parts, dict)
            yield from taken(openapi, parts["schemas"][reference], seen)


def test_no_operation_takes_a_server_a_command_a_path_or_an_address(unguarded: FastAPI) -> None:
    openapi = unguarded.openapi()
    for path, methods in openapi["paths"].items():
        for operation in methods.values():
            given = {parameter["name"] for parameter in operation.get("parameters", [])}
            given |= set(taken(openapi, operation.get("requestBody", {}), set()))
            found = {(path, name) for name in given if TELLS_WHERE.search(name.lower())}
            assert found <= LET_BY


def test_there_is_no_file_to_send(unguarded: FastAPI) -> None:
    openapi = json.dumps(unguarded.openapi())
    assert "multipart/form-data" not in openapi
    assert '"format": "binary"' not in openapi


@pytest.mark.parametrize(
    "path", ["/docs", "/redoc", "/admin", "/.env", "/.git/config", "/debug", "/api"]
)
def test_there_are_no_doors_but_those_listed(attacked: Attacked, path: str) -> None:
    answer = attacked.ask(path)
    assert (answer.status, answer.error) == (404, "there is nothing here")


def test_every_answer_has_the_headers_and_none_names_the_server(attacked: Attacked) -> None:
    for path in ("/", "/healthz", "/api/universes", "/api/nothing", "/login", "/v1/models"):
        for key in ((KEY,), ()):
            answer = attacked.ask(path, headers=key)
            for name, value in ALWAYS.items():
                assert answer.headers[name] == value, (path, name)
            assert answer.headers["cache-control"] == "no-store"
            assert "server" not in answer.headers


def test_health_tells_nothing_else(attacked: Attacked) -> None:
    answer = attacked.ask("/healthz", headers=())
    assert (answer.status, json.loads(answer.body)) == (200, {"ok": True})


def test_an_error_is_one_sentence_with_the_status_that_says_who_must_act(
    attacked: Attacked,
) -> None:
    def refused(path: str, method: str = "GET", body: bytes = b"") -> tuple[int, str]:
        answer = attacked.ask(path, method, body=body)
        assert set(json.loads(answer.body)) == {"error"}
        return answer.status, answer.error

    assert refused("/api/threads/none")[0] == 404
    assert refused("/api/runs/none/events")[0] == 404
    assert refused("/api/runs/" + "x" * 65)[0] == 422
    assert refused("/api/threads", "PUT") == (405, "this address takes another method")
    assert refused("/api/threads", "POST", b'{"universe": "nope"}')[0] == 404
    assert refused("/api/threads", "POST", b"{") == (422, "body.1: is no JSON")
    assert refused("/api/threads", "POST", b'{"universe": "demo", "as_of": "2999-01-01"}')[0] == 400
    status, sentence = refused("/api/threads", "POST", b'{"universe": 7, "secret": "x"}')
    assert status == 422
    assert "secret" in sentence or "universe" in sentence
    deep = b"[" * 100_000
    assert refused("/api/threads", "POST", deep)[0] in {400, 422}
    assert refused("/api/threads", "POST", b'{"universe": "\\ud800"}')[0] == 422
    assert refused("/api/threads", "POST", b'{"universe": ' + b"9" * 5000 + b"}")[0] in {400, 422}


def test_a_body_over_the_cap_is_refused_however_it_is_sent(attacked: Attacked) -> None:
    large = attacked.ask("/api/threads", "POST", body=b"x" * 262_145)
    assert (large.status, large.error) == (413, "the body is larger than 262144 bytes")
    declared = [KEY, ("content-length", "262145")]
    assert attacked.ask("/api/threads", "POST", headers=declared).status == 413
    absurd = [KEY, ("content-length", "9" * 5000)]
    assert attacked.ask("/api/threads", "POST", headers=absurd).status == 413


def test_a_form_of_another_page_cannot_pass_for_json(attacked: Attacked) -> None:
    for kind in ("text/plain", "application/x-www-form-urlencoded", ""):
        said = [KEY, ("content-type", kind)]
        answer = attacked.ask("/api/threads", "POST", headers=said, body=b"")
        assert answer.status == 422


def test_the_tools_answer_over_mcp_behind_the_same_guard(attacked: Attacked) -> None:
    call = {"jsonrpc": "2.0", "id": 1, "method": "tools/list"}
    body = json.dumps(call).encode()
    answer = attacked.ask("/mcp", "POST", headers=MCP_HEADERS, body=body)
    assert answer.status == 200
    listed = json.loads(answer.text.partition("data: ")[2])["result"]["tools"]
    assert {"get_sector_heatmap", "research_sectors"} <= {tool["name"] for tool in listed}
    assert attacked.ask("/mcp", "POST", headers=MCP_HEADERS[1:], body=body).status == 401
    foreign = [*MCP_HEADERS, ("origin", "http://evil.example")]
    assert attacked.ask("/mcp", "POST", headers=foreign, body=body).status == 403
    assert attacked.ask("/mcp", "POST", headers=[*MCP_HEADERS, ("host", "x")]).status == 421


def test_one_runner_works_on_the_runs_of_all_doors(attacked: Attacked) -> None:
    assert attacked.house.runs is not None
    assert attacked.house.chat._runs is attacked.house.runs


def test_spellings_of_addresses_are_text_to_the_settings_of_the_interface(
    attacked: Attacked,
) -> None:
    """Whatever names a server is the operator's: over HTTP each spelling is only a wrong value."""
    for text in corpus("address"):
        for member in ("url", "server", "command", "mcpServers", "source_urls", "base_url"):
            body = json.dumps({"universe": "demo", member: text}).encode()
            assert attacked.ask("/api/threads", "POST", body=body).status == 422


def test_addresses_that_openbb_sends_along_are_not_fetched(attacked: Attacked) -> None:
    asks = {"messages": [{"role": "human", "content": "hello"}], "urls": corpus("address")}
    with watched() as watch:
        answer = attacked.ask("/v1/query", "POST", body=json.dumps(asks).encode())
    assert answer.status == 200
    assert_harmless(watch, attacked.home)


def test_the_strings_are_more_than_two_hundred_and_no_two_the_same() -> None:
    texts = [text for _, text in everything()]
    assert len(texts) == len(set(texts)) >= 200


def test_an_origin_of_ours_may_change_something(attacked: Attacked) -> None:
    said = [KEY, ("origin", f"http://{OWN}"), ("sec-fetch-site", "same-origin")]
    answer = attacked.ask("/api/threads", "POST", headers=said, body=b'{"universe": "demo"}')
    assert answer.status == 201
    thread = json.loads(answer.body)["thread"]
    assert attacked.ask(f"/api/threads/{thread}", "DELETE", headers=said).status == 204
    assert attacked.ask(f"/api/threads/{thread}").status == 404
