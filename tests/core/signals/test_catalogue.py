from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import DateError
from core.panel import MarketPanels
from core.signals.catalogue import FACTORS, factor_history, factor_values
from core.signals.factor import Frames
from tests.core.market import LATE, ROOM_FULL, SECTORS, SINGLE, Spec, market, relabelled, scaled

History = Callable[[MarketPanels, pd.DatetimeIndex], Frames]

WARM = 300
"""Sessions after which most factors have values."""


@cache
def toy() -> MarketPanels:
    return market()


def index_of(panels: MarketPanels) -> pd.DatetimeIndex:
    return pd.DatetimeIndex(panels.sectors.closes.index)


@cache
def toy_history() -> Frames:
    return factor_history(toy(), index_of(toy()))


@cache
def cuts_after_gaps() -> tuple[int, ...]:
    """Rows right after a missing cell of any price, flow or volume."""
    panels = toy()
    assert panels.stocks is not None
    assert panels.flows is not None
    frames = (panels.sectors.closes, panels.stocks.closes, panels.stocks.volumes, panels.flows.buys)
    missing = np.any([frame.isna().any(axis=1).to_numpy() for frame in frames], axis=0)
    rows = np.flatnonzero(missing[:-1]) + 1
    return tuple(int(row) for row in rows if row > WARM)


def changed_by_the_future(
    history: History, panels: MarketPanels, whole: Frames, row: int
) -> list[str]:
    """Return the factors whose last rows differ once what comes after the row is forgotten."""
    dates = index_of(panels)[max(row - 9, 0) : row + 1]
    cut = history(panels.until(dates[-1].date()), dates)
    return [
        name
        for name, frame in whole.items()
        if not np.array_equal(frame.loc[dates].to_numpy(), cut[name].to_numpy(), equal_nan=True)
    ]


SAMPLED = settings(max_examples=8, deadline=None, derandomize=True)
FULL = settings(max_examples=100, deadline=None, derandomize=True)
ROWS, PLACES = st.integers(60, 759), st.integers(0, 10_000)


@SAMPLED
@given(row=ROWS)
def test_the_past_never_sees_the_future(row: int) -> None:
    assert changed_by_the_future(factor_history, toy(), toy_history(), row) == []


@pytest.mark.prove
@FULL
@given(row=ROWS)
def test_the_past_never_sees_the_future_at_100_cuts(row: int) -> None:
    assert changed_by_the_future(factor_history, toy(), toy_history(), row) == []


@SAMPLED
@given(place=PLACES)
def test_the_day_after_a_gap_never_sees_the_future(place: int) -> None:
    row = cuts_after_gaps()[place % len(cuts_after_gaps())]
    assert changed_by_the_future(factor_history, toy(), toy_history(), row) == []


@pytest.mark.prove
@FULL
@given(place=PLACES)
def test_the_day_after_a_gap_never_sees_the_future_at_100_cuts(place: int) -> None:
    row = cuts_after_gaps()[place % len(cuts_after_gaps())]
    assert changed_by_the_future(factor_history, toy(), toy_history(), row) == []


@pytest.mark.prove
@pytest.mark.timeout(900)
def test_no_cut_of_any_session_changes_the_past() -> None:
    for seed in (1, 2):
        panels = market(Spec(seed=seed, gap_share=0.03))
        whole = factor_history(panels, index_of(panels))
        for row in range(60, len(index_of(panels))):
            assert changed_by_the_future(factor_history, panels, whole, row) == []


def _full_sample_z(panels: MarketPanels, dates: pd.DatetimeIndex) -> Frames:
    closes = panels.sectors.closes
    return {"leak": ((closes - closes.mean()) / closes.std()).loc[dates]}


def _next_return(panels: MarketPanels, dates: pd.DatetimeIndex) -> Frames:
    return {"leak": panels.sectors.closes.pct_change(fill_method=None).shift(-1).loc[dates]}


def _back_filled(panels: MarketPanels, dates: pd.DatetimeIndex) -> Frames:
    return {"leak": panels.sectors.closes.bfill().loc[dates]}


def _known_before_release(panels: MarketPanels, dates: pd.DatetimeIndex) -> Frames:
    assert panels.macro is not None
    rows = panels.macro.rows[panels.macro.rows["series"] == "cpi"]
    first = rows.drop_duplicates("period").set_index("period")["value"].sort_index()
    return {"leak": first.reindex(dates, method="ffill").to_frame()}


@pytest.mark.parametrize(
    "leak", [_full_sample_z, _next_return, _back_filled, _known_before_release]
)
def test_the_same_check_catches_a_planted_leak(leak: History) -> None:
    whole = leak(toy(), index_of(toy()))
    closes = toy().sectors.closes.iloc[:, 0].isna()
    gap_rows = [int(row) for row in np.flatnonzero(closes.to_numpy()) if row > WARM]
    caught = [changed_by_the_future(leak, toy(), whole, row) for row in (400, 555, *gap_rows)]
    assert ["leak"] in caught


def test_values_at_a_date_are_the_row_of_the_history() -> None:
    row = 700
    as_of = index_of(toy())[row].date()
    for value in factor_values(toy(), as_of=as_of):
        cell = toy_history()[value.factor].iloc[row][value.sector]
        assert (value.value is None and np.isnan(cell)) or value.value == cell
        assert (value.value is None) == (value.reason is not None)


