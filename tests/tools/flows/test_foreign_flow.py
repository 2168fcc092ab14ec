from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from core.panel import FlowPanel, MarketPanels
from core.records.payloads import FlowRow
from core.records.universe import EventPlan
from tools.context import ToolContext
from tools.flows.foreign_flow import foreign_flow, foreign_flow_by_sector

ContextOf = Callable[[MarketPanels], ToolContext]


def with_flows(panels: MarketPanels, **frames: pd.DataFrame) -> MarketPanels:
    assert panels.flows is not None
    return replace(panels, flows=replace(panels.flows, **frames))


def flows_of(panels: MarketPanels) -> FlowPanel:
    assert panels.flows is not None
    return panels.flows


def by_sector(panels: MarketPanels, context_of: ContextOf) -> dict[str, FlowRow]:
    return {row.sector: row for row in foreign_flow_by_sector(context_of(panels)).rows}


def test_net_flow_is_summed_over_members_and_sessions(
    tiny_panels: MarketPanels, context_of: ContextOf
) -> None:
    row = by_sector(tiny_panels, context_of)["banks"]
    assert (row.sessions, row.buy_bn, row.sell_bn, row.net_bn) == (20, 120.0, 60.0, 60.0)
    assert row.traded_bn == 600.0
    assert row.intensity_pct == pytest.approx(10.0)
    assert row.state == "buying"
    assert row.proprietary_net_bn is None


@pytest.mark.parametrize(("period", "sessions"), [("1W", 5), ("1M", 20), ("3M", 60)])
def test_a_period_is_a_number_of_sessions(
    tiny_panels: MarketPanels, context_of: ContextOf, period: str, sessions: int
) -> None:
    result = foreign_flow_by_sector(context_of(tiny_panels), period=period)  # type: ignore[arg-type]  # parametrised literal
    assert {row.sessions for row in result.rows} == {sessions}


def test_a_streak_counts_back_to_the_last_session_of_the_other_sign(
    tiny_panels: MarketPanels, context_of: ContextOf
) -> None:
    buys = flows_of(tiny_panels).buys.copy()
    buys.iloc[-3:] = 0.0
    assert by_sector(with_flows(tiny_panels, buys=buys), context_of)["banks"].streak_sessions == -3
    assert by_sector(tiny_panels, context_of)["banks"].streak_sessions == len(buys)


def test_a_full_room_makes_the_flow_not_measurable(
    tiny_panels: MarketPanels, context_of: ContextOf
) -> None:
    room = flows_of(tiny_panels).room_full.copy()
    room[["T1"]] = 1.0
    row = by_sector(with_flows(tiny_panels, room_full=room), context_of)["technology"]
    assert (row.room_full_pct, row.state) == (50.0, "not_measurable")
    assert "room_full" in row.flags


def test_a_room_full_in_the_one_stock_that_trades_is_enough(
    tiny_panels: MarketPanels, context_of: ContextOf
) -> None:
    room, traded = flows_of(tiny_panels).room_full.copy(), flows_of(tiny_panels).traded.copy()
    room["B1"], traded["B1"] = 1.0, 90.0
    row = by_sector(with_flows(tiny_panels, room_full=room, traded=traded), context_of)["banks"]
    assert row.room_full_pct == pytest.approx(100.0 / 3.0)
    assert row.state == "not_measurable"


def test_a_net_flow_under_one_percent_of_trading_is_flat(
    tiny_panels: MarketPanels, context_of: ContextOf
) -> None:
    buys = flows_of(tiny_panels).sells + 0.05
    assert by_sector(with_flows(tiny_panels, buys=buys), context_of)["banks"].state == "flat"


def test_a_sector_without_known_flow_is_missing_rather_than_zero(
    tiny_panels: MarketPanels, context_of: ContextOf
) -> None:
    buys = flows_of(tiny_panels).buys.copy()
    buys[["T1", "T2"]] = np.nan
    result = foreign_flow_by_sector(context_of(with_flows(tiny_panels, buys=buys)))
    assert [row.sector for row in result.rows] == ["banks"]
    assert [(c.subject, c.measure, c.reason) for c in result.missing] == [
        ("technology", "net_bn", "not_covered"),
        ("banks", "matched_net_bn", "not_published"),
    ]


