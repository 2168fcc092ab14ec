"""What is booked is booked once, on all accounts or on none, and never beyond a limit."""

import asyncio
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agents.toolbox.purse import Purse
from core.records.budget import Budget, Cost
from tests.servers.postgres import a_postgres

NOW = datetime(2026, 3, 21, 9, tzinfo=UTC)
ONE = Cost(calls_count=1, tokens_count=100, usd=0.1, seconds=1.5, bytes_count=10)
FREE = {"run:a": Budget(), "day:x": Budget()}


def a_purse(url: str = "sqlite://") -> Purse:
    return Purse(url, clock=lambda: NOW)


def test_a_cost_is_booked_on_every_account_and_names_the_one_that_is_short() -> None:
    purse = a_purse()
    accounts = {"run:a": Budget(), "day:x": Budget(calls_count=1)}
    assert purse.taken(accounts, ONE, run="a", name="first") is None
    assert purse.taken(accounts, ONE, run="a", name="second") == "day:x"
    assert purse.spent("run:a") == purse.spent("day:x") == ONE


def test_what_is_booked_again_under_its_name_is_booked_once() -> None:
    purse, accounts = a_purse(), {"run:a": Budget(tokens_count=100)}
    for _ in range(3):
        assert purse.taken(accounts, ONE, run="a", name="same") is None
    assert purse.spent("run:a") == ONE
    assert purse.taken(accounts, ONE, run="b", name="same") == "run:a"


def test_a_settled_booking_costs_what_it_cost_on_the_accounts_that_bore_it() -> None:
    purse = a_purse()
    purse.taken({"day:1": Budget()}, ONE, run="a", name="call")
    purse.settled({"day:2": Budget()}, {"call": Cost(tokens_count=7)}, run="a")
    assert purse.spent("day:1") == Cost(tokens_count=7)
    assert purse.spent("day:2") == Cost()


def test_what_a_day_bore_is_not_borne_again_by_the_next() -> None:
    purse = a_purse()
    run, full, tight = Budget(), Budget(calls_count=1), Budget(calls_count=0)
    purse.taken({"run:a": run, "day:1": full}, ONE, run="a", name="call")
    after = {"run:a": run, "day:2": tight}
    assert purse.taken(after, ONE, run="a", name="call") is None
    more = ONE.model_copy(update={"calls_count": 2})
    lefts: list[int | None] = []

    def choose(left: Budget) -> dict[str, Cost]:
        lefts.append(left.calls_count)
        return {"call": more}

    purse.booked(after, ("call", "next"), choose, run="a")
    assert lefts == [1]
    assert purse.spent("run:a") == purse.spent("day:1") == more
    assert purse.spent("day:2") == Cost()
    assert purse.taken(after, ONE, run="a", name="next") == "day:2"


def test_what_was_never_booked_is_booked_when_it_is_settled() -> None:
    purse = a_purse()
    purse.settled(FREE, {"seconds": Cost(seconds=2.5)}, run="a")
    purse.settled(FREE, {"seconds": Cost(seconds=4.0)}, run="a")
    assert purse.spent("run:a").seconds == 4.0


def test_what_may_be_chosen_from_still_holds_what_was_booked_under_the_same_names() -> None:
    purse, accounts = a_purse(), {"run:a": Budget(calls_count=3), "batch:b": Budget(usd=1.0)}
    seen: list[Budget] = []

    def choose(left: Budget) -> dict[str, Cost]:
        seen.append(left)
        return {"x": Cost(calls_count=2)}

    for _ in range(2):
        purse.booked(accounts, ("x", "y"), choose, run="a")
    assert [left.calls_count for left in seen] == [3, 3]
    assert seen[0].usd == 1.0
    assert purse.left(accounts).calls_count == 1
    purse.booked(accounts, ("x",), lambda _: {"x": Cost()}, run="a")
    assert purse.spent("run:a").calls_count == 2


def test_a_finished_runs_bookings_go_and_their_cost_stands_until_it_is_forgotten() -> None:
    purse = a_purse()
    purse.taken(FREE, ONE, run="a", name="call")
    purse.closed("a")
    assert purse.spent("run:a") == ONE
    assert purse.forgotten(NOW) == 0
    assert purse.forgotten(NOW + timedelta(days=1)) == 2
    assert purse.spent("run:a") == Cost()


def test_the_day_is_one_of_utc() -> None:
    late = datetime.fromisoformat("2026-03-22T01:00+07:00")
    assert Purse(clock=lambda: late).day == "day:2026-03-21"


COSTS = st.builds(
    Cost,
    calls_count=st.integers(0, 4),
    tokens_count=st.integers(0, 50),
    usd=st.integers(0, 30).map(lambda cents: cents / 100),
)


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(st.sampled_from("abc"), COSTS, COSTS), max_size=12))
def test_no_account_ever_holds_more_than_its_budget_and_all_hold_the_same(
    bookings: list[tuple[str, Cost, Cost]],
) -> None:
    purse = a_purse()
    limit = Budget(calls_count=9, tokens_count=120, usd=0.5)
    accounts = {"run:a": Budget(), "day:x": limit}
    for number, (name, most, actual) in enumerate(bookings):
        named = f"{name}{number % 5}"
        if purse.taken(accounts, most, run="a", name=named) is None and number % 2:
            fits = Cost(calls_count=min(most.calls_count, actual.calls_count))
            purse.settled(accounts, {named: fits}, run="a")
        assert limit.allows(purse.spent("day:x"))
        assert purse.spent("run:a") == purse.spent("day:x")
    purse.close()


def slow() -> datetime:
    """Return the time late: what is read stands a while before anything is written."""
    time.sleep(0.002)
    return NOW


def test_many_at_once_take_no_more_than_there_is(tmp_path: Path) -> None:
    assert taken_at_once(f"sqlite:///{tmp_path / 'l.sqlite'}") == 7


@pytest.mark.prove
def test_nor_do_they_on_postgresql() -> None:
    with a_postgres() as url:
        assert taken_at_once(url) == 7


def taken_at_once(url: str) -> int:
    """Return how many of 24 takers got a call of an account of 7."""
    accounts = {"day:x": Budget(calls_count=7)}
    purses = [Purse(url, clock=slow) for _ in range(4)]

    def take(number: int) -> bool:
        purse = purses[number % 4]
        return purse.taken(accounts, Cost(calls_count=1), run="r", name=str(number)) is None

    async def all_of_them() -> list[bool]:
        return await asyncio.gather(*(asyncio.to_thread(take, n) for n in range(24)))

    taken = sum(asyncio.run(all_of_them()))
    assert purses[0].spent("day:x").calls_count == taken
    for purse in purses:
        purse.close()
    return taken
