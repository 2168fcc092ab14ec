import pytest
from starlette.responses import PlainTextResponse

from app.web.security.headers import Sealed
from app.web.security.names import Named
from tests.app.web.security.asking import NAMED, OWN, PORT, ask

OTHER = "https://pro.openbb.example"
DOOR = Sealed(Named(PlainTextResponse("inside"), NAMED, (OTHER,)))
HOSTS = {
    OWN: 200,
    f"localhost:{PORT}": 200,
    f"[::1]:{PORT}": 200,
    "127.0.0.1": 421,
    "127.0.0.1:80": 421,
    f"{OWN}.evil.example": 421,
    f"{OWN}@evil.example": 421,
    f"evil@{OWN}": 421,
    f"localhost.:{PORT}": 421,
    f"[::ffff:127.0.0.1]:{PORT}": 421,
    f"2130706433:{PORT}": 421,
    f"0x7f.1:{PORT}": 421,
    f"127.1:{PORT}": 421,
    f"0.0.0.0:{PORT}": 421,
    f"{OWN}/": 421,
    f"{OWN} ": 421,
    "": 421,
    "evil.example": 421,
}
ORIGINS = {
    None: 200,
    f"http://{OWN}": 200,
    f"http://localhost:{PORT}": 200,
    "http://localhost:3000": 403,
    f"http://{OWN}.evil.example": 403,
    f"http://{OWN}@evil.example": 403,
    "https://evil.example": 403,
    f"http://evil.example:{PORT}": 403,
    "null": 403,
    "file://": 403,
    "": 403,
    OTHER: 403,
}


@pytest.mark.parametrize("method", ["GET", "POST", "DELETE", "OPTIONS"])
def test_only_our_hosts_and_origins_get_in_by_any_method(method: str) -> None:
    for host, right in HOSTS.items():
        for origin, wanted in ORIGINS.items():
            said = [("host", host)] + ([] if origin is None else [("origin", origin)])
            answer = ask(DOOR, "/api/threads", method=method, headers=said)
            assert answer.status == (right if right != 200 else wanted), (host, origin)
            assert answer.headers["content-security-policy"].startswith("default-src 'none'")


def test_a_request_with_two_hosts_is_misdirected() -> None:
    assert ask(DOOR, headers=[("host", OWN), ("host", "evil.example")]).status == 421
    assert ask(DOOR, headers=[("host", OWN), ("host", OWN)]).status == 421


def test_a_head_larger_than_any_browser_sends_is_refused() -> None:
    assert ask(DOOR, headers=[(f"x-{n}", "y" * 20) for n in range(1000)]).status == 431
    assert ask(DOOR, headers=[("cookie", "y" * 20_000)]).status == 431


@pytest.mark.parametrize(
    ("site", "mode", "kind", "method", "expected"),
    [
        ("same-origin", "cors", "empty", "POST", 200),
        ("none", "navigate", "document", "GET", 200),
        ("cross-site", "navigate", "document", "GET", 200),
        ("cross-site", "navigate", "iframe", "GET", 403),
        ("cross-site", "navigate", "document", "POST", 403),
        ("cross-site", "no-cors", "image", "GET", 403),
        ("cross-site", "no-cors", "script", "GET", 403),
        ("same-site", "no-cors", "image", "GET", 403),
        ("cross-site", "cors", "empty", "GET", 403),
        ("cross-site", "websocket", "websocket", "GET", 403),
    ],
)
def test_a_browser_that_names_no_origin_still_tells_whose_page_asks(
    site: str, mode: str, kind: str, method: str, expected: int
) -> None:
    said = [("sec-fetch-site", site), ("sec-fetch-mode", mode), ("sec-fetch-dest", kind)]
    assert ask(DOOR, "/", method=method, headers=said).status == expected


def test_a_form_of_ours_names_the_null_origin_and_only_a_form_of_ours() -> None:
    null = ("origin", "null")
    ours = ask(DOOR, "/login", method="POST", headers=[null, ("sec-fetch-site", "same-origin")])
    theirs = ask(DOOR, "/login", method="POST", headers=[null, ("sec-fetch-site", "cross-site")])
    assert (ours.status, theirs.status) == (200, 403)


@pytest.mark.parametrize("path", ["/agents.json", "/v1/query", "/v1/chat/completions"])
def test_an_origin_the_operator_allows_may_ask_other_peoples_interfaces(path: str) -> None:
    asks = [("origin", OTHER), ("sec-fetch-site", "cross-site")]
    wanted = ("access-control-request-headers", "authorization,content-type")
    before = ask(DOOR, path, method="OPTIONS", headers=[*asks, wanted])
    assert before.status == 204
    assert before.headers["access-control-allow-origin"] == OTHER
    assert before.headers["access-control-allow-headers"] == wanted[1]
    after = ask(DOOR, path, method="POST", headers=asks)
    assert (after.status, after.headers["access-control-allow-origin"]) == (200, OTHER)
    assert "access-control-allow-credentials" not in after.headers


@pytest.mark.parametrize("path", ["/", "/api/threads", "/mcp", "/agents.json/x", "/v1", "/login"])
def test_an_allowed_origin_has_no_other_door(path: str) -> None:
    assert ask(DOOR, path, headers=[("origin", OTHER)]).status == 403
