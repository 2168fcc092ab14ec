from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd
import pytest

from core.backtest.costs import flat_cost
from core.backtest.market import market_bars
from core.backtest.play import play
from core.backtest.return_panel import ReturnPanel, Terms
from core.errors import DataError
from core.panel import MarketPanels, Table
from core.records.backtest import BacktestSpec
from core.records.universe import PriceLimit
from tests.core.market import framed, market, members_table, prices, small

NAN = np.nan


def test_a_halted_session_returns_nothing_and_the_next_close_the_whole_move() -> None:
    closes = framed({"a": [100.0, 110.0, NAN, 121.0, 121.0], "b": [50.0] * 5})
    bars = market_bars(small(prices(closes), benchmark=prices(framed({"all": [1.0, 2, 3, 4, 5]}))))
    assert bars.panel.values[:, 0] == pytest.approx([0.1, 0.0, 0.1, 0.0])
    assert bars.takes.buys[:, 0].tolist() == [1.0, 0.0, 1.0, 1.0]
    assert bars.panel.market is not None
    assert bars.panel.market.tolist() == pytest.approx([1.0, 0.5, 1 / 3, 0.25])


def test_a_sector_listed_late_has_no_return_before_and_one_never_listed_is_left_out() -> None:
    closes = framed({"a": [1.0, 2, 3, 4], "b": [NAN, NAN, 5, 6], "c": [NAN] * 4})
    panel = market_bars(small(prices(closes))).panel
    assert panel.sectors == ["a", "b"]
    assert np.isnan(panel.values[:2, 1]).all()
    assert panel.values[2, 1] == pytest.approx(0.2)


def test_a_close_older_than_five_sessions_is_stale() -> None:
    closes = framed({"a": [1.0, 1.1, *[NAN] * 7, 1.2], "b": [1.0] * 10})
    panel = market_bars(small(prices(closes), benchmark=prices(framed({"all": [1.0] * 10})))).panel
    assert panel.stale is not None
    assert panel.stale["a"].tolist() == [False] * 6 + [True, True, False]


def test_bars_begin_with_the_benchmarks_first_return() -> None:
    mark = prices(framed({"all": [NAN, NAN, 1.0, 2, 3]}))
    panel = market_bars(small(prices(framed({"a": [1.0, 2, 3, 4, 5]})), benchmark=mark)).panel
    assert len(panel.dates) == 2
    with pytest.raises(DataError, match="no return of all"):
        market_bars(
            small(
                prices(framed({"a": [1.0, 2, 3]})),
                benchmark=prices(framed({"all": [NAN, NAN, 1.0]})),
            )
        )


def locked_panels() -> MarketPanels:
    """One sector of two equal members on HOSE, 5 % limit to 2020-01-20 and 7 % from then."""
    days = 24
    first = [100.0] * days
    second = [100.0] * days
    for row in range(8, days):
        first[row] = 105.0  # the upper limit of 5 %
    for row in range(18, days):
        first[row] = 105.0 * 1.05  # not locked under 7 %
        second[row] = 93.0  # the lower limit of 7 %
    stocks = prices(
        framed({"A": first, "B": second}), values=framed({"A": [1.0] * days, "B": [1.0] * days})
    )
    members = members_table({"A": "a", "B": "a"})
    told = Table("members", members.rows.assign(exchange="HOSE"))
    limits = (
        PriceLimit(exchange="HOSE", since=date(2000, 1, 1), limit_pct=5.0, tick_pct=0.5),
        PriceLimit(exchange="HOSE", since=date(2020, 1, 20), limit_pct=7.0, tick_pct=0.5),
    )
    panels = small(prices(framed({"a": [1.0] * days})), stocks=stocks, members=told)
    ruled = panels.universe.model_copy(update={"price_limits": limits})
    return replace(panels, universe=ruled)


def test_a_basket_takes_no_purchase_of_what_closed_at_its_limit() -> None:
    bars = market_bars(locked_panels())
    buys, sells = bars.takes.buys[:, 0], bars.takes.sells[:, 0]
    assert np.flatnonzero(buys < 1.0).tolist() == [7]
    assert buys[7] == pytest.approx(0.5)
    assert np.flatnonzero(sells < 1.0).tolist() == [17]
    assert sells[17] == pytest.approx(0.5)


def test_sectors_that_are_series_know_no_limits() -> None:
    panels = locked_panels()
    plain = panels.universe.model_copy(update={"built_from_members": False})
    bars = market_bars(replace(panels, universe=plain))
    assert (bars.takes.buys == 1.0).all()
    assert (bars.takes.sells == 1.0).all()


def test_a_market_with_every_kind_of_hole_can_be_played() -> None:
    bars = market_bars(market())
    terms = Terms(flat_cost(10.0, len(bars.panel.sectors)), bars.takes, settlement=2)
    done = play(bars.panel, BacktestSpec(signal="momentum:3", top=2, rebalance="weekly"), terms)
    assert len(done.tranches) == 5
    assert np.isfinite(done.net).all()


def test_a_panel_refuses_what_cannot_be_held() -> None:
    rows = framed({"a": [0.1, NAN, 0.1], "b": [0.0, 0.1, 0.2]})
    with pytest.raises(DataError, match="a gap after its first bar"):
        ReturnPanel(rows)
    with pytest.raises(DataError, match="above -1"):
        ReturnPanel(framed({"a": [0.1, -1.0]}))
    with pytest.raises(DataError, match="ascending"):
        ReturnPanel(framed({"a": [0.1, 0.2]}).iloc[::-1])
    with pytest.raises(DataError, match="unique"):
        ReturnPanel(pd.concat([framed({"a": [0.1]})] * 2))
    with pytest.raises(DataError, match="market"):
        ReturnPanel(framed({"a": [0.1, 0.2]}), market=framed({"m": [0.1, NAN]})["m"])


def test_the_hash_is_of_everything_but_what_was_given() -> None:
    rows = framed({"a": [0.1, 0.2], "b": [0.0, 0.1]})
    plain = ReturnPanel(rows)
    assert plain.sha256() == ReturnPanel(rows, given={"own:x": rows}).sha256()
    others = (rows * 1.0001, rows.iloc[:1], rows[["b", "a"]], rows.set_axis(["a", "c"], axis=1))
    hashes = {ReturnPanel(other).sha256() for other in others}
    assert len({*hashes, plain.sha256(), ReturnPanel(rows, market=rows["a"]).sha256()}) == 6


def test_rounding_errors_are_no_other_data() -> None:
    dates = pd.date_range("2001-01-31", periods=3, freq="ME")
    rows = pd.DataFrame({"a": [0.1, -0.0, 0.3]}, index=dates)
    same = pd.DataFrame({"a": [0.1 + 2e-17, 0.0, 0.1 + 0.2]}, index=dates)
    assert ReturnPanel(rows).sha256() == ReturnPanel(same).sha256()
    assert ReturnPanel(rows).sha256() != ReturnPanel(rows + 1e-9).sha256()
