from urllib.parse import parse_qs, urlsplit

import pytest
from fastapi import APIRouter, FastAPI
from starlette.responses import PlainTextResponse

from app.web.assets import add_assets
from app.web.security.headers import POLICY, Sealed
from app.web.security.keys import COOKIE, Keyed
from app.web.security.login import LASTING, add_login
from app.web.security.names import Named
from app.web.security.tokens import Tokens
from tests.app.web.security.asking import NAMED, OWN, TOKEN, Answer, Pairs, ask

TOKENS = Tokens(TOKEN)
TIMED = TOKENS.timed(LASTING)
EXPIRED = TOKENS.timed(LASTING, now=0.0)
PAGE = ("accept", "text/html,application/xhtml+xml")
OURS = ("origin", f"http://{OWN}")


def house() -> Sealed:
    """The login and the files of the site, and something behind the guard."""
    app, router = FastAPI(openapi_url=None), APIRouter()
    add_login(router, TOKENS)
    add_assets(router)
    app.include_router(router)
    app.mount("/", PlainTextResponse("inside"))
    return Sealed(Named(Keyed(app, TOKENS), NAMED))


HOUSE = house()
WRONG = (
    "", "Bearer", "Bearer ", f"Bearer {TOKEN[:-1]}", f"Bearer {TOKEN}x", f"Bearer  {TOKEN}",
    f"Basic {TOKEN}", TOKEN, f"Token {TOKEN}", "Bearer \xe9\xff", f"Bearer {EXPIRED}",
    f"Bearer {TIMED[:-2]}", "Bearer " + "x" * 9000, f"Bearer {TIMED}.{TIMED}",
)  # fmt: skip


def log_in(token: str, following: str = "/", *more: tuple[str, str]) -> Answer:
    body = f"token={token}&next={following}".encode()
    return ask(HOUSE, "/login", method="POST", headers=[OURS, *more], body=(body,))


@pytest.mark.parametrize(
    "said",
    [f"Bearer {TOKEN}", f"bearer {TOKEN}", f"Bearer {TIMED}"],
    ids=["whole", "lower case", "timed"],
)
@pytest.mark.parametrize("path", ["/", "/api/threads", "/v1/models", "/mcp", "/agents.json"])
def test_the_token_opens_every_door(path: str, said: str) -> None:
    assert ask(HOUSE, path, headers=[("authorization", said)]).text == "inside"


@pytest.mark.parametrize("path", ["/", "/api/threads", "/v1/models", "/mcp", "/openapi.json"])
@pytest.mark.parametrize("method", ["GET", "POST", "DELETE"])
def test_no_wrong_or_expired_token_opens_one(path: str, method: str) -> None:
    assert ask(HOUSE, path, method=method).status == 401
    for said in WRONG:
        answer = ask(HOUSE, path, method=method, headers=[("authorization", said)])
        assert answer.status == 401, said
        assert answer.headers["www-authenticate"].startswith("Bearer")
        assert TOKEN not in answer.text


def test_openai_clients_are_refused_in_their_own_form() -> None:
    answer = ask(HOUSE, "/v1/models")
    assert b'"type":"authentication_error"' in answer.body


@pytest.mark.parametrize(
    "value",
    ["", TOKEN[:-1], EXPIRED, f"{TIMED}x", TIMED[2:], "%00", "\xff"],
    ids=["none", "token cut", "expired", "longer", "cut", "nul", "latin"],
)
def test_a_forged_or_expired_cookie_opens_none(value: str) -> None:
    assert ask(HOUSE, "/", headers=[("cookie", f"{COOKIE}={value}")]).status == 401


def test_a_cookie_never_mends_a_wrong_header() -> None:
    said = [("cookie", f"{COOKIE}={TIMED}"), ("authorization", "Bearer wrong")]
    assert ask(HOUSE, "/", headers=said).status == 401


def test_with_a_cookie_alone_only_a_page_of_ours_changes_anything() -> None:
    cookie = ("cookie", f"{COOKIE}={TIMED}")

    def status(*more: tuple[str, str]) -> int:
        return ask(HOUSE, "/api/threads", method="POST", headers=[cookie, *more]).status

    assert status() == 401
    assert status(OURS) == 200
    assert status(("origin", "http://evil.example")) == 403
    assert status(("origin", "null")) == 403


def test_a_person_is_shown_the_login_and_comes_back_to_where_he_was() -> None:
    shown = ask(HOUSE, "/heatmap?universe=vn&as_of=2018-01-31", headers=[PAGE])
    assert shown.status == 303
    address = urlsplit(shown.headers["location"])
    assert address.path == "/login"
    assert parse_qs(address.query)["next"] == ["/heatmap?universe=vn&as_of=2018-01-31"]
    form = ask(HOUSE, shown.headers["location"], headers=[PAGE])
    assert form.status == 200
    assert 'value="/heatmap?universe=vn&amp;as_of=2018-01-31"' in form.text
    opened = log_in(TOKEN, "/heatmap%3Funiverse%3Dvn")
    assert (opened.status, opened.headers["location"]) == (303, "/heatmap?universe=vn")
    cookie = opened.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=strict" in cookie
    assert TOKEN not in cookie
    inside = ask(HOUSE, "/", headers=[("cookie", cookie.partition(";")[0])])
    assert inside.text == "inside"


@pytest.mark.parametrize(
    "following",
    [
        "https://evil.example", "//evil.example", "/\\evil.example", "\\/evil.example",
        "javascript:hit()", "evil.example", "/%0d%0aset-cookie:x", "/ %00", "%2f%2fevil.example",
    ],
)  # fmt: skip
def test_the_login_sends_nobody_elsewhere(following: str) -> None:
    answer = log_in(TOKEN, following)
    assert (answer.status, answer.headers["location"]) == (303, "/")


def test_a_wrong_token_shows_the_form_again_in_the_readers_language() -> None:
    english, vietnamese = log_in("wrong"), log_in("wrong", "/", ("accept-language", "vi-VN,vi"))
    assert (english.status, vietnamese.status) == (401, 401)
    assert 'role="alert">This token is wrong or has expired.' in english.text
    assert 'role="alert">Mã này sai hoặc đã hết hạn.' in vietnamese.text
    assert "set-cookie" not in english.headers


def test_the_login_page_obeys_the_policy_it_is_sent_with() -> None:
    form = ask(HOUSE, "/login", headers=[PAGE])
    assert form.headers["content-security-policy"] == POLICY
    assert "<style" not in form.text
    assert " style=" not in form.text
    assert "<script>" not in form.text


@pytest.mark.parametrize("said", [(), (("cookie", f"{COOKIE}={TIMED}"),)])
def test_logging_out_takes_the_cookie_back(said: Pairs) -> None:
    answer = ask(HOUSE, "/logout", method="POST", headers=[*said, OURS])
    assert answer.status == 303
    assert "Max-Age=0" in answer.headers["set-cookie"]
