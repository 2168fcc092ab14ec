"""Claims of stated limits: as understood, what they leave of sectors, what they change."""

from agents.claims.decision import allocated, rank_of, weights_of
from agents.claims.leaders import scores
from agents.claims.maker import Maker
from agents.claims.warnings import binding
from core.portfolio.precedence import departures, in_order
from core.records.evidence import Fact
from core.records.mandate import MandatePatch
from core.records.report import Claim

OVERWEIGHTS_CAP = 3
MOVED_PP = 0.05
"""Points from which a change is not printed as none."""


def what_if(maker: Maker) -> list[Claim]:
    """Return the limits understood, limited sectors, new overweights, turnover, what binds."""
    return [
        *understood(maker),
        *_limited(maker),
        *_overweights(maker),
        *_costs(maker),
        *(claim.model_copy(update={"section": "answer"}) for claim in _bound(maker)),
    ]


def lifted(maker: Maker, sector: str) -> list[Claim]:
    """Return that a sector asked about is left out by the limits, and how to have it back."""
    stance = allocated(maker, sector, "stance")
    if stance is None or stance.label != "excluded":
        return []
    weight = allocated(maker, sector, "target_weight")
    return maker.claim("answer", "what_if.left_out", stance, weight)


def understood(maker: Maker) -> list[Claim]:
    """Return the limits the weights hold under, as they were understood."""
    patch, universe = maker.material.request.patch or MandatePatch(), maker.universe.id
    claims: list[Claim] = []
    for place, row in enumerate(patch.caps):
        if row.sector in maker.universe.sector_ids:
            cap = maker.material.asked(universe, "patch", "caps", place, "cap")
            claims += maker.claim("answer", "what_if.cap", cap)
    for place, least in enumerate(patch.floors):
        if least.sector in maker.universe.sector_ids:
            floor = maker.material.asked(universe, "patch", "floors", place, "floor")
            claims += maker.claim("answer", "what_if.floor", floor)
    for place, sector in enumerate(patch.excluded):
        if sector in maker.universe.sector_ids:
            left = maker.material.asked(universe, "patch", "excluded", place)
            claims += maker.claim("answer", "what_if.excluded", left)
    turnover = maker.material.asked(universe, "patch", "turnover")
    return [*claims, *maker.claim("answer", "what_if.turnover", turnover)]


def _limited(maker: Maker) -> list[Claim]:
    patch = maker.material.request.patch or MandatePatch()
    claims: list[Claim] = []
    capped, floored = (row.sector for row in patch.caps), (row.sector for row in patch.floors)
    for sector in dict.fromkeys([*capped, *floored, *patch.excluded]):
        facts = [*weights_of(maker, sector), _before(maker, sector)]
        claims += maker.claim("answer", "what_if.sector", *facts)
        claims += rank_of(maker, sector)
    return claims


def _overweights(maker: Maker) -> list[Claim]:
    allocation = maker.material.allocation(maker.universe.id)
    lines = [row for row in allocation.lines if row.stance == "overweight"] if allocation else []
    claims: list[Claim] = []
    for sector in in_order(departures(lines), scores(maker))[:OVERWEIGHTS_CAP]:
        change = maker.material.change(maker.universe.id, sector)
        if change is None or abs(change.value or 0.0) < MOVED_PP:
            continue
        facts = [*weights_of(maker, sector), change]
        claims += maker.claim("answer", "what_if.overweight", *facts)
    return claims


def _costs(maker: Maker) -> list[Claim]:
    universe = maker.universe.id
    claims: list[Claim] = []
    for name in ("turnover", "tracking_error_pct"):
        now = maker.material.allocated(universe, name)
        claims += maker.claim(
            "answer", "what_if.total", now, maker.material.earlier(universe, name)
        )
    return claims


def _bound(maker: Maker) -> list[Claim]:
    allocation = maker.material.allocation(maker.universe.id)
    return binding(maker, "warning.limit") or (
        maker.claim(
            "answer", "what_if.none_binds", maker.material.allocated(maker.universe.id, "turnover")
        )
        if allocation
        else []
    )


def _before(maker: Maker, sector: str) -> Fact | None:
    allocation = maker.material.unlimited(maker.universe.id)
    for place, line in enumerate(allocation.lines if allocation else ()):
        if line.sector == sector:
            return maker.material.earlier(maker.universe.id, "lines", place, "target_weight")
    return None
