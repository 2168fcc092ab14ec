import base64
import re
from functools import cache

import pytest

from app.render.email import MAXIMUM_BYTES, email
from app.render.page import page
from tests.app.render.html_probe import probe
from tests.app.render.sample_report import sample_report, universe
from tests.app.render.samples import full_report


@cache
def message(name: str = "us") -> str:
    return email(page(full_report(name), {name: universe(name)}))


@pytest.mark.parametrize("name", ["us", "vn"])
def test_a_message_is_small_enough_for_a_mail_gateway(name: str) -> None:
    assert len(message(name).encode()) < MAXIMUM_BYTES


@pytest.mark.prove
def test_several_universes_still_fit() -> None:
    names = ("us", "vn", "demo")
    report = sample_report(*names)
    made = email(page(report, {name: universe(name) for name in names}))
    assert len(made.encode()) < MAXIMUM_BYTES
    assert made.count("data:image/png;base64,") == 3


def test_it_asks_for_nothing_and_runs_nothing() -> None:
    read = probe(message())
    tags = {tag for tag, _ in read.seen}
    assert not tags & {"script", "iframe", "object", "link", "form", "a", "style", "svg", "table"}
    assert not [a for _, a in read.seen if any(key[:2] == "on" for key in a)]
    assert "http" not in re.sub(r"base64,[^\"]*", "", message())
    assert "cid:" not in message()


def test_the_pictures_are_inline_with_words_for_who_sees_none() -> None:
    images = [attrs for tag, attrs in probe(message()).seen if tag == "img"]
    assert len(images) == 1
    kind, _, data = images[0]["src"].partition(",")
    assert kind == "data:image/png;base64"
    assert base64.b64decode(data)[:8] == b"\x89PNG\r\n\x1a\n"
    assert "XLK" in images[0]["alt"]


def test_read_as_plain_text_it_still_says_what_to_do_and_why() -> None:
    text = " ".join(node.text for node in probe(message()).nodes)
    made = page(full_report("us"), {"us": universe("us")}).universes[0]
    for row in made.actions.tables[0].rows:
        assert row[0].plain.split()[0] in text
    for line in made.changed.lines:
        assert line.parts[0].text in text
    assert "For information, not investment advice" in text
    assert "Prepared by: A. Analyst" in text


def test_the_users_words_stay_words() -> None:
    payload = '</p><script>alert(1)</script>"><img src=x onerror=alert(1)>'
    made = email(page(sample_report("us", text=payload), {"us": universe("us")}))
    assert "<script" not in made
    assert len([1 for tag, _ in probe(made).seen if tag == "img"]) == 1


def test_a_synthetic_message_says_so_before_its_numbers() -> None:
    made = message("demo")
    assert made.index("SYNTHETIC DATA") < made.index("Actions")
    assert "SYNTHETIC" not in message("us")
