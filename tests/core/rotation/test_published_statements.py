"""Dated statements by the author of the picture: does our formula put each sector there?"""

import csv
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb
import pandas as pd
import pytest

from core.records.universe import Frequency
from core.rotation.quadrants import rotations

FIRM_CONFIDENCES = ("exact", "week")


@dataclass(frozen=True, slots=True)
class Statement:
    day: date
    symbol: str
    quadrants: tuple[str, ...]


@pytest.fixture(scope="module")
def closes(shared_data: Path) -> pd.DataFrame:
    rows = duckdb.execute(
        "select ticker, date, close::double as close from read_parquet(?) order by date, ticker",
        [str(shared_data / "A_us_sector_spdr_daily_adj.parquet")],
    ).df()
    return rows.pivot(index="date", columns="ticker", values="close")


def firm_statements(shared_data: Path, frequency: Frequency) -> list[Statement]:
    path = shared_data.parent / "reference" / "rotation_statements.csv"
    with path.open(encoding="utf-8") as lines:
        return [
            Statement(
                date.fromisoformat(row["date"]), row["symbol"], tuple(row["quadrant"].split("|"))
            )
            for row in csv.DictReader(lines)
            if row["frequency"] == frequency
            and row["edge"] == "0"
            and row["date_confidence"] in FIRM_CONFIDENCES
            and row["benchmark"] == "SPY"
        ]


@pytest.mark.real_data
@pytest.mark.parametrize(
    ("frequency", "n_statements", "n_wanted"), [("daily", 24, 24), ("weekly", 34, 33)]
)
def test_firm_published_statements_are_reproduced(
    shared_data: Path,
    closes: pd.DataFrame,
    frequency: Frequency,
    n_statements: int,
    n_wanted: int,
) -> None:
    statements = firm_statements(shared_data, frequency)
    misses = []
    for said in statements:
        known = closes.loc[: str(said.day)]
        found = rotations(
            known.drop(columns="SPY"), known["SPY"], frequency=frequency, as_of=said.day
        )[said.symbol]
        if found is None or found.quadrant not in said.quadrants:
            misses.append(said)
    n_met = len(statements) - len(misses)
    print(f"{frequency}: {n_met}/{len(statements)} firm")
    assert len(statements) == n_statements
    assert n_met >= n_wanted, misses
