"""Leases: one holder at a time, fenced, and none held beyond its end by a clock set back."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from app.state.leases import Leases

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


class _Clock:
    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> datetime:
        return self.now

    def passes(self, **time: float) -> None:
        self.now += timedelta(**time)


@pytest.fixture
def clock() -> _Clock:
    """A clock that is set by hand."""
    return _Clock()


@pytest.fixture
def leases(tmp_path: Path, clock: _Clock) -> Iterator[Leases]:
    """Leases in a file."""
    with closing(Leases(f"sqlite:///{tmp_path / 'state.sqlite'}", clock=clock)) as held:
        yield held


def test_nobody_takes_what_another_holds_until_it_ends(leases: Leases, clock: _Clock) -> None:
    first = leases.taken("watch", "one", seconds=60)
    assert first is not None
    assert leases.taken("watch", "two", seconds=60) is None
    assert leases.taken("batch", "two", seconds=60) is not None
    clock.passes(seconds=59)
    assert leases.taken("watch", "two", seconds=60) is None
    clock.passes(seconds=1)
    second = leases.taken("watch", "two", seconds=60)
    assert second is not None
    assert second.fence > first.fence


def test_who_lost_a_lease_can_neither_renew_nor_release_it(leases: Leases, clock: _Clock) -> None:
    first = leases.taken("watch", "one", seconds=60)
    clock.passes(minutes=5)
    second = leases.taken("watch", "two", seconds=60)
    assert first is not None
    assert second is not None
    assert not leases.renewed(first, seconds=60)
    leases.released(first)
    assert leases.holds(second)
    assert not leases.holds(first)


def test_who_takes_a_lease_again_shuts_its_own_earlier_self_out(leases: Leases) -> None:
    first = leases.taken("watch", "one", seconds=60)
    again = leases.taken("watch", "one", seconds=60)
    assert first is not None
    assert again is not None
    assert not leases.holds(first)
    assert leases.holds(again)


def test_renewing_keeps_it_and_releasing_gives_it_away_at_once(
    leases: Leases, clock: _Clock
) -> None:
    lease = leases.taken("watch", "one", seconds=60)
    assert lease is not None
    clock.passes(seconds=50)
    assert leases.renewed(lease, seconds=60)
    clock.passes(seconds=50)
    assert leases.taken("watch", "two", seconds=60) is None
    leases.released(lease)
    taken = leases.taken("watch", "two", seconds=60)
    assert taken is not None
    assert taken.fence > lease.fence


def test_a_clock_set_back_holds_no_lease_open(leases: Leases, clock: _Clock) -> None:
    assert leases.taken("watch", "one", seconds=60) is not None
    clock.passes(hours=-1)
    assert leases.taken("watch", "two", seconds=60) is not None


def test_clocks_that_differ_a_little_take_nothing_from_each_other(
    leases: Leases, clock: _Clock
) -> None:
    lease = leases.taken("watch", "one", seconds=60)
    assert lease is not None
    clock.passes(seconds=-20)
    assert leases.taken("watch", "two", seconds=60) is None
    assert leases.standing("watch") == lease


def test_no_fence_comes_twice_even_where_a_lease_was_forgotten(leases: Leases) -> None:
    first = leases.taken("watch", "one", seconds=60)
    assert first is not None
    leases.ended(first)
    again = leases.taken("watch", "one", seconds=60)
    assert again is not None
    assert again.fence > first.fence
    assert not leases.holds(first)


def test_of_many_at_once_one_takes_it(leases: Leases) -> None:
    with ThreadPoolExecutor(8) as pool:
        names = [f"owner {number}" for number in range(32)]
        found = list(pool.map(lambda name: leases.taken("watch", name, seconds=60), names))
    assert sum(lease is not None for lease in found) == 1
