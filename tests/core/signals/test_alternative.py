"""A user's own series as factors: levels against their own past, sectors and stocks, dates."""

from collections.abc import Sequence
from dataclasses import replace
from functools import cache

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.panel import MarketPanels, Table
from core.signals.catalogue import FACTORS, factor_history, factor_values, specs
from tests.core.market import days_of, framed, known, market, members_table, prices, small

N_DAYS = 400
Row = tuple[str, str, str, str, float]
"""series, subject, period, known_at, value"""

SECTOR_OF = {"A1": "a", "A2": "a", "A3": "a", "B1": "b"}


def table(rows: Sequence[Row]) -> Table:
    return known("series", [(s, subject, p, k, False, v) for s, subject, p, k, v in rows])


def with_series(rows: Sequence[Row], n_days: int = N_DAYS) -> MarketPanels:
    closes = framed({"a": [10.0] * n_days, "b": [10.0] * n_days, "c": [10.0] * n_days})
    return small(prices(closes), members=members_table(SECTOR_OF), series=table(rows))


def daily(subject: str, values: Sequence[float], late_days: int = 0) -> list[Row]:
    days = days_of(len(values))
    late = pd.Timedelta(days=late_days)
    return [
        ("traffic", subject, str(day.date()), str((day + late).date()), value)
        for day, value in zip(days, values, strict=True)
    ]


def wave(n_days: int, seed: int = 1) -> list[float]:
    return [float(value) for value in np.random.default_rng(seed).normal(100.0, 5.0, n_days)]


def at_row(panels: MarketPanels, row: int, factor: str = "alt_traffic") -> pd.Series:
    dates = pd.DatetimeIndex(panels.sectors.closes.index[[row]])
    return factor_history(panels, dates, families=("alternative",))[factor].iloc[0]


def test_a_series_is_a_factor_of_its_own_and_none_where_there_is_none() -> None:
    panels = with_series(daily("a", wave(N_DAYS)))
    ids = [spec.id for spec in specs(panels)]
    assert ids == [*(spec.id for spec in FACTORS), "alt_traffic"]
    assert specs(replace(panels, series=None)) == FACTORS
    values = factor_values(panels, as_of=panels.last, families=("alternative",))
    assert {value.factor for value in values} == {"alt_traffic"}


def test_a_level_is_held_against_its_own_past() -> None:
    values = wave(N_DAYS)
    row = at_row(with_series(daily("a", values)), 299)
    past = np.array(values[:300])
    assert row["a"] == pytest.approx((past[-1] - past.mean()) / past.std())
    assert np.isnan(row["b"])


def test_a_value_counts_from_the_day_it_was_known() -> None:
    panels = with_series(daily("a", wave(N_DAYS), late_days=7))
    same_day = at_row(with_series(daily("a", wave(N_DAYS))), 294)
    late = at_row(panels, 299)
    past = np.array(wave(N_DAYS)[:295])
    assert late["a"] == pytest.approx((past[-1] - past.mean()) / past.std())
    assert same_day["a"] == pytest.approx(late["a"])


def test_half_a_year_of_sessions_is_needed() -> None:
    panels = with_series(daily("a", wave(N_DAYS)))
    assert np.isnan(at_row(panels, 124)["a"])
    assert np.isfinite(at_row(panels, 125)["a"])


def test_stocks_speak_for_their_sector_all_alike_once_there_are_enough() -> None:
    seeds = {"A1": 1, "A2": 2, "B1": 3}
    rows = [row for name, seed in seeds.items() for row in daily(name, wave(N_DAYS, seed))]
    row = at_row(with_series(rows), 299)
    past = {name: np.array(wave(N_DAYS, seed)[:300]) for name, seed in seeds.items()}
    z = {name: (v[-1] - v.mean()) / v.std() for name, v in past.items()}
    assert row["a"] == pytest.approx((z["A1"] + z["A2"]) / 2)
    assert np.isnan(row["b"])


