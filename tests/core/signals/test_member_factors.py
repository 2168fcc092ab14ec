"""Hand-computed values of the factors added up over members: breadth, flows, whales, filings."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.panel import FlowPanel, MarketPanels
from core.signals.catalogue import FACTORS, factor_history, factor_values
from core.signals.foreign_flow import room_hides_flow
from tests.core.market import framed, known, members_table, prices, small

SECTOR_OF = {"A1": "a", "A2": "a", "A3": "a", "B1": "b"}


def flat(n_days: int, level: float = 10.0) -> pd.DataFrame:
    return framed({"a": [level] * n_days, "b": [level] * n_days, "c": [level] * n_days})


def last(panels: MarketPanels, factor: str) -> pd.Series:
    dates = pd.DatetimeIndex(panels.sectors.closes.index[-1:])
    family = next(spec.family for spec in FACTORS if spec.id == factor)
    return factor_history(panels, dates, families=(family,))[factor].iloc[0]


def with_stocks(closes: pd.DataFrame, **others: pd.DataFrame) -> MarketPanels:
    return small(
        prices(flat(len(closes))),
        stocks=prices(closes, **others),
        members=members_table(SECTOR_OF),
    )


def test_breadth_counts_members_strictly_above_their_mean() -> None:
    rising = [float(day) for day in range(1, 51)]
    closes = framed({"A1": rising, "A2": rising[::-1], "A3": [7.0] * 50, "B1": rising})
    panels = with_stocks(closes)
    assert last(panels, "breadth_50d")["a"] == pytest.approx(100 / 3)
    assert np.isnan(last(panels, "breadth_50d")["b"])
    assert last(panels, "new_highs_20d")["a"] == 0.0


def test_new_highs_count_for_and_new_lows_against() -> None:
    rising = [float(day) for day in range(1, 21)]
    closes = framed({"A1": rising, "A2": rising, "A3": rising[::-1], "B1": rising})
    assert last(with_stocks(closes), "new_highs_20d")["a"] == pytest.approx(100 * (2 - 1) / 3)


def flows(n_days: int, **cells: pd.DataFrame) -> FlowPanel:
    one = framed({name: [1.0] * n_days for name in SECTOR_OF})
    return FlowPanel(
        buys=cells.get("buys", 3.0 * one),
        sells=cells.get("sells", one),
        traded=cells.get("traded", 10.0 * one),
        room_full=cells.get("room_full", 0.0 * one),
        proprietary_net=one * np.nan,
    )


def with_flows(n_days: int, **cells: pd.DataFrame) -> MarketPanels:
    return small(
        prices(flat(n_days)), members=members_table(SECTOR_OF), flows=flows(n_days, **cells)
    )


def test_foreign_intensity_is_net_over_all_that_traded() -> None:
    buys = framed({"A1": [3.0] * 20, "A2": [0.0] * 20, "A3": [1.5] * 20, "B1": [2.0] * 20})
    row = last(with_flows(20, buys=buys), "foreign_intensity_20d")
    assert row["a"] == pytest.approx(100 * (2.0 - 1.0 + 0.5) / 30)
    assert row["b"] == pytest.approx(10.0)
    assert np.isnan(row["c"])


def test_foreign_intensity_is_winsorised() -> None:
    buys = framed({name: [9.0] * 20 for name in SECTOR_OF})
    assert last(with_flows(20, buys=buys), "foreign_intensity_20d")["a"] == 30.0


def test_a_day_without_any_part_of_the_figure_is_left_out_of_both_sides() -> None:
    nan = float("nan")
    buys = framed({name: [nan] * 5 + [3.0] * 15 for name in SECTOR_OF})
    traded = framed({name: [1000.0] * 5 + [10.0] * 15 for name in SECTOR_OF})
    panels = with_flows(20, buys=buys, traded=traded)
    assert last(panels, "foreign_intensity_20d")["a"] == pytest.approx(20.0)


def test_a_full_room_makes_foreign_flow_unmeasurable_not_neutral() -> None:
    full = framed({"A1": [1.0] * 20, "A2": [1.0] * 20, "A3": [0.0] * 20, "B1": [0.0] * 20})
    row = last(with_flows(20, room_full=full), "foreign_intensity_20d")
    assert np.isnan(row["a"])
    assert row["b"] == pytest.approx(20.0)


def test_half_of_the_sessions_or_of_the_money_at_the_cap_is_enough() -> None:
    full = framed({"A1": [1.0] * 20, "A2": [0.0] * 20, "A3": [0.0] * 20, "B1": [1.0, 0.0] * 10})
    even = last(with_flows(20, room_full=full), "foreign_intensity_20d")
    assert even["a"] == pytest.approx(20.0)
    assert np.isnan(even["b"])
    heavy = framed({"A1": [20.0] * 20, "A2": [10.0] * 20, "A3": [10.0] * 20, "B1": [10.0] * 20})
    by_money = last(with_flows(20, room_full=full, traded=heavy), "foreign_intensity_20d")
    assert np.isnan(by_money["a"])


def test_a_room_nobody_knows_counts_as_open() -> None:
    nan = float("nan")
    unknown = framed({name: [nan] * 20 for name in SECTOR_OF})
    row = last(with_flows(20, room_full=unknown), "foreign_intensity_20d")
    assert row["a"] == pytest.approx(20.0)


@settings(max_examples=60, deadline=None, derandomize=True)
@given(
    st.lists(
        st.tuples(st.sampled_from([0.0, 1.0, float("nan")]), st.sampled_from([1.0, 3.0, 9.0])),
        min_size=60,
        max_size=60,
    )
)
def test_the_factor_and_one_window_agree_on_what_a_full_room_hides(
    cells: list[tuple[float, float]],
) -> None:
    names = ("A1", "A2", "A3")
    room, traded = (
        framed(
            {name: [cell[part] for cell in cells[n::3]] for n, name in enumerate(names)}
            | {"B1": [float(1 - part)] * 20}
        )
        for part in (0, 1)
    )
    traded["B1"] = 1.0
    row = last(with_flows(20, room_full=room, traded=traded), "foreign_intensity_20d")
    columns = list(names)
    hidden = room_hides_flow(room[columns].to_numpy(), traded[columns].to_numpy())
    assert np.isnan(row["a"]) == hidden


def test_the_change_compares_a_month_with_a_quarter() -> None:
    buys = framed({name: [1.0] * 40 + [2.0] * 20 for name in SECTOR_OF})
    row = last(with_flows(60, buys=buys), "foreign_intensity_change")
    assert row["a"] == pytest.approx(10.0 - 10.0 / 3)


def test_whale_volume_is_signed_by_the_day() -> None:
    up = [10.0 * 1.01**day for day in range(41)]
    down = [10.0 * 0.99**day for day in range(41)]
    closes = framed({"A1": up, "A2": up, "A3": down, "B1": up})
    volumes = framed({name: [100.0] * 41 for name in SECTOR_OF})
    for name, day in (("A1", 30), ("A1", 35), ("A2", 40), ("A3", 38)):
        volumes.iloc[day, list(SECTOR_OF).index(name)] = 300.0
    panels = with_stocks(closes, volumes=volumes)
    assert last(panels, "whale_volume_20d")["a"] == pytest.approx(100 * (3 - 1) / 60)
    assert np.isnan(last(panels, "whale_volume_20d")["b"])


def test_block_share_needs_a_market_that_publishes_blocks() -> None:
    closes = framed({name: [10.0] * 20 for name in SECTOR_OF})
    values = framed({name: [6.0] * 20 for name in SECTOR_OF})
    nan = float("nan")
    blocks = framed({"A1": [6.0] * 20, "A2": [nan] * 20, "A3": [0.0] * 20, "B1": [2.0] * 20})
    row = last(with_stocks(closes, values=values, put_throughs=blocks), "block_share_20d")
    assert row["a"] == pytest.approx(100 * 6 / 24)
    assert row["b"] == pytest.approx(25.0)
    assert last(with_stocks(closes, values=values), "block_share_20d").isna().all()


def test_managers_change_is_valued_at_the_earlier_price() -> None:
    quarters = ("2019-09-30", "2019-11-14"), ("2019-12-31", "2020-01-15")
    (old, old_known), (new, new_known) = quarters
    rows = [
        ("m", "A1", old, old_known, False, 100.0, 1.0),
        ("m", "A1", new, new_known, False, 150.0, 30.0),
        ("m", "A2", old, old_known, False, 100.0, 2.0),
        ("m", "A3", new, new_known, False, 10.0, 0.5),
        ("n", "A1", new, new_known, False, 900.0, 9.0),
    ]
    panels = small(
        prices(flat(12)), members=members_table(SECTOR_OF), positions=known("positions", rows)
    )
    row = last(panels, "manager_change_13f")
    bought, held = 0.5 - 2.0 + 0.5, 0.5 * (1.0 + 1.5) + 0.5 * 2.0 + 0.5 * 0.5
    assert row["a"] == pytest.approx(100 * bought / held)
    assert np.isnan(row["b"])
    before = factor_history(panels, pd.DatetimeIndex(["2020-01-14"]))["manager_change_13f"]
    assert before.isna().all(axis=None)


def test_a_member_counts_from_its_start_to_the_day_before_its_end() -> None:
    closes = framed({name: [10.0] * 40 for name in SECTOR_OF})
    days = closes.index
    table = members_table(SECTOR_OF)
    rows = table.rows.assign(end=table.rows["end"].where(table.rows["symbol"] != "B1", days[30]))
    panels = replace(with_flows(40), members=type(table)("members", rows))
    frame = factor_history(panels, pd.DatetimeIndex(days))["foreign_intensity_20d"]
    assert np.isfinite(frame["b"].iloc[39])
    ended = rows.assign(end=rows["end"].where(rows["symbol"] != "B1", days[29]))
    fewer = replace(panels, members=type(table)("members", ended))
    assert np.isnan(
        factor_history(fewer, pd.DatetimeIndex(days))["foreign_intensity_20d"]["b"].iloc[39]
    )


def test_desks_count_where_their_trades_are_published() -> None:
    nan = float("nan")
    net = framed({"A1": [2.0] * 20, "A2": [-1.0] * 20, "A3": [nan] * 20, "B1": [nan] * 20})
    panels = with_flows(20)
    assert panels.flows is not None
    told = replace(panels, flows=replace(panels.flows, proprietary_net=net))
    row = last(told, "proprietary_intensity_20d")
    assert row["a"] == pytest.approx(100 * (2.0 - 1.0) / 20.0)
    assert np.isnan(row["b"])
    assert _desk_reasons(told) == {"a": None, "b": "not_covered", "c": "not_covered"}
    assert set(_desk_reasons(panels).values()) == {"not_published"}


def _desk_reasons(panels: MarketPanels) -> dict[str, str | None]:
    values = factor_values(panels, as_of=panels.last, families=("whales",))
    return {v.sector: v.reason for v in values if v.factor == "proprietary_intensity_20d"}
