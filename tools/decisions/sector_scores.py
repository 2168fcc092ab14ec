"""Decides what get_sector_scores prints: the core's scorecard of one date, as a report would hold.

The factors are those of the other tools, and the arithmetic is the core's.
"""

from dataclasses import dataclass
from datetime import date
from typing import Final

from core.panel import MarketPanels
from core.portfolio import inputs
from core.portfolio.scoring import scorecard
from core.records.decision import Scorecard, SectorScore
from core.records.result import Dataset
from core.records.scoring import ScoringResult
from core.records.served_decisions import ScoreRow, ScoresResult
from core.records.universe import Horizon
from tools.context import ToolContext
from tools.measures.factor_table import FAMILIES
from tools.scope import Scope

TOOL: Final = "get_sector_scores"
DATASETS: Final[tuple[Dataset, ...]] = (
    "prices", "members", "flows", "fundamentals", "macro", "positions", "weights", "series",
    "model",
)  # fmt: skip
"""What a score may rest on."""


@dataclass(frozen=True, slots=True)
class Scored:
    """A scorecard and what an allocation takes besides it."""

    card: Scorecard
    inputs: ScoringResult


def sector_scores(
    context: ToolContext,
    *,
    region: str | None = None,
    horizon: Horizon = "1M",
    as_of: date | None = None,
) -> ScoresResult:
    """Return every sector's score, rank, confidence and contributions, best first."""
    scope = context.scope(region, as_of, advice=True)
    if scope.panels is None:
        return ScoresResult(**scope.envelope(TOOL), horizon=horizon)
    found = scored(context, scope, scope.panels, horizon)
    card = found.card
    return ScoresResult(
        **scope.envelope(TOOL, DATASETS, known_at=scope.panels.last),
        horizon=horizon,
        weights_source=card.weights_source,
        trained_until=card.trained_until,
        top3_stability=card.top3_stability,
        skill=() if card.skill is None else (card.skill,),
        rows=tuple(map(_row, card.sectors)),
        scores=card.sectors,
        missing=found.inputs.missing,
    )


def scored(
    context: ToolContext,
    scope: Scope,
    panels: MarketPanels,
    horizon: Horizon,
    *,
    benchmark: str | None = None,
) -> Scored:
    """Return the scorecard of a scope, equal to `core.portfolio.decide`'s from the same panels.

    Args:
        context: keeps factors and the fitted model, so that a second question is quick.
        scope: universe and date.
        panels: the scope's.
        horizon: of the score.
        benchmark: whose weights the inputs are of; the universe's default without one.

    Raises:
        CallerError: the universe has no such benchmark.
    """
    speaker = context.speaker(scope)
    views = () if speaker is None else speaker.values()
    given = inputs.scoring_inputs(
        panels,
        context.model(scope.universe),
        as_of=scope.as_of,
        horizon=horizon,
        benchmark=benchmark,
    )
    factors = (*context.factors(scope, FAMILIES), *views)
    card = scorecard(scope.universe, factors, given, as_of=scope.as_of, horizon=horizon)
    return Scored(card, given)


def _row(score: SectorScore) -> ScoreRow:
    parts = [
        (row.contribution, row.factor)
        for row in score.contributions
        if row.contribution is not None
    ]
    most, least = max(parts, default=(0.0, "")), min(parts, default=(0.0, ""))
    return ScoreRow(
        sector=score.sector,
        rank=score.rank,
        score=score.score,
        confidence=score.confidence,
        strongest_for=most[1] if most[0] > 0.0 else None,
        strongest_against=least[1] if least[0] < 0.0 else None,
        missing_count=len(score.missing),
        reason=score.reason,
    )
