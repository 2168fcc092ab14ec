from datetime import UTC, date, datetime, timedelta

import pytest

from agents.toolbox.freshness import finished_session, fresh_for, is_past, local_day, stands_for
from agents.toolbox.spec import ServerSpec
from app.files.universes import load_universes

VN = load_universes()["vn"]
FRIDAY = date(2026, 4, 24)


def at(hour: int, minute: int = 0, *, day: date = FRIDAY) -> datetime:
    """Return a moment of UTC; Vietnam is seven hours ahead."""
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=UTC)


def test_a_tools_own_minutes_stand_before_those_of_all() -> None:
    spec = ServerSpec(
        name="a", transport="memory", fresh_minutes={"*": 15, "get_macro_indicators": 720}
    )
    assert fresh_for(spec, "get_macro_indicators") == timedelta(hours=12)
    assert fresh_for(spec, "get_sector_heatmap") == timedelta(minutes=15)
    assert fresh_for(ServerSpec(name="a", transport="memory"), "get_sector_heatmap") is None


def test_the_day_is_the_markets_and_not_the_clocks() -> None:
    assert local_day(VN, at(16, 59)) == FRIDAY
    assert local_day(VN, at(17)) == date(2026, 4, 25)
    assert not is_past(VN, FRIDAY, at(16, 59))
    assert is_past(VN, FRIDAY, at(17))
    assert not is_past(VN, None, at(17))


@pytest.mark.parametrize(
    ("fetched", "fresh", "stands"),
    [
        (at(8), None, True),
        (at(8, day=date(2026, 4, 25)), timedelta(days=9), False),
        (at(8, day=date(2026, 4, 23)), None, False),
        (at(8, day=date(2026, 4, 23)), timedelta(minutes=720), False),
        (at(8, day=date(2026, 4, 23)), timedelta(hours=34), True),
    ],
)
def test_a_past_day_is_answered_of_that_day_or_from_before_while_fresh(
    fetched: datetime, fresh: timedelta | None, stands: bool
) -> None:
    assert stands_for(VN, fetched, FRIDAY, fresh=fresh) is stands


def test_only_a_session_that_is_over_counts_as_recorded() -> None:
    assert finished_session(VN, at(7, 44)) is None
    assert finished_session(VN, at(7, 45)) == FRIDAY
    assert finished_session(VN, at(8, day=date(2026, 4, 25))) is None
    assert finished_session(VN, at(8, day=date(2026, 4, 25)), said=FRIDAY) == FRIDAY
