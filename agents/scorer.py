"""Turns scored evidence into a scorecard and an allocation by core arithmetic alone."""

from core.portfolio.allocation import allocate
from core.portfolio.scoring import scorecard
from core.records.decision import Allocation, Scorecard
from core.records.evidence import Evidence
from core.records.mandate import Mandate, MandatePatch
from core.records.plan import Plan
from core.records.request import Request
from core.records.result import FactorValue
from core.records.scoring import ScoringResult
from core.records.sectors import HeatmapResult
from core.records.universe import Universe


def decided(
    request: Request,
    universe: Universe,
    mandate: Mandate,
    *,
    plan: Plan,
    evidence: tuple[Evidence, ...],
) -> tuple[Scorecard, Allocation] | None:
    """Return a universe's scorecard and allocation; None without a heatmap's factors.

    Raises:
        MandateError: the limits cannot all hold.
    """
    scored = scored_evidence(plan, universe, evidence)
    heatmap = next((e.result for e in scored if isinstance(e.result, HeatmapResult)), None)
    if heatmap is None or not heatmap.factors:
        return None
    inputs = next((e.result for e in scored if isinstance(e.result, ScoringResult)), None)
    card = scorecard(
        universe, merged_factors(scored), inputs, as_of=heatmap.as_of, horizon=request.horizon
    )
    limits = mandate.patched(_applicable(request.patch, universe))
    return card, allocate(universe, card, inputs, limits)


def decided_before(
    request: Request,
    universe: Universe,
    mandate: Mandate,
    *,
    plan: Plan,
    evidence: tuple[Evidence, ...],
) -> Allocation | None:
    """Return the allocation of the same evidence without the question's limits; None without any.

    Raises:
        MandateError: the mandate itself cannot hold.
    """
    if _applicable(request.patch, universe) in {None, MandatePatch()}:
        return None
    free = request.model_copy(update={"patch": None})
    decision = decided(free, universe, mandate, plan=plan, evidence=evidence)
    return decision[1] if decision else None


def scored_evidence(
    plan: Plan, universe: Universe, evidence: tuple[Evidence, ...]
) -> tuple[Evidence, ...]:
    """Return the universe's evidence of scored steps, in the plan's order."""
    held = {item.id: item for item in evidence}
    return tuple(
        held[step.id]
        for step in plan.steps
        if step.scored and step.universe == universe.id and step.id in held
    )


def merged_factors(scored: tuple[Evidence, ...]) -> tuple[FactorValue, ...]:
    """Return all factors sorted by (factor, sector); of two answers the first planned stands."""
    merged: dict[tuple[str, str], FactorValue] = {}
    for item in scored:
        for factor in item.result.factors:
            merged.setdefault((factor.factor, factor.sector), factor)
    return tuple(merged[key] for key in sorted(merged))


def _applicable(patch: MandatePatch | None, universe: Universe) -> MandatePatch | None:
    if patch is None:
        return None
    known = set(universe.sector_ids)
    return patch.model_copy(
        update={
            "caps": tuple(row for row in patch.caps if row.sector in known),
            "excluded": tuple(sector for sector in patch.excluded if sector in known),
        }
    )
