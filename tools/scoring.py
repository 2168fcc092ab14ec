"""Decides nothing of a score: hands the core's own scoring inputs to whoever scores."""

from datetime import date

from core.portfolio import decide
from core.records.scoring import ScoringResult
from core.records.universe import Horizon
from tools.context import ToolContext

TOOL = decide.TOOL


def scoring_inputs(
    context: ToolContext,
    *,
    region: str | None = None,
    horizon: Horizon = "1M",
    as_of: date | None = None,
) -> ScoringResult:
    """Return learned weights, covariance, benchmark weights and the forecast's record."""
    scope = context.scope(region, as_of)
    if scope.panels is None:
        return ScoringResult(**scope.envelope(TOOL), horizon=horizon)
    inputs = decide.scoring_inputs(
        scope.panels, context.model(scope.universe), as_of=scope.as_of, horizon=horizon
    )
    sources = scope.envelope(TOOL, ("prices", "members"))["sources"]
    return inputs.model_copy(update={"sources": sources})
