"""Decides whether an answer may move the benchmark: only to where the universe itself has it.

Targets follow benchmark weights and the sectors there is a risk for, without a cap that bounds
them as it bounds scores. Weights that cannot be checked are believed of our own data alone, and of
a server whose entry in `mcp.json` says so.
"""

from datetime import date
from math import isclose
from typing import Final

from core.records.result import ToolResult
from core.records.scoring import ScoringResult
from core.records.universe import Universe

LEAST_SHARE: Final = 0.8
"""Of the sectors listed by then that weights and risks must tell: a short history excuses some."""
TOLERANCE: Final = 1e-6
"""Between weights that are the same, as fractions."""


def moved_benchmark(result: ToolResult, universe: Universe) -> str | None:
    """Return the field that moves the benchmark away from the universe's own; None where none does.

    Weights must be the universe's table at the answer's date, or equal where it has none; they and
    the covariance must tell at least four fifths of the listed sectors, once each, and all of the
    table's.
    """
    if not isinstance(result, ScoringResult):
        return None
    weights = {row.sector: row.weight for row in result.benchmark_weights}
    risks = tuple(row.sector for row in result.covariance)
    if not _whole(risks, universe, result.as_of):
        return "covariance"
    if not weights:
        return None
    if len(weights) < len(result.benchmark_weights):
        return "benchmark_weights"
    own = universe.weights_at(result.as_of) if _default(result, universe) else None
    if own is None:
        told = _whole(tuple(weights), universe, result.as_of)
        same = told and _same(weights, dict.fromkeys(weights, 1.0 / len(weights)))
    else:
        table = {row.sector: row.weight for row in own.weights}
        if risks and not table.keys() <= set(risks):
            return "covariance"
        same = _same(weights, table)
    return None if same else "benchmark_weights"


def _default(result: ScoringResult, universe: Universe) -> bool:
    return result.benchmark in {None, universe.benchmark.id}


def _whole(told: tuple[str, ...], universe: Universe, as_of: date) -> bool:
    """Whether nobody is told twice, and enough of the listed sectors, or none at all."""
    if not told:
        return True
    listed = {
        sector.id
        for sector in universe.sectors
        if sector.listed_from is None or sector.listed_from <= as_of
    }
    once = len(set(told)) == len(told)
    return once and len(listed & set(told)) >= LEAST_SHARE * len(listed)


def _same(told: dict[str, float], own: dict[str, float]) -> bool:
    names = told.keys() | own.keys()
    return all(
        isclose(told.get(name, 0.0), own.get(name, 0.0), rel_tol=0.0, abs_tol=TOLERANCE)
        for name in names
    )
