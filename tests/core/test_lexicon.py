"""What a sentence may not say outside its slots."""

from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.language.checkable import FORBIDDEN, TERMS
from core.lexicon import forbidden_outside_slots, names_outside_slots
from core.markets.universe import parse_universe
from core.records.request import Language

LANGUAGES: tuple[Language, ...] = ("en", "vi")
US, VN = (
    parse_universe(files("core.universes").joinpath(f"{name}.toml").read_text("utf-8"))
    for name in ("us", "vn")
)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("{entity} is {comparator} {value} against the benchmark.", "en"),
        ("Foreign investors confirm {entity}: {value_2}, by {date}.", "en"),
        ("{universe}: the S&P 500 and 12-month momentum stand beside it.", "en"),
        ("{entity} ở trạng thái {value}; khối ngoại ủng hộ.", "vi"),
        ("Tỷ trọng của {entity} là {value}, so với chỉ số VN30.", "vi"),
        ("{entity}: {value}", "vi"),
    ],
)
def test_a_sentence_that_claims_only_by_slots_passes(text: str, language: Language) -> None:
    assert forbidden_outside_slots(text, language) == []


@pytest.mark.parametrize(
    ("text", "language", "found"),
    [
        ("{entity} gained 5 points", "en", ["gained", "5", "points"]),
        ("{entity} ROSE to {value}", "en", ["rose"]),
        ("twenty-one sectors", "en", ["twenty", "one"]),
        ("the ｔｗｏ sectors", "en", ["two"]),
        ("the hïghest value", "en", ["hïghest"]),
        ("{entity} isn’t {value}", "en", ["isn't"]),
        ("{entity} tăng mạnh nhất", "vi", ["tăng", "mạnh", "nhất"]),
        ("{entity} tang manh nhat", "vi", ["tang", "manh", "nhat"]),
        ("hai ngành và mười hai tháng", "vi", ["hai", "mười"]),
        ("{entity} không {value}", "vi", ["không"]),
        ("khối ngoại outperform", "vi", ["outperform"]),
        ("{entity} tăng", "en", ["tăng"]),
    ],
)
def test_the_words_found_are_named(text: str, language: Language, found: list[str]) -> None:
    assert forbidden_outside_slots(text, language) == found


@pytest.mark.parametrize(
    "text",
    [
        "{entity} at ５", "{entity} at ٣", "{entity} at ½", "{entity} at 三", "{entity} at Ⅻ",
        "phase II", "see http://example.com/x", "mail a@b.c", "visit www.x", "visit evil.io now",
        "[click](x)", "<b>{entity}</b>", "**{entity}**", "{entity} +{value}", "{value} %",
        "▲ {entity}",
        "{entity} 📈", "${value}", "{entity", "{entity!r}", "{0}", "hidden\u200bmark",
        "flip\u202etext",
        "nul\x00", "выше", "νικη", "javascript:x",
    ],
)  # fmt: skip
def test_numbers_addresses_marks_and_other_scripts_are_found(text: str) -> None:
    for language in LANGUAGES:
        assert forbidden_outside_slots(text, language) != []


@pytest.mark.parametrize("language", ["en", "vi"])
def test_every_forbidden_phrase_is_found_in_any_case_and_between_slots(language: Language) -> None:
    for phrase in FORBIDDEN[language]:
        if phrase in TERMS[language]:
            continue
        for said in (phrase, phrase.upper(), phrase.capitalize()):
            assert forbidden_outside_slots(f"{{entity}} {said} {{value}}", language), said


@pytest.mark.parametrize("language", ["en", "vi"])
def test_every_term_may_stand(language: Language) -> None:
    for term in TERMS[language]:
        assert forbidden_outside_slots(f"{{entity}}, {term}: {{value}}", language) == [], term


def test_words_that_only_contain_a_forbidden_word_may_stand() -> None:
    assert forbidden_outside_slots("{entity} supports investors in context", "en") == []
    assert forbidden_outside_slots("{entity} có đầu tư và tình hình chung", "vi") == []


@given(st.text(max_size=60))
def test_no_digit_of_any_script_passes(text: str) -> None:
    for language in LANGUAGES:
        if any(mark.isnumeric() for mark in text):
            outside = forbidden_outside_slots(text.replace("{", "("), language)
            assert outside or "12" in text or "13" in text


def test_a_slot_mark_cannot_be_forged() -> None:
    assert forbidden_outside_slots("a\x1fb", "en") != []


def test_names_outside_slots_are_found_in_any_spelling() -> None:
    assert names_outside_slots("{entity} and the Energy sector with XLK", US) == ["energy", "xlk"]
    assert names_outside_slots("{entity} cùng ngan hang", VN) == ["ngan hang"]
    assert names_outside_slots("{entity} confirms my view", US) == []
