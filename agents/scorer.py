"""Turns scored evidence into a scorecard, an allocation and trades by core arithmetic alone."""

from dataclasses import dataclass

from core.portfolio.allocation import allocate
from core.portfolio.holdings import valued
from core.portfolio.merging import applicable, merged_factors, trading_conditions
from core.portfolio.scoring import scorecard
from core.portfolio.trades import trade_plan
from core.records.decision import Allocation, Scorecard
from core.records.desk import Desk
from core.records.evidence import Evidence
from core.records.holdings import Portfolio
from core.records.mandate import MandatePatch
from core.records.plan import Plan
from core.records.request import Request
from core.records.scoring import ScoringResult
from core.records.sectors import HeatmapResult
from core.records.trades import TradePlan
from core.records.universe import Universe


@dataclass(frozen=True, slots=True)
class Decided:
    """One universe's decision; portfolio and trades only where something is held."""

    card: Scorecard
    allocation: Allocation
    portfolio: Portfolio | None = None
    trades: TradePlan | None = None


def decided(
    request: Request,
    universe: Universe,
    desk: Desk,
    *,
    plan: Plan,
    evidence: tuple[Evidence, ...],
) -> Decided | None:
    """Return a universe's decision; None without a heatmap's factors.

    Raises:
        MandateError: the limits cannot all hold.
        CallerError: the holdings do not add up.
    """
    scored = scored_evidence(plan, universe, evidence)
    heatmap = next((e.result for e in scored if isinstance(e.result, HeatmapResult)), None)
    if heatmap is None or not heatmap.factors:
        return None
    inputs = next((e.result for e in scored if isinstance(e.result, ScoringResult)), None)
    trading = trading_conditions([e.result for e in evidence if e.result.universe == universe.id])
    mandate = desk.mandate.patched(applicable(request.patch, universe.sector_ids))
    card = scorecard(
        universe,
        merged_factors([item.result for item in scored]),
        inputs,
        as_of=heatmap.as_of,
        horizon=request.horizon,
        fixed=mandate.factor_weights,
    )
    held = desk.holdings
    portfolio = None if held is None else valued(held, universe, trading, as_of=heatmap.as_of)
    allocation = allocate(universe, card, inputs, mandate, portfolio=portfolio, trading=trading)
    if portfolio is None:
        return Decided(card, allocation)
    trades = trade_plan(universe, allocation, portfolio, trading, mandate)
    return Decided(card, allocation, portfolio, trades)


def decided_before(
    request: Request,
    universe: Universe,
    desk: Desk,
    *,
    plan: Plan,
    evidence: tuple[Evidence, ...],
) -> Allocation | None:
    """Return the allocation of the same evidence without the question's limits; None without any.

    Raises:
        MandateError: the mandate itself cannot hold.
    """
    if applicable(request.patch, universe.sector_ids) in {None, MandatePatch()}:
        return None
    free = request.model_copy(update={"patch": None})
    decision = decided(free, universe, desk, plan=plan, evidence=evidence)
    return decision.allocation if decision else None


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
