from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from tools.sync.completeness import ENDED_SESSIONS, whole_days

FIRST = date(2024, 1, 1)
DAYS = tuple(FIRST + timedelta(days=n) for n in range(30))


def test_the_last_whole_day_is_the_earliest_last_day_of_those_that_trade() -> None:
    whole = whole_days({"A": DAYS[9], "B": DAYS[7], "C": DAYS[9]}, DAYS[:10])
    assert whole.last == DAYS[7]
    assert whole.held_days == (DAYS[8], DAYS[9])
    assert whole.waiting_for == ("B",)


def test_a_name_without_rows_for_ten_sessions_has_ended_and_holds_nobody_up() -> None:
    still = whole_days({"A": DAYS[20], "B": DAYS[20 - ENDED_SESSIONS + 1]}, DAYS[:21])
    assert still.waiting_for == ("B",)
    over = whole_days({"A": DAYS[20], "B": DAYS[20 - ENDED_SESSIONS]}, DAYS[:21])
    assert over.last == DAYS[20]
    assert over.ended == ("B",)


def test_without_rows_there_is_no_whole_day() -> None:
    assert whole_days({}, ()).last is None


@given(st.dictionaries(st.sampled_from("ABCDE"), st.integers(0, 29), min_size=1))
def test_no_trading_name_lacks_a_row_at_or_after_the_last_whole_day(places: dict[str, int]) -> None:
    last_of = {name: DAYS[place] for name, place in places.items()}
    whole = whole_days(last_of, DAYS)
    trading = [day for name, day in last_of.items() if name not in whole.ended]
    assert whole.last == (min(trading) if trading else None)
    assert all(day > whole.last for day in whole.held_days if whole.last)
