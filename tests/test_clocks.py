"""A test on another day leaves the process's clocks where they were."""

from datetime import UTC, datetime

from langgraph.checkpoint.base.id import uuid6

from tests.clocks import LATER, at


def test_ids_made_after_a_day_travelled_to_are_of_today() -> None:
    before = uuid6().time
    with at(LATER):
        later = uuid6().time
    after = uuid6().time

    assert datetime.now(UTC).year < 2031
    assert before < after < later
