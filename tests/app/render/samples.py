"""A full report by hand: holdings, trades, changes, report card, risk, member-built, signatures.

Built on the sample report; numbers are drawn from a fixed sequence, none is a market's.
"""

from datetime import date, timedelta
from functools import cache
from random import Random

from core.facts import (
    change_record_facts,
    decision_facts,
    evidence_facts,
    portfolio_facts,
    track_facts,
    trade_facts,
)
from core.records.decision import Allocation, AllocationLine, LimitEvent, Risk, Scorecard
from core.records.desk import Signatures
from core.records.evidence import Evidence, Fact
from core.records.history import (
    CauseShare,
    Change,
    Changes,
    ReportCard,
    SettledCall,
)
from core.records.holdings import HeldPosition, Portfolio
from core.records.mandate import Mandate, MandateInForce
from core.records.payloads import FlowResult
from core.records.report import Report
from core.records.request import Language
from core.records.sectors import ChanceBin, HeatmapResult, HeatmapRow, MemberBuilt, Reason
from core.records.trades import Order, SectorTrade, TradePlan
from core.records.universe import SectorWeight, Universe
from tests.app.render.counted import counted_evidence
from tests.app.render.sample_report import AS_OF, sample_report, universe

MANDATE = Mandate(
    id="balanced-growth",
    version=3,
    valid_from=date(2024, 7, 1),
    author="committee",
    reason="smaller bets",
)
FEATURES = ("foreign_21", "momentum_12", "calm_momentum", "sector_momentum_6", "beta", "season")
JUDGED = {
    "momentum_gap_t_index": 2.3, "covered_fraction": 0.8123, "brier_index": 0.2464,
    "bins": tuple(
        ChanceBin(said_fraction=said, came_fraction=came, forecasts_count=count)
        for said, came, count in ((0.412, 0.38, 57), (0.503, 0.511, 1204), (0.587, 0.604, 88))
    ),
}  # fmt: skip
CASH_HELD, OUTSIDE = 0.052, 0.013
NAV_BN = 3012.5


@cache
def full_report(name: str = "demo", *, language: Language = "en", held: bool = True) -> Report:
    """Return the sample report of one universe with everything a desk brings."""
    report, world = sample_report(name, language=language, text=""), universe(name)
    numbers = Random(f"{name}-full")  # noqa: S311 - a fixed sequence, not a secret
    enriched = (_enriched(item, world, numbers) for item in report.evidence)
    evidence = (*enriched, *counted_evidence(world))
    card = report.scorecards[0]
    allocation = _allocation(world, card, numbers, held=held)
    portfolio = _portfolio(world, allocation, numbers) if held else None
    plan = _plan(world, allocation, numbers) if held else None
    changes = _changes(report, card, allocation)
    track = _track(world, numbers)
    facts: list[Fact] = [fact for item in evidence for fact in evidence_facts(item)]
    facts += decision_facts(card, allocation)
    facts += portfolio_facts(portfolio) if portfolio else ()
    facts += trade_facts(plan) if plan else ()
    facts += [*change_record_facts(changes), *track_facts(track)]
    return report.model_copy(
        update={
            "evidence": evidence,
            "allocations": (allocation,),
            "mandates": (MandateInForce(universe=world.id, mandate=MANDATE),),
            "portfolios": (portfolio,) if portfolio else (),
            "trades": (plan,) if plan else (),
            "changes": (changes,),
            "report_cards": (track,),
            "signatures": Signatures(prepared="A. Analyst", reviewed="R. Reviewer"),
            "facts": tuple(facts),
        }
    )


def _enriched(item: Evidence, world: Universe, numbers: Random) -> Evidence:
    result = item.result
    if isinstance(result, HeatmapResult):
        rows = tuple(_row(row, world, numbers) for row in result.rows)
        skill = tuple(one.model_copy(update=JUDGED) for one in result.skill)
        told = result.model_copy(update={"rows": rows, "skill": skill})
        return item.model_copy(update={"result": told})
    if isinstance(result, FlowResult) and result.rows:
        split = tuple(
            row.model_copy(
                update={"matched_net_bn": row.net_bn * 0.7, "put_through_net_bn": row.net_bn * 0.3}
            )
            for row in result.rows
        )
        return item.model_copy(update={"result": result.model_copy(update={"rows": split})})
    return item


