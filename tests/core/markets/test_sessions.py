"""Trading days, settlement and phases of the day, by the shipped calendars."""

from datetime import date, time, timedelta
from pathlib import Path

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import CallerError, DataError
from core.markets.sessions import (
    covers,
    is_session,
    next_session,
    phase_at,
    sessions_after,
    settlement_date,
    settlement_sessions,
)
from core.markets.universe import packaged_calendars, parse_calendar, parse_universe
from core.records.calendar import Calendar, CalendarYear, PhaseName
from core.records.universe import Universe
from tests.core.markets.test_universes import shipped

VN, US, EUROPE = shipped("vn"), shipped("us"), shipped("europe")

UNIVERSE = """
id = "x"
regions = ["x"]
name_en = "X"
name_vi = "X"
taxonomy = "icb2"
currency = "VND"
money_unit = "bn"
timezone = "UTC"
close_time = "15:00"
built_from_members = false
foreign_flow = false
{calendar}
[[sectors]]
id = "a"
ticker = "A"
name_en = "A"
name_vi = "A"
[[benchmarks]]
id = "b"
ticker = "B"
name_en = "B"
name_vi = "B"
treatment = "price"
"""


def test_tet_is_closed_and_the_next_session_is_after_it() -> None:
    tet = [date(2024, 2, 8) + timedelta(days=n) for n in range(7)]
    assert not any(is_session(VN, day) for day in tet)
    assert next_session(VN, date(2024, 2, 7)) == date(2024, 2, 15)


def test_the_days_of_2026_are_those_hose_announced() -> None:
    closed = [
        (1, 1), (2, 16), (2, 17), (2, 18), (2, 19), (2, 20), (4, 27), (4, 30), (5, 1),
        (8, 31), (9, 1), (9, 2),
    ]  # fmt: skip
    year = next(item for item in VN.calendar.years if item.year == 2026)
    assert [(day.month, day.day) for day in year.closed] == closed
    assert not is_session(VN, date(2026, 8, 22))


def test_a_year_the_calendar_does_not_cover_is_refused_with_what_it_has() -> None:
    assert not covers(VN, date(2027, 1, 4))
    with pytest.raises(DataError, match=r"hose does not cover 2027 \(it has 2012-2026\)"):
        is_session(VN, date(2027, 1, 4))
    with pytest.raises(DataError, match="2027"):
        settlement_date(VN, date(2026, 12, 31))
    assert settlement_date(VN, date(2026, 12, 29)) == date(2026, 12, 31)


@pytest.mark.parametrize(
    ("universe", "traded", "sessions", "settled"),
    [
        (VN, date(2022, 8, 26), 3, date(2022, 8, 31)),
        (VN, date(2022, 8, 29), 2, date(2022, 8, 31)),
        (VN, date(2022, 8, 31), 2, date(2022, 9, 6)),
        (VN, date(2024, 2, 7), 2, date(2024, 2, 16)),
        (US, date(2017, 9, 1), 3, date(2017, 9, 7)),
        (US, date(2017, 9, 5), 2, date(2017, 9, 7)),
        (US, date(2024, 5, 24), 2, date(2024, 5, 29)),
        (US, date(2024, 5, 28), 1, date(2024, 5, 29)),
        (EUROPE, date(2024, 5, 24), 2, date(2024, 5, 28)),
    ],
)
def test_a_trade_settles_by_the_rule_of_its_day(
    universe: Universe, traded: date, sessions: int, settled: date
) -> None:
    assert settlement_sessions(universe, traded) == sessions
    assert settlement_date(universe, traded) == settled


def test_a_trade_before_the_first_rule_is_refused() -> None:
    with pytest.raises(DataError, match=r"no settlement rule for trades of 1994-03-01"):
        settlement_sessions(US, date(1994, 3, 1))


@pytest.mark.parametrize(
    ("at", "phase"),
    [
        ("08:59", None), ("09:00", "open_auction"), ("09:15", "continuous"), ("11:30", "lunch"),
        ("12:59", "lunch"), ("13:00", "continuous"), ("14:30", "closing_auction"),
        ("14:45", "put_through"), ("15:00", None),
    ],
)  # fmt: skip
def test_the_day_of_hose_has_its_auctions_lunch_and_put_through(
    at: str, phase: PhaseName | None
) -> None:
    assert phase_at(VN, time.fromisoformat(at)) == phase


def test_vietnam_has_one_list_of_days_and_world_funds_trade_in_new_york() -> None:
    assert VN.calendar is shipped("vn_hose").calendar
    assert US.calendar is shipped("world").calendar
    assert EUROPE.calendar.every_weekday
    assert sessions_after(EUROPE, date(2024, 12, 24), 2) == (date(2024, 12, 25), date(2024, 12, 26))


