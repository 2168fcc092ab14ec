"""Folding: characters that print nothing part no word and are not shown back."""

from hypothesis import given
from hypothesis import strategies as st

from core.language.words.fold import fold, seen
from tests.core.asking import asked

UNSEEN = "\u200b\u200d\u00ad\u202e\u2066\ufeff\U000e0041"


@given(st.lists(st.tuples(st.integers(0, 30), st.sampled_from(UNSEEN)), max_size=8))
def test_unseen_characters_change_no_folded_word(inserted: list[tuple[int, str]]) -> None:
    text = "Which US tech sectors lead now?"
    hidden = text
    for at, character in inserted:
        hidden = hidden[:at] + character + hidden[at:]

    assert fold(hidden).text == fold(text).text
    assert seen(hidden) == text


def test_a_hidden_character_is_not_shown_back_with_the_users_word() -> None:
    (focus,) = asked("RRG of te\u202ech\u200b", "demo").focus

    assert (focus.sector, focus.said) == ("technology", "tech")


def test_every_folded_character_knows_where_it_stood() -> None:
    folded = fold("Ngân\u200b hàng − 5")

    assert folded.text == "ngan hang - 5"
    assert folded.source[folded.positions[5]] == "h"
