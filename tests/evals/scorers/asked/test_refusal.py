"""A refusal that says a number, decides something or leads nowhere is found."""

from typing import get_args

import pytest

from core.language.words.refusals import Refusal, refusal
from core.records.request import Language
from evals.records import Expected
from tests.evals.scorers.given import NAMED, a_refusal, a_report, refused, said, score, value

REFUSED = Expected(refuses=True)
BARE: frozenset[Refusal] = frozenset({"not_text"})
"""Refusals that name what cannot be taken, and nothing that can."""
SAID = dict.fromkeys(("cap", "floor", "length", "limit", "count"), "4") | dict.fromkeys(
    ("said", "meant", "served", "universes", "known", "since", "until"), "x"
)


@pytest.mark.parametrize("language", ["en", "vi"])
def test_a_refusal_says_no_number_and_what_can_be_asked(language: str) -> None:
    assert value("refusal", a_refusal(language), expected=REFUSED) == 1.0
    assert score("refusal", a_report(language)).value is None


def test_an_answer_where_none_should_be_is_found() -> None:
    assert value("refusal", a_report(), expected=REFUSED) < 0.5


def test_a_recommendation_in_a_refusal_is_found() -> None:
    decided = said(a_refusal(), "This is the one.", section="recommendation")
    assert value("refusal", decided, expected=REFUSED) == 0.8
    weighed = a_refusal().model_copy(update={"allocations": a_report().allocations})
    assert value("refusal", weighed, expected=REFUSED) == 0.8


def test_a_number_in_a_refusal_is_found() -> None:
    numbered = said(a_refusal(), "About 1,300 perhaps.")
    assert value("refusal", numbered, expected=REFUSED) < 1.0


def test_a_refusal_that_leads_nowhere_is_found() -> None:
    bare = a_refusal().model_copy(update={"sentences": ()})
    assert value("refusal", said(bare, "No."), expected=REFUSED) < 1.0
    assert NAMED["refusal"](refused("No.", REFUSED)).value == 0.5


@pytest.mark.parametrize("language", get_args(Language))
@pytest.mark.parametrize("reason", get_args(Refusal))
def test_refused_words_say_what_was_expected(reason: Refusal, language: Language) -> None:
    told = f"RequestError: {refusal(reason, language, **SAID)}"
    assert NAMED["refusal"](refused(told, REFUSED)).value == (0.5 if reason in BARE else 1.0)


def test_limits_that_cannot_hold_say_which_to_loosen() -> None:
    told = "MandateError: mandate house: cap 10 % cannot hold; raise it to 12 %"
    assert NAMED["refusal"](refused(told, REFUSED)).value == 1.0


@pytest.mark.parametrize(
    "error",
    [
        "ProviderError: the server is known to fail, ask again",
        "DataError: no such column name",
        "boom: we give up to 4",
        "RequestError: the server is known to fail, and names give in",
    ],
)
def test_a_failure_is_no_way_on(error: str) -> None:
    assert NAMED["refusal"](refused(error, REFUSED)).value == 0.5