def _row(row: HeatmapRow, world: Universe, numbers: Random) -> HeatmapRow:
    single = "single_stock" in row.flags
    built = None
    if not world.built_from_members:
        built = MemberBuilt(
            members_count=numbers.randint(20, 70),
            return_3m_pct=round(numbers.gauss(3, 4), 4),
            excess_1m_pct=round(numbers.gauss(0, 2), 4),
            excess_3m_pct=round(numbers.gauss(0, 4), 4),
            quadrant="LEADING",
        )
    sizes = sorted((round(numbers.gauss(0, 0.1), 9) for _ in FEATURES), reverse=True)
    reasons = [
        Reason(feature=f, contribution_pct=s) for f, s in zip(FEATURES, sizes, strict=True) if s
    ]
    return row.model_copy(
        update={
            "reasons": tuple(reasons),
            "members_count": 1 if single else numbers.randint(2, 60),
            "top_member": "ABC",
            "top_member_pct": 100.0 if single else round(numbers.uniform(8, 70), 4),
            "turnover_share_pct": round(numbers.uniform(0.2, 24), 4),
            "turnover_share_change_pp": round(numbers.gauss(0, 2), 4),
            "member_built": built,
        }
    )


def tenths(parts: list[float], total: int) -> list[float]:
    """Return the parts scaled to whole tenths of a percent that sum to `total` of them."""
    scale = total / sum(parts)
    whole = [int(part * scale) for part in parts]
    order = sorted(range(len(parts)), key=lambda i: (whole[i] - parts[i] * scale, i))
    for i in order[: total - sum(whole)]:
        whole[i] += 1
    return [value / 1000 for value in whole]


def _allocation(world: Universe, card: Scorecard, numbers: Random, *, held: bool) -> Allocation:
    ids = [score.sector for score in card.sectors]
    cash, outside = (25, 13) if held else (0, 0)
    bench = tenths([1.0] * len(ids), 1000)
    target = tenths([numbers.uniform(0.3, 2.0) for _ in ids], 1000 - cash - outside)
    start = tenths([numbers.uniform(0.1, 2.0) for _ in ids], 1000 - 52 - outside)
    risk = tenths([numbers.uniform(0.2, 2.0) for _ in ids], 1000)
    lines = tuple(
        AllocationLine(
            sector=sector,
            instrument=world.sector(sector).ticker,
            benchmark_weight=bench[i],
            held_weight=start[i] if held else None,
            target_weight=target[i],
            stance="overweight" if target[i] > bench[i] else "underweight",
            risk_share_pct=round(100 * risk[i], 4),
        )
        for i, sector in enumerate(ids)
    )
    limits = (
        LimitEvent(kind="active_cap", sector=ids[0], limit=0.1, wanted=0.14, got=0.1,
                   cost_bps=11.3),
        LimitEvent(kind="turnover", sector=None, limit=0.3, wanted=0.41, got=0.3, cost_bps=24.8),
        LimitEvent(kind="group_cap", sector=None, name="related-issuers", limit=0.25, wanted=0.31,
                   got=0.25, cost_bps=3.1),
        LimitEvent(kind="too_few_members", sector=ids[3], limit=3, wanted=1, got=0),
    )  # fmt: skip
    return Allocation(
        universe=world.id,
        as_of=AS_OF,
        horizon="1M",
        mandate=MANDATE.id,
        mandate_version=MANDATE.version,
        benchmark=world.benchmark.id,
        benchmark_weights_source="equal_weight",
        lines=lines,
        turnover=0.287,
        cost_bps=6.4,
        tracking_error_pct=4.21,
        limits=limits,
        cash_held_weight=CASH_HELD if held else None,
        cash_target_weight=cash / 1000,
        outside_weight=OUTSIDE if held else 0.0,
        risk=Risk(
            volatility_pct=21.4, benchmark_volatility_pct=20.3, beta_x=1.04,
            expected_shortfall_pct=12.7,
        ),
    )  # fmt: skip


def _portfolio(world: Universe, allocation: Allocation, numbers: Random) -> Portfolio:
    positions = tuple(
        HeldPosition(
            symbol=f"S{i:02d}", sector=line.sector, quantity=float(numbers.randint(1, 900) * 1000),
            close_level=25_300.0, value_bn=round(NAV_BN * (line.held_weight or 0.0), 4),
            held_weight=line.held_weight or 0.0,
        )
        for i, line in enumerate(allocation.lines)
    )  # fmt: skip
    return Portfolio(
        universe=world.id,
        as_of=AS_OF,
        dated=AS_OF - timedelta(days=1),
        source="holdings.xlsx",
        nav_bn=NAV_BN,
        cash_weight=CASH_HELD,
        outside_weight=OUTSIDE,
        sectors=tuple(
            SectorWeight(sector=line.sector, weight=line.held_weight or 0.0)
            for line in allocation.lines
        ),
        positions=positions,
        unpriced=("ZZZ",),
    )


