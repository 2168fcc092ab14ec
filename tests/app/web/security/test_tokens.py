from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.web.security.tokens import Tokens, parsed_time
from core.errors import CallerError
from tests.app.web.security.asking import TOKEN

TOKENS = Tokens(TOKEN)
NOON = 1_800_000_000.0
DAY = timedelta(days=1)


def test_the_operators_token_and_one_made_from_it_open_the_doors() -> None:
    assert TOKENS.accepts(TOKEN)
    assert TOKENS.accepts(TOKENS.timed(DAY))


@pytest.mark.parametrize(("after", "opens"), [(0, True), (86_399, True), (86_400, False)])
def test_a_timed_token_opens_them_until_its_time_is_over(after: int, opens: bool) -> None:
    assert TOKENS.accepts(TOKENS.timed(DAY, now=NOON), now=NOON + after) is opens


def test_another_operators_timed_token_opens_nothing() -> None:
    assert not TOKENS.accepts(Tokens(TOKEN + "x").timed(DAY))


def test_no_part_of_a_timed_token_can_be_changed() -> None:
    made = TOKENS.timed(DAY, now=NOON)
    ends, _, seal = made.partition(".")
    assert not TOKENS.accepts(f"{int(ends) + 9_000_000}.{seal}", now=NOON)
    for place in range(len(made)):
        other = "A" if made[place] != "A" else "B"
        changed = made[:place] + other + made[place + 1 :]
        assert not TOKENS.accepts(changed, now=NOON) or changed == made


@given(st.text())
def test_no_other_text_opens_them(said: str) -> None:
    assert not TOKENS.accepts(said)


@pytest.mark.parametrize("text", ["", "30", "d", "-1d", "30 d", "1.5h", "30y", "999999d", "١d"])
def test_a_time_that_is_none_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(CallerError, match="for example 30d"):
        parsed_time(text)


@pytest.mark.parametrize("lasting", [timedelta(0), timedelta(days=367)])
def test_a_token_lasts_for_some_time_up_to_a_year(lasting: timedelta) -> None:
    with pytest.raises(CallerError, match="up to 366 days"):
        TOKENS.timed(lasting)


def test_times_are_days_hours_and_minutes() -> None:
    assert parsed_time("30d") == timedelta(days=30)
    assert parsed_time("12h") == timedelta(hours=12)
    assert parsed_time("45m") == timedelta(minutes=45)
