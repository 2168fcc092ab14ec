"""The shared real files import with the guess alone; what was found in them once stays found."""

from collections.abc import Callable
from importlib.resources import files
from pathlib import Path
from time import process_time

import numpy as np
import pandas as pd
import pytest

from core.records.result import Dataset
from core.records.universe import Universe
from core.universe import parse_universe
from tools.importing import Imported, imported
from tools.panels import market_panels
from tools.store import Store

pytestmark = pytest.mark.real_data

Importer = Callable[..., tuple[Imported, ...]]


def _packaged(name: str) -> Universe:
    return parse_universe(files("core.universes").joinpath(f"{name}.toml").read_text("utf-8"))


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    return Store(tmp_path_factory.mktemp("home"))


@pytest.fixture(scope="module")
def importer(shared_data: Path, store: Store) -> Importer:
    def run(universe: str, dataset: Dataset, *names: str) -> tuple[Imported, ...]:
        return imported(store, tuple(shared_data / n for n in names), dataset, _packaged(universe))

    return run


@pytest.fixture(scope="module")
def vietnam(importer: Importer) -> dict[str, Imported]:
    stocks, flows = importer("vn", "prices", "D_vn_stocks_daily_foreign.parquet")
    indices = importer("vn", "prices", "D_vn_sector_index_daily.parquet")[0]
    members = importer("vn", "members", "D_vn_icb_map.csv")[0]
    macro = importer("vn", "macro", "F_vn_macro_vietstock.parquet")[0]
    reports = importer("vn", "fundamentals", "G_vn_quarterly_fundamentals.parquet")[0]
    return {
        "stocks": stocks, "flows": flows, "indices": indices, "members": members,
        "macro": macro, "reports": reports,
    }  # fmt: skip


def _counts(result: Imported) -> dict[str, int]:
    return {count.kind: count.rows_count for count in result.finding_counts}


def test_the_typing_error_and_the_saturday_of_the_vietnamese_index_are_left_out(
    vietnam: dict[str, Imported], store: Store
) -> None:
    found = {(item.kind, str(item.period)) for item in vietnam["indices"].findings}
    assert ("spike", "2007-07-23") in found
    assert ("weekend", "2008-08-16") in found
    assert vietnam["indices"].rejected_count == 2


def test_vietnamese_stocks_keep_all_rows_and_the_bad_adjustments_are_marked(
    vietnam: dict[str, Imported],
) -> None:
    assert (vietnam["stocks"].rows_count, vietnam["stocks"].rejected_count) == (382_822, 0)
    marked = {
        (item.symbol, str(item.period))
        for item in vietnam["stocks"].findings
        if item.kind == "beyond_limit"
    }
    assert {("MBS", "2021-05-17"), ("SIP", "2019-06-13")} <= marked


def test_vietnamese_panels_stand_on_their_own_basket_with_the_index_beside(
    vietnam: dict[str, Imported], store: Store
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
    vietnam: dict[str, Imported], store: Store
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
    vietnam: dict[str, Imported], store: Store
) -> None:
    rows = store.read("vn", "fundamentals")
    at = rows[(rows["symbol"] == "VNM") & (rows["period"] == "2022-12-31")].set_index("line")
    assert at["value"]["net_profit"] == pytest.approx(1869.0, abs=1.0)
    macro = store.read("vn", "macro")
    growth = macro[macro["series"].isin(["GDP_YOY_Q", "GDP_YOY_YTD"])]
    assert growth.groupby("series").size().min() >= 10
    first = macro[(macro["series"] == "GDP_YOY_Q") & (macro["period"] == "2023-03-31")].iloc[0]
    assert (first["value"], str(first["known_at"].date())) == (3.32, "2023-03-28")


def test_american_files_import_in_seconds_and_the_unit_trap_of_the_filings_is_found(
    importer: Importer, store: Store
) -> None:
    importer("us", "prices", "A_us_sector_spdr_daily_adj.parquet")
    importer("us", "prices", "A_us_other_etf_daily.parquet")
    begun = process_time()
    big = importer("us", "prices", "E_us_sp500_daily_adj.parquet")[0]
    assert process_time() - begun < 15.0
    assert (big.rows_count, big.rejected_count) == (1_109_745, 0)
    filings = importer("us", "positions", "H_us_13f_selected_managers.parquet")[0]
    assert _counts(filings)["no_symbol"] == 5_240
    rows = store.read("us", "positions")
    implied = (
        (rows["value_bn"] * 1e9 / rows["shares"])
        .groupby([rows["manager"], rows["period"]])
        .median()
    )
    assert implied.between(1.0, 5_000.0).all()


def test_american_panels_hold_total_returns(importer: Importer, store: Store) -> None:
    importer("us", "prices", "A_us_sector_spdr_daily_adj.parquet")
    importer("us", "members", "E_us_sp500_gics_map.csv", "E_us_sp500_membership_start_end.csv")
    importer("us", "macro", "F_us_macro_fred.parquet")
    importer("us", "macro", "F_us_ism_pmi_release_dates.csv")
    importer("us", "fundamentals", "G_us_annual_fundamentals_2012_2016.parquet")
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
