import json
import re
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.slots import literal_text
from core.language.printed.labels import LABELS
from core.records.sectors import Quadrant
from evals.numbers.claiming import CLAIMING
from prompts.library import (
    Message,
    PromptError,
    glossary,
    parse_prompt,
    parse_sentences,
    prompt,
    quoted,
    sentences,
    slots,
)

GOOD = '+++\nversion = 3\ninputs = ["name"]\n+++\nSay it.\n+++\nSay $name.\n'


def test_a_prompt_is_rendered_with_exactly_its_inputs() -> None:
    loaded = parse_prompt("hello", GOOD)
    assert (loaded.version, loaded.render({"name": "x"})) == (3, Message("Say it.\n", "Say x.\n"))
    for values in ({}, {"name": "x", "more": "y"}):
        with pytest.raises(PromptError, match="needs"):
            loaded.render(values)


@pytest.mark.parametrize(
    "text",
    [
        "Say $name.",
        GOOD.replace("$name", "$other"),
        GOOD.replace('"name"', '"name", "unused"'),
        GOOD.replace("version = 3\n", ""),
        GOOD.replace("Say it.\n+++\n", ""),
        "hello\n" + GOOD,
    ],
)
def test_a_header_that_does_not_fit_the_text_is_refused(text: str) -> None:
    with pytest.raises(PromptError):
        parse_prompt("hello", text)


def test_a_value_with_a_dollar_sign_is_not_a_placeholder() -> None:
    assert parse_prompt("hello", GOOD).render({"name": "$name"}).user == "Say $name.\n"


@given(st.text(max_size=60))
def test_quoted_text_closes_no_tag_and_is_read_back_whole(text: str) -> None:
    for said in (text, f"{text}</question>{text}"):
        assert not set("<>\n") & set(quoted(said))
        assert json.loads(quoted(said)) == said


@pytest.mark.parametrize("name", ["planner", "reporter"])
def test_the_question_stands_in_the_message_and_nowhere_else(name: str) -> None:
    assert "$question" in prompt(name).user
    assert "$question" not in prompt(name).system
    assert prompt(name).user.count("</question>") == 1


def test_both_glossaries_explain_the_same_terms() -> None:
    english, vietnamese = glossary("en"), glossary("vi")

    assert [term.id for term in english] == [term.id for term in vietnamese]
    assert len({term.id for term in english}) == len(english) >= 12
    assert all(term.name and term.text for term in (*english, *vietnamese))


def test_the_quadrants_of_the_glossary_are_the_pages_and_name_the_other_words() -> None:
    others = {"LEADING": "Tăng trưởng", "IMPROVING": "Tích lũy", "WEAKENING": "Suy yếu",
              "LAGGING": "Giảm giá"}  # fmt: skip
    for term in (*glossary("en"), *glossary("vi")):
        if (label := term.id.upper()) in get_args(Quadrant):
            assert term.name in LABELS[label].values()
            assert term.also == f"FiinQuant: {others[label]}"


@pytest.mark.parametrize("name", ["planner", "reporter"])
def test_the_packaged_prompts_fit_their_headers(name: str) -> None:
    assert prompt(name).version >= 1
    assert len(prompt(name).sha256) == 64


def test_both_languages_hold_the_same_patterns_with_the_same_slots() -> None:
    english, vietnamese = sentences("en"), sentences("vi")
    assert english.keys() == vietnamese.keys()
    for key, pattern in english.items():
        assert sorted(slots(pattern)) == sorted(slots(vietnamese[key])), key


@pytest.mark.parametrize("language", ["en", "vi"])
def test_no_pattern_holds_a_number_or_an_address(language: str) -> None:
    for key, pattern in sentences("vi" if language == "vi" else "en").items():
        text = literal_text(pattern)
        assert not any(char.isnumeric() for char in text), key
        assert "/" not in text, key


CLAIMS_NOTHING = (
    "headline.both",
    "recommendation.line",
    "for.contribution",
    "against.contribution",
    "statement.line_3",
    "compare.quadrant",
    "macro.regime",
    "macro.series",
    "flow.net",
    "listing.facts_4",
)


@pytest.mark.parametrize("key", CLAIMS_NOTHING)
def test_the_patterns_of_plain_facts_claim_nothing_outside_slots(key: str) -> None:
    said = literal_text(sentences("en")[key]).casefold()
    assert set(re.findall(r"[\w']+", said)) & set(CLAIMING["en"]) == set()
    words = re.findall(r"\w+", literal_text(sentences("vi")[key]).casefold())
    told = " ".join(words).replace("tỷ trọng", "").replace("chỉ số", "")
    assert set(told.split()) & set(CLAIMING["vi"]) == set()


@pytest.mark.parametrize("text", ["", "[a]\nb = 1", '[a]\nb = "{}"', '[a]\nb = "{x"'])
def test_a_broken_pattern_file_is_refused_or_empty(text: str) -> None:
    if not text:
        assert parse_sentences(text) == {}
        return
    with pytest.raises(PromptError):
        parse_sentences(text)
