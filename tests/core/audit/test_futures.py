from functools import cache

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.audit.futures import Data, forgotten, has_releases, perturbed, revised
from core.panel import MarketPanels
from tests.core.market import framed, market, prices, small


@cache
def toy() -> MarketPanels:
    return market()


def known(panels: MarketPanels, cut: pd.Timestamp) -> tuple[pd.DataFrame, ...]:
    """Return every frame and table of the panels as known at the cut."""
    held = panels.until(cut.date())
    assert held.stocks is not None
    assert held.flows is not None
    tables = (held.members, held.macro, held.fundamentals, held.positions)
    rows = [table.rows.reset_index(drop=True) for table in tables if table is not None]
    return (
        held.sectors.closes, held.sectors.volumes, held.benchmark.closes, held.stocks.closes,
        held.stocks.values, held.flows.buys, held.flows.room_full, *rows,
    )  # fmt: skip


@settings(max_examples=4)
@given(row=st.integers(40, 740), seed=st.integers(0, 1000))
def test_another_future_leaves_all_that_is_known_at_the_cut(row: int, seed: int) -> None:
    cut = toy().sectors.closes.index[row]
    wanted = known(toy(), cut)
    for world in (
        perturbed(toy(), cut.date(), seed=seed),
        revised(toy(), cut.date(), seed=seed),
        forgotten(toy(), cut.date()),
    ):
        for was, now in zip(wanted, known(world, cut), strict=True):
            pd.testing.assert_frame_equal(was, now, check_exact=True)


def test_everything_after_the_cut_is_another() -> None:
    cut = toy().sectors.closes.index[400].date()
    later = perturbed(toy(), cut, seed=1)
    was_flows, now_flows = toy().flows, later.flows
    assert was_flows is not None
    assert now_flows is not None
    for was, now in (
        (toy().sectors.closes, later.sectors.closes),
        (was_flows.buys, now_flows.buys),
    ):
        assert (was.iloc[401:].notna() & (was.iloc[401:] == now.iloc[401:])).sum().sum() == 0


def test_columns_of_zero_and_one_stay_so() -> None:
    cut = toy().sectors.closes.index[400].date()
    later = perturbed(toy(), cut, seed=1).flows
    assert later is not None
    cells = later.room_full.to_numpy()
    assert set(np.unique(cells[~np.isnan(cells)])) == {0.0, 1.0}


def test_later_members_move_and_later_releases_are_others() -> None:
    cut = toy().sectors.closes.index[300]
    moved, released = perturbed(toy(), cut.date(), seed=2), revised(toy(), cut.date(), seed=2)
    assert moved.members is not None
    assert released.macro is not None
    assert toy().macro is not None
    began_later = moved.members.rows["start"] > cut
    assert began_later.any()
    later = released.macro.rows[released.macro.rows["known_at"] > cut]
    old = later[later["period"] < cut - pd.Timedelta(days=400)]
    assert len(old) > 10, "what was long released is revised"


def test_equal_seeds_draw_equal_futures_and_others_do_not() -> None:
    frame = framed({"a": list(range(1, 200)), "b": list(range(2, 201))}).astype("float64")
    cut = frame.index[100].date()
    first = perturbed(frame, cut, seed=4)
    pd.testing.assert_frame_equal(first, perturbed(frame, cut, seed=4))
    assert not first.equals(perturbed(frame, cut, seed=5))


@pytest.mark.parametrize("data", [toy(), small(prices(framed({"autos": [1.0, 2.0]})))])
def test_only_panels_with_tables_of_two_dates_have_releases(data: MarketPanels) -> None:
    assert has_releases(data) == (data.macro is not None)
    frame: Data = data.sectors.closes
    assert not has_releases(frame)
