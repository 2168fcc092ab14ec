"""Claims of scorecard and allocation: recommendations, reasons for and against."""

from agents.claims.leaders import recommended, row_of
from agents.claims.maker import Maker
from core.records.decision import Contribution, SectorScore
from core.records.evidence import Fact
from core.records.report import Claim, Section

NAMED_FROM = 0.005
"""Smallest contribution named, in score; less is printed as 0.00."""
REASONS_CAP = 2
"""Factors named for, and against, each recommended sector."""
SILENT = ("_dense_", "_recurrent_")
"""In the names of views whose learners cannot split what they expect by feature."""


def recommendations(maker: Maker) -> list[Claim]:
    """Return stance and weights of the sectors that move most, each with its reasons."""
    claims: list[Claim] = []
    for _, line in recommended(maker):
        facts = weights_of(maker, line.sector)
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


def tells(part: Contribution) -> bool:
    """Tell whether a contribution is of a fitted view that can name the features behind it."""
    return part.family == "views" and not any(name in part.factor for name in SILENT)


def behind(maker: Maker, sector: str) -> tuple[Fact, ...]:
    """Return the parts of the features a sector's fitted views rest on; none where none tell."""
    found = row_of(maker, sector)
    if found is None:
        return ()
    item, place, row = found
    facts = (
        maker.material.at(item, "rows", place, "reasons", number, "contribution_pct")
        for number in range(len(row.reasons))
    )
    return tuple(fact for fact in facts if fact is not None)


def arguments_of(maker: Maker, sector: str) -> tuple[Fact, ...]:
    """Return a sector's contributions, those of fitted views by the features behind them.

    Both are points of score: features' parts of the views of a sector add up to the views' own.
    """
    told = behind(maker, sector)
    card = maker.material.scorecard(maker.universe.id)
    rows = card.sectors if card else ()
    own = next((row.contributions for row in rows if row.sector == sector), ())
    named = {part.factor for part in own if told and tells(part)}
    parts = contributions_of(maker, sector)
    return (*(fact for fact in parts if fact.measure.partition(".")[2] not in named), *told)


def contributions_of(maker: Maker, sector: str) -> tuple[Fact, ...]:
    """Return the facts of a sector's contributions, in the scorecard's order."""
    card = maker.material.scorecard(maker.universe.id)
    for place, row in enumerate(card.sectors if card else ()):
        if row.sector == sector:
            facts = (
                _scored(maker, place, "contributions", number, "contribution")
                for number in range(len(row.contributions))
            )
            return tuple(fact for fact in facts if fact is not None)
    return ()


def ranked(maker: Maker, place: int) -> list[Claim]:
    """Return rank, score and confidence of the sector at a place of the scorecard."""
    names = ("rank", "score", "confidence")
    facts: list[Fact | None] = [_scored(maker, place, name) for name in names]
    return maker.claim("answer", "answer.rank", *facts)


def rank_of(maker: Maker, sector: str) -> list[Claim]:
    """Return rank, score and confidence of a sector; excluded ones have theirs too."""
    card = maker.material.scorecard(maker.universe.id)
    for place, row in enumerate(card.sectors if card else ()):
        if row.sector == sector:
            return ranked(maker, place)
    return []


def score_of(maker: Maker, sector: str) -> Fact | None:
    """Return a sector's score; None without one."""
    card = maker.material.scorecard(maker.universe.id)
    rows = card.sectors if card else ()
    place = next((n for n, row in enumerate(rows) if row.sector == sector), None)
    return None if place is None else _scored(maker, place, "score")


def allocated(maker: Maker, sector: str, name: str) -> Fact | None:
    """Return a fact of the sector's allocation line."""
    allocation = maker.material.allocation(maker.universe.id)
    if allocation is None:
        return None
    place = next((n for n, line in enumerate(allocation.lines) if line.sector == sector), None)
    if place is None:
        return None
    return maker.material.allocated(maker.universe.id, "lines", place, name)


def weights_of(maker: Maker, sector: str) -> tuple[Fact | None, Fact | None, Fact | None]:
    """Return a sector's stance, target weight and benchmark weight."""
    return (
        allocated(maker, sector, "stance"),
        allocated(maker, sector, "target_weight"),
        allocated(maker, sector, "benchmark_weight"),
    )


def _named(maker: Maker, score: SectorScore, place: int, section: Section) -> list[Claim]:
    sign = 1.0 if section == "for" else -1.0
    parts = [
        (number, sign * row.contribution)
        for number, row in enumerate(score.contributions)
        if row.contribution is not None and sign * row.contribution >= NAMED_FROM
    ]
    largest = sorted(parts, key=lambda part: (-part[1], part[0]))[:REASONS_CAP]
    claims: list[Claim] = []
    told = [
        fact for fact in behind(maker, score.sector) if sign * (fact.value or 0.0) >= NAMED_FROM
    ]
    features = sorted(told, key=lambda fact: (-abs(fact.value or 0.0), fact.id))[:REASONS_CAP]
    for number, _ in largest:
        fact = _scored(maker, place, "contributions", number, "contribution")
        if features and tells(score.contributions[number]):
            claims += maker.listing(section, f"{section}.view", fact, *features)
            features = []
        else:
            claims += maker.claim(section, f"{section}.contribution", fact)
    return claims


def _scored(maker: Maker, place: int, *path: str | int) -> Fact | None:
    return maker.material.scored(maker.universe.id, "sectors", place, *path)
