"""Benchmark weights on their way from a file to the scoring inputs."""

from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from core.errors import ImportRejectedError
from core.portfolio.inputs import scoring_inputs
from core.records.scoring import ScoringResult
from core.records.universe import Universe
from tests.tools.sources.conftest import packaged
from tools.intake.importing import Imported, imported
from tools.storage.panels import market_panels
from tools.storage.store import Store

AS_OF = date(2024, 6, 28)


@pytest.fixture(scope="module")
def us() -> Universe:
    return packaged("us")


@pytest.fixture
def store(tmp_path: Path, us: Universe) -> Store:
    """A year of three funds."""
    days = pd.bdate_range("2023-01-02", "2024-12-31")
    rows = [f"{ticker},{day.date()},{100 + n}" for ticker in ("SPY", "XLK", "XLF")
            for n, day in enumerate(days)]  # fmt: skip
    path = tmp_path / "prices.csv"
    path.write_text("\n".join(["ticker,date,close", *rows]))
    found = Store(tmp_path)
    imported(found, (path,), "prices", us)
    return found


def stored(store: Store, us: Universe, folder: Path, *lines: str) -> Imported:
    path = folder / "weights.csv"
    path.write_text("\n".join(["date,sector,weight,publisher", *lines]))
    (result,) = imported(store, (path,), "weights", us, today=date(2025, 1, 2))
    return result


def inputs(store: Store, us: Universe, as_of: date = AS_OF) -> ScoringResult:
    return scoring_inputs(market_panels(store, us), None, as_of=as_of, horizon="1M")


def weights(result: ScoringResult) -> dict[str, float]:
    return {row.sector: row.weight for row in result.benchmark_weights if row.weight}


def test_an_imported_table_is_what_the_benchmark_weighs(
    store: Store, us: Universe, tmp_path: Path
) -> None:
    assert inputs(store, us).benchmark_weights_source == "equal_weight"
    stored(store, us, tmp_path, "2024-05-31,Financials,40,S&P", "2024-05-31,XLK,60,S&P")
    result = inputs(store, us)
    assert weights(result) == {"financials": 0.4, "technology": 0.6}
    assert result.benchmark_weights_source == "file"
    assert result.benchmark_weights_as_of == date(2024, 5, 31)
    assert (result.benchmark, result.benchmark_weights_origin) == ("spy", "S&P")
    assert inputs(store, us, date(2024, 5, 30)).benchmark_weights_source == "equal_weight"


def test_a_corrected_table_of_the_same_day_replaces_the_first_whole(
    store: Store, us: Universe, tmp_path: Path
) -> None:
    stored(store, us, tmp_path, "2024-05-31,Financials,40,S&P", "2024-05-31,XLK,60,S&P")
    stored(store, us, tmp_path, "2024-05-31,Energy,30,S&P", "2024-05-31,XLK,70,S&P")
    assert weights(inputs(store, us)) == {"energy": 0.3, "technology": 0.7}


def test_a_table_that_does_not_add_up_stores_nothing(
    store: Store, us: Universe, tmp_path: Path
) -> None:
    before = store.fingerprint("us")
    with pytest.raises(ImportRejectedError, match=r"add up to 90\.00 %"):
        stored(store, us, tmp_path, "2024-05-31,Financials,30,S&P", "2024-05-31,XLK,60,S&P")
    assert store.fingerprint("us") == before


def test_a_line_of_no_sector_is_told_as_left_out(
    store: Store, us: Universe, tmp_path: Path
) -> None:
    result = stored(store, us, tmp_path, "2024-05-31,XLK,99.8,S&P", "2024-05-31,Cash,0.2,S&P")
    assert [(item.kind, item.row) for item in result.findings] == [("unlisted_sector", 2)]
    assert (result.rejected_count, result.rows_count) == (1, 11)


def test_a_table_of_a_day_to_come_is_refused(store: Store, us: Universe, tmp_path: Path) -> None:
    with pytest.raises(ImportRejectedError):
        stored(store, us, tmp_path, "2026-05-31,XLK,100,S&P")
