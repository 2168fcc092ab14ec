"""The mail sink against a real mail server: one mail, known again by its Message-ID."""

import asyncio
import time
from base64 import b64encode
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from app.delivery.message import Message, Outcome
from app.delivery.postman import Postman, Round
from app.delivery.sinks import opened
from core.errors import CallerError
from core.records.sink import SinkSpec
from tests.app.delivery.posts import Clock, alert, row
from tests.app.delivery.receivers import Mailbox, mail_server

PNG = b64encode(b"\x89PNG\r\n\x1a\n not really").decode()

pytestmark = pytest.mark.usefixtures("apprise_loaded")


@pytest.fixture
def box() -> Iterator[Mailbox]:
    """A mail server."""
    with mail_server() as kept:
        yield kept


def _sent(box: Mailbox, message: Message, *, more: str = "", seconds: float = 5) -> Outcome:
    spec = SinkSpec(url="${DESK}", deadline_seconds=seconds)
    return asyncio.run(opened("desk", spec, {"DESK": box.url + more}).sent(row(message)))


def test_a_mail_holds_text_page_pictures_and_files_and_its_key(
    box: Mailbox, tmp_path: Path
) -> None:
    file = tmp_path / "báo-cáo.pdf"
    file.write_bytes(b"%PDF-1.7")
    html = f'<p>Công nghệ &lt;1&gt;</p><img alt="map" src="data:image/png;base64,{PNG}">'
    message = Message(
        key="report:1:desk:vi", sink="desk", kind="report", subject="Luân chuyển ngành — VN",
        text="Công nghệ dẫn dắt", html=html, attachments=(str(file),),
    )  # fmt: skip
    assert _sent(box, message, more="&cc=risk@house.vn") == Outcome(result="sent")
    assert _sent(box, message, more="&cc=risk@house.vn") == Outcome(result="sent")
    first, again = box.mails
    assert first["Message-ID"] == again["Message-ID"] == f"<{message.name}@sectorwise.invalid>"
    assert first.as_bytes() == again.as_bytes()
    assert box.recipients[0] == ["pm@house.vn", "risk@house.vn"]
    assert (first["Subject"], first["To"], first["Cc"]) == (
        message.subject, "pm@house.vn", "risk@house.vn",
    )  # fmt: skip
    parts = list(first.walk())
    kinds = [part.get_content_type() for part in parts]
    assert kinds == [
        "multipart/mixed", "multipart/alternative", "text/plain", "multipart/related",
        "text/html", "image/png", "application/pdf",
    ]  # fmt: skip
    shown = parts[4].get_content()
    assert f"cid:{str(parts[5]['Content-ID']).strip('<>')}" in shown
    assert "data:" not in shown
    assert parts[6].get_filename() == "báo-cáo.pdf"
    assert parts[6].get_payload(decode=True) == b"%PDF-1.7"


@pytest.mark.parametrize(
    ("answer", "result"),
    [("451 later", "unreachable"), ("552 too large", "refused"), ("554 no", "refused")],
)
def test_a_server_that_says_not_now_is_asked_again_and_one_that_refuses_is_not(
    box: Mailbox, answer: str, result: str
) -> None:
    box.data_answer = answer
    outcome = _sent(box, alert("a"))
    assert outcome.result == result
    assert answer[:3] in str(outcome.reason)
    assert answer[4:] not in str(outcome.reason)


def test_a_recipient_the_server_refuses_does_not_keep_the_mail_from_others(box: Mailbox) -> None:
    box.rcpt_answers["gone@house.vn"] = "550 unknown"
    outcome = _sent(box, alert("a"), more=",gone@house.vn")
    assert outcome == Outcome(result="sent", reason="1 of its recipients were refused")
    assert box.recipients == [["pm@house.vn"]]


@pytest.mark.parametrize("goodbye", ["421 closing", "500 what"])
def test_a_mail_that_was_taken_is_sent_whatever_the_goodbye(box: Mailbox, goodbye: str) -> None:
    box.quit_answer = goodbye
    assert _sent(box, alert("a")) == Outcome(result="sent")


def test_recipients_that_are_deferred_get_it_later_and_nobody_twice(
    box: Mailbox, tmp_path: Path
) -> None:
    box.rcpt_answers |= {"late@house.vn": "451 later", "gone@house.vn": "550 unknown"}
    clock, spec = Clock(), SinkSpec(url="${DESK}")
    environment = {"DESK": box.url + ",late@house.vn,gone@house.vn"}
    with closing(Postman(
        f"sqlite:///{tmp_path / 'ledger.sqlite'}", {"desk": spec}, home=tmp_path,
        environment=lambda: environment, clock=clock,
    )) as postman:  # fmt: skip
        postman.outbox.add([alert("a"), alert("b")])
        assert asyncio.run(postman.round()) == Round(failed=2)
        assert box.recipients == [["pm@house.vn"]] * 2
        assert "not now for 1 of its recipients (451)" in str(postman.outbox.waiting()[0].reason)
        del box.rcpt_answers["late@house.vn"]
        clock.passes(minutes=1)
        assert asyncio.run(postman.round()) == Round(delivered=2)
        assert box.recipients[2:] == [["late@house.vn"]] * 2
        box.rcpt_answers["late@house.vn"] = "451 later"
        postman.outbox.add([alert("c")])
        asyncio.run(postman.round())
        box.rcpt_answers["late@house.vn"] = "550 unknown"
        clock.passes(minutes=1)
        assert asyncio.run(postman.round()) == Round(delivered=1)
        assert postman.outbox.rows()[2].reason == "2 of its recipients were refused"


def test_a_mail_nobody_may_get_is_refused(box: Mailbox) -> None:
    box.rcpt_answers["pm@house.vn"] = "550 unknown"
    assert _sent(box, alert("a")).result == "refused"


def test_a_server_that_never_comes_to_the_point_is_cut_at_the_deadline(box: Mailbox) -> None:
    box.trickling.set()
    begun = time.monotonic()
    assert _sent(box, alert("a"), seconds=0.4).result == "unreachable"
    assert time.monotonic() - begun < 30


def test_a_mail_server_nobody_listens_at_is_not_reached() -> None:
    spec = SinkSpec(url="mailto://127.0.0.1:9?from=a@b.vn&to=c@d.vn")
    outcome = asyncio.run(opened("desk", spec, {}).sent(row(alert("a"))))
    assert outcome == Outcome(result="unreachable", reason="not reached (ConnectionRefusedError)")


def test_mail_that_would_have_to_be_encrypted_is_not_sent_open(box: Mailbox) -> None:
    with pytest.raises(CallerError, match="pgp"):
        _sent(box, alert("a"), more="&pgp=sign")
    assert box.mails == []