def test_every_factor_has_values_on_the_toy_market_except_those_without_data_or_years() -> None:
    empty = {name for name, frame in toy_history().items() if frame.isna().all(axis=None)}
    assert empty == {"intermarket_oil", "intermarket_copper", "seasonality_1m"}
    assert set(toy_history()) == {spec.id for spec in FACTORS}


def test_factor_ids_are_unique_and_fully_declared() -> None:
    assert len({spec.id for spec in FACTORS}) == len(FACTORS)
    for spec in FACTORS:
        assert all((spec.formula, spec.unit, spec.lag, spec.nan_policy, spec.source, spec.positive))


@settings(max_examples=5, deadline=None, derandomize=True)
@given(order=st.permutations(SECTORS))
def test_the_order_of_sectors_and_symbols_changes_no_bit(order: list[str]) -> None:
    dates = index_of(toy())[[400, 650, 759]]
    moved = factor_history(relabelled(toy(), tuple(order)), dates)
    for name, frame in toy_history().items():
        assert list(moved[name].columns) == order
        pd.testing.assert_frame_equal(
            moved[name][list(SECTORS)], frame.loc[dates], check_exact=True, check_freq=False
        )


@settings(max_examples=8, deadline=None, derandomize=True)
@given(unit=st.floats(1e-3, 1e3), other=st.floats(1e-3, 1e3))
def test_the_unit_of_a_price_does_not_matter(unit: float, other: float) -> None:
    dates = index_of(toy())[[400, 650, 759]]
    rescaled = factor_history(scaled(toy(), {"autos": unit, "DR1": other}), dates)
    for name, frame in toy_history().items():
        pd.testing.assert_frame_equal(
            rescaled[name], frame.loc[dates], rtol=1e-9, atol=1e-9, check_freq=False
        )


def test_a_date_without_session_takes_the_last_one_for_at_most_fifteen_days() -> None:
    last = index_of(toy())[-1]
    dates = pd.DatetimeIndex([last, last + timedelta(days=15), last + timedelta(days=16)])
    frame = factor_history(toy(), dates)["excess_1m"]
    assert frame.iloc[0].equals(frame.iloc[1])
    assert frame.iloc[2].isna().all()


def test_only_the_families_asked_for_are_computed() -> None:
    as_of = toy().last
    values = factor_values(toy(), as_of=as_of, families=("momentum",))
    assert {value.family for value in values} == {"momentum"}
    everything = factor_values(toy(), as_of=as_of)
    assert set(values) == {value for value in everything if value.family == "momentum"}


def test_before_the_first_session_is_an_error() -> None:
    with pytest.raises(DateError, match="begin later"):
        factor_values(toy(), as_of=index_of(toy())[0].date() - timedelta(days=1))


def test_a_missing_value_names_its_reason() -> None:
    early = index_of(toy())[100].date()
    reasons = {
        (value.factor, value.sector): value.reason for value in factor_values(toy(), as_of=early)
    }
    assert reasons["excess_1m", LATE] == "not_listed"
    assert reasons["momentum_12m", "banks"] == "too_short"
    late = {(v.factor, v.sector): v.reason for v in factor_values(toy(), as_of=toy().last)}
    assert late["breadth_50d", SINGLE] == "too_few_members"
    assert late["foreign_intensity_20d", ROOM_FULL] == "not_measurable"
    assert late["intermarket_oil", "banks"] == "no_data"


def test_absent_data_sets_leave_reasons_and_no_values() -> None:
    bare = replace(
        toy(), stocks=None, members=None, flows=None, fundamentals=None, macro=None, positions=None
    )
    closed = replace(bare, universe=bare.universe.model_copy(update={"foreign_flow": False}))
    values = {(v.factor, v.sector): v for v in factor_values(closed, as_of=toy().last)}
    assert values["foreign_intensity_20d", "banks"].reason == "not_published"
    for factor in ("breadth_50d", "whale_volume_20d", "revenue_growth", "macro_tilt"):
        assert values[factor, "banks"].reason == "no_data"
    assert values["excess_1m", "banks"].value is not None
    open_market = {(v.factor, v.sector): v for v in factor_values(bare, as_of=toy().last)}
    assert open_market["foreign_intensity_20d", "banks"].reason == "no_data"


def test_old_reports_and_releases_are_stale_not_neutral() -> None:
    panels = toy()
    assert panels.macro is not None
    assert panels.fundamentals is not None
    half = index_of(panels)[350]
    old = replace(
        panels,
        macro=panels.macro.until(half.date()),
        fundamentals=panels.fundamentals.until(half.date()),
    )
    values = {(v.factor, v.sector): v for v in factor_values(old, as_of=panels.last)}
    for factor in ("macro_tilt", "revenue_growth", "roe", "pe_percentile_5y"):
        assert values[factor, "banks"].value is None
        assert values[factor, "banks"].reason == "stale"


def test_the_method_page_states_every_formula() -> None:
    page = (Path(__file__).resolve().parents[3] / "docs" / "method.md").read_text(encoding="utf-8")
    for spec in FACTORS:
        assert f"**`{spec.id}`** ({spec.unit}): {spec.formula}." in page
