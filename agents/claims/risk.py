"""Claims of risk: how far the weights stray, what a bad month costs, what the limits cost."""

from agents.claims.maker import Maker
from agents.claims.warnings import BINDING
from core.records.decision import LimitEvent
from core.records.evidence import Fact
from core.records.report import Claim

NAMED_FROM_BPS = 0.05
"""Smallest cost of a limit named; less is printed as 0.0."""
COSTLY_CAP = 3
"""Binding limits named, the costliest first."""
BETS_CAP = 2
"""Sectors named for their share of the tracking risk."""


def risk(maker: Maker) -> list[Claim]:
    """Return tracking error, beta and shortfall, the largest bets, the limits' and trades' cost."""
    allocation = maker.material.allocation(maker.universe.id)
    if allocation is None:
        return []
    names = (("tracking_error_pct",), ("risk", "beta_x"), ("risk", "expected_shortfall_pct"))
    claims = maker.listing("risk", "risk.whole", *(_told(maker, *path) for path in names))
    shares = [
        (-(line.risk_share_pct or 0.0), line.sector, place)
        for place, line in enumerate(allocation.lines)
        if (line.risk_share_pct or 0.0) > 0.0
    ]
    for _, _, place in sorted(shares)[:BETS_CAP]:
        claims += maker.claim("risk", "risk.share", _told(maker, "lines", place, "risk_share_pct"))
    for place, event in _costly(allocation.limits)[:COSTLY_CAP]:
        claims += _limit(maker, place, event)
    totals = ("turnover", "cost_bps", "cash_target_weight")
    return [*claims, *maker.claim("risk", "risk.turnover", *(_told(maker, n) for n in totals))]


def _costly(events: tuple[LimitEvent, ...]) -> list[tuple[int, LimitEvent]]:
    costly = [
        (place, row)
        for place, row in enumerate(events)
        if row.kind in BINDING and (row.cost_bps or 0.0) >= NAMED_FROM_BPS
    ]
    return sorted(costly, key=lambda entry: (-(entry[1].cost_bps or 0.0), entry[0]))


def _limit(maker: Maker, place: int, event: LimitEvent) -> list[Claim]:
    facts = [_told(maker, "limits", place, name) for name in ("limit", "cost_bps")]
    if event.name is None:
        return maker.claim("risk", "risk.limit", *facts)
    return maker.claim("risk", "risk.limit_named", *facts, _told(maker, "limits", place, "name"))


def _told(maker: Maker, *path: str | int) -> Fact | None:
    return maker.material.allocated(maker.universe.id, *path)
