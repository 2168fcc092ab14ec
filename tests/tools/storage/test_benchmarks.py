from importlib.resources import files

import numpy as np
import pandas as pd
import pytest

from core.markets.basket import sector_baskets
from core.markets.benchmark import equal_weighted, measured
from core.markets.universe import parse_universe
from core.panel import MarketPanels
from core.records.result import Dataset
from core.records.universe import Universe
from tools.sources.demo import demo_frames
from tools.storage.panels import panels_from_frames
from tools.storage.schema import empty_frame

Frames = dict[Dataset, pd.DataFrame]


def packaged(name: str) -> Universe:
    return parse_universe(files("core.universes").joinpath(f"{name}.toml").read_text("utf-8"))


@pytest.fixture(scope="module")
def demo() -> Universe:
    return packaged("demo")


@pytest.fixture(scope="module")
def frames(demo: Universe) -> Frames:
    return demo_frames(demo)


@pytest.fixture(scope="module")
def panels(demo: Universe, frames: Frames) -> MarketPanels:
    return panels_from_frames(demo, frames)


def raw(symbols: list[str], count: int = 60) -> pd.DataFrame:
    """Closes that rise 1 % a session, with a dividend of 1 on the thirtieth."""
    rows = empty_frame("prices").reindex(range(len(symbols) * count))
    days = pd.bdate_range("2024-01-01", periods=count).as_unit("us")
    rows["symbol"] = pd.Series(np.repeat(symbols, count), dtype="str")
    rows["period"] = rows["known_at"] = np.tile(days.to_numpy(), len(symbols))
    rows["close"] = np.tile(100.0 * 1.01 ** np.arange(count), len(symbols))
    rows["dividend"] = np.tile(np.where(np.arange(count) == 30, 1.0, 0.0), len(symbols))
    return rows


def with_price_mark(name: str) -> Universe:
    """The packaged universe with its first benchmark in price treatment beside it."""
    universe = packaged(name)
    bare = universe.benchmark.model_copy(update={"id": "bare", "treatment": "price"})
    return universe.model_copy(update={"benchmarks": (*universe.benchmarks, bare)})


def test_equal_weight_is_made_of_the_sectors_themselves(panels: MarketPanels) -> None:
    expected = equal_weighted(panels.sectors.closes)
    pd.testing.assert_series_equal(
        panels.benchmark.closes["equal_weight"], expected, check_names=False, check_exact=True
    )


def test_the_constant_never_moves_and_nobody_trades_it(panels: MarketPanels) -> None:
    assert (panels.benchmark.closes["constant"] == 100.0).all()
    assert panels.benchmark.values["constant"].isna().all()


def test_an_ex_group_is_the_basket_of_a_market_without_the_group(
    demo: Universe, frames: Frames
) -> None:
    group = ("DTEC1", "DFIN1", "DFIN2")
    mark = demo.benchmark.model_copy(update={"id": "rest", "kind": "ex_group", "without": group})
    of = demo.model_copy(update={"benchmarks": (*demo.benchmarks, mark)})
    found = panels_from_frames(of, frames)
    assert found.stocks is not None
    assert found.members is not None
    names = [str(name) for name in found.stocks.closes]
    kept = found.stocks.only([name for name in names if name not in group])
    alone = sector_baskets(kept, found.members, demo).benchmark
    for name in ("closes", "values", "put_throughs"):
        pd.testing.assert_series_equal(
            getattr(found.benchmark, name)["rest"],
            getattr(alone, name)[demo.benchmark.id],
            check_names=False,
            rtol=1e-12,
        )


def test_a_price_basket_lags_the_total_return_one_by_the_dividends(panels: MarketPanels) -> None:
    levels = panels.benchmark.closes[["demo_basket", "price_basket"]].dropna()
    years = len(levels) / 252
    ratio = levels["demo_basket"] / levels["price_basket"]
    assert 0.005 < np.log(ratio.iloc[-1] / ratio.iloc[0]) / years < 0.08
    assert panels.price_sectors is not None
    mixed = panels.sectors.closes.div(levels["price_basket"], axis=0)
    alike = panels.price_sectors.closes.div(levels["price_basket"], axis=0)
    assert (mixed.iloc[-1] / mixed.iloc[100] > alike.iloc[-1] / alike.iloc[100]).all()


def test_every_shipped_demo_benchmark_can_be_measured_against(panels: MarketPanels) -> None:
    for mark in panels.universe.benchmarks:
        found = measured(panels, mark)
        assert not isinstance(found, str), mark.id
        assert found.mark == mark


def test_funds_stored_raw_are_measured_in_both_treatments() -> None:
    panels = panels_from_frames(with_price_mark("us"), {"prices": raw(["SPY", "XLK", "XLF"])})
    for name, last in (("spy", 100.0 * 1.01**59), ("bare", 100.0 * 1.01**59)):
        mark = next(item for item in panels.universe.benchmarks if item.id == name)
        found = measured(panels, mark)
        assert not isinstance(found, str)
        strength = found.sectors["technology"] / found.level
        assert strength.to_numpy() == pytest.approx(1.0)
        total = last * (1.0 + 1.0 / (100.0 * 1.01**30)) if name == "spy" else last
        assert found.level.iloc[-1] == pytest.approx(total)


def test_funds_stored_adjusted_are_not_measured_against_a_price_index() -> None:
    rows = raw(["SPY", "XLK", "XLF"])
    adjusted = rows.assign(adj_close=rows["close"].where(rows["symbol"] != "SPY"))
    panels = panels_from_frames(with_price_mark("us"), {"prices": adjusted})
    assert panels.price_sectors is None
    assert measured(panels, panels.universe.benchmarks[-1]) == "mixed_treatment"


def test_a_price_index_with_adjusted_closes_alone_has_no_level() -> None:
    rows = raw(["SPY", "XLK", "XLF"])
    adjusted = rows.assign(adj_close=rows["close"].where(rows["symbol"] == "SPY"))
    panels = panels_from_frames(with_price_mark("us"), {"prices": adjusted})
    assert measured(panels, panels.universe.benchmarks[-1]) == "not_covered"


def test_sectors_of_a_price_universe_leave_dividends_out() -> None:
    hose = packaged("vn_hose")
    tickers = [sector.ticker for sector in hose.sectors[:2]]
    panels = panels_from_frames(hose, {"prices": raw(["VNINDEX", *tickers])})
    assert panels.price_sectors is None
    closes = panels.sectors.closes[hose.sectors[0].id]
    assert closes.iloc[-1] == pytest.approx(100.0 * 1.01**59)
    assert panels.benchmark.closes["vnindex"].equals(closes.rename("vnindex"))


def test_members_with_one_adjusted_stock_have_no_price_basket(
    demo: Universe, frames: Frames
) -> None:
    rows = frames["prices"]
    adjusted = rows.assign(adj_close=rows["close"].where(rows["symbol"] == "DTEC1"))
    panels = panels_from_frames(demo, {**frames, "prices": adjusted})
    assert panels.price_sectors is None
    assert panels.benchmark.closes["price_basket"].isna().all()
