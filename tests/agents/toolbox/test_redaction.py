"""Configured secrets and things formed like secrets leave every text; ordinary words stay."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.toolbox.redaction import (
    REDACTED,
    Redactor,
    secrets_of_environment,
    secrets_of_server,
)

CANARY = "canary-9f8e7d6c5b4a"


@pytest.mark.parametrize(
    "text",
    [
        f"Bearer {CANARY}",
        f"Authorization: Basic {CANARY}",
        f'{{"authorization": "Token {CANARY}"}}',
        f"Set-Cookie: session={CANARY}",
        f"cookie: {CANARY}; theme=dark",
        f"api_key={CANARY}",
        f"X-Api-Key: {CANARY}",
        f"?access_token={CANARY}&page=1",
        f"https://desk:{CANARY}@example.test/feed",
        f"password = '{CANARY}'",
        "sk-" + CANARY + "0123456789",
        "vimo_" + CANARY.replace("-", "") + "abc",
        "ghp_" + "canary9f8e7d6c5b4acanary",
    ],
)
def test_what_is_formed_like_a_secret_is_taken_out(text: str) -> None:
    said = Redactor().text(text)
    assert REDACTED in said
    assert "9f8e7d6c5b4a" not in said


@pytest.mark.parametrize(
    "text",
    [
        "Basic Resources led Basic Materials by 2.4 % since 2024-03-01",
        "the token economy: technology leads, consumer_staples lag",
        "a bearer market in 2022-10-14",
        "key: rotation of 11 sectors; secret of success",
        '{"input_tokens": 1200, "model": "gpt-5-mini"}',
        "sectorwise report --universe vn_hose --as-of 2018-12-28",
    ],
)
def test_ordinary_words_stay(text: str) -> None:
    assert Redactor().text(text) == text


@given(st.text(min_size=8, max_size=40), st.text(max_size=30), st.text(max_size=30))
def test_a_configured_value_is_in_no_string_of_the_json(
    secret: str, before: str, after: str
) -> None:
    text = json.dumps({"a": [before + secret + after], secret: {"b": 1}}, ensure_ascii=False)
    clean = json.loads(Redactor(frozenset({secret})).json(text))
    assert all(secret not in string for string in strings(clean)) or secret in REDACTED


def strings(value: object) -> list[str]:
    """Return every string and key of a JSON value."""
    if isinstance(value, str):
        return [value]
    if isinstance(value, list):
        return [found for item in value for found in strings(item)]
    if isinstance(value, dict):
        return [found for pair in value.items() for item in pair for found in strings(item)]
    return []


def test_a_value_is_found_in_every_spelling_a_server_may_echo() -> None:
    echoed = 'pa"ss/wörd 123'
    redactor = Redactor(frozenset({echoed}))
    nested = json.dumps({"inner": json.dumps({"deep": echoed})})
    assert "123" not in redactor.json(nested)
    assert "123" not in redactor.text("https://x.test/?k=pa%22ss%2Fw%C3%B6rd%20123")


def test_a_clean_answer_comes_back_as_the_very_same_text() -> None:
    text = '{"b":1.50,  "a":"spaces stay, so do 1.50 and the order"}'
    assert Redactor(frozenset({CANARY})).json(text) == text


def test_a_member_named_like_a_secret_is_one_and_the_stand_in_fits_a_slug() -> None:
    clean = json.loads(Redactor().json('{"api_key":"abcd1234efgh","key":"planner_by_rules"}'))
    assert clean == {"api_key": REDACTED, "key": "planner_by_rules"}
    assert REDACTED.isalpha()
    assert REDACTED.islower()


@pytest.mark.parametrize(
    "text",
    [
        '{"api_key":"/Ab3dEf9hIjKlMnOpQr+"}',
        '{"token":["Zx9aBcDeFg12345"]}',
        '{"tokens":[["Zx9aBcDeFg12345"]]}',
        '{"password":"correct horse battery"}',
        '{"db_password":"1234567890"}',
    ],
)
def test_a_secret_of_any_look_is_taken_out_by_its_name(text: str) -> None:
    clean = json.loads(Redactor().json(text))
    assert set(strings(clean)) - set(clean) == {REDACTED}


@pytest.mark.parametrize(
    "text",
    [
        '{"token_file":"/srv/store/desk.txt"}',
        '{"auth":"https://login.example.test/v2"}',
        '{"keys":["gross_profit","net revenue"]}',
    ],
)
def test_a_path_an_address_and_words_stay_under_a_secrets_name(text: str) -> None:
    assert Redactor().json(text) == text


def test_a_configured_secret_inside_an_address_leaves_a_member_of_any_name() -> None:
    text = json.dumps({"auth_url": f"https://login.example.test/{CANARY}"})
    assert CANARY not in Redactor(frozenset({CANARY})).json(text)


def test_a_header_that_says_who_asks_is_no_secret() -> None:
    headers = {"X-Client": "sectorwise", "X-Day": "2026-11-20", "X-Session": "9f8e7d-6c5b4a"}
    assert secrets_of_server(env={}, headers=headers, url=None) == {"9f8e7d-6c5b4a", ""}


def test_short_values_are_not_taken_for_secrets() -> None:
    assert Redactor(frozenset({"none", "1", ""})).text("none of 11") == "none of 11"


def test_the_environment_gives_away_its_secrets_by_name_and_by_address() -> None:
    found = secrets_of_environment(
        {
            "OPENAI_API_KEY": "one-secret",
            "VIMO_TOKEN": "two-secret",
            "DB_PASSWORD": "three-secret",
            "SECTORWISE_DATABASE_URL": "postgresql+psycopg://desk:four-secret@localhost/calls",
            "FEED": "https://feed.test/?page=1&api_key=five-secret",
            "KEYBOARD": "qwertyuiop",
            "MONKEY": "george-the-monkey",
            "HOME": "/home/desk",
            "PATH": "/usr/bin:/bin",
        }
    )
    assert found == {"one-secret", "two-secret", "three-secret", "four-secret", "five-secret"}


def test_a_server_gives_away_its_headers_and_what_is_no_word_of_its_environment() -> None:
    found = secrets_of_server(
        env={
            "VIMO_API_KEY": "vimo_demo",
            "ANY": "x9-y8-z7-w6-v5-u4",
            "DAY": "2026-11-20",
            "SORT_KEY": "2026-11-20T08:30:00Z",
            "DEBUG": "1",
            "LOG_LEVEL": "production",
            "BASE": "http://localhost:8000",
            "STORE": "/srv/store",
        },
        headers={
            "Authorization": "Bearer abc-def-ghi",
            "X-Desk": "desk-0815-key",
            "Accept": "application/json",
        },
        url="https://user:pass-4711@example.test/mcp",
    )
    assert found >= {"vimo_demo", "x9-y8-z7-w6-v5-u4", "abc-def-ghi", "desk-0815-key", "pass-4711"}
    assert not found & {"production", "http://localhost:8000", "/srv/store", "application/json"}
    assert not [value for value in found if value.startswith("2026")]
