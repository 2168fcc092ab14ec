"""Records of a desk for tests: holdings, trades, changes, earlier calls."""

from datetime import date

from core.records.history import CauseShare, Change, Changes, ReportCard, SettledCall
from core.records.holdings import HeldPosition, Portfolio
from core.records.trades import SectorTrade, TradePlan
from core.records.universe import SectorWeight

DAY = date(2024, 12, 30)
PLAN = TradePlan(
    universe="vn", as_of=DAY, nav_bn=3000.0, trade_on=date(2024, 12, 31), settles=date(2025, 1, 3),
    buys_bn=100.0, sells_bn=40.0, cost_bn=0.3, cost_bps=1.0, cash_before_weight=0.4,
    cash_after_weight=0.38,
    sectors=(
        SectorTrade(sector="banks", held_weight=0.3, target_weight=0.33, traded=True,
                    value_bn=90.0, trading_days=2.4, cost_bn=0.2, orders_count=12),
    ),
)  # fmt: skip
PORTFOLIO = Portfolio(
    universe="vn", as_of=DAY, dated=date(2024, 12, 27), source="fund.csv", nav_bn=3000.0,
    cash_weight=0.4, outside_weight=0.05,
    sectors=(SectorWeight(sector="banks", weight=0.3),),
    positions=(
        HeldPosition(symbol="TCB", sector="banks", quantity=1_200_000.0, close_level=24_650.0,
                     value_bn=29.58, held_weight=0.3),
    ),
    unpriced=("XYZ",),
)  # fmt: skip


def change(kind: str, subject: str, *shares: tuple[str, float], **fields: object) -> Change:
    """Return a change with its causes' parts, the first the largest."""
    causes = tuple(CauseShare.model_validate({"cause": c, "amount": a}) for c, a in shares)
    return Change.model_validate(
        {"kind": kind, "subject": subject, "cause": shares[0][0], "causes": causes, **fields}
    )


CHANGES = Changes(
    universe="vn", as_of=DAY, since=date(2024, 12, 23), horizon="1M",
    predecessor_sha256="0" * 64, same_count=41,
    rows=(
        change("rank", "banks", ("data", -2.0), ("model", -1.0), before_rank=4, after_rank=1),
        change("weight", "banks", ("data", 0.02), before_weight=0.3, after_weight=0.32),
        change("weekly_quadrant", "energy", ("data", 0.0), before_quadrant="LAGGING",
               after_quadrant="IMPROVING"),
        change("evidence", "vn-macro", ("data", 0.0), after_reason="stale"),
    ),
)  # fmt: skip
CALL = SettledCall(
    sector="banks", called=date(2024, 10, 1), settles=date(2024, 11, 1), horizon="1M",
    stance="overweight", active_weight=0.05, expected_excess_pct=0.4, outperform_fraction=0.55,
    realised_excess_pct=-3.5, inside_interval=True, right=False, live=True,
)  # fmt: skip
CARD = ReportCard(
    universe="vn", as_of=DAY, horizon="1M", live_since=date(2024, 9, 2), reports_count=6,
    open_count=9, settled_count=24, live_count=20, basis="live", hit_fraction=0.58,
    excess_mean_pct=0.35,
    momentum_excess_mean_pct=0.1, coverage_fraction=0.81, brier_index=0.24, calls=(CALL,),
    worst=CALL,
)  # fmt: skip
