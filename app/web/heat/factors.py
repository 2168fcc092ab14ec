"""Decides how the factor grid is laid out: families together, sectors best score first."""

from math import fsum
from typing import Final

from app.render.blocks.factors import FAMILY_ORDER
from app.render.words import Words
from app.web.asked import Asked, held_of, market_of, words_of
from app.web.heat.records import (
    FactorCell,
    FactorFamily,
    FactorGrid,
    FactorLine,
    FactorSector,
)
from app.web.house import House
from app.web.worded import gapped
from core.records.decision import Contribution, SectorScore
from core.records.result import Family
from core.records.universe import Horizon
from tools.decisions.sector_scores import sector_scores

DIGITS: Final = 9
"""Of a sum in points: seven of its hundredths, which are what the report prints of."""


def factor_grid(house: House, asked: Asked, horizon: Horizon) -> FactorGrid:
    """Return z and contribution of every factor of every sector.

    Raises:
        UnknownUniverseError: there is no such universe.
        CallerError: a date yet to come.
    """
    universe = market_of(house, asked)
    words = words_of(universe, asked)
    result = sector_scores(house.tools, region=universe.id, horizon=horizon, as_of=asked.as_of)
    told = None if result.gap else words.label("score_weights", result.weights_source)
    return FactorGrid(
        universe=universe.id,
        as_of=result.as_of,
        horizon=horizon,
        gap=gapped(result, words, held=held_of(house, universe)),
        weights=told,
        trained_until=result.trained_until,
        sectors=tuple(_sector(score, words) for score in result.scores),
        families=tuple(
            FactorFamily(
                family=family,
                label=words.label("family", family),
                factors=lines,
                contributions=tuple(
                    _sum(parts) for parts in zip(*(line.cells for line in lines), strict=True)
                ),
            )
            for family in FAMILY_ORDER
            if (lines := _lines(result.scores, family, words))
        ),
    )


def _sector(score: SectorScore, words: Words) -> FactorSector:
    return FactorSector(
        sector=score.sector,
        ticker=words.universe.sector(score.sector).ticker,
        name=words.short(score.sector),
        score=score.score,
        reason=words.label("reason", score.reason) if score.reason else None,
    )


def _lines(scores: tuple[SectorScore, ...], family: Family, words: Words) -> tuple[FactorLine, ...]:
    first = scores[0].contributions if scores else ()
    return tuple(
        FactorLine(
            factor=part.factor,
            label=words.label("factor", part.factor),
            weight=part.weight,
            cells=tuple(_cell(score.sector, score.contributions[place], words) for score in scores),
        )
        for place, part in enumerate(first)
        if part.family == family
    )


def _sum(parts: tuple[FactorCell, ...]) -> float | None:
    """Return a sector's sum over a family, rounded as the report's."""
    held = [part.contribution for part in parts if part.contribution is not None]
    return round(fsum(held), DIGITS) if held else None


def _cell(sector: str, part: Contribution, words: Words) -> FactorCell:
    return FactorCell(
        sector=sector,
        z=part.z,
        contribution=part.contribution,
        reason=words.label("reason", part.reason) if part.reason else None,
    )
