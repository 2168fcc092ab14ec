from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from app.files.universes import load_universes
from tools.sync.moments import last_day

NEW_YORK = ZoneInfo("America/New_York")


@pytest.mark.parametrize(
    ("now", "day"),
    [
        (datetime(2024, 6, 28, 12, 0, tzinfo=NEW_YORK), date(2024, 6, 27)),
        (datetime(2024, 6, 28, 16, 59, tzinfo=NEW_YORK), date(2024, 6, 27)),
        (datetime(2024, 6, 28, 17, 0, tzinfo=NEW_YORK), date(2024, 6, 28)),
        (datetime(2024, 6, 28, 20, 59, tzinfo=UTC), date(2024, 6, 27)),
        (datetime(2024, 6, 30, 12, 0, tzinfo=NEW_YORK), date(2024, 6, 28)),
        (datetime(2024, 7, 4, 20, 0, tzinfo=NEW_YORK), date(2024, 7, 3)),
        (datetime(2024, 6, 19, 20, 0, tzinfo=NEW_YORK), date(2024, 6, 18)),
    ],
)
def test_a_running_session_a_weekend_and_a_holiday_are_not_the_last_day(
    now: datetime, day: date
) -> None:
    assert last_day(load_universes()["us"], "prices", now) == day


def test_each_market_has_its_own_evening() -> None:
    now = datetime(2024, 6, 28, 9, 30, tzinfo=UTC)  # 16:30 in Ho Chi Minh City, 11:30 in Berlin
    universes = load_universes()
    assert last_day(universes["vn"], "prices", now) == date(2024, 6, 28)
    assert last_day(universes["europe"], "prices", now) == date(2024, 6, 27)


def test_what_is_published_at_any_hour_is_asked_for_today() -> None:
    now = datetime(2024, 6, 29, 3, 0, tzinfo=UTC)
    assert last_day(load_universes()["us"], "macro", now) == date(2024, 6, 28)
