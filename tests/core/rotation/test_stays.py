import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.rotation.stays import Stay, leaving, stays

LEADING = 0


def past(*lengths: int, running: tuple[int, ...] = ()) -> tuple[Stay, ...]:
    ended = tuple(Stay(LEADING, bars, ended=True) for bars in lengths)
    return (*ended, *(Stay(LEADING, bars, ended=False) for bars in running))


def test_a_stay_is_known_from_its_entry_and_ended_by_the_next() -> None:
    found = stays([[[(0, 3), (1, 2), (2, 5)]], [[(3, 9)], [(0, 1), (1, 4)]]])
    assert found == (
        Stay(1, 2, ended=True), Stay(2, 5, ended=False), Stay(1, 4, ended=False),
    )  # fmt: skip


def test_the_odds_are_of_stays_that_lasted_as_long() -> None:
    found = leaving(past(2, 4, 5, 6, 20), LEADING, 4, within=2)
    assert (found.hits, found.trials) == (2, 4)
    assert leaving(past(2, 4), 1, 1, within=2).fraction is None


def test_a_running_stay_counts_only_once_its_fate_is_known() -> None:
    assert leaving(past(4, running=(5,)), LEADING, 4, within=2).trials == 1
    assert leaving(past(4, running=(6,)), LEADING, 4, within=2).trials == 2


def test_a_stay_longer_than_any_has_no_odds() -> None:
    assert leaving(past(3, 4), LEADING, 5, within=4).fraction is None


@given(st.lists(st.integers(1, 30), min_size=1, max_size=40), st.integers(1, 30))
def test_looking_further_ahead_never_makes_leaving_rarer(lengths: list[int], bars: int) -> None:
    near, far = (leaving(past(*lengths), LEADING, bars, within=n).fraction for n in (2, 5))
    if near is not None and far is not None:
        assert near <= far
        assert leaving(past(*lengths), LEADING, bars, within=30).fraction == pytest.approx(1.0)
