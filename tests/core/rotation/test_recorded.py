from datetime import date, timedelta
from math import sin

import pytest

from app.files.universes import load_universes
from core.markets.sessions import sessions_after
from core.records.universe import Universe
from core.rotation.recorded import recorded_rotation, unbroken_run

VN = load_universes()["vn"]
SECTORS = ("banks", "technology", "retail")


def days(n: int, universe: Universe = VN) -> tuple[date, ...]:
    return sessions_after(universe, date(2024, 1, 2), n)


def returns(n: int) -> dict[date, dict[str, float]]:
    return {
        day: {name: sin(place + i * (place + 1) / 7) for place, name in enumerate(SECTORS)}
        for i, day in enumerate(days(n))
    }


def test_a_week_of_recorded_days_gives_an_excess_worked_out_by_hand() -> None:
    told = {day: {"banks": 1.0, "technology": -1.0, "retail": 0.0} for day in days(5)}
    found = recorded_rotation(told, VN, as_of=days(5)[-1])
    assert set(found) == set(SECTORS)
    assert found["banks"].returns_pct["excess_1w_pct"] == pytest.approx(100 * (1.01**5 - 1.0))
    assert "excess_1m_pct" not in found["banks"].returns_pct
    assert found["banks"].daily is None


def test_38_recorded_days_give_the_first_daily_rotation_and_37_none() -> None:
    for n, known in ((37, False), (38, True)):
        found = recorded_rotation(returns(n), VN, as_of=days(n)[-1])
        assert [found[name].daily is not None for name in SECTORS] == [known] * 3


def test_a_day_nobody_recorded_cuts_off_everything_before_it() -> None:
    told = returns(60)
    del told[days(60)[30]]
    found = recorded_rotation(told, VN, as_of=days(60)[-1])
    assert found["banks"].daily is None
    assert "excess_1m_pct" in found["banks"].returns_pct
    assert len(unbroken_run(list(told), VN)) == 29


def test_weekends_and_holidays_are_no_gap() -> None:
    tet = [date(2024, 2, 7), date(2024, 2, 15)]
    assert unbroken_run(tet, VN) == tuple(tet)


def test_later_days_change_nothing_of_an_earlier_date() -> None:
    told, then = returns(60), days(60)[44]
    before = {day: row for day, row in told.items() if day <= then}
    assert recorded_rotation(told, VN, as_of=then) == recorded_rotation(before, VN, as_of=then)


def test_a_sector_with_a_hole_is_left_out_and_the_others_stay() -> None:
    told = returns(40)
    del told[days(40)[20]]["retail"]
    assert set(recorded_rotation(told, VN, as_of=days(40)[-1])) == {"banks", "technology"}


def test_nothing_recorded_tells_nothing() -> None:
    assert recorded_rotation({}, VN, as_of=date(2024, 1, 3)) == {}
    future = {date(2024, 1, 3) + timedelta(days=1): {"banks": 1.0}}
    assert recorded_rotation(future, VN, as_of=date(2024, 1, 3)) == {}
