from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.watching.records import QuietHours, Slot
from app.watching.slots import Grid
from core.errors import DataError
from tests.app.watching.watched import EVERY, UNIVERSES, grid

HANOI, NEW_YORK = ZoneInfo("Asia/Ho_Chi_Minh"), ZoneInfo("America/New_York")
TUESDAY = date(2026, 3, 3)


def local(slots: tuple[Slot, ...], zone: ZoneInfo) -> list[str]:
    return [f"{slot.at.astimezone(zone):%H:%M}" for slot in slots]


def test_hose_is_looked_at_from_its_opening_to_the_foreigners_figures_but_not_at_lunch() -> None:
    slots = grid("vn").of_day(TUESDAY)
    told = local(slots, HANOI)
    assert (told[0], told[-1]) == ("09:00", "18:30")
    assert not [at for at in told if "11:30" <= at < "13:00"]
    assert {"11:15", "13:00", "14:45", "15:00", "18:15"} <= set(told)
    assert [slot.digest for slot in slots] == [False] * (len(slots) - 1) + [True]


def test_holidays_weekends_and_tet_have_no_slot() -> None:
    for day in (date(2026, 2, 17), date(2026, 3, 7), date(2026, 1, 1)):
        assert grid("vn").of_day(day) == ()


def test_a_half_day_of_new_york_ends_early() -> None:
    assert local(grid("us").of_day(date(2026, 11, 27)), NEW_YORK)[-1] == "14:45"
    assert local(grid("us").of_day(TUESDAY), NEW_YORK)[-1] == "17:45"


@pytest.mark.parametrize(
    ("before", "after", "hours"),
    [(date(2026, 3, 6), date(2026, 3, 9), -1), (date(2026, 10, 30), date(2026, 11, 2), 1)],
    ids=["clocks forward", "clocks back"],
)
def test_new_yorks_slots_keep_their_local_times_over_a_change_of_clocks(
    before: date, after: date, hours: int
) -> None:
    first, second = (grid("us").of_day(day) for day in (before, after))
    assert local(first, NEW_YORK) == local(second, NEW_YORK)
    moved = {b.at.time().hour - a.at.time().hour for a, b in zip(first, second, strict=True)}
    assert moved <= {hours, hours - 24, hours + 24}


@pytest.mark.parametrize("quiet", ["02:30", "01:30"])
def test_a_waking_in_an_hour_that_is_skipped_or_repeated_is_one_slot(quiet: str) -> None:
    hours = QuietHours(since="00:30", until=quiet)
    planned = Grid(UNIVERSES["demo"], every=EVERY, quiet=hours, zone="America/New_York")
    for friday in (date(2026, 3, 6), date(2026, 10, 30)):
        span = [slot.at for n in range(5) for slot in planned.of_day(friday + timedelta(days=n))]
        assert span == sorted(set(span))


def test_quiet_hours_over_midnight_hold_both_sides_and_end_with_a_slot() -> None:
    hours = QuietHours(since="22:00", until="07:00")
    planned = grid("vn", quiet=hours)
    assert local(planned.of_day(TUESDAY), HANOI)[-2:] == ["18:30", "07:00"]
    held = {at: planned.quiet(datetime.combine(TUESDAY, at, HANOI)) for at in
            (time(21, 59), time(22), time(3), time(6, 59), time(7))}  # fmt: skip
    assert list(held.values()) == [False, True, True, True, False]


def test_the_end_of_quiet_hours_follows_every_session_on_the_desks_own_days() -> None:
    hours = QuietHours(since="22:00", until="07:00")
    planned = Grid(UNIVERSES["us"], every=EVERY, quiet=hours, zone="Asia/Ho_Chi_Minh")
    friday = planned.of_day(date(2026, 3, 6))
    assert f"{friday[-1].at.astimezone(HANOI):%a %H:%M}" == "Sat 07:00"
    within = QuietHours(since="03:00", until="10:10")
    assert local(grid("vn", quiet=within).of_day(TUESDAY), HANOI)[-1] == "18:30"
    assert "10:10" in local(grid("vn", quiet=within).of_day(TUESDAY), HANOI)


def test_what_is_over_is_told_by_the_close_and_not_by_the_calendar() -> None:
    planned = grid("vn")
    morning = datetime(2026, 3, 3, 10, tzinfo=HANOI)
    assert planned.last_session(morning) == date(2026, 3, 2)
    assert planned.last_session(datetime(2026, 3, 3, 14, 45, tzinfo=HANOI)) == TUESDAY
    assert planned.last_digest(morning) == datetime(2026, 3, 2, 18, 30, tzinfo=HANOI)


def test_a_year_no_calendar_covers_is_refused() -> None:
    with pytest.raises(DataError, match="does not cover 2031"):
        grid("vn").following(datetime(2031, 3, 3, tzinfo=UTC))


@settings(max_examples=25)
@given(
    name=st.sampled_from(["vn", "us", "demo", "europe"]),
    start=st.datetimes(datetime(2025, 1, 5), datetime(2026, 11, 20)),  # noqa: DTZ001 - made UTC
    parts=st.lists(st.integers(1, 4000), min_size=1, max_size=6),
    until=st.sampled_from(["07:00", "09:15", "12:10"]),
    zone=st.sampled_from([None, "Asia/Ho_Chi_Minh", "America/New_York"]),
)
def test_a_span_cut_anywhere_has_the_slots_of_the_whole(
    name: str, start: datetime, parts: list[int], until: str, zone: str | None
) -> None:
    quiet, at = QuietHours(since="22:00", until=until), start.replace(tzinfo=UTC)
    planned = Grid(UNIVERSES[name], every=EVERY, quiet=quiet, zone=zone)
    cuts = [at]
    for minutes in parts:
        cuts.append(cuts[-1] + timedelta(minutes=minutes))
    pieces = [s for a, b in pairwise(cuts) for s in planned.between(a, b)]
    whole = list(planned.between(at, cuts[-1]))
    assert pieces == whole
    assert [slot.at for slot in whole] == sorted({slot.at for slot in whole})
    last = planned.last(cuts[-1])
    assert last is not None
    assert not whole or last == whole[-1]
    following = planned.following(last.at)
    assert following is not None
    assert following.at > cuts[-1]
