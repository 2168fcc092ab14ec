"""Decides what a sector's first lines say: where it is, its score, what is expected of it."""

from math import fsum
from typing import Final

from app.render.blocks.factors import SMALLEST_PRINTED
from app.render.charts.palette import sector_colour
from app.render.words import Words
from app.web.heat.grid import found_of, heat_horizon, heat_row
from app.web.sector.records import (
    Argument,
    FactorPart,
    Place,
    SectorScoreParts,
    SectorSummary,
    SmallerParts,
)
from app.web.sector.sheets import SectorAsked
from app.web.worded import Worded, gapped
from core.records.decision import Contribution, SectorScore
from core.records.sectors import Rotation
from core.records.universe import Horizon
from tools.decisions.sector_scores import sector_scores

ARGUMENTS: Final = 4
"""Factors shown on each side."""
SHOWN: Final = 12
"""Factors of a score shown one by one; the smaller ones are added up."""


def sector_summary(asked: SectorAsked, horizon: Horizon) -> SectorSummary:
    """Return the page's first lines."""
    found = found_of(asked.house, asked.asked, horizon)
    result, words, universe = found.result, asked.words, asked.universe
    sector = universe.sector(asked.sector)
    row = next((one for one in result.rows if one.sector == asked.sector), None)
    score = found.scores.get(asked.sector)
    return SectorSummary(
        universe=universe.id,
        sector=sector.id,
        ticker=sector.ticker,
        name=words.entity(sector.id),
        colour=sector_colour(universe.sector_ids.index(sector.id)),
        as_of=result.as_of,
        known_at=result.known_at,
        synthetic=result.synthetic,
        benchmark_name=words.entity(result.benchmark),
        horizon=horizon,
        gap=gapped(result, words, held=asked.held),
        scored_count=sum(one.score is not None for one in found.scores.values()),
        weekly=_place(None if row is None else row.weekly, words),
        daily=_place(None if row is None else row.daily, words),
        row=None if row is None else heat_row(found, row),
        horizons=tuple(heat_horizon(found, name) for name in universe.horizons),
        arguments_for=_arguments(score, words, raising=True),
        arguments_against=_arguments(score, words, raising=False),
        return_3m_pct=None if row is None else row.return_3m_pct,
        distance_200d_pct=None if row is None else row.distance_200d_pct,
        since=found.since,
    )


def score_parts(asked: SectorAsked, horizon: Horizon) -> SectorScoreParts:
    """Return the sector's score split into its factors, the largest parts first."""
    words = asked.words
    result = sector_scores(
        asked.house.tools, region=asked.universe.id, horizon=horizon, as_of=asked.asked.as_of
    )
    score = next((one for one in result.scores if one.sector == asked.sector), None)
    parts = sorted(() if score is None else score.contributions, key=_size)
    reason = None if score is None else score.reason
    return SectorScoreParts(
        horizon=horizon,
        gap=gapped(result, words, held=asked.held),
        score=None if score is None else score.score,
        reason=words.label("reason", reason) if reason else None,
        weights=None if result.gap else words.label("score_weights", result.weights_source),
        trained_until=result.trained_until,
        parts=tuple(_part(part, words) for part in parts),
        shown_count=SHOWN,
        smaller=_smaller(parts),
    )


def _place(rotation: Rotation | None, words: Words) -> Place | None:
    if rotation is None:
        return None
    warning = rotation.early_warning
    return Place(
        quadrant=_worded("quadrant", rotation.quadrant, words),
        period=rotation.period,
        provisional=rotation.provisional,
        dwell_count=rotation.dwell_count,
        rs_ratio_index=rotation.rs_ratio_index,
        rs_momentum_index=rotation.rs_momentum_index,
        heading_deg=rotation.heading_deg,
        velocity_index=rotation.velocity_index,
        early_warning=_worded("early_warning", warning, words) if warning else None,
    )


def _worded(kind: str, key: str, words: Words) -> Worded:
    return Worded(id=key, label=words.label(kind, key))


def _arguments(score: SectorScore | None, words: Words, *, raising: bool) -> tuple[Argument, ...]:
    """Return the score's largest parts on one side, those that print as nothing left out."""
    sign = 1.0 if raising else -1.0
    parts = () if score is None else score.contributions
    kept = [part for part in parts if sign * (part.contribution or 0.0) >= SMALLEST_PRINTED]
    return tuple(
        Argument(
            factor=part.factor,
            label=words.label("factor", part.factor),
            family=words.label("family", part.family),
            contribution=part.contribution or 0.0,
        )
        for part in sorted(kept, key=_size)[:ARGUMENTS]
    )


def _part(part: Contribution, words: Words) -> FactorPart:
    return FactorPart(
        factor=part.factor,
        label=words.label("factor", part.factor),
        family=part.family,
        family_label=words.label("family", part.family),
        weight=part.weight,
        z=part.z,
        contribution=part.contribution,
        reason=words.label("reason", part.reason) if part.reason else None,
    )


def _smaller(parts: list[Contribution]) -> SmallerParts | None:
    rest = [part.contribution for part in parts if part.contribution is not None][SHOWN:]
    return SmallerParts(factors_count=len(rest), contribution=fsum(rest)) if rest else None


def _size(part: Contribution) -> tuple[float, str]:
    return -abs(part.contribution or 0.0), part.factor
