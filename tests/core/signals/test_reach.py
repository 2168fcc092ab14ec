"""What a date's factors are made from: no more history than it takes, and the same bits."""

from dataclasses import replace

import numpy as np
import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from core.signals.catalogue import factor_history, factor_values
from core.signals.releases import YEAR_DAYS, YEAR_TOLERANCE_DAYS, known_values
from tests.core.market import Spec, market

FIRST = pd.Timestamp("2015-01-01")
OFFSETS = (0, 89, 91, 360, 364, 366, 384, 385, 386, 730, 731)


def test_one_date_has_the_bits_of_the_whole_history() -> None:
    panels = market(Spec(n_sessions=1700, seed=3, gap_share=0.02))
    index = pd.DatetimeIndex(panels.sectors.closes.index)
    for row in (1650, 1699):
        whole = factor_history(panels, index[row - 260 : row + 1])
        for value in factor_values(panels, as_of=index[row].date()):
            cell = whole[value.factor][value.sector].iloc[-1]
            assert value.value == cell or (value.value is None and np.isnan(cell))


def test_sessions_out_of_reach_change_nothing() -> None:
    panels = market(Spec(n_sessions=1700, seed=5))
    assert panels.stocks is not None
    assert panels.flows is not None
    last = pd.DatetimeIndex(panels.sectors.closes.index[-1:])
    old = panels.sectors.closes.index[40]

    def torn(frame: pd.DataFrame) -> pd.DataFrame:
        return frame.mask(pd.Series(frame.index <= old, frame.index), axis=0)

    stocks = replace(panels.stocks, closes=torn(panels.stocks.closes))
    changed = replace(panels, stocks=stocks, flows=panels.flows.each(torn))
    before, after = (factor_history(p, last) for p in (panels, changed))
    for name in before:
        pd.testing.assert_frame_equal(before[name], after[name], check_exact=True)


def test_a_year_ago_told_last_counts_at_once() -> None:
    rows = pd.DataFrame(
        {
            "symbol": pd.Series(["a", "a"], dtype="str"),
            "period": pd.to_datetime(["2020-12-31", "2019-12-31"]).astype("datetime64[us]"),
            "known_at": pd.to_datetime(["2021-01-20", "2021-02-01"]).astype("datetime64[us]"),
            "value": [2.0, 1.0],
        }
    )
    found = known_values(rows, "symbol", ["a"], pd.DatetimeIndex(["2021-01-31", "2021-02-01"]))
    assert np.array_equal(found.year_ago[:, 0], [np.nan, 1.0], equal_nan=True)
    assert found.value[:, 0].tolist() == [2.0, 2.0]


Release = tuple[int, int, int, float]


def _said(releases: list[Release], day: int) -> tuple[float, float, float]:
    """Return value, year-ago value and age by reading the releases one after another."""
    told = sorted((r for r in releases if r[1] <= day), key=lambda r: (r[1], r[0], r[2]))
    seen = {period: value for period, _, _, value in told}
    if not seen:
        return np.nan, np.nan, np.nan
    newest = max(seen)
    near = sorted(seen, key=lambda p: (abs(p - newest + YEAR_DAYS), p))
    near = [p for p in near if abs(p - newest + YEAR_DAYS) <= YEAR_TOLERANCE_DAYS]
    return seen[newest], seen[near[0]] if near else np.nan, float(day - newest)


@settings(max_examples=60)
@given(
    st.lists(
        st.tuples(
            st.sampled_from("ab"), st.sampled_from(OFFSETS), st.integers(0, 3), st.integers(0, 400)
        ),
        max_size=24,
    )
)
def test_releases_are_read_as_they_came_out(given: list[tuple[str, int, int, int]]) -> None:
    frame = pd.DataFrame(
        [(s, base + jitter, base + jitter + late, n) for n, (s, base, jitter, late) in
         enumerate(given)],
        columns=["symbol", "period", "known_at", "value"],
    ).sort_values(["known_at", "period"], kind="stable", ignore_index=True)  # fmt: skip
    told = {
        symbol: [(p, k, n, float(v)) for n, (s, p, k, v) in enumerate(frame.itertuples(index=False))
                 if s == symbol]
        for symbol in "abc"
    }  # fmt: skip
    rows = frame.assign(
        symbol=frame["symbol"].astype("str"),
        period=(FIRST + pd.to_timedelta(frame["period"], unit="D")).astype("datetime64[us]"),
        known_at=(FIRST + pd.to_timedelta(frame["known_at"], unit="D")).astype("datetime64[us]"),
        value=frame["value"].astype("float64"),
    )
    days = list(range(0, 1200, 37))
    found = known_values(
        rows, "symbol", ["b", "c", "a"], pd.DatetimeIndex(FIRST + pd.to_timedelta(days, unit="D"))
    )
    for row, day in enumerate(days):
        for column, symbol in enumerate("bca"):
            cells = (found.value, found.year_ago, found.age_days)
            mine = [cell[row, column] for cell in cells]
            assert np.array_equal(mine, _said(told[symbol], day), equal_nan=True)
