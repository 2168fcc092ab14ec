"""The tone of a text, by words alone."""

import unicodedata

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.sources.news import LONGEST_PHRASE, declared_lexicon, tone


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Profits surge to a record high", 1.0),
        ("Bank shares plunge after fraud probe", -1.0),
        ("Shares rally although regulators open an investigation", 0.0),
        ("Results were not strong", -1.0),
        ("The company didn't miss estimates", 1.0),
        ("Lợi nhuận quý tăng trưởng mạnh, vượt kế hoạch", 1.0),
        ("Cổ phiếu bị bán tháo, doanh nghiệp báo lỗ", -1.0),
        ("Doanh nghiệp không tăng trưởng", -1.0),
        ("Ngân hàng Nhà nước giảm lãi suất", 1.0),
        ("Ngân hàng Nhà nước tăng lãi suất", -1.0),
    ],
)
def test_words_tell_the_tone(text: str, wanted: float) -> None:
    assert tone(text) == wanted


def test_a_text_without_a_listed_word_has_no_tone_rather_than_a_neutral_one() -> None:
    assert np.isnan(tone("The annual meeting is on Tuesday"))
    assert np.isnan(tone(""))


def test_accents_written_in_either_form_are_the_same_word() -> None:
    assert tone(unicodedata.normalize("NFD", "thua lỗ")) == -1.0


@given(st.text(max_size=200))
def test_a_tone_is_within_one(text: str) -> None:
    found = tone(text)
    assert np.isnan(found) or -1.0 <= found <= 1.0


def test_the_list_is_as_large_as_it_says_and_no_word_is_on_both_sides() -> None:
    lexicon = declared_lexicon()
    sizes = (len(lexicon.en.positive), len(lexicon.en.negative), len(lexicon.vi.positive),
             len(lexicon.vi.negative), len(lexicon.negations))  # fmt: skip
    assert sizes == (127, 149, 90, 95, 17)
    for tones in (lexicon.en, lexicon.vi):
        assert len({*tones.positive, *tones.negative}) == len(tones.positive) + len(tones.negative)
        assert all(
            len(word.split()) <= LONGEST_PHRASE for word in {*tones.positive, *tones.negative}
        )