def _plan(world: Universe, allocation: Allocation, numbers: Random) -> TradePlan:
    trades, orders = [], []
    for i, line in enumerate(allocation.lines):
        moved = round(NAV_BN * (line.target_weight - (line.held_weight or 0.0)), 4)
        days = round(abs(moved) / 60, 2)
        trades.append(
            SectorTrade(
                sector=line.sector, held_weight=line.held_weight or 0.0,
                target_weight=line.target_weight, traded=moved != 0.0, value_bn=moved,
                trading_days=days,
                cost_bn=round(abs(moved) / 1000, 4), orders_count=1,
            )
        )  # fmt: skip
        lots = int(abs(moved) * 1e9 / 25_300 / 100)
        orders.append(
            Order(
                symbol=f"S{i:02d}", sector=line.sector, side="buy" if moved > 0 else "sell",
                quantity_count=lots * 100, lots_count=lots, close_level=25_300.0,
                value_bn=round(lots * 100 * 25_300 / 1e9, 6), trading_days=days,
                cost_bn=round(abs(moved) / 1000, 4), notes=("slow",) if days > 1 else (),
            )
        )  # fmt: skip
    return TradePlan(
        universe=world.id,
        as_of=AS_OF,
        nav_bn=NAV_BN,
        trade_on=AS_OF + timedelta(days=3),
        settles=AS_OF + timedelta(days=6),
        buys_bn=round(sum(t.value_bn for t in trades if t.value_bn and t.value_bn > 0), 4),
        sells_bn=round(-sum(t.value_bn for t in trades if t.value_bn and t.value_bn < 0), 4),
        cost_bn=1.93,
        cost_bps=6.4,
        cash_before_weight=CASH_HELD,
        cash_after_weight=0.0253,
        sectors=tuple(trades),
        orders=tuple(orders),
    )


def _changes(report: Report, card: Scorecard, allocation: Allocation) -> Changes:
    ids = [score.sector for score in card.sectors]
    both = (CauseShare(cause="data", amount=3.0), CauseShare(cause="model", amount=-1.0))
    spread = (CauseShare(cause="mandate", amount=0.031), CauseShare(cause="data", amount=0.012))
    rows = (
        Change(kind="rank", subject=ids[0], before_rank=3, after_rank=1, cause="data", causes=both),
        Change(kind="rank", subject=ids[5], before_rank=2, after_rank=6, cause="data", causes=both),
        Change(kind="weekly_quadrant", subject=ids[1], before_quadrant="WEAKENING",
               after_quadrant="LEADING", cause="data", causes=both[:1]),
        Change(kind="daily_quadrant", subject=ids[2], before_quadrant="LAGGING",
               after_quadrant="IMPROVING", cause="data", causes=both[:1]),
        Change(kind="weight", subject=ids[0], before_weight=0.061,
               after_weight=allocation.lines[0].target_weight, cause="mandate", causes=spread),
        Change(kind="stance", subject=ids[0], before_stance="neutral",
               after_stance=allocation.lines[0].stance, cause="mandate", causes=spread[:1]),
        Change(kind="evidence", subject=report.plan.steps[1].id, before_reason="stale",
               after_reason=None, cause="data", causes=(CauseShare(cause="data", amount=0.0),)),
        Change(kind="cash", subject=card.universe, before_weight=0.04,
               after_weight=allocation.cash_target_weight, cause="calendar", causes=spread[1:]),
    )  # fmt: skip
    return Changes(
        universe=card.universe,
        as_of=AS_OF,
        since=AS_OF - timedelta(days=7),
        horizon="1M",
        predecessor_sha256="a" * 64,
        rows=rows,
        same_count=17,
    )


def _track(world: Universe, numbers: Random) -> ReportCard:
    calls = tuple(
        SettledCall(
            sector=world.sectors[i % len(world.sectors)].id,
            called=AS_OF - timedelta(days=40 + 7 * i),
            settles=AS_OF - timedelta(days=10 + 7 * i),
            horizon="1M",
            stance="overweight" if i % 2 else "underweight",
            active_weight=0.04 if i % 2 else -0.03,
            expected_excess_pct=round(numbers.gauss(0, 0.4), 4),
            outperform_fraction=0.53,
            realised_excess_pct=round(numbers.gauss(0, 3), 4),
            inside_interval=i % 5 != 0,
            right=i % 3 != 0,
            live=i < 4,
        )
        for i in range(12)
    )
    return ReportCard(
        universe=world.id,
        as_of=AS_OF,
        horizon="1M",
        live_since=date(2024, 11, 1),
        reports_count=19,
        open_count=22,
        settled_count=64,
        live_count=4,
        basis="live",
        hit_fraction=0.547,
        excess_mean_pct=0.21,
        momentum_excess_mean_pct=0.13,
        coverage_fraction=0.81,
        brier_index=0.2471,
        calls=calls,
        worst=min(calls, key=lambda call: call.realised_excess_pct),
    )
