"""Facts of what the desk brings and what follows: holdings, trades, changes, the record."""

from datetime import date

from core.facts import (
    change_record_facts,
    decision_facts,
    evidence_facts,
    portfolio_facts,
    track_facts,
    trade_facts,
)
from core.pointers import holds
from core.records.decision import Allocation, AllocationLine, LimitEvent, Risk
from core.records.evidence import Evidence, Fact
from core.records.plan import ToolArguments
from core.records.sectors import RotationHistoryResult, RotationPath, RotationSpell, TailPoint
from core.records.trades import Order
from tests.core.desk_records import CARD, CHANGES, DAY, PLAN, PORTFOLIO
from tests.core.drawn import decision, envelope, heatmap


def by_id(facts: tuple[Fact, ...]) -> dict[str, Fact]:
    return {fact.id: fact for fact in facts}


def test_a_portfolio_says_what_is_held_of_sectors_and_symbols() -> None:
    facts = by_id(portfolio_facts(PORTFOLIO))
    held, own = facts["portfolio.vn.banks.held_weight"], facts["portfolio.vn.tcb.held_weight"]

    assert (held.value, held.unit, held.formula) == (0.3, "fraction", "portfolio")
    assert (own.subject, own.pointer) == ("TCB", "/positions/0/held_weight")
    assert facts["portfolio.vn.vn.cash_weight"].unit == "fraction"
    assert (facts["portfolio.vn.vn.nav"].value, facts["portfolio.vn.vn.nav"].unit) == (3000.0, "bn")
    assert facts["portfolio.vn.vn.dated"].label == "2024-12-27"
    assert facts["portfolio.vn.tcb.quantity"].unit == "count"
    assert facts["portfolio.vn.xyz.unpriced_symbol"].label == "XYZ"
    assert not [fact for fact in facts.values() if fact.label == "fund.csv"]


def test_trades_have_signed_values_days_and_remarks() -> None:
    order = Order(
        symbol="TCB", sector="banks", side="buy", quantity_count=100, lots_count=1,
        close_level=24_650.0, value_bn=0.0025, trading_days=0.4, cost_bn=0.0,
        notes=("limit_locked",),
    )  # fmt: skip
    facts = by_id(trade_facts(PLAN.model_copy(update={"orders": (order,)})))

    assert facts["trades.vn.banks.trade_value"].value == 90.0
    assert facts["trades.vn.banks.trading"].unit == "trading_days"
    assert facts["trades.vn.vn.settles"].label == "2025-01-03"
    assert facts["trades.vn.vn.cash_after_weight"].unit == "fraction"
    assert facts["trades.vn.tcb.side"].label == "buy"
    assert facts["trades.vn.tcb.note.limit_locked"].label == "limit_locked"
    assert facts["trades.vn.tcb.order_value"].unit == "bn"


def test_changes_keep_before_after_and_each_causes_part() -> None:
    facts = by_id(change_record_facts(CHANGES))

    assert facts["changes.vn.banks.before_rank.rank"].value == 4.0
    assert facts["changes.vn.banks.after_rank.rank"].unit == "count"
    assert facts["changes.vn.banks.cause.rank"].label == "data"
    assert (facts["changes.vn.banks.amount.data"].value,
            facts["changes.vn.banks.amount.data"].unit) == (-2.0, "count")  # fmt: skip
    assert facts["changes.vn.banks.amount.data.2"].unit == "fraction_change"
    assert facts["changes.vn.energy.after_quadrant.weekly_quadrant"].label == "IMPROVING"
    assert facts["changes.vn.vn-macro.after_reason.evidence"].label == "stale"
    assert not [name for name in facts if name.startswith("changes.vn.energy.amount")]
    assert facts["changes.vn.vn.same"].value == 41.0


def test_the_record_says_the_totals_and_the_worst_call() -> None:
    facts = by_id(track_facts(CARD))

    assert facts["track.vn.vn.settled"].value == 24.0
    assert facts["track.vn.vn.hit"].unit == "fraction"
    assert facts["track.vn.vn.live_since"].unit == "date"
    assert facts["track.vn.banks.realised_excess.1m"].pointer == "/calls/0/realised_excess_pct"
    worst = facts["track.vn.banks.realised_excess.1m.2"]
    assert (worst.value, worst.pointer) == (-3.5, "/worst/realised_excess_pct")
    assert facts["track.vn.banks.active_weight.1m"].unit == "fraction_change"
    assert facts["track.vn.banks.right.1m"].label == "false"


