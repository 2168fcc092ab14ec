from importlib.resources import files
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from core.errors import DataError, EmptyStoreError
from core.markets.universe import parse_universe
from core.panel import MarketPanels
from core.price_measures import volume_ratio_x
from core.records.result import Dataset
from core.records.universe import Universe
from tools.intake.importing import imported
from tools.sources.demo import demo_frames
from tools.storage.panels import market_panels, panels_from_frames
from tools.storage.schema import empty_frame
from tools.storage.store import Store


def _packaged(name: str) -> Universe:
    return parse_universe(files("core.universes").joinpath(f"{name}.toml").read_text("utf-8"))


@pytest.fixture(scope="module")
def us() -> Universe:
    return _packaged("us")


@pytest.fixture(scope="module")
def demo() -> Universe:
    return _packaged("demo")


@pytest.fixture(scope="module")
def frames(demo: Universe) -> dict[Dataset, pd.DataFrame]:
    return demo_frames(demo)


def _prices(symbols: list[str], count: int = 6, first: str = "2024-01-01") -> pd.DataFrame:
    days = pd.bdate_range(first, periods=count).as_unit("us")
    rows = empty_frame("prices").reindex(range(len(symbols) * count))
    rows["symbol"] = pd.Series(np.repeat(symbols, count), dtype="str")
    rows["period"] = rows["known_at"] = np.tile(days.to_numpy(), len(symbols))
    rows["close"] = np.arange(1.0, len(rows) + 1.0)
    return rows


def test_an_empty_store_names_the_command_that_fills_it(us: Universe, tmp_path: Path) -> None:
    with pytest.raises(EmptyStoreError, match="`sectorwise import --universe us --prices FILE`"):
        market_panels(Store(tmp_path), us)


def test_a_missing_benchmark_is_named_with_the_command(us: Universe) -> None:
    with pytest.raises(DataError, match=r"benchmark SPY; run `sectorwise import --universe us"):
        panels_from_frames(us, {"prices": _prices(["XLK", "XLF"])})
    with pytest.raises(DataError, match="sector series"):
        panels_from_frames(us, {"prices": _prices(["SPY", "AAPL"])})


def test_members_that_are_missing_are_named_with_the_command(demo: Universe) -> None:
    with pytest.raises(DataError, match=r"no members of them; run .* --members FILE"):
        panels_from_frames(demo, {"prices": _prices(["DTEC1"])})


def test_series_become_columns_by_id_and_the_rest_are_stocks(us: Universe) -> None:
    panels = panels_from_frames(us, {"prices": _prices(["SPY", "XLK", "XLF", "AAPL", "GLD"])})
    assert tuple(panels.sectors.closes.columns) == us.sector_ids
    assert list(panels.benchmark.closes.columns) == ["spy", "equal_weight", "constant", "rsp"]
    assert panels.stocks is not None
    assert list(panels.stocks.closes.columns) == ["AAPL", "GLD"]
    assert panels.sectors.closes["technology"].notna().all()
    assert panels.sectors.closes["energy"].isna().all()


def test_the_calendar_is_the_benchmarks_and_nothing_is_carried_forward(us: Universe) -> None:
    rows = _prices(["SPY", "XLK"])
    spare = rows[~((rows["symbol"] == "XLK") & (rows["close"] == 9.0))]
    extra = _prices(["XLK"], count=1, first="2024-03-01")
    panels = panels_from_frames(us, {"prices": pd.concat([spare, extra], ignore_index=True)})
    closes = panels.sectors.closes["technology"]
    assert len(closes) == 6
    assert closes.isna().tolist() == [False, False, True, False, False, False]


def test_history_begins_with_the_first_sector(us: Universe) -> None:
    rows = pd.concat([_prices(["SPY"], 10), _prices(["XLK"], 3, "2024-01-08")], ignore_index=True)
    panels = panels_from_frames(us, {"prices": rows})
    assert str(panels.sectors.closes.index[0].date()) == "2024-01-08"
    assert len(panels.benchmark.closes) == 5


def test_the_order_of_rows_does_not_matter(us: Universe) -> None:
    rows = _prices(["SPY", "XLK", "AAPL"], 20)
    mixed = rows.sample(frac=1.0, random_state=1).reset_index(drop=True)
    one, other = (panels_from_frames(us, {"prices": frame}) for frame in (rows, mixed))
    pd.testing.assert_frame_equal(one.sectors.closes, other.sectors.closes)


