"""Claims of the headline: largest positions, the forecast's record, data too old to score."""

from agents.claims.decision import weights_of
from agents.claims.leaders import active
from agents.claims.maker import Maker
from agents.claims.record import skill_claim
from agents.drilldown import is_narrow
from core.records.decision import AllocationLine, Stance
from core.records.payloads import StatusResult
from core.records.report import Claim

STALE_CAP = 3
"""Old data sets named in one sentence."""


def headline(maker: Maker) -> list[Claim]:
    """Return the largest over- and underweight, the record and what is stale; at most 60 words."""
    if is_narrow(maker.material.request) or maker.material.allocation(maker.universe.id) is None:
        return []
    return [*_positions(maker), *skill_claim(maker, "headline", "headline.record"), *_stale(maker)]


def _positions(maker: Maker) -> list[Claim]:
    over, under = _largest(maker, "overweight"), _largest(maker, "underweight")
    if over is None and under is None:
        turnover = maker.material.allocated(maker.universe.id, "turnover")
        return maker.claim("headline", "headline.none", turnover)
    facts = [fact for line in (over, under) if line for fact in weights_of(maker, line.sector)]
    return maker.claim("headline", "headline.both" if over and under else "headline.one", *facts)


def _largest(maker: Maker, stance: Stance) -> AllocationLine | None:
    allocation = maker.material.allocation(maker.universe.id)
    lines = [line for line in allocation.lines if line.stance == stance] if allocation else []
    return max(lines, key=lambda line: (abs(active(line)), line.sector), default=None)


def _stale(maker: Maker) -> list[Claim]:
    """Return what is too old to score; old prices are scored as of their end, and said apart."""
    for item, status in maker.material.answers(maker.universe.id, StatusResult):
        stale = {
            row.dataset: maker.material.at(item, "rows", place, "last")
            for place, row in enumerate(status.rows)
            if row.stale
        }
        prices = stale.pop("prices", None)
        return [
            *maker.claim("headline", "headline.stale_prices", prices),
            *maker.listing("headline", "headline.stale", *list(stale.values())[:STALE_CAP]),
        ]
    return []