def test_flows_that_end_before_the_prices_are_dated_and_called_stale(
    tiny_panels: MarketPanels, context_of: ContextOf
) -> None:
    buys = flows_of(tiny_panels).buys.copy()
    buys.iloc[-10:] = np.nan
    result = foreign_flow_by_sector(context_of(with_flows(tiny_panels, buys=buys)))
    assert result.known_at == buys.index[-11].date()
    assert all("stale" in row.flags for row in result.rows)
    assert result.rows[0].net_bn == 60.0


def test_put_through_far_above_its_own_share_makes_a_block_session(
    tiny_panels: MarketPanels, context_of: ContextOf
) -> None:
    stocks = tiny_panels.stocks
    assert stocks is not None
    negotiated = stocks.put_throughs.copy()
    negotiated.iloc[-2, 0] = 15.0
    panels = replace(tiny_panels, stocks=replace(stocks, put_throughs=negotiated))
    rows = by_sector(panels, context_of)
    assert (rows["banks"].block_sessions, rows["technology"].block_sessions) == (1, 0)
    assert "block_day" in rows["banks"].flags


def test_the_largest_buys_and_sells_are_named(
    tiny_panels: MarketPanels, context_of: ContextOf
) -> None:
    sells = flows_of(tiny_panels).sells.copy()
    sells["B2"], sells["B3"] = 5.0, 0.5
    row = by_sector(with_flows(tiny_panels, sells=sells), context_of)["banks"]
    assert [(name.symbol, name.net_bn) for name in row.top_buys] == [("B3", 30.0), ("B1", 20.0)]
    assert [(name.symbol, name.net_bn) for name in row.top_sells] == [("B2", -60.0)]


def test_a_rollup_names_its_sectors_and_lists_their_stocks(
    tiny_panels: MarketPanels, context_of: ContextOf
) -> None:
    result = foreign_flow(context_of(tiny_panels), sector="financials", period="1W")
    assert [(row.sector, row.symbol) for row in result.rows] == [
        ("banks", None),
        ("banks", "B1"),
        ("banks", "B2"),
        ("banks", "B3"),
    ]
    assert result.factors == ()


def test_only_the_whole_cross_section_carries_factors(
    tiny_panels: MarketPanels, context_of: ContextOf
) -> None:
    factors = foreign_flow_by_sector(context_of(tiny_panels)).factors
    assert {value.family for value in factors} == {"foreign_flow"}
    assert {value.sector for value in factors} == {"banks", "technology"}


def test_the_flow_of_listed_funds_is_a_named_gap(
    tiny_panels: MarketPanels, context_of: ContextOf
) -> None:
    gap = foreign_flow(context_of(tiny_panels), asset_type="sector_ETF").gap
    assert gap is not None
    assert (gap.reason, gap.dataset) == ("not_covered", "flows")


def test_a_market_without_the_statistic_says_it_is_not_published(
    tiny_panels: MarketPanels, context_of: ContextOf
) -> None:
    universe = tiny_panels.universe.model_copy(update={"foreign_flow": False})
    panels = replace(tiny_panels, universe=universe, flows=None)
    gap = foreign_flow_by_sector(context_of(panels)).gap
    assert gap is not None
    assert (gap.reason, gap.actor) == ("not_published", "nobody")


def test_an_unknown_traded_value_is_not_zero(
    tiny_panels: MarketPanels, context_of: ContextOf
) -> None:
    traded = flows_of(tiny_panels).traded * np.nan
    row = by_sector(with_flows(tiny_panels, traded=traded), context_of)["banks"]
    assert (row.traded_bn, row.intensity_pct, row.state) == (None, None, "not_measurable")


def test_a_flow_is_hidden_exactly_where_its_factor_is(
    tiny_panels: MarketPanels, context_of: ContextOf
) -> None:
    """Of ten thin sessions in twenty the room is full: half of the sessions, few of the money."""
    room, traded = flows_of(tiny_panels).room_full.copy(), flows_of(tiny_panels).traded.copy()
    room.iloc[-10:] = 1.0
    traded.iloc[-10:] = 0.1
    panels = with_flows(tiny_panels, room_full=room, traded=traded)
    result = foreign_flow_by_sector(context_of(panels))
    hidden = {row.sector for row in result.rows if row.state == "not_measurable"}
    reasons = {value.sector: value.reason for value in result.factors}
    assert hidden == {"banks", "technology"}
    assert {sector for sector, reason in reasons.items() if reason == "not_measurable"} == hidden


