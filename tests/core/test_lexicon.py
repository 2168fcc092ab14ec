"""What a model's sentence may not say outside its slots."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.language.printed.connecting import CONNECTING
from core.lexicon import forbidden_outside_slots
from core.records.request import Language
from evals.numbers.claiming import CLAIMING

LANGUAGES: tuple[Language, ...] = ("en", "vi")


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("For {entity}, the {measure} stands at {value} as of {date}.", "en"),
        ("{entity}'s {measure} is {value} against {benchmark}; {measure_2} is {value_2}.", "en"),
        ("With {entity}: {measure} ({value}), also {measure_2} ({value_2}).", "en"),
        ("Với {entity}, {measure} đang ở mức {value} tính đến {date}.", "vi"),
        ("{entity}: {measure} {value} so với {benchmark}, còn {measure_2} là {value_2}.", "vi"),
    ],
)  # fmt: skip
def test_a_sentence_that_claims_only_by_slots_passes(text: str, language: Language) -> None:
    assert forbidden_outside_slots(text, language) == []


@pytest.mark.parametrize(
    ("text", "language", "found"),
    [
        ("{entity} gained 5 points", "en", ["5", "gained", "points"]),
        ("{entity} ROSE to {value}", "en", ["rose", "to"]),
        ("the ｔｗｏ of {entity}", "en", ["ｔｗｏ"]),
        ("{entity} is the hïghest", "en", ["hïghest"]),
        ("{entity} isn’t {value}", "en", ["isn’t"]),
        ("{entity} tăng mạnh nhất", "vi", ["tăng", "mạnh", "nhất"]),
        ("{entity} o muc {value}", "vi", ["o", "muc"]),
        ("{entity} stands at {value}", "vi", ["stands", "at"]),
        ("{entity} ở mức {value}", "en", ["ở", "mức"]),
        ("{entity} as of {value}", "en", ["as"]),
        ("{measure} {value} against {entity}", "en", ["against"]),
        ("{entity} at -{value}", "en", ["-{value}"]),
        ("{value}–{value_2}", "en", ["{value}–{value_2}"]),
        ("{value},{value_2}", "en", ["{value},{value_2}"]),
        ("{value}{value_2}", "en", ["{value}{value_2}"]),
    ],
)
def test_what_is_found_is_named(text: str, language: Language, found: list[str]) -> None:
    assert forbidden_outside_slots(text, language) == found


@pytest.mark.parametrize(
    "text",
    [
        "{entity} at ５", "{entity} at ٣", "{entity} at ½", "{entity} at 三", "{entity} at Ⅻ",
        "phase II", "see http://example.com/x", "mail a@b.c", "visit www.x", "visit evil.io now",
        "[click](x)", "<b>{entity}</b>", "**{entity}**", "{entity} +{value}", "{value} %",
        "▲ {entity}", "{entity} 📈", "${value}", "{entity", "{entity!r}", "{0}",
        "the\u200bthe", "the\u202ethe", "nul\x00", "выше", "νικη", "javascript:x", "the\nthe",
        "the\tthe", "the.the", "{entity}?", "the/the", "thе",  # the last е is Cyrillic
    ],
)  # fmt: skip
def test_numbers_addresses_marks_and_other_scripts_are_found(text: str) -> None:
    for language in LANGUAGES:
        assert forbidden_outside_slots(text, language) != []


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_word_that_claims_something_may_stand(language: Language) -> None:
    for phrase in CLAIMING[language]:
        for said in (phrase, phrase.upper(), phrase.capitalize()):
            assert forbidden_outside_slots(f"{{entity}} {said} {{value}}", language), said


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_connecting_phrase_may_stand_in_any_case(language: Language) -> None:
    for phrase in CONNECTING[language]:
        for said in (phrase, phrase.capitalize()):
            assert forbidden_outside_slots(f"{{entity}}, {said}: {{value}}", language) == [], said


@given(st.text(max_size=60))
def test_no_digit_of_any_script_passes(text: str) -> None:
    for language in LANGUAGES:
        if any(mark.isnumeric() for mark in text):
            assert forbidden_outside_slots(text.replace("{", "("), language)


@given(st.text(alphabet=st.characters(codec="utf-8"), min_size=1, max_size=12))
def test_only_connecting_words_pass(word: str) -> None:
    known = {part for phrase in CONNECTING["en"] for part in phrase.split()}
    if not forbidden_outside_slots(word, "en"):
        assert {part.strip("(),.;:").casefold() for part in word.split(" ") if part} <= known
