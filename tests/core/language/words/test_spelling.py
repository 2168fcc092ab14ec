"""Slips of the keys: what is mended, what is another word, and that it is shown."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.language.words.spelling import is_slip, meant_word
from core.language.words.vocabulary import words_known, words_meant
from tests.core.asking import UNIVERSES, asked

SECTORS = sorted(word for word in words_meant(UNIVERSES) if len(word) >= 6)


@pytest.mark.parametrize(
    ("text", "said", "sector"),
    [("How does tecnology look?", "tecnology", "technology"),
     ("outlook for utilites", "utilites", "utilities"),
     ("Are enrgy and materials leading?", "enrgy", "energy"),
     ("Is helath care cheap?", "helath care", "health_care"),
     ("How are utilitise?", "utilitise", "utilities"),
     ("cap financails at 20 %", "", "financials")],
)  # fmt: skip
def test_a_misspelt_sector_is_read_and_shown(text: str, said: str, sector: str) -> None:
    request = asked(text, "demo")
    capped = {row.sector for row in request.patch.caps} if request.patch else set()

    assert sector in {row.sector for row in request.focus} | capped
    shown = {row.value for row in request.inferred if row.field == "sector"}
    assert not said or f"{said} = demo/{sector}" in shown


def test_a_misspelt_subject_is_read_and_shown() -> None:
    request = asked("Do foriegn investors confirm it?", "demo")

    assert request.topics == ("foreign_flow",)
    assert ("topic", "foriegn investors = foreign investors") in {
        (row.field, row.value) for row in request.inferred
    }


@pytest.mark.parametrize(
    ("text", "intent", "shown"),
    [("comapre technology and energy", "compare", "comapre = compare"),
     ("reprot on the sectors", "report", "reprot = report"),
     ("explian why energy lags", "explain", "explian = explain")],
)  # fmt: skip
def test_a_misspelt_kind_of_answer_is_read_and_shown(text: str, intent: str, shown: str) -> None:
    request = asked(text, "demo")

    assert request.intent == intent
    assert shown in {row.value for row in request.inferred if row.field == "topic"}


@pytest.mark.parametrize(
    "text",
    ["whcih setcors lead", "wich sectors are leadng", "sector rotaton", "Ngành nào dãn dắt?",
     "luan chuyen nganh"],
)  # fmt: skip
def test_slips_of_common_words_leave_the_subject_known(text: str) -> None:
    assert asked(text, "demo").topics == ("rotation",)


@pytest.mark.parametrize(
    "text",
    ["Who is raking the leaves?", "Repot my plants", "Explian the offside rule to my son",
     "How do I start baking bread?", "Help me with my spelling", "An extensive list of poems",
     "The inventors met on the heath", "Who are the producers of this film?"],
)  # fmt: skip
def test_a_word_that_only_resembles_ours_makes_no_question_of_ours(text: str) -> None:
    assert asked(text, "demo").intent == "off_topic"


def test_a_misspelt_sector_is_read_again_where_the_market_changes() -> None:
    first = asked("How does tecnology look in the US?", "demo")
    request = asked("and in Vietnam?", "demo", first)

    assert [(row.universe, row.sector) for row in request.focus] == [("vn", "technology")]


@given(st.sampled_from(SECTORS), st.integers(1, 100), st.sampled_from(("swap", "drop", "double")))
def test_a_slip_inside_a_word_or_swapped_last_letters_are_a_slip_another_ending_is_none(
    word: str, place: int, how: str
) -> None:
    at = 1 + place % (len(word) - 3)
    slipped = {
        "swap": word[:at] + word[at + 1] + word[at] + word[at + 2 :],
        "drop": word[:at] + word[at + 1 :],
        "double": word[:at] + word[at] + word[at:],
    }[how]

    assert slipped == word or is_slip(slipped, word)
    assert not is_slip(word, word)
    assert is_slip(word[:-2] + word[:-3:-1], word) or word[-1] == word[-2]
    assert not is_slip(word + "x", word)
    assert not is_slip("x" + word, word)


def test_two_words_meant_alike_are_none() -> None:
    assert meant_word("banxks", ("banks", "baxks")) is None
    assert meant_word("banxks", ("banks",)) == "banks"


def test_no_word_of_either_language_is_taken_for_a_slip() -> None:
    assert words_meant(UNIVERSES) <= words_known(UNIVERSES)
