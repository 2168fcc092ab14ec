from dataclasses import replace

import numpy as np
import pytest

from core.markets.basket import sector_baskets
from core.panel import MarketPanels
from core.price_measures import MONTH, QUARTER
from core.rotation.quadrants import rotations
from tests.core.market import LATE, SECTORS, SINGLE, Spec, market
from tools.measures.member_built import REACH_SESSIONS, member_built


@pytest.fixture(scope="module")
def funds() -> MarketPanels:
    """Listed sectors with member stocks beside them."""
    panels = market(Spec(n_sessions=500))
    return replace(
        panels, universe=panels.universe.model_copy(update={"built_from_members": False})
    )


def test_a_sector_is_the_basket_of_its_members_and_not_its_fund(funds: MarketPanels) -> None:
    found = member_built(funds, funds.last)
    assert set(found) == set(SECTORS) - {SINGLE}
    assert funds.stocks is not None
    assert funds.members is not None
    baskets = sector_baskets(funds.stocks, funds.members, funds.universe)
    closes, whole = baskets.sectors.closes, baskets.benchmark.closes.iloc[:, 0]
    for sector, row in found.items():
        own, market_level = closes[sector].to_numpy(), whole.to_numpy()
        assert row.members_count == (2 if sector == "autos" else 4 if sector == "banks" else 3)
        if np.isfinite(own[[-1, -1 - QUARTER]]).all():
            quarter = 100 * (own[-1] / own[-1 - QUARTER] - 1)
            excess = quarter - 100 * (market_level[-1] / market_level[-1 - QUARTER] - 1)
            assert row.return_3m_pct == pytest.approx(quarter)
            assert row.excess_3m_pct == pytest.approx(excess)
        if np.isfinite(own[[-1, -1 - MONTH]]).all():
            month = own[-1] / own[-1 - MONTH] - market_level[-1] / market_level[-1 - MONTH]
            assert row.excess_1m_pct == pytest.approx(100 * month)


def test_its_quadrant_is_weekly_against_the_basket_of_all_members(funds: MarketPanels) -> None:
    assert funds.stocks is not None
    assert funds.members is not None
    baskets = sector_baskets(funds.stocks, funds.members, funds.universe)
    placed = rotations(
        baskets.sectors.closes,
        baskets.benchmark.closes.iloc[:, 0],
        frequency="weekly",
        as_of=funds.last,
    )
    for sector, row in member_built(funds, funds.last).items():
        spot = placed[sector]
        assert row.quadrant == (None if spot is None else spot.quadrant)


def test_what_lies_further_back_than_the_reach_changes_nothing(funds: MarketPanels) -> None:
    assert funds.stocks is not None
    late = funds.stocks.closes.index[-REACH_SESSIONS:]
    cells = {
        name: getattr(funds.stocks, name).loc[late]
        for name in ("closes", "volumes", "values", "put_throughs")
    }
    recent = replace(funds, stocks=type(funds.stocks)(**cells))
    assert member_built(recent, funds.last) == member_built(funds, funds.last)


def test_the_past_never_sees_the_future(funds: MarketPanels) -> None:
    day = funds.sectors.closes.index[400].date()
    known = funds.until(day)
    assert member_built(known, day) == member_built(known.until(day), day)
    assert member_built(known, day) != member_built(funds, funds.last)


def test_sectors_built_from_members_have_nothing_beside_them(funds: MarketPanels) -> None:
    built = funds.universe.model_copy(update={"built_from_members": True})
    assert member_built(replace(funds, universe=built), funds.last) == {}
    assert member_built(replace(funds, members=None), funds.last) == {}
    assert member_built(replace(funds, stocks=None), funds.last) == {}
    assert LATE in member_built(funds, funds.last)
