"""Claims of what to be wary of: momentum about to cross, one-stock sectors, no skill, limits."""

from agents.claims.leaders import heatmap_rows, leaders, recommended, row_of, viewed_rows
from agents.claims.maker import Maker
from agents.claims.record import unskilled
from agents.drilldown import is_narrow
from core.records.decision import LimitKind
from core.records.report import Claim, Section
from core.records.request import Request, Topic

EARLY_CAP = 4
SINGLE_FROM_PCT = 50.0
"""From this share of one stock on, a sector's line is largely that stock's."""
BINDING: frozenset[LimitKind] = frozenset(
    {
        "sector_cap", "sector_floor", "active_cap", "turnover", "cash_floor", "cash_cap",
        "issuer_cap", "group_cap", "tracking_error",
    }
)  # fmt: skip
"""Limits told when they bind; an exclusion always does, the others follow from missing data."""

_WEIGHTS: frozenset[Topic] = frozenset({"allocation", "holdings", "hindsight"})


def warnings(maker: Maker) -> list[Claim]:
    """Return the warnings of a universe."""
    if is_narrow(maker.material.request):
        return []
    request = maker.material.request
    weighted = _shows_weights(request)
    return [
        *_early(maker),
        *(single_stocks(maker, "warning") if weighted and request.intent != "report" else []),
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
            limit, wanted, name = (
                maker.material.allocated(universe, "limits", place, field)
                for field in ("limit", "wanted", "name")
            )
            if name is not None:
                claims += maker.claim("warning", "warning.limit_named", limit, name)
            else:
                claims += maker.listing("warning", key, limit, wanted)
    return claims


def concentration(maker: Maker, section: Section, sector: str) -> list[Claim]:
    """Return how much of a sector one stock is, where it is largely that."""
    found = row_of(maker, sector)
    if found is None or (found[2].top_member_pct or 0.0) < SINGLE_FROM_PCT:
        return []
    item, place, _ = found
    names = ("top_member_pct", "top_member", "members_count")
    facts = [maker.material.at(item, "rows", place, name) for name in names]
    return maker.claim(section, "warning.single", *facts)


def _early(maker: Maker) -> list[Claim]:
    spoken = {*leaders(maker), *(line.sector for _, line in recommended(maker))}
    claims: list[Claim] = []
    for item, place, row in viewed_rows(maker):
        if row.weekly is not None and row.weekly.early_warning is not None:
            names = ("early_warning", "quadrant", "rs_momentum_index")
            facts = [maker.material.at(item, "rows", place, "weekly", name) for name in names]
            claims += maker.claim("warning", "warning.early", *facts)
    return sorted(claims, key=lambda claim: claim.entity not in spoken)[:EARLY_CAP]


def single_stocks(maker: Maker, section: Section) -> list[Claim]:
    """Return which of the recommended sectors are largely one stock."""
    spoken = {line.sector for _, line in recommended(maker)}
    rows = [row.sector for _, _, row in heatmap_rows(maker) if row.sector in spoken]
    return [claim for sector in rows for claim in concentration(maker, section, sector)]
