"""The web sink: its key in a header, no redirect, and what each answer means."""

import asyncio
import time
from collections.abc import Iterator
from contextlib import suppress
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest

from app.delivery.message import Message, Outcome
from app.delivery.sinks import opened
from app.delivery.webhook import Webhook
from core.records.sink import SinkSpec
from tests.app.delivery.posts import alert, row
from tests.app.delivery.receivers import Hook, webhook


@pytest.fixture
def hook() -> Iterator[Hook]:
    """A web address."""
    with webhook() as kept:
        yield kept


def _sent(hook: Hook, message: Message, *, seconds: float = 5) -> Outcome:
    return asyncio.run(Webhook(hook.url, headers={}, seconds=seconds).sent(row(message)))


def test_a_message_is_one_post_that_carries_its_key_and_files(hook: Hook, tmp_path: Path) -> None:
    file = tmp_path / "orders.csv"
    file.write_text("a,b\n")
    message = alert("rule|tech|2026").model_copy(update={"attachments": (str(file),)})
    assert _sent(hook, message).result == "sent"
    key, body = hook.posts[0]
    assert key == "rule|tech|2026"
    assert body["files"] == [{"name": "orders.csv", "type": "text/csv", "base64": "YSxiCg=="}]
    assert (body["subject"], body["text"]) == (message.subject, message.text)


@pytest.mark.parametrize(
    ("status", "result"),
    [
        (204, "sent"), (302, "failed"), (307, "failed"), (400, "refused"), (401, "failed"),
        (404, "failed"), (409, "failed"), (422, "refused"), (429, "unreachable"),
        (500, "failed"), (503, "unreachable"),
    ],
)  # fmt: skip
def test_an_answer_tells_whether_a_repeat_helps(hook: Hook, status: int, result: str) -> None:
    hook.status = status
    outcome = _sent(hook, alert("a"))
    assert outcome.result == result
    assert outcome.reason is None if result == "sent" else str(status) in str(outcome.reason)


def test_an_address_nobody_listens_at_is_not_reached() -> None:
    sink = Webhook("http://127.0.0.1:9/x?token=hidden-12345678", headers={}, seconds=5)
    outcome = asyncio.run(sink.sent(row(alert("a"))))
    assert outcome == Outcome(result="unreachable", reason="not reached (ConnectError)")


def test_an_answer_that_trickles_is_cut_at_the_deadline(hook: Hook) -> None:
    def trickle(handler: BaseHTTPRequestHandler) -> None:
        with suppress(OSError):  # until the client goes
            handler.wfile.write(b"HTTP/1.1 200 OK\r\n")
            for _ in range(2000):
                handler.wfile.write(b"X-More: 1\r\n")
                time.sleep(0.05)

    hook.answer = trickle
    begun = time.monotonic()
    outcome = _sent(hook, alert("a"), seconds=0.3)
    assert time.monotonic() - begun < 30
    assert outcome == Outcome(result="unreachable", reason="no answer within 0.3 s")


def test_a_file_that_is_gone_refuses_the_message(hook: Hook, tmp_path: Path) -> None:
    gone = alert("a").model_copy(update={"attachments": (str(tmp_path / "gone.pdf"),)})
    outcome = _sent(hook, gone)
    assert outcome.result == "refused"
    assert "gone.pdf" in str(outcome.reason)
    assert str(tmp_path) not in str(outcome.reason)
    assert hook.posts == []


def test_headers_hold_the_environment_s_secrets_only_when_it_is_sent(hook: Hook) -> None:
    spec = SinkSpec(url=hook.url, headers={"Authorization": "Bearer ${TOKEN}"})
    assert "s3cret" not in spec.canonical_json()
    sink = opened("desk", spec, {"TOKEN": "s3cret-value"})
    assert asyncio.run(sink.sent(row(alert("a")))).result == "sent"
    assert hook.headers[0]["Authorization"] == "Bearer s3cret-value"


def test_a_header_http_cannot_carry_is_a_failure_told_without_it(hook: Hook) -> None:
    sink = Webhook(hook.url, headers={"Authorization": "Bearer tokén"}, seconds=5)
    outcome = asyncio.run(sink.sent(row(alert("a"))))
    assert outcome == Outcome(result="failed", reason="its address or a header is none")
