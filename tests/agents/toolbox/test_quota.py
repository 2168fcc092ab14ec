"""Calls are granted so many a minute and a day, whoever asks; waiting has an end."""

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.toolbox.quota import MARGIN, MINUTE, Left, Quota
from core.errors import CallerError
from tests.agents.toolbox.at_once import at_once

NOON = datetime(2026, 3, 20, 12, tzinfo=UTC)


class Clock:
    """A clock that moves when it is told to, and when someone sleeps."""

    def __init__(self, now: datetime = NOON) -> None:
        self.now, self.slept = now, 0.0

    def __call__(self) -> datetime:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self.slept += seconds
        self.now += timedelta(seconds=seconds)


def a_quota(clock: Clock, url: str = "sqlite://") -> Quota:
    return Quota(url, clock=clock, sleep=clock.sleep)


def granted(quota: Quota, count: int, **limits: int | None) -> list[bool]:
    whole = {"a_minute": None, "a_day": None} | limits
    return [quota.take("vimo", **whole).granted for _ in range(count)]


def test_a_server_without_limits_is_never_refused_and_nothing_is_counted() -> None:
    quota = a_quota(Clock())
    assert all(granted(quota, 10))
    assert quota.left("vimo", a_minute=3, a_day=50) == Left(3, 50)


def test_the_fourth_call_of_a_minute_is_told_how_long_to_wait() -> None:
    clock = Clock()
    quota = a_quota(clock)
    assert granted(quota, 3, a_minute=3) == [True] * 3
    clock.now += timedelta(seconds=20)
    taken = quota.take("vimo", a_minute=3, a_day=None)
    assert not taken.granted
    assert taken.spent_until is None
    assert taken.wait_seconds == pytest.approx((MINUTE + MARGIN).total_seconds() - 20)
    clock.now += timedelta(seconds=taken.wait_seconds + 0.001)
    assert quota.take("vimo", a_minute=3, a_day=None).granted


def test_a_spent_day_says_when_the_next_begins_in_utc() -> None:
    clock = Clock()
    quota = a_quota(clock)
    assert granted(quota, 6, a_day=5) == [True] * 5 + [False]
    taken = quota.take("vimo", a_minute=3, a_day=5)
    assert taken.spent_until == datetime(2026, 3, 21, tzinfo=UTC)
    clock.now = datetime(2026, 3, 20, 23, 59, 59, tzinfo=UTC)
    assert not quota.take("vimo", a_minute=None, a_day=5).granted
    clock.now += timedelta(seconds=1)
    assert quota.take("vimo", a_minute=None, a_day=5).granted


def test_the_minute_goes_on_over_midnight() -> None:
    clock = Clock(datetime(2026, 3, 20, 23, 59, 50, tzinfo=UTC))
    quota = a_quota(clock)
    assert granted(quota, 2, a_minute=3, a_day=50) == [True] * 2
    clock.now += timedelta(seconds=20)
    assert quota.left("vimo", a_minute=3, a_day=50) == Left(1, 50)
    assert granted(quota, 2, a_minute=3, a_day=50) == [True, False]
    assert quota.left("vimo", a_minute=3, a_day=50) == Left(0, 49)


def test_one_server_does_not_spend_another_ones_calls() -> None:
    quota = a_quota(Clock())
    granted(quota, 5, a_day=5)
    assert quota.take("other", a_minute=1, a_day=5).granted
    assert quota.left("other", a_minute=1, a_day=5) == Left(0, 4)


def test_a_clock_set_back_makes_nobody_wait_longer_than_a_minute() -> None:
    clock = Clock()
    quota = a_quota(clock)
    granted(quota, 3, a_minute=3)
    clock.now -= timedelta(hours=5)
    taken = quota.take("vimo", a_minute=3, a_day=None)
    assert not taken.granted
    assert taken.wait_seconds <= (MINUTE + MARGIN).total_seconds()


def paced(quota: Quota, seconds: float, **limits: int | None) -> bool:
    whole = {"a_minute": None, "a_day": None} | limits
    return asyncio.run(quota.paced("vimo", patience_seconds=seconds, **whole)).granted


def test_pacing_waits_for_the_minute_but_not_beyond_its_patience() -> None:
    clock = Clock()
    quota = a_quota(clock)
    assert [paced(quota, 120.0, a_minute=2) for _ in range(4)] == [True] * 4
    assert 61.0 <= clock.slept < 62.0
    slept = clock.slept
    assert not paced(quota, 5.0, a_minute=2)
    assert clock.slept == slept


