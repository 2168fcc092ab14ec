"""Sinks through apprise: its addresses, and nothing of them in what is told."""

import asyncio
import logging
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.delivery.sinks import opened
from core.errors import CallerError
from core.records.sink import SinkSpec
from tests.app.delivery.posts import alert, row
from tests.app.delivery.receivers import Hook, webhook

pytestmark = pytest.mark.usefixtures("apprise_loaded")


@pytest.fixture
def hook() -> Iterator[Hook]:
    """A web address."""
    with webhook() as kept:
        yield kept


def _gotify(hook: Hook) -> dict[str, str]:
    return {"PUSH": hook.url.replace("http://", "json://") + "/secret-token-4711"}


def test_a_service_of_apprise_gets_subject_and_text(hook: Hook) -> None:
    sink = opened("push", SinkSpec(url="${PUSH}"), _gotify(hook))
    assert asyncio.run(sink.sent(row(alert("a")))).result == "sent"
    body = hook.posts[0][1]
    assert (body["title"], body["message"]) == ("about a", "text of a")


def test_a_service_that_does_not_take_it_is_tried_again_and_its_address_is_not_told(
    hook: Hook, caplog: pytest.LogCaptureFixture
) -> None:
    hook.status = 500
    sink = opened("push", SinkSpec(url="${PUSH}"), _gotify(hook))
    with caplog.at_level(logging.DEBUG):
        outcome = asyncio.run(sink.sent(row(alert("a"))))
    assert (outcome.result, outcome.reason) == ("failed", "the service did not take it")
    assert "4711" not in caplog.text


@pytest.mark.parametrize("url", ["tgram://junk", "zalo://", "nosuchthing://secret-4711"])
def test_an_address_apprise_cannot_read_is_an_error_that_does_not_repeat_it(url: str) -> None:
    with pytest.raises(CallerError) as told:
        opened("push", SinkSpec(url="${PUSH}"), {"PUSH": url})
    assert "4711" not in str(told.value)
    assert "sink push" in str(told.value)


@pytest.mark.parametrize(
    "url",
    [
        "tgram://123456789:abcdefg_hijklmnopqrstuvwxyzABCDEF-12/12315544/",
        "workflows://prod-1.westus.logic.azure.com:443/643e69f83c8944/KGqb7JhxZ/",
        "zalo://1234567:abc123def456/99887766",
        "slack://T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ/#general",
    ],
)
def test_telegram_teams_zalo_and_slack_are_known(url: str) -> None:
    opened("push", SinkSpec(url="${PUSH}"), {"PUSH": url})


def test_a_variable_that_is_not_set_is_named_and_nothing_else(tmp_path: Path) -> None:
    del tmp_path
    with pytest.raises(CallerError, match=r"sink push uses \$\{PUSH\}, which is not set"):
        opened("push", SinkSpec(url="${PUSH}"), {})