def test_a_universe_names_a_calendar_or_brings_its_own() -> None:
    own = '[calendar]\nid = "own"\n[[calendar.years]]\nyear = 2024\nclosed = [2024-01-01]\n'
    universe = parse_universe(UNIVERSE.format(calendar=own))
    assert not is_session(universe, date(2024, 1, 1))
    assert parse_universe(UNIVERSE.format(calendar="")).calendar.every_weekday
    with pytest.raises(CallerError, match="'lse' is unknown; use one of hose, nyse, weekdays"):
        parse_universe(UNIVERSE.format(calendar='calendar = "lse"'))


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('id = "a"\n', "list years, or say every_weekday"),
        ('id = "a"\n[[years]]\nyear = 2024\nclosed = [2024-01-06]\n', "closed cannot hold"),
        ('id = "a"\n[[years]]\nyear = 2024\nclosed = [2023-01-02]\n', "closed cannot hold"),
        ('id = "a"\n[[years]]\nyear = 2024\nclosed = [2024-01-03, 2024-01-02]\n', "ascending"),
        ('id = "a"\nevery_weekday = true\n[[phases]]\nname = "lunch"\nstart = "13:00"\n'
         'end = "11:30"\n', "ends before it starts"),
        ("id = 1 2", "not valid TOML"),
    ],
)  # fmt: skip
def test_a_calendar_that_cannot_be_is_refused_by_its_field(text: str, told: str) -> None:
    with pytest.raises(CallerError, match=told):
        parse_calendar(text)


def test_a_working_saturday_is_a_session_only_where_the_calendar_says_so() -> None:
    year = CalendarYear(year=2024, closed=(), extra=(date(2024, 5, 4),))
    calendar = Calendar(id="extra", years=(year,))
    universe = VN.model_copy(update={"calendar": calendar})
    assert is_session(universe, date(2024, 5, 4))
    assert not is_session(universe, date(2024, 5, 11))
    assert next_session(universe, date(2024, 5, 3)) == date(2024, 5, 4)


@given(
    day=st.dates(date(2012, 1, 1), date(2026, 6, 30)),
    n=st.integers(0, 30),
    universe=st.sampled_from([VN, US, EUROPE]),
)
def test_sessions_after_a_day_are_all_of_them_and_ascend(
    day: date, n: int, universe: Universe
) -> None:
    found = sessions_after(universe, day, n)
    last = found[-1] if found else day
    between = [day + timedelta(days=k) for k in range(1, (last - day).days + 1)]
    assert list(found) == [item for item in between if is_session(universe, item)]
    assert len(found) == n


def test_the_packaged_calendars_cover_every_year_without_a_hole() -> None:
    spans = {
        name: [item.year for item in calendar.years]
        for name, calendar in packaged_calendars().items()
    }
    assert spans["hose"] == list(range(2012, 2027))
    assert spans["nyse"] == list(range(1993, 2027))
    assert spans["weekdays"] == []


@pytest.mark.real_data
@pytest.mark.parametrize(
    ("universe", "file", "chosen", "first"),
    [
        (US, "A_us_sector_spdr_daily_adj", "ticker = 'SPY'", date(1993, 1, 29)),
        (VN, "D_vn_stocks_daily_foreign", "true", date(2012, 1, 3)),
    ],
)
def test_the_calendar_agrees_with_every_weekday_of_the_data(
    shared_data: Path, universe: Universe, file: str, chosen: str, first: date
) -> None:
    """A session is a day with half of the stocks usual in its year: HNX traded while HOSE stood."""
    with duckdb.connect(":memory:") as connection:
        counts = dict(
            connection.execute(
                f"SELECT date::DATE, count(*) FROM read_parquet('{shared_data / file}.parquet') "  # noqa: S608 - our own file
                f"WHERE {chosen} GROUP BY 1"
            ).fetchall()
        )
    days = [first + timedelta(days=n) for n in range((date(2024, 12, 31) - first).days + 1)]
    weekdays = [day for day in days if day.weekday() < 5]
    usual = {
        year: sum(n for day, n in counts.items() if day.year == year)
        / sum(1 for day in counts if day.year == year)
        for year in {day.year for day in counts}
    }
    told = {day for day in weekdays if counts.get(day, 0) >= 0.5 * usual[day.year]}
    assert {day for day in weekdays if is_session(universe, day)} == told
    assert len(told) > 3_000
