"""The shared real files import with the guess alone; what was found in them once stays found."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date
from importlib.resources import files
from pathlib import Path
from time import process_time

import numpy as np
import pandas as pd
import pytest

from core.markets.universe import parse_universe
from core.records.result import MissingCell
from core.records.universe import Universe
from tools.context import ToolContext
from tools.intake.doctor import StatusLine, doctor
from tools.intake.importing import opened
from tools.macro.indicators import macro_indicators
from tools.market.status import data_status
from tools.sectors.heatmap import sector_heatmap
from tools.storage.models import ModelStore
from tools.storage.panels import market_panels
from tools.storage.store import Store

pytestmark = pytest.mark.real_data

LineOf = Callable[[str, str], StatusLine]
END = date(2024, 12, 30)


def _packaged(name: str) -> Universe:
    return parse_universe(files("core.universes").joinpath(f"{name}.toml").read_text("utf-8"))


@pytest.fixture(scope="module")
def store(market_home: Path) -> Store:
    return Store(market_home)


@pytest.fixture(scope="module")
def line_of(store: Store) -> LineOf:
    """What became of one file as one data set."""

    def find(universe: str, start: str) -> StatusLine:
        (line,) = (
            line
            for line in doctor(store, universe)
            if f"{line.dataset} {line.origin}".startswith(start)
        )
        return line

    return find


@pytest.fixture(scope="module")
def context(store: Store, market_home: Path) -> ToolContext:
    universes = {name: _packaged(name) for name in ("us", "vn")}
    return ToolContext(
        store=store, universes=universes, models=ModelStore(market_home), default_universe="us"
    )


def _counts(line: StatusLine) -> dict[str, int]:
    return {count.kind: count.rows_count for count in line.finding_counts}


def test_the_typing_error_and_the_saturday_of_the_vietnamese_index_are_left_out(
    line_of: LineOf,
) -> None:
    line = line_of("vn", "prices D_vn_sector")
    found = {(item.kind, str(item.period)) for item in line.findings}
    assert ("spike", "2007-07-23") in found
    assert ("weekend", "2008-08-16") in found
    assert line.rejected_count == 2


def test_vietnamese_stocks_keep_all_rows_and_the_bad_adjustments_are_marked(
    line_of: LineOf,
) -> None:
    line = line_of("vn", "prices D_vn_stocks")
    assert (line.rows_count, line.rejected_count) == (382_822, 0)
    marked = {
        (item.symbol, str(item.period)) for item in line.findings if item.kind == "beyond_limit"
    }
    assert {("MBS", "2021-05-17"), ("SIP", "2019-06-13")} <= marked


def test_vietnamese_panels_stand_on_their_own_basket_with_the_index_beside(
    store: Store,
) -> None:
    panels = market_panels(store, _packaged("vn"))
    assert list(panels.benchmark.closes.columns)[:2] == ["vn_basket", "vnindex"]
    year = panels.benchmark.closes["vnindex"].loc["2021-12-31":"2022-12-31"].dropna()
    assert year.iloc[-1] / year.iloc[0] - 1 == pytest.approx(-0.328, abs=0.001)
    assert {"media", "telecommunications"} <= set(
        panels.sectors.closes.columns[panels.sectors.closes.iloc[-1].isna()]
    )
    assert pd.Timestamp("2018-01-23") not in panels.sectors.closes.index


def test_the_share_of_sessions_with_full_room_is_the_one_the_desks_see(
    store: Store,
) -> None:
    flows = market_panels(store, _packaged("vn")).flows
    assert flows is not None
    share = (flows.room_full.loc["2022":"2024"] == 1.0).mean()
    seen = {"ACB": 0.82, "PNJ": 0.65, "FPT": 0.62, "MSB": 0.60, "REE": 0.58, "MWG": 0.50}
    for symbol, wanted in seen.items():
        assert share[symbol] == pytest.approx(wanted, abs=0.015)
    net = (flows.buys - flows.sells).abs().sum().sum() / flows.traded.sum().sum()
    assert 0.01 < net < 0.2


def test_vietnamese_reports_and_releases_have_their_dates_and_units(
    store: Store,
) -> None:
    rows = store.read("vn", "fundamentals")
    at = rows[(rows["symbol"] == "VNM") & (rows["period"] == "2022-12-31")].set_index("line")
    assert at["value"]["net_profit"] == pytest.approx(1869.0, abs=1.0)
    macro = store.read("vn", "macro")
    growth = macro[macro["series"].isin(["GDP_YOY_Q", "GDP_YOY_YTD"])]
    assert growth.groupby("series").size().min() >= 10
    first = macro[(macro["series"] == "GDP_YOY_Q") & (macro["period"] == "2023-03-31")].iloc[0]
    assert (first["value"], str(first["known_at"].date())) == (3.32, "2023-03-28")


def test_a_million_rows_are_opened_in_seconds(shared_data: Path, line_of: LineOf) -> None:
    begun = process_time()
    opened((shared_data / "E_us_sp500_daily_adj.parquet",), "prices", _packaged("us"))
    assert process_time() - begun < 10.0
    line = line_of("us", "prices E_us")
    assert (line.rows_count, line.rejected_count) == (1_109_745, 0)


def test_the_unit_trap_of_the_filings_is_found_row_by_row(line_of: LineOf, store: Store) -> None:
    counts = _counts(line_of("us", "positions"))
    assert (counts["no_symbol"], counts["rescaled"], counts["implausible"]) == (5_240, 652, 26)
    rows = store.read("us", "positions")
    implied = rows["value_bn"] * 1e9 / rows["shares"]
    by_filing = implied.groupby([rows["manager"], rows["period"]]).median()
    assert by_filing.between(1.0, 5_000.0).all()
    assert set(rows.loc[implied > 5_000.0, "symbol"]) <= {"NVR", "BRK-A"}
    held = rows[(rows["manager"] == "David Tepper") & (rows["period"] == "2024-09-30")]
    assert held.set_index("symbol").loc["NRG", "value_bn"] == pytest.approx(0.0911, abs=1e-4)
    assert set(rows.nlargest(10, "value_bn")["symbol"]) == {"AAPL"}


def test_american_panels_hold_total_returns(store: Store) -> None:
    panels = market_panels(store, _packaged("us"))
    assert set(panels.sectors.closes.columns[panels.sectors.closes.iloc[-1].notna()]) == set(
        panels.universe.sector_ids
    )
    energy = panels.sectors.closes["energy"]
    assert energy["2022-12-30"] / energy["2021-12-31"] - 1 == pytest.approx(0.643, abs=0.001)
    spy = panels.benchmark.closes["spy"]
    assert spy["2020-03-23"] / spy["2020-02-19"] - 1 == pytest.approx(-0.337, abs=0.001)
    assert panels.members is not None
    assert {"BRK-B", "AAPL"} <= set(panels.members.rows["symbol"])
    assert panels.macro is not None
    rows = panels.macro.rows
    jobless = rows[(rows["series"] == "UNRATE") & (rows["period"] == "2020-04-30")].iloc[0]
    assert (jobless["value"], str(jobless["known_at"].date())) == (14.8, "2020-05-07")
    assert np.isfinite(rows["value"]).all()


def test_a_desk_reads_the_american_releases_of_that_december(context: ToolContext) -> None:
    rows = {row.series: row for row in macro_indicators(context, region="us", as_of=END).rows}
    assert list(rows) == [
        "gdpc1_yoy", "ism_pmi", "cpiaucsl_yoy", "cpilfesl_yoy", "payems_change", "unrate", "icsa",
        "fedfunds", "dgs10", "t10y2y", "bamlh0a0hym2_m", "umcsent",
    ]  # fmt: skip
    assert rows["cpiaucsl_yoy"].value_level == pytest.approx(2.7, abs=0.05)
    assert rows["cpilfesl_yoy"].value_level == pytest.approx(3.3, abs=0.05)
    assert (rows["unrate"].value_level, rows["ism_pmi"].value_level) == (4.2, 48.4)
    assert not any("stale" in row.flags for row in rows.values())


def test_vietnamese_releases_that_stopped_are_stale_and_make_no_regime_and_no_factor(
    context: ToolContext,
) -> None:
    result = macro_indicators(context, region="vn", as_of=END)
    rows = {row.series: row for row in result.rows}
    assert rows["cpi_mom_compounded"].value_level == pytest.approx(3.66, abs=0.02)
    assert all("stale" in row.flags for row in rows.values())
    assert result.regime == ()
    tilts = [value for value in result.factors if value.factor == "macro_tilt"]
    assert {value.value for value in tilts} == {None}
    assert {value.reason for value in tilts} <= {"stale", "too_few_members"}


@pytest.mark.parametrize(
    ("universe", "stale"), [("us", {"fundamentals"}), ("vn", {"fundamentals", "macro"})]
)
def test_data_sets_that_stopped_are_stale(
    context: ToolContext, universe: str, stale: set[str]
) -> None:
    rows = data_status(context, region=universe, as_of=END).rows
    assert {row.dataset for row in rows if row.stale} == stale


YOUNG = date(2019, 3, 1)
TOO_SHORT = {
    ("communication_services", measure, "too_short")
    for measure in ("excess_12m_pct", "distance_200d_pct", "weekly")
}


UNPRICED = {("media", "no_data"), ("telecommunications", "no_data")}


def is_other(cell: MissingCell) -> bool:
    """Tell whether a cell is missing for another reason than that nothing was fitted."""
    return cell.reason != "model_not_fitted"


def holes(missing: Iterable[MissingCell]) -> set[tuple[str, str, str]]:
    return {(c.subject, c.measure, c.reason) for c in missing}


@pytest.mark.prove
def test_the_map_of_fitted_sectors_has_no_other_holes(
    context: ToolContext, real_home: Path
) -> None:
    fitted = replace(context, store=Store(real_home), models=ModelStore(real_home))
    young = sector_heatmap(fitted, region="us", as_of=YOUNG)
    assert holes(young.missing) == TOO_SHORT
    assert [record.horizon for record in young.skill] == ["1W", "1M", "3M"]
    unpriced = sector_heatmap(fitted, region="vn", as_of=END).missing
    assert {(c.subject, c.reason) for c in unpriced} == UNPRICED


def test_the_map_of_real_sectors_explains_its_holes(context: ToolContext) -> None:
    """Nothing is fitted here: that every forecast is missing for that reason is set aside."""
    young, unpriced = (
        [c for c in sector_heatmap(context, region=region, as_of=day).missing if is_other(c)]
        for region, day in (("us", YOUNG), ("vn", END))
    )
    assert holes(young) == TOO_SHORT
    assert {(c.subject, c.reason) for c in unpriced} == UNPRICED
