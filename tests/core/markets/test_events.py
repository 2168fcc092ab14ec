"""Dated events that move foreign flow for reasons of their own."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from core.markets.events import events_between, planned_day
from core.records.universe import EventPlan
from tests.core.markets.test_universes import shipped

VN = shipped("vn")


def days(first: date, last: date) -> list[tuple[str, date]]:
    return [(event.kind, event.period) for event in events_between(VN, first, last)]


def test_a_year_has_two_index_reviews_and_four_fund_rebalances() -> None:
    assert days(date(2024, 1, 1), date(2024, 12, 31)) == [
        ("index_review", date(2024, 2, 5)),
        ("fund_rebalance", date(2024, 3, 15)),
        ("fund_rebalance", date(2024, 6, 21)),
        ("index_review", date(2024, 8, 5)),
        ("fund_rebalance", date(2024, 9, 20)),
        ("fund_rebalance", date(2024, 12, 20)),
    ]


def test_the_inclusion_of_2026_is_an_event_of_its_own_day() -> None:
    assert ("index_inclusion", date(2026, 9, 21)) in days(date(2026, 9, 21), date(2026, 9, 21))
    assert days(date(2026, 9, 22), date(2026, 9, 30)) == []


def test_a_review_in_tet_comes_into_force_on_the_next_session() -> None:
    """The first Monday of February 2019 was the eve of Tet."""
    assert days(date(2019, 1, 28), date(2019, 2, 10)) == []
    assert days(date(2019, 2, 11), date(2019, 2, 11)) == [("index_review", date(2019, 2, 11))]


def test_a_day_the_calendar_does_not_cover_stays_as_planned() -> None:
    assert days(date(2027, 2, 1), date(2027, 2, 5)) == [("index_review", date(2027, 2, 1))]


@given(st.integers(2000, 2050), st.integers(1, 12))
def test_a_rule_names_the_day_it_says(year: int, month: int) -> None:
    monday, friday = (
        planned_day("first_monday", year, month),
        planned_day("third_friday", year, month),
    )
    assert (monday.weekday(), monday.month) == (0, month)
    assert 1 <= monday.day <= 7
    assert (friday.weekday(), friday.month) == (4, month)
    assert 15 <= friday.day <= 21


@pytest.mark.parametrize(
    "told",
    [{}, {"months": (3,)}, {"rule": "first_monday"}, {"months": (13,), "rule": "first_monday"},
     {"months": (3,), "rule": "first_monday", "dates": (date(2026, 1, 5),)}],
)  # fmt: skip
def test_an_event_needs_months_with_a_rule_or_dates(told: dict[str, object]) -> None:
    fields = {"kind": "index_review", "name_en": "x", "name_vi": "x", **told}
    with pytest.raises(ValidationError, match="event x"):
        EventPlan.model_validate(fields)
