"""What is left of a stranger's text before a person is shown it."""

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from core.plain_text import plain_line
from core.records.events import PlainText

PLAIN = TypeAdapter(PlainText)


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("Chip makers surge, see https://evil.example/x?d=1 now", "Chip makers surge, see now"),
        ("ht\u200btp://evil.example up", "up"),
        ("\uff48\uff54\uff54\uff50\uff1a\uff0f\uff0fevil.example up", "up"),
        ("www.evil.example/a banks", "banks"),
        ("evil.example/path banks", "banks"),
        ("10.0.0.1:80/x banks", "banks"),
        ("banks javascript:alert(1)", "banks"),
        ("bankswww.evil.example xhttp:evil up", "banks x up"),
        ("write to me@evil.example", "write to"),
        ("<b>Buy</b> <img src=x onerror=go()>all", "Buy all"),
        ("&lt;a href=&quot;x&quot;&gt;Buy&lt;/a&gt;", "Buy"),
        ("&amp;lt;b&amp;gt;Buy", "Buy"),
        ("[Buy](https://evil.example)", "(Buy)("),
        ("line\none\ttwo\u2028three", "line one two three"),
        ("\u202eabc\u202c", "abc"),
        ("a\u2066b\u2069c\ufeff\u00ad", "abc"),
        ("a\U000e0041\ufe0f\u3164b", "ab"),
        ("cell | other", "cell other"),
        ("Lợi nhuận quý 3/2024 tăng 12,5 %", "Lợi nhuận quý 3/2024 tăng 12,5 %"),
        ("P/E 12.5/15: S&P 500 & AT&T, Amazon.com", "P/E 12.5/15: S&P 500 & AT&T, Amazon.com"),
    ],
)
def test_addresses_markup_and_hidden_characters_go_and_words_stay(text: str, left: str) -> None:
    assert plain_line(text, 160) == left


@given(st.text(max_size=300), st.integers(4, 80))
def test_a_line_is_short_shown_whole_and_plain_already(text: str, chars: int) -> None:
    line = plain_line(text, chars)
    assert len(line) <= chars
    assert plain_line(line, chars) == line
    assert not any(unicodedata.category(char)[0] == "C" for char in line)
    assert not set("<>|") & set(line)
    assert "://" not in line
    assert PLAIN.validate_python(line) == line


def test_what_is_cut_to_four_characters_is_the_dots_alone() -> None:
    assert plain_line("00000", 4) == "..."


PIECES = [
    "ht", "tp", ":", "/", "//", "www", ".", "a", "b.c", "@", "<", ">", "&", "lt;", "#58;", "\u200b",
    "\uff1a", " ",
]  # fmt: skip


@given(st.lists(st.sampled_from(PIECES), max_size=14))
def test_no_address_can_be_put_together_from_its_pieces(pieces: list[str]) -> None:
    line = plain_line("".join(pieces), 60)
    assert plain_line(line, 60) == line
    assert "//" not in line
    assert re.search(r"\S@\S|www\.\S|https?:\S", line) is None


def test_a_long_text_costs_no_more_than_a_page_of_it() -> None:
    assert len(plain_line("a" * 5_000_000, 160)) == 160


@pytest.mark.parametrize("text", ["see https://evil.example", "a\u200bb", "a\nb", "<b>", " a"])
def test_a_record_refuses_a_text_that_is_not_plain(text: str) -> None:
    with pytest.raises(ValidationError, match="one plain line"):
        PLAIN.validate_python(text)
