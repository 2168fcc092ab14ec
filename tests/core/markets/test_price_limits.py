"""Which closes are at the daily limit, by hand; the day's shares are in the facts of the data."""

from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from core.markets.price_limits import exchanges, locked, symbol_limits
from core.panel import Table
from tests.core.market import members_table, prices, small
from tests.core.markets.test_universes import shipped

VN = shipped("vn")


def closes(moves: dict[str, float]) -> pd.DataFrame:
    """Return two sessions: 100, and 100 moved by so many percent."""
    index = pd.bdate_range("2024-01-02", periods=2)
    return pd.DataFrame({name: [100.0, 100.0 + move] for name, move in moves.items()}, index)


def last(moves: dict[str, float], limits: "pd.Series[float] | float" = 7.0) -> dict[str, float]:
    found = locked(closes(moves), limits).iloc[-1]
    return {str(name): float(value) for name, value in found.items()}


def test_a_close_within_a_price_step_of_the_limit_is_locked() -> None:
    assert last({"A": 6.6, "B": 6.4, "C": -6.9, "D": 0.0}) == {"A": 1, "B": 0, "C": -1, "D": 0}


def test_each_stock_has_the_limit_of_its_exchange() -> None:
    limits = pd.Series({"H": 7.0, "X": 10.0, "U": 15.0})
    moves = {"H": 7.0, "X": 7.0, "U": -14.9}
    assert last(moves, limits) == {"H": 1.0, "X": 0.0, "U": -1.0}


def test_a_move_past_any_daily_limit_is_no_lock_but_unknown() -> None:
    found = last({"listed": 40.0, "elsewhere": -9.9})
    assert np.isnan(found["listed"])
    assert found["elsewhere"] == -1.0


def test_without_a_close_before_or_a_limit_nothing_is_known() -> None:
    frame = closes({"A": 7.0, "B": 7.0})
    frame.iloc[0, 0] = np.nan
    found = locked(frame, pd.Series({"A": 7.0}))
    assert found.isna().all(axis=None)


def test_limits_are_those_of_the_day_and_the_exchange() -> None:
    listed = pd.Series(
        {"A": "HOSE", "B": "HNX", "C": "UPCOM", "D": "OTC", "E": np.nan}, dtype="str"
    )
    before = symbol_limits(VN, listed, date(2013, 1, 14))["limit_pct"].to_list()
    after = symbol_limits(VN, listed, date(2024, 1, 2))["limit_pct"].to_list()
    assert before[:3] == [5.0, 7.0, 10.0]
    assert after[:3] == [7.0, 10.0, 15.0]
    assert np.isnan(after[3:]).all()


def test_the_price_step_of_hanoi_is_the_wider_one() -> None:
    listed = pd.Series({"A": "HOSE", "B": "HNX"})
    limits = symbol_limits(VN, listed, date(2024, 1, 2))
    found = locked(closes({"A": 6.4, "B": 9.1}), limits["limit_pct"], ticks=limits["tick_pct"])
    assert found.iloc[-1].to_list() == [0.0, 1.0]


def test_the_exchange_is_the_one_of_the_members_and_absent_in_older_stores() -> None:
    flat = prices(closes({"a": 0.0}))
    members = members_table({"A1": "a", "A2": "a"})
    assert exchanges(small(flat, members=members)).empty
    told = Table("members", members.rows.assign(exchange=["HOSE", np.nan]))
    panels = replace(small(flat, members=members), members=told)
    assert exchanges(panels).to_dict() == {"A1": "HOSE"}
    assert exchanges(small(flat)).empty


@given(
    st.floats(-14.0, 14.0),
    st.sampled_from([0.5, 1.0, 1024.0]),
)
def test_a_lock_does_not_depend_on_the_unit_of_the_price_and_mirrors(
    move: float, unit: float
) -> None:
    frame = closes({"A": move})
    assert locked(frame, 7.0).equals(locked(frame * unit, 7.0))
    mirrored = locked(closes({"A": -move}), 7.0)
    assert mirrored.to_numpy()[-1, 0] == -locked(frame, 7.0).to_numpy()[-1, 0]