def test_a_sectors_own_rows_come_before_its_stocks() -> None:
    rows = [*daily("a", wave(N_DAYS)), *daily("A1", wave(N_DAYS, 2)), *daily("A2", wave(N_DAYS, 3))]
    assert (
        at_row(with_series(rows), 299)["a"]
        == at_row(with_series(daily("a", wave(N_DAYS))), 299)["a"]
    )


def test_a_series_that_stops_is_stale_by_its_own_spacing() -> None:
    panels = with_series(daily("a", wave(300)))
    age = [(day - days_of(300)[-1]).days for day in days_of(N_DAYS)]
    last_heard = next(row for row in range(300, N_DAYS) if age[row] > 14)
    assert np.isfinite(at_row(panels, last_heard - 1)["a"])
    assert np.isnan(at_row(panels, last_heard)["a"])
    monthly = [row for place, row in enumerate(daily("a", wave(300))) if place % 21 == 0]
    assert np.isfinite(at_row(with_series(monthly), last_heard)["a"])


def test_a_flat_series_is_at_its_middle() -> None:
    assert at_row(with_series(daily("a", [7.0] * N_DAYS)), 299)["a"] == 0.0


def test_a_later_revision_changes_no_earlier_row() -> None:
    rows = daily("a", wave(N_DAYS))
    panels = with_series(rows)
    revised = [*rows, ("traffic", "a", rows[290][2], rows[299][3], 900.0)]
    before = [at_row(p, 295)["a"] for p in (panels, with_series(revised))]
    assert before[0] == before[1]
    newest = [*rows[:300], ("traffic", "a", rows[299][2], rows[304][3], 900.0)]
    assert at_row(with_series(newest), 303)["a"] == at_row(with_series(rows[:300]), 303)["a"]
    assert at_row(with_series(newest), 304)["a"] == 3.0


def test_what_is_missing_says_why() -> None:
    rows = [
        *daily("a", wave(100)), *daily("B1", wave(N_DAYS)),
        ("young", "b", "2021-07-15", "2021-07-15", 1.0),
    ]  # fmt: skip
    panels = with_series(rows)
    found = {(v.factor, v.sector): v for v in factor_values(panels, as_of=panels.last)}
    wanted = {
        ("alt_traffic", "a"): "stale", ("alt_traffic", "b"): "too_few_members",
        ("alt_traffic", "c"): "not_covered", ("alt_young", "b"): "too_short",
    }  # fmt: skip
    assert {cell: found[cell].reason for cell in wanted} == wanted
    assert all(found[cell].value is None for cell in wanted)


@cache
def toy() -> MarketPanels:
    """The toy market with a weekly series of sectors and a monthly, revised one of stocks."""
    panels = market()
    assert panels.members is not None
    rng = np.random.default_rng(4)
    index = pd.DatetimeIndex(panels.sectors.closes.index)
    rows: list[tuple[object, ...]] = []
    for name, subjects, step in (
        ("buzz", list(panels.universe.sector_ids), 5),
        ("short", sorted(set(panels.members.rows["symbol"])), 21),
    ):
        for subject in subjects:
            for period in index[::step]:
                at = period + pd.Timedelta(days=int(rng.integers(0, 12)))
                rows.append((name, subject, period, at, False, float(rng.normal())))
                if rng.random() < 0.2:
                    later = at + pd.Timedelta(days=20)
                    rows.append((name, subject, period, later, False, float(rng.normal())))
    return replace(panels, series=known("series", rows))


@cache
def whole() -> dict[str, pd.DataFrame]:
    index = pd.DatetimeIndex(toy().sectors.closes.index)
    return factor_history(toy(), index, families=("alternative",))


@settings(max_examples=25)
@given(row=st.integers(60, 759))
def test_the_past_of_a_series_never_sees_the_future(row: int) -> None:
    dates = pd.DatetimeIndex(toy().sectors.closes.index[max(row - 9, 0) : row + 1])
    cut = factor_history(toy().until(dates[-1].date()), dates, families=("alternative",))
    assert set(cut) == {"alt_buzz", "alt_short"}
    for name, frame in cut.items():
        wanted = whole()[name].loc[dates].to_numpy()
        assert np.array_equal(frame.to_numpy(), wanted, equal_nan=True)
    assert whole()["alt_short"].notna().any(axis=None)
