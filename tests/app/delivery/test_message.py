"""What a message may hold."""

import pytest

from app.delivery.message import LONGEST_HTML, Message
from tests.app.delivery.posts import alert


@pytest.mark.parametrize(
    "html",
    [
        "<script>alert(1)</script>",
        '<a href="x">here</a>',
        '<img src="https://elsewhere.example/pixel.png">',
        '<img src="data:image/svg+xml;base64,AAAA">',
        '<p onclick="x()">',
        '<p style="background:URL (//x)">',
        '<meta http-equiv="refresh" content="0">',
        "<iframe srcdoc=x>",
        '<SCRIPT\nsrc="data:image/png;base64,AA">',
        '<link rel="stylesheet">',
        '<table background="x">',
    ],
)
def test_html_that_acts_links_or_reaches_out_is_no_message(html: str) -> None:
    with pytest.raises(ValueError, match=r"HTML|picture"):
        Message(key="k", sink="desk", kind="alert", subject="s", text="t", html=html)


def test_html_of_a_report_page_is_one() -> None:
    html = '<p style="color:#111">1 &lt; 2</p><img alt="map" src="data:image/png;base64,AAAA">'
    Message(key="k", sink="desk", kind="report", subject="s", text="t", html=html)


def test_html_longer_than_gateways_take_is_no_message() -> None:
    with pytest.raises(ValueError, match="at most"):
        Message(
            key="k", sink="desk", kind="report", subject="s", text="t",
            html="x" * (LONGEST_HTML + 1),
        )  # fmt: skip


@pytest.mark.parametrize("key", ["", "two words", "line\nbreak", "é", "x" * 201])
def test_a_key_fits_into_a_header(key: str) -> None:
    with pytest.raises(ValueError, match="key"):
        alert(key)


def test_a_subject_is_one_line() -> None:
    with pytest.raises(ValueError, match="subject"):
        Message(key="k", sink="desk", kind="alert", subject="a\nBcc: x@y.z", text="t")


def test_equal_keys_have_equal_names_and_other_keys_others() -> None:
    assert alert("a").name == alert("a", sink="other").name
    assert alert("a").name != alert("b").name