def test_a_member_built_universe_has_its_own_basket_first(
    demo: Universe, frames: dict[Dataset, pd.DataFrame]
) -> None:
    panels = panels_from_frames(demo, frames)
    assert list(panels.benchmark.closes.columns) == [mark.id for mark in demo.benchmarks]
    assert panels.benchmark.closes.iloc[1:].notna().to_numpy()[10:].all()
    for name in ("flows", "fundamentals", "macro", "positions", "members"):
        assert getattr(panels, name) is not None


def test_a_day_on_which_the_main_exchange_stood_still_is_no_session(
    demo: Universe, frames: dict[Dataset, pd.DataFrame]
) -> None:
    prices = frames["prices"]
    day = pd.Timestamp("2022-03-15")
    few = set(prices["symbol"].unique()[:6])
    kept = prices[(prices["period"] != day) | prices["symbol"].isin(few)]
    panels = panels_from_frames(demo, {**frames, "prices": kept})
    assert day not in panels.sectors.closes.index
    assert panels.stocks is not None
    assert day not in panels.stocks.closes.index


def test_the_denominator_of_flow_holds_matched_and_put_through(
    demo: Universe, frames: dict[Dataset, pd.DataFrame]
) -> None:
    panels = panels_from_frames(demo, frames)
    assert panels.flows is not None
    assert panels.stocks is not None
    whole = panels.stocks.values + panels.stocks.put_throughs
    pd.testing.assert_frame_equal(panels.flows.traded, whole[panels.flows.traded.columns])


def _cut(frames: dict[Dataset, pd.DataFrame], as_of: pd.Timestamp) -> dict[Dataset, pd.DataFrame]:
    known = {"members": "start"}
    return {
        name: rows[rows[known.get(name, "known_at")] <= as_of].reset_index(drop=True)
        for name, rows in frames.items()
    }


def _every_frame(panels: MarketPanels) -> dict[str, pd.DataFrame]:
    found: dict[str, pd.DataFrame] = {}
    for name in ("sectors", "benchmark", "stocks", "flows", "price_sectors"):
        part = getattr(panels, name)
        found |= {f"{name}.{field}": getattr(part, field) for field in part.__slots__}
    for name in ("fundamentals", "macro", "positions", "members"):
        found[name] = getattr(panels, name).rows
    return found


@pytest.mark.parametrize("day", ["2020-06-30", "2023-11-17"])
def test_panels_of_the_past_equal_the_past_of_the_panels(
    demo: Universe, frames: dict[Dataset, pd.DataFrame], day: str
) -> None:
    """Rows stored later change no earlier cell by a bit, dividends and splits included."""
    as_of = pd.Timestamp(day)
    whole = panels_from_frames(demo, frames).until(as_of.date())
    part = panels_from_frames(demo, _cut(frames, as_of)).until(as_of.date())
    for name, frame in _every_frame(whole).items():
        pd.testing.assert_frame_equal(
            frame.reset_index(drop=True),
            _every_frame(part)[name].reset_index(drop=True),
            check_exact=True,
        )


def test_a_split_leaves_relative_volume_as_it_was(us: Universe) -> None:
    """Four new shares for one: four times the shares change hands for the same activity."""
    rows = _prices(["SPY", "XLK", "AAPL"], count=90).assign(close=100.0, volume=1000.0)
    places = np.flatnonzero((rows["symbol"] == "AAPL").to_numpy())[70:]
    after = rows.copy()
    after.loc[places, "close"], after.loc[places, "volume"] = 25.0, 4000.0
    after.loc[places[0], "split"] = 4.0
    plain, split = (panels_from_frames(us, {"prices": frame}).stocks for frame in (rows, after))
    assert plain is not None
    assert split is not None
    pd.testing.assert_frame_equal(split.volumes, plain.volumes)
    pd.testing.assert_series_equal(volume_ratio_x(split.volumes), volume_ratio_x(plain.volumes))


def test_panels_are_built_once_until_a_row_is_added(us: Universe, tmp_path: Path) -> None:
    store = Store(tmp_path)
    heading, path = "ticker,date,close\n", tmp_path / "a.csv"
    path.write_text(heading + "SPY,2024-01-02,1\nXLK,2024-01-02,1\n")
    imported(store, (path,), "prices", us)
    first = market_panels(store, us)
    assert market_panels(store, us) is first
    path.write_text(heading + "SPY,2024-01-03,2\nXLK,2024-01-03,2\n")
    imported(store, (path,), "prices", us)
    assert str(market_panels(store, us).last) == "2024-01-03"
