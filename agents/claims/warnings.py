"""Claims of what to be wary of: momentum about to cross, one-stock sectors, no skill, limits."""

from agents.claims.leaders import heatmap_rows, leaders, recommended
from agents.claims.maker import Maker
from agents.claims.record import unskilled
from agents.drilldown import is_narrow
from core.records.decision import LimitKind
from core.records.report import Claim, Section
from core.records.request import Request, Topic

EARLY_CAP = 4
SINGLE_FROM_PCT = 50.0
"""From this share of one stock on, a sector's line is largely that stock's."""
BINDING: frozenset[LimitKind] = frozenset({"sector_cap", "active_cap", "turnover"})
"""Limits told when they bind; an exclusion always does, the others follow from missing data."""

_WEIGHTS: frozenset[Topic] = frozenset({"allocation", "holdings", "hindsight"})


def warnings(maker: Maker) -> list[Claim]:
    """Return the warnings of a universe."""
    if is_narrow(maker.material.request):
        return []
    weighted = _shows_weights(maker.material.request)
    return [
        *_early(maker),
        *(_single(maker) if weighted else []),
        *unskilled(maker),
        *(binding(maker, "warning.limit") if weighted else []),
    ]


def _shows_weights(request: Request) -> bool:
    """Tell whether the answer is about weights, so that what shapes them must be said."""
    return request.intent in {"report", "what_if"} or not _WEIGHTS.isdisjoint(request.topics)


def binding(maker: Maker, key: str) -> list[Claim]:
    """Return the limits of the mandate that bind, with what the allocation wanted."""
    universe = maker.universe.id
    allocation = maker.material.allocation(universe)
    claims: list[Claim] = []
    for place, event in enumerate(allocation.limits if allocation else ()):
        if event.kind in BINDING:
            names = ("limit", "wanted")
            facts = [maker.material.allocated(universe, "limits", place, name) for name in names]
            claims += maker.listing("warning", key, *facts)
    return claims


def concentration(maker: Maker, section: Section, place: int) -> list[Claim]:
    """Return how much of a sector one stock is."""
    item = heatmap_rows(maker)[place][0]
    names = ("top_member_pct", "top_member", "members_count")
    facts = [maker.material.at(item, "rows", place, name) for name in names]
    return maker.claim(section, "warning.single", *facts)


def _early(maker: Maker) -> list[Claim]:
    spoken = {*leaders(maker), *(line.sector for _, line in recommended(maker))}
    claims: list[Claim] = []
    for item, place, row in heatmap_rows(maker):
        if row.weekly is not None and row.weekly.early_warning is not None:
            names = ("early_warning", "quadrant", "rs_momentum_index")
            facts = [maker.material.at(item, "rows", place, "weekly", name) for name in names]
            claims += maker.claim("warning", "warning.early", *facts)
    return sorted(claims, key=lambda claim: claim.entity not in spoken)[:EARLY_CAP]


def _single(maker: Maker) -> list[Claim]:
    spoken = {line.sector for _, line in recommended(maker)}
    claims: list[Claim] = []
    for _, place, row in heatmap_rows(maker):
        if row.sector in spoken and (row.top_member_pct or 0.0) >= SINGLE_FROM_PCT:
            claims += concentration(maker, "warning", place)
    return claims
