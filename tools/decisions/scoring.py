"""Decides nothing of a score: hands the core's own scoring inputs to whoever scores."""

from datetime import date

from core.markets.benchmark import named_benchmark
from core.portfolio import inputs
from core.records.scoring import ScoringResult
from core.records.universe import Horizon
from tools.context import ToolContext

TOOL = inputs.TOOL


def scoring_inputs(
    context: ToolContext,
    *,
    region: str | None = None,
    horizon: Horizon = "1M",
    as_of: date | None = None,
    benchmark: str | None = None,
) -> ScoringResult:
    """Return learned weights, covariance, benchmark weights and the forecast's record.

    Raises:
        CallerError: the universe has no such benchmark.
    """
    scope = context.scope(region, as_of, advice=True)
    mark = named_benchmark(scope.universe, benchmark)
    if scope.panels is None:
        return ScoringResult(**scope.envelope(TOOL), horizon=horizon, benchmark=mark.id)
    found = inputs.scoring_inputs(
        scope.panels,
        context.model(scope.universe),
        as_of=scope.as_of,
        horizon=horizon,
        benchmark=mark.id,
    )
    sources = scope.envelope(TOOL, ("prices", "members", "weights"))["sources"]
    return found.model_copy(update={"sources": sources})
