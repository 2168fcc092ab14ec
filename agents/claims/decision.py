"""Claims of scorecard and allocation: headline, recommendations, reasons for and against."""

from agents.claims.leaders import recommended
from agents.claims.maker import Maker
from core.records.decision import LimitEvent, SectorScore
from core.records.evidence import Fact
from core.records.report import Claim, Section

NAMED_FROM = 0.005
"""Smallest contribution named, in score; less is printed as 0.00."""
REASONS_CAP = 2
"""Factors named for, and against, each recommended sector."""


def headline(maker: Maker) -> list[Claim]:
    """Return the sector ranked first, with its weight."""
    card = maker.material.scorecard(maker.universe.id)
    if card is None or not card.sectors or card.sectors[0].rank is None:
        return []
    best = card.sectors[0].sector
    weights = _weights(maker, best)
    return maker.claim(
        "headline",
        "headline.choice",
        _scored(maker, 0, "rank"),
        _scored(maker, 0, "score"),
        *weights,
    )


def recommendations(maker: Maker) -> list[Claim]:
    """Return stance and weights of the sectors that move most, each with its reasons."""
    claims: list[Claim] = []
    for _, line in recommended(maker):
        facts = (allocated(maker, line.sector, "stance"), *_weights(maker, line.sector))
        claims += maker.claim("recommendation", "recommendation.line", *facts)
        claims += reasons(maker, line.sector)
    return claims


def reasons(maker: Maker, sector: str) -> list[Claim]:
    """Return the factors that add most to a sector's score, and those that take most from it."""
    card = maker.material.scorecard(maker.universe.id)
    place = (
        next((n for n, row in enumerate(card.sectors) if row.sector == sector), None)
        if card
        else None
    )
    if card is None or place is None:
        return []
    return [
        *_named(maker, card.sectors[place], place, "for"),
        *_named(maker, card.sectors[place], place, "against"),
    ]


def warnings(maker: Maker) -> list[Claim]:
    """Return the limits that bind."""
    allocation = maker.material.allocation(maker.universe.id)
    claims: list[Claim] = []
    for place, event in enumerate(allocation.limits if allocation else ()):
        claims += maker.claim("warning", "warning.limit", *_limit(maker, place, event))
    return claims


def allocated(maker: Maker, sector: str, name: str) -> Fact | None:
    """Return a fact of the sector's allocation line."""
    allocation = maker.material.allocation(maker.universe.id)
    if allocation is None:
        return None
    place = next(n for n, line in enumerate(allocation.lines) if line.sector == sector)
    return maker.material.allocated(maker.universe.id, "lines", place, name)


def _limit(maker: Maker, place: int, event: LimitEvent) -> tuple[Fact | None, ...]:
    universe = maker.universe.id
    kind = maker.material.allocated(universe, "limits", place, "kind")
    limit = maker.material.allocated(universe, "limits", place, "limit")
    return (kind, limit)


def _named(maker: Maker, score: SectorScore, place: int, section: Section) -> list[Claim]:
    sign = 1.0 if section == "for" else -1.0
    parts = [
        (number, sign * row.contribution)
        for number, row in enumerate(score.contributions)
        if row.contribution is not None and sign * row.contribution >= NAMED_FROM
    ]
    largest = sorted(parts, key=lambda part: (-part[1], part[0]))[:REASONS_CAP]
    claims: list[Claim] = []
    for number, _ in largest:
        fact = _scored(maker, place, "contributions", number, "contribution")
        claims += maker.claim(section, f"{section}.contribution", fact)
    return claims


def _scored(maker: Maker, place: int, *path: str | int) -> Fact | None:
    return maker.material.scored(maker.universe.id, "sectors", place, *path)


def _weights(maker: Maker, sector: str) -> tuple[Fact | None, Fact | None]:
    return (
        allocated(maker, sector, "target_weight"),
        allocated(maker, sector, "benchmark_weight"),
    )
