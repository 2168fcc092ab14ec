from datetime import date, timedelta

from core.days import before


def test_a_day_before_another_is_always_a_day() -> None:
    assert before(date(2024, 3, 1), timedelta(days=1)) == date(2024, 2, 29)
    assert before(date(1, 1, 3), timedelta(days=2)) == date.min
    assert before(date(1, 1, 3), timedelta(days=3)) == date.min