def test_pacing_does_not_wait_for_tomorrow() -> None:
    clock = Clock()
    quota = a_quota(clock)
    granted(quota, 2, a_day=2)
    assert not paced(quota, 1e9, a_day=2)
    assert clock.slept == 0.0


def test_a_time_holds_as_many_calls_as_whole_minutes_begin_in_it() -> None:
    quota = a_quota(Clock())
    limits = {"a_minute": 3, "a_day": 50}
    assert [quota.within("vimo", seconds=s, **limits) for s in (0, 60.9, 61, 121.9, 122)] == [
        3, 3, 6, 6, 9,
    ]  # fmt: skip
    assert quota.within("vimo", seconds=1e6, **limits) == 50
    assert quota.within("vimo", a_minute=None, a_day=50, seconds=0) == 50
    assert quota.within("vimo", a_minute=None, a_day=None, seconds=0) is None


@given(
    gaps=st.lists(st.floats(min_value=0.0, max_value=90.0), min_size=1, max_size=40),
    a_minute=st.integers(min_value=1, max_value=5),
    a_day=st.integers(min_value=1, max_value=20),
)
def test_no_minute_and_no_day_ever_holds_more_than_is_allowed(
    gaps: list[float], a_minute: int, a_day: int
) -> None:
    clock = Clock(datetime(2026, 3, 20, 23, 50, tzinfo=UTC))
    quota, taken = a_quota(clock), list[datetime]()
    for gap in gaps:
        clock.now += timedelta(seconds=gap)
        if quota.take("vimo", a_minute=a_minute, a_day=a_day).granted:
            taken.append(clock.now)
    quota.close()
    for start in taken:
        assert sum(start <= moment < start + MINUTE for moment in taken) <= a_minute
    for day in {moment.date() for moment in taken}:
        assert sum(moment.date() == day for moment in taken) <= a_day


@pytest.mark.prove
@given(
    before=st.integers(min_value=0, max_value=6),
    a_minute=st.integers(min_value=1, max_value=5),
    a_day=st.integers(min_value=1, max_value=30),
    seconds=st.floats(min_value=0.0, max_value=400.0),
)
def test_what_fits_into_a_time_is_what_pacing_then_gets(
    before: int, a_minute: int, a_day: int, seconds: float
) -> None:
    clock = Clock()
    quota = a_quota(clock)
    granted(quota, before, a_minute=a_minute, a_day=a_day)
    promised = quota.within("vimo", a_minute=a_minute, a_day=a_day, seconds=seconds)
    end, got = clock.now + timedelta(seconds=seconds + 0.1), 0
    while paced(quota, max((end - clock.now).total_seconds(), 0.0), a_minute=a_minute, a_day=a_day):
        got += 1
    quota.close()
    assert got == promised


def test_a_database_that_cannot_be_shared_safely_is_refused() -> None:
    with pytest.raises(CallerError, match="postgresql"):
        Quota("mysql+pymysql://nobody:hush@localhost/calls", clock=Clock())


TAKER = """
import sys
from datetime import UTC, datetime
from agents.toolbox.quota import Quota

quota = Quota(sys.argv[1], clock=lambda: datetime(2026, 3, 20, 12, tzinfo=UTC))
print("ready", flush=True)
sys.stdin.readline()
print(sum(quota.take("vimo", a_minute=None, a_day=int(sys.argv[2])).granted for _ in range(40)))
"""


def taken_by_processes(url: str, *, a_day: int, processes: int) -> list[int]:
    """Return how many of 40 calls each process was granted, all asking at once."""
    return [int(said) for said in at_once(TAKER, [(url, str(a_day))] * processes)]


def test_two_processes_together_are_granted_the_day_and_not_one_call_more(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'ledger.sqlite'}"
    assert sum(taken_by_processes(url, a_day=50, processes=2)) == 50
    assert a_quota(Clock(), url).left("vimo", a_minute=None, a_day=50).today == 0


@pytest.mark.prove
def test_eight_processes_together_are_granted_the_day_and_not_one_call_more(tmp_path: Path) -> None:
    for attempt in range(5):
        url = f"sqlite:///{tmp_path / f'ledger{attempt}.sqlite'}"
        assert sum(taken_by_processes(url, a_day=150, processes=8)) == 150
