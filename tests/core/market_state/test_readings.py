from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.market_state.readings import own_percentiles, readings
from core.panel import MarketPanels
from tests.core.market import framed, market, members_table, prices, small

N = 320
RNG = np.random.default_rng(3)


def listed(returns: np.ndarray) -> MarketPanels:
    """Return panels of listed sectors with these daily returns."""
    closes = 100 * np.cumprod(1 + returns, axis=0)
    panels = small(prices(framed({f"s{i}": column.tolist() for i, column in enumerate(closes.T)})))
    universe = panels.universe.model_copy(update={"built_from_members": False})
    return replace(panels, universe=universe)


def test_sectors_that_move_as_one_have_a_correlation_of_one() -> None:
    common = RNG.normal(0, 0.01, (N, 1))
    values = readings(listed(np.repeat(common, 4, axis=1) * [1, 2, 0.5, 1])).values
    assert values["correlation"].iloc[-1] == pytest.approx(1.0)
    assert values["correlation"].iloc[:63].isna().all()


def test_the_correlation_is_the_mean_over_pairs_as_pandas_has_it() -> None:
    panels = listed(RNG.normal(0, 0.01, (N, 5)))
    returns = panels.sectors.closes.pct_change().iloc[-63:]
    table = returns.corr().to_numpy()
    expected = table[np.triu_indices(5, 1)].mean()
    assert readings(panels).values["correlation"].iloc[-1] == pytest.approx(expected, abs=1e-9)


def test_a_sector_listed_late_joins_once_its_window_is_full() -> None:
    panels = listed(RNG.normal(0, 0.01, (N, 4)))
    late = panels.sectors.closes.copy()
    late.iloc[:280, 0] = np.nan
    found = readings(replace(panels, sectors=prices(late))).values
    without = readings(replace(panels, sectors=prices(late.iloc[:, 1:]))).values
    assert found["correlation"].iloc[-1] == without["correlation"].iloc[-1]
    assert found["dispersion"].iloc[-1] != without["dispersion"].iloc[-1]


def test_dispersion_is_the_spread_of_a_months_returns() -> None:
    panels = listed(RNG.normal(0, 0.01, (N, 4)))
    closes = panels.sectors.closes
    month = 100 * (closes.iloc[-1] / closes.iloc[-22] - 1)
    assert readings(panels).values["dispersion"].iloc[-1] == pytest.approx(month.std())


def test_breadth_counts_sectors_above_their_mean_or_members_where_there_are_any() -> None:
    drift = np.array([0.01, 0.01, 0.01, -0.01])
    panels = listed(np.tile(drift, (N, 1)))
    of_sectors = readings(panels)
    assert of_sectors.breadth_of == "sectors"
    assert of_sectors.values["breadth"].iloc[-1] == 75.0
    stocks = framed({f"A{i}": (100 * 1.01 ** (np.arange(N) * sign)).tolist()
                     for i, sign in enumerate((1, -1, -1, -1, -1))})  # fmt: skip
    table = members_table({f"A{i}": "s0" for i in range(4)})
    built = replace(
        panels,
        universe=panels.universe.model_copy(update={"built_from_members": True}),
        stocks=prices(stocks),
        members=table,
    )
    of_members = readings(built)
    assert of_members.breadth_of == "members"
    assert of_members.values["breadth"].iloc[-1] == 25.0


def test_a_percentile_is_of_the_own_past_with_ties_in_half() -> None:
    found = own_percentiles(np.array([5.0, 1.0, 3.0, 3.0, np.nan, 9.0]), least=3)
    assert found == pytest.approx(
        [np.nan, np.nan, 50.0, 100 * 2 / 4, np.nan, 90.0], nan_ok=True
    )  # fmt: skip


@given(st.lists(st.floats(-5, 5), min_size=3, max_size=40), st.integers(0, 38))
def test_a_percentile_knows_no_later_value(values: list[float], cut: int) -> None:
    whole = own_percentiles(np.array(values), least=2)
    part = own_percentiles(np.array(values[: cut + 1]), least=2)
    np.testing.assert_array_equal(whole[: cut + 1], part)
    assert np.nanmin(whole) > 0
    assert np.nanmax(whole) < 100


def test_the_past_does_not_change_when_the_future_comes() -> None:
    panels = market()
    day = panels.sectors.closes.index[600].date()
    whole, part = readings(panels), readings(panels.until(day))
    pd.testing.assert_frame_equal(whole.values.iloc[:601], part.values)
    pd.testing.assert_frame_equal(whole.percentiles.iloc[:601], part.percentiles)


def test_two_sectors_are_too_few_to_tell() -> None:
    values = readings(listed(RNG.normal(0, 0.01, (N, 2)))).values
    assert values[["correlation", "dispersion", "breadth"]].isna().all().all()