def test_the_matched_part_is_told_where_the_source_splits_it(
    tiny_panels: MarketPanels, context_of: ContextOf
) -> None:
    net = flows_of(tiny_panels).buys - flows_of(tiny_panels).sells
    result = foreign_flow_by_sector(context_of(with_flows(tiny_panels, matched_net=0.25 * net)))
    row = result.rows[0]
    assert (row.net_bn, row.matched_net_bn, row.put_through_net_bn) == (60.0, 15.0, 45.0)
    assert result.missing == ()


def test_a_matched_part_known_for_some_cells_only_is_not_published_rather_than_guessed(
    tiny_panels: MarketPanels, context_of: ContextOf
) -> None:
    matched = flows_of(tiny_panels).buys - flows_of(tiny_panels).sells
    matched.iloc[-3, 0] = np.nan
    result = foreign_flow_by_sector(context_of(with_flows(tiny_panels, matched_net=matched)))
    rows = {row.sector: row for row in result.rows}
    assert rows["banks"].matched_net_bn is None
    assert rows["banks"].put_through_net_bn is None
    assert rows["technology"].matched_net_bn == 40.0
    assert [(c.subject, c.measure, c.reason) for c in result.missing] == [
        ("banks", "matched_net_bn", "not_published")
    ]


def test_sessions_without_any_figure_are_told(
    tiny_panels: MarketPanels, context_of: ContextOf
) -> None:
    buys = flows_of(tiny_panels).buys.copy()
    buys.loc[buys.index[-6:-2], ["B1", "B2", "B3"]] = np.nan
    rows = by_sector(with_flows(tiny_panels, buys=buys), context_of)
    assert (rows["banks"].sessions, rows["banks"].known_sessions) == (20, 16)
    assert rows["technology"].known_sessions == 20


def test_the_row_shows_the_intensity_the_score_sees(
    tiny_panels: MarketPanels, context_of: ContextOf
) -> None:
    stocks = tiny_panels.stocks
    assert stocks is not None
    negotiated, buys = stocks.put_throughs.copy(), flows_of(tiny_panels).buys.copy()
    negotiated.iloc[-2, 0] = buys.iloc[-2, 0] = 300.0
    traded = stocks.values + negotiated
    panels = replace(tiny_panels, stocks=replace(stocks, put_throughs=negotiated))
    result = foreign_flow_by_sector(context_of(with_flows(panels, buys=buys, traded=traded)))
    row = result.rows[0]
    factor = next(f for f in result.factors if f.factor == "foreign_intensity_20d")
    assert (row.sector, factor.sector) == ("banks", "banks")
    assert row.intensity_pct == pytest.approx(100.0 * (60.0 + 298.0) / (600.0 + 300.0))
    assert row.winsorised_intensity_pct == pytest.approx(factor.value)
    kept = 30.0 / 330.0
    cut = 100.0 * (57.0 + kept * 301.0) / (570.0 + 30.0)
    assert row.winsorised_intensity_pct == pytest.approx(cut)


def test_an_event_within_the_sessions_shown_is_told_and_flagged(
    tiny_panels: MarketPanels, context_of: ContextOf
) -> None:
    """The tiny market ends on 2024-02-23; of its last 20 sessions the first is 2024-01-29."""
    plan = EventPlan(
        kind="index_review", name_en="review", name_vi="cơ cấu", months=(2,), rule="first_monday"
    )
    universe = tiny_panels.universe.model_copy(update={"events": (plan,)})
    panels = replace(tiny_panels, universe=universe)
    month = foreign_flow_by_sector(context_of(panels))
    assert [(event.kind, str(event.period)) for event in month.events] == [
        ("index_review", "2024-02-05")
    ]
    assert all("event" in row.flags for row in month.rows)
    week = foreign_flow_by_sector(context_of(panels), period="1W")
    assert week.events == ()
    assert not any("event" in row.flags for row in week.rows)
