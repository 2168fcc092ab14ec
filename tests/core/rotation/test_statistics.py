"""The statistics of a universe's rotations, as of a date."""

from datetime import date
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.rotation.bars import to_bars
from core.rotation.quadrants import QUADRANTS, rotations
from core.rotation.rrg import relative_rotation
from core.rotation.statistics import EMPTY, Statistics, rotation_statistics
from core.rotation.transitions import transitions

RNG = np.random.default_rng(11)
DAYS = pd.bdate_range("2015-01-05", periods=2000).as_unit("us")
CLOSES = pd.DataFrame(
    100 * np.exp(np.cumsum(RNG.normal(0.0, 0.01, (len(DAYS), 5)), axis=0)),
    index=DAYS,
    columns=["autos", "banks", "chemicals", "drugs", "energy"],
)
LEVEL = CLOSES.mean(axis=1)
FRIDAY, WEDNESDAY = date(2022, 8, 26), date(2022, 8, 24)


def counted(day: date = FRIDAY, closes: pd.DataFrame = CLOSES) -> Statistics:
    return rotation_statistics(closes, LEVEL, frequency="weekly", as_of=day)


def test_every_part_counts_the_same_bars() -> None:
    found = counted()
    bars = to_bars(CLOSES, "weekly", as_of=FRIDAY).closes
    level = to_bars(LEVEL.to_frame(), "weekly", as_of=FRIDAY).closes.iloc[:, 0]
    table = transitions(relative_rotation(bars, level))
    assert found.since == bars.index[37].date()
    assert len(found.moves) == 16
    for row in found.quadrants:
        moves = [move for move in found.moves if move.quadrant == row.quadrant]
        assert sum(move.moves_count for move in moves) == row.bars_count
        assert row.dwell_mean_index == pytest.approx(table.dwell.loc[row.quadrant, "mean_bars"])
        staying = next(move for move in moves if move.next_quadrant == row.quadrant)
        assert row.leave_fraction == pytest.approx(1.0 - (staying.move_fraction or 0.0))
    (turn,) = found.turns
    assert turn.changes_count == table.changes_count
    assert turn.clockwise_fraction == pytest.approx(table.clockwise_fraction)
    assert turn.full_loops_count == table.loops["full_count"].sum()
    months = [row for row in found.readings if row.horizon == "1M"]
    n_bars = sum(row.bars_count for row in found.quadrants)
    assert sum(row.observations_count for row in months) == n_bars - 3 * 5


def test_a_sector_stands_where_the_map_has_it() -> None:
    placed = rotations(CLOSES, LEVEL, frequency="weekly", as_of=WEDNESDAY)
    for row in counted(WEDNESDAY).sectors:
        spot = placed[row.sector]
        assert spot is not None
        assert (row.quadrant, row.dwell_count) == (spot.quadrant, spot.dwell_count)
        assert row.early_warning == spot.early_warning
        assert (row.ratio_side == "right") == (spot.rs_ratio_index >= 100)
        assert row.one_sided == (row.side_turns_count >= 2)


def test_a_running_week_is_not_counted() -> None:
    running, before = counted(WEDNESDAY), counted(date(2022, 8, 19))
    for part in ("quadrants", "moves", "turns", "early_warnings", "readings"):
        assert getattr(running, part) == getattr(before, part)
    assert counted(FRIDAY).moves != before.moves


@settings(max_examples=20)
@given(cut=st.integers(400, 1990), seed=st.integers(0, 3))
def test_nothing_later_changes_what_was_counted(cut: int, seed: int) -> None:
    day = DAYS[cut].date()
    shaken = CLOSES.copy()
    noise = np.random.default_rng(seed).uniform(0.5, 2.0, shaken.iloc[cut + 1 :].shape)
    shaken.iloc[cut + 1 :] *= noise
    assert counted(day, shaken) == counted(day) == counted(day, CLOSES.iloc[: cut + 1])


def test_a_history_without_a_quadrant_is_empty() -> None:
    assert counted(date(2015, 6, 1)) == EMPTY


def test_a_sector_without_a_last_bar_is_not_told() -> None:
    gone = CLOSES.copy()
    gone.loc["2022-07-01":, "banks"] = np.nan
    assert [row.sector for row in counted(closes=gone).sectors] == [
        "autos", "chemicals", "drugs", "energy",
    ]  # fmt: skip


def test_months_have_no_week_to_look_ahead() -> None:
    found = rotation_statistics(CLOSES, LEVEL, frequency="monthly", as_of=FRIDAY)
    assert {row.horizon for row in found.readings} == {"1M", "3M"}


def test_a_random_walk_says_nothing_about_the_quadrants() -> None:
    verdicts = [row.verdict for row in counted().readings]
    assert len(verdicts) == 3 * len(QUADRANTS)
    assert verdicts.count("not_distinguishable") >= 10


@pytest.mark.real_data
def test_buying_improving_american_sectors_did_not_pay_until_2018(shared_data: Path) -> None:
    rows = duckdb.execute(
        "select ticker, date, close::double as close from read_parquet(?) "
        "where date <= '2018-12-31' order by date, ticker",
        [str(shared_data / "A_us_sector_spdr_daily_adj.parquet")],
    ).df()
    closes = rows.pivot(index="date", columns="ticker", values="close")
    closes = closes.rename(columns=str.lower)
    closes = closes[closes.drop(columns="spy").notna().any(axis=1)]
    found = rotation_statistics(
        closes.drop(columns="spy"), closes["spy"], frequency="weekly", as_of=date(2018, 12, 31)
    )
    month = {row.quadrant: row for row in found.readings if row.horizon == "1M"}
    improving, weakening = month["IMPROVING"], month["WEAKENING"]
    assert improving.excess_mean_pct is not None
    assert improving.excess_mean_pct <= 0.0
    assert improving.verdict == "not_distinguishable"
    assert weakening.verdict == "disagrees"
