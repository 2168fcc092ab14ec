"""Pointers into records: where they lead, and whether a fact still stands there."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.facts import trade_facts
from core.pointers import holds, resolve
from tests.core.desk_records import PLAN


def test_resolve_follows_the_standard_and_refuses_what_is_not_there() -> None:
    assert resolve("/sectors/0/sector", PLAN) == "banks"
    assert resolve("/settles", PLAN) == "2025-01-03"
    assert resolve("", PLAN) == PLAN.model_dump(mode="json")
    for bad in ("sectors", "/sectors/1", "/sectors/-1", "/sectors/00", "/sectors/0/none",
                "/model_fields"):  # fmt: skip
        with pytest.raises(KeyError):
            resolve(bad, PLAN)


@given(st.text(max_size=30))
def test_any_pointer_resolves_or_is_a_key_error(pointer: str) -> None:
    try:
        resolve(pointer, PLAN)
    except KeyError:
        return
    assert pointer == "" or pointer.startswith("/")


def test_a_fact_stands_where_it_was_drawn_and_falls_when_changed() -> None:
    for fact in trade_facts(PLAN):
        assert holds(fact, PLAN), fact.id
        if fact.value is not None:
            assert not holds(fact.model_copy(update={"value": fact.value + 0.1}), PLAN)
        assert not holds(fact.model_copy(update={"pointer": None}), PLAN)
        assert not holds(fact.model_copy(update={"pointer": "/nowhere"}), PLAN)