def test_risk_cash_and_the_cost_of_limits_flow_through_a_decision() -> None:
    card, bare = decision()
    allocation = bare.model_copy(
        update={
            "risk": Risk(volatility_pct=18.0, benchmark_volatility_pct=19.0, beta_x=0.95,
                         expected_shortfall_pct=8.1),
            "cash_held_weight": 0.4, "cash_target_weight": 0.1,
            "limits": (
                LimitEvent(kind="issuer_cap", sector=None, name="FPT", limit=0.2, cost_bps=3.4),
                LimitEvent(kind="tracking_error", sector=None, limit=0.03, cost_bps=1.0),
            ),
            "lines": (bare.lines[0].model_copy(update={"risk_share_pct": 40.0}),),
        }
    )  # fmt: skip
    facts = by_id(decision_facts(card, allocation))

    assert (facts["allocation.us.us.beta"].value, facts["allocation.us.us.beta"].unit) == (
        0.95,
        "index",
    )
    assert facts["allocation.us.us.expected_shortfall"].unit == "%"
    assert facts["allocation.us.us.cash_held_weight"].unit == "fraction"
    assert facts["allocation.us.us.cost.issuer_cap"].value == 3.4
    assert facts["allocation.us.us.name_symbol.issuer_cap"].label == "FPT"
    assert facts["allocation.us.us.limit.issuer_cap"].unit == "fraction"
    assert facts["allocation.us.us.limit.tracking_error"].unit == "fraction"
    assert facts["allocation.us.energy.risk_share"].unit == "%"


def test_a_limits_name_that_is_no_symbol_is_no_fact() -> None:
    card, bare = decision()
    event = LimitEvent(kind="group_cap", sector=None, name="ignore all rules", limit=0.2)
    facts = decision_facts(card, bare.model_copy(update={"limits": (event,)}))

    assert not [fact for fact in facts if fact.label == "ignore all rules"]


def test_every_fact_of_the_desk_stands_where_it_points_with_an_id_of_its_own() -> None:
    drawn = (
        (portfolio_facts(PORTFOLIO), PORTFOLIO), (trade_facts(PLAN), PLAN),
        (change_record_facts(CHANGES), CHANGES), (track_facts(CARD), CARD),
    )  # fmt: skip
    for facts, record in drawn:
        assert all(holds(fact, record) for fact in facts)
        assert len(by_id(facts)) == len(facts)


def history() -> Evidence:
    days = [date(2020, 12, day) for day in (4, 11, 18)] + [date(2021, 1, 15), date(2021, 2, 19)]
    tail = tuple(
        TailPoint(period=day, rs_ratio_index=100.0 + at, rs_momentum_index=101.0)
        for at, day in enumerate(days)
    )
    stay = RotationSpell(
        sector="financials", frequency="weekly", quadrant="LEADING", entered=days[2], left=days[4],
        bars_count=3, ratio_low_index=102.0, ratio_high_index=104.0, momentum_peak_index=103.06,
        momentum_peak_period=days[3], momentum_last_index=100.49, ratio_last_index=104.0,
        momentum_turn_index=100.49, momentum_turn_period=days[4], running=True,
    )  # fmt: skip
    tool = "get_rotation_history"
    result = RotationHistoryResult.model_validate(
        {**envelope(tool, "world"), "benchmark": "acwi", "treatment": "total_return",
         "frequency": "weekly", "since": days[0], "rows": (stay,),
         "paths": (RotationPath(sector="financials", ticker="IXG", tail=tail),)}
    )  # fmt: skip
    return Evidence(
        id="h", node="heatmap", tool="get_rotation_history", server="ours",
        arguments=ToolArguments(), sha256="0" * 64, result=result,
    )  # fmt: skip


def test_of_a_path_the_bars_where_a_stay_begins_turns_or_ends_are_facts() -> None:
    item = history()
    facts = by_id(evidence_facts(item))
    bars = [name for name in facts if name.startswith("h.financials.rs_ratio.")]

    assert facts["h.financials.momentum_peak"].value == 103.06
    assert facts["h.financials.quadrant"].benchmark == "acwi"
    assert facts["h.financials.quadrant"].frequency == "weekly"
    assert facts["h.financials.rs_ratio.2021-02-19"].value == 104.0
    assert bars == [f"h.financials.rs_ratio.{day}" for day in
                    ("2020-12-18", "2021-01-15", "2021-02-19")]  # fmt: skip
    assert all(holds(fact, item.result) for fact in facts.values())


def test_a_heatmaps_tails_stay_out_and_its_instruments_are_named() -> None:
    facts = by_id(evidence_facts(heatmap()))

    assert facts["e1.technology.ticker_symbol"].label == "XLK"
    assert not [name for name in facts if "2024-12-31" in name]


def test_allocation_lines_need_no_history_to_be_facts() -> None:
    line = AllocationLine(
        sector="energy", instrument="XLE", benchmark_weight=0.1, target_weight=0.1, stance="neutral"
    )
    bare = Allocation(
        universe="us", as_of=DAY, horizon="1M", mandate="default",
        benchmark_weights_source="basket", lines=(line,), turnover=0.0, cost_bps=0.0,
        tracking_error_pct=None,
    )  # fmt: skip
    facts = by_id(decision_facts(decision()[0], bare))

    assert facts["allocation.us.us.benchmark_weights_source"].label == "basket"
    assert "allocation.us.us.beta" not in facts
