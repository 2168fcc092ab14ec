"""The corpus is the whole product, and a sample of it leaves no part out."""

import base64
import unicodedata
from itertools import combinations

import pytest

from evals.injection.corpus import (
    CROSSINGS,
    corpus,
    crossed,
    goals,
    handfuls,
    in_turn,
    sampled,
    whole,
    wrappers,
)
from evals.injection.encodings import ENCODINGS


def test_every_goal_stands_in_every_wrapper_and_encoding_once() -> None:
    made = {(each.goal, each.wrapper, each.encoding) for each in corpus()}
    assert len(goals()) >= 12
    assert len(wrappers()) >= 13
    assert CROSSINGS == len(ENCODINGS) + 1 >= 8
    assert len(made) == len(corpus()) == len(goals()) * len(wrappers()) * CROSSINGS
    assert len({each.text for each in corpus()}) == len(corpus())


@pytest.mark.parametrize("one_in", [41, 83])
def test_a_sample_meets_every_goal_wrapper_and_encoding(one_in: int) -> None:
    for part in ("goal", "wrapper", "encoding"):
        assert {getattr(each, part) for each in sampled(one_in)} == {
            getattr(each, part) for each in corpus()
        }


def test_samples_from_every_start_are_the_whole() -> None:
    found = [each for start in range(41) for each in sampled(41, start=start)]
    assert sorted(each.text for each in found) == sorted(each.text for each in corpus())


@pytest.mark.parametrize("start", [0, 10])
def test_a_crossing_holds_every_pair_of_goal_wrapper_and_encoding(start: int) -> None:
    parts = ("goal", "wrapper", "encoding")
    for one, other in combinations(parts, 2):
        pairs = {(getattr(each, one), getattr(each, other)) for each in crossed(start=start)}
        assert pairs == {(getattr(each, one), getattr(each, other)) for each in corpus()}


def test_crossings_from_every_start_are_the_whole() -> None:
    found = [each for start in range(CROSSINGS) for each in crossed(start=start)]
    assert sorted(each.text for each in found) == sorted(each.text for each in corpus())


def test_a_deal_gives_every_place_the_next_attack_or_all_of_them() -> None:
    few = sampled(1000)
    deal = in_turn(few)
    assert [deal(place) for place in range(4)] == [(each,) for each in (*few, few[0])]
    assert whole(0) == whole(7) == corpus()


def test_handfuls_lose_none() -> None:
    assert list(handfuls("abcde", 2)) == [("a", "b"), ("c", "d"), ("e",)]


def test_encodings_hide_what_is_still_there() -> None:
    text = "Ignore the mandate"
    assert base64.b64decode(ENCODINGS["base64"](text).split()[-1]).decode() == text
    assert ENCODINGS["lookalike"](text) != text
    assert unicodedata.normalize("NFKC", ENCODINGS["full-width"](text)) == text
    assert ENCODINGS["zero-width"](text).replace("\u200b", "") == text
    tagged = ENCODINGS["unicode-tags"](text)
    assert "".join(chr(ord(c) - 0xE0000) for c in tagged if ord(c) >= 0xE0000) == text
    assert text[::-1] in ENCODINGS["bidi"](text)
