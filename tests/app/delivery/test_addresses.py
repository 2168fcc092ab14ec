"""Sinks in the settings: what an address may be, and who is told what."""

import pytest
from pydantic import ValidationError

from app.delivery.sinks import chosen, named
from core.errors import CallerError
from core.records.sink import SinkSpec


@pytest.mark.parametrize(
    "url",
    [
        "${DESK}", "file:///var/lib/alerts", "file:~/alerts", "https://hook.house.vn/in",
        "https://hook.house.vn/in?token=${TOKEN}", "mailto://mail.house.vn:25?from=a@b.vn&to=c@d.vn",
        "mailtos://desk:${PASS}@mail.house.vn", "tgram://${BOT}/12345",
        "workflows://${TEAMS}",
    ],
)  # fmt: skip
def test_addresses_without_secrets_are_taken(url: str) -> None:
    assert SinkSpec(url=url).url == url


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("mailtos://desk:hidden@mail.house.vn", "secret"),
        ("https://u:hidden@hook.house.vn/in", "secret"),
        ("https://hook.house.vn/in?api_key=hidden", "secret"),
        ("mailto://h.vn?user=a&pass=hidden", "secret"),
        ("tgram://123456789:hidden/12345", "tgram: address holds a key"),
        ("file:alerts", "whole path"),
        ("nowhere", "expected"),
        ("http://[x", "no address"),
    ],
)
def test_an_address_with_a_secret_or_none_at_all_is_an_error_that_does_not_repeat_it(
    url: str, said: str
) -> None:
    with pytest.raises(ValidationError) as told:
        SinkSpec(url=url)
    sentence = told.value.errors()[0]["msg"]
    assert said in sentence
    assert "hidden" not in sentence


def test_headers_go_with_a_webhook_and_hold_no_secret() -> None:
    SinkSpec(url="https://h.vn", headers={"X-Desk": "vn", "Authorization": "Bearer ${TOKEN}"})
    with pytest.raises(ValidationError, match="Authorization holds a secret"):
        SinkSpec(url="https://h.vn", headers={"Authorization": "Bearer 4711"})
    with pytest.raises(ValidationError, match="http address only"):
        SinkSpec(url="file:///x", headers={"X": "y"})


def test_a_sink_is_told_of_its_kinds_and_universes_only() -> None:
    sinks = {
        "all": SinkSpec(url="file:///a"),
        "vn": SinkSpec(url="file:///b", universes=("vn",)),
        "mail": SinkSpec(url="file:///c", kinds=("digest", "report")),
    }
    assert [name for name, _ in chosen(sinks, "alert", "vn")] == ["all", "vn"]
    assert [name for name, _ in chosen(sinks, "alert", "us")] == ["all"]
    assert [name for name, _ in chosen(sinks, "digest", "us")] == ["all", "mail"]
    assert [name for name, _ in chosen(sinks, "alert", None)] == ["all", "vn"]


def test_a_sink_that_is_not_there_is_told_with_those_that_are() -> None:
    with pytest.raises(CallerError, match="the settings name desk, risk"):
        named({"risk": SinkSpec(url="${A}"), "desk": SinkSpec(url="${B}")}, "nobody")
    with pytest.raises(CallerError, match=r"add \[sinks.NAME\]"):
        named({}, "nobody")
