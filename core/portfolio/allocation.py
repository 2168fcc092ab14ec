"""Decides target weights from a scorecard within a mandate, every limit that binds on record.

It takes no view of its own: without a score, a risk or room, a sector keeps its benchmark weight.
"""

import numpy as np

from core.errors import MandateError
from core.portfolio.limit_events import Solved, limit_events
from core.portfolio.limits import WHOLE, Bounds, Mask, Units, bounds, stance_of
from core.portfolio.optimiser import View, best_active
from core.portfolio.rounding import whole_targets, whole_weights
from core.portfolio.scoring import trust
from core.records.decision import Allocation, AllocationLine, Scorecard, Stance
from core.records.mandate import Mandate
from core.records.scoring import ScoringResult, WeightsSource
from core.records.sectors import Skill
from core.records.universe import Horizon, Universe
from core.signals.cross_section import standardised
from core.signals.trailing import Matrix

IC_FLOOR, IC_CEILING = 0.01, 0.10
"""IC a view is sized by: a token one without skill, at most what sector studies find."""

BETS_A_YEAR: dict[Horizon, float] = {"1W": 52.0, "1M": 12.0, "3M": 4.0}

DEFAULT_VARIANCE = 0.18**2
"""Annual variance of a sector where no covariance is given: the order of an equity sector's."""

DECIMALS = 9


def allocate(
    universe: Universe, card: Scorecard, inputs: ScoringResult | None, mandate: Mandate
) -> Allocation:
    """Return the target weights.

        maximise alpha'a - gamma/2 a'Va,   a = target - benchmark
        subject to sum a = 0, long-only, sector and active caps, one-way turnover, exclusions

    alpha = IC x residual volatility x z of the score (Grinold, 1989), annualised by the square root
    of the horizon's bets a year; IC is the settled record's times t / 2 within 0..1, held within
    0.01..0.10. A sector whose target would lie within the no-trade band keeps its benchmark weight.
    Weights are whole basis points, sum to 1 and keep every limit exactly.

    A sector outside the inputs' covariance (not listed, too short, too few members) keeps its
    benchmark weight and is not_weighted.

    Raises:
        MandateError: the limits cannot all hold, or name an unknown sector.
    """
    _refuse_unknown(universe, mandate)
    eligible = _eligible(universe, card, inputs)
    benchmark = _benchmark(universe, inputs, eligible)
    scores = {row.sector: row.score for row in card.sectors if row.score is not None}
    movable = frozenset(scores) & eligible
    limits = bounds(benchmark, movable, mandate)
    view = _view(card, inputs, limits, {name: scores[name] for name in movable}, mandate)
    target, wished = _targets(view, limits, mandate)
    active = target - limits.benchmark
    bought = int(np.abs(active).sum()) / 2 / WHOLE
    known_risk = inputs is not None and bool(inputs.covariance)
    solved = Solved(view, limits, target, wished, eligible, movable)
    return Allocation(
        universe=universe.id,
        as_of=card.as_of,
        horizon=card.horizon,
        mandate=mandate.id,
        benchmark_weights_source=_source(inputs),
        lines=_lines(universe, solved, mandate),
        turnover=round(bought, DECIMALS),
        cost_bps=round(2.0 * bought * mandate.cost_bps, DECIMALS),
        tracking_error_pct=(
            round(100.0 * float(np.sqrt(view.variance(active / WHOLE))), DECIMALS)
            if known_risk
            else None
        ),
        limits=limit_events(universe, card, solved, mandate),
    )


def _refuse_unknown(universe: Universe, mandate: Mandate) -> None:
    named = {*mandate.excluded, *(row.sector for row in mandate.caps)}
    unknown = sorted(named - set(universe.sector_ids))
    if unknown:
        raise MandateError(
            f"mandate {mandate.id}: {', '.join(unknown)} not in universe {universe.id}; "
            f"its sectors are {', '.join(universe.sector_ids)}"
        )


def _eligible(universe: Universe, card: Scorecard, inputs: ScoringResult | None) -> frozenset[str]:
    """Return sectors with a covariance; without any, those weighted, else scored, else all."""
    risks = inputs.covariance if inputs is not None else ()
    weights = inputs.benchmark_weights if inputs is not None else ()
    known = set(universe.sector_ids)
    choices = (
        {row.sector for row in risks} & known,
        {row.sector for row in weights} & known,
        {row.sector for row in card.sectors if row.score is not None},
    )
    return frozenset(next((choice for choice in choices if choice), known))


def _benchmark(
    universe: Universe, inputs: ScoringResult | None, eligible: frozenset[str]
) -> dict[str, int]:
    """Return basis points of every sector, from the inputs, else equal over the eligible."""
    rows = inputs.benchmark_weights if inputs is not None else ()
    given = {row.sector: row.weight for row in rows}
    if sum(given.values()) <= 0.0:
        given = dict.fromkeys(eligible, 1.0)
    return whole_weights({sector: given.get(sector, 0.0) for sector in universe.sector_ids})


def _source(inputs: ScoringResult | None) -> WeightsSource:
    given = inputs is not None and bool(inputs.benchmark_weights)
    return inputs.benchmark_weights_source if inputs is not None and given else "equal_weight"


def _view(
    card: Scorecard,
    inputs: ScoringResult | None,
    limits: Bounds,
    scores: dict[str, float],
    mandate: Mandate,
) -> View:
    """Return alpha and covariance over the limits' sectors; alpha is 0 where there is no score."""
    covariance = _covariance(inputs, limits.sectors)
    row = np.array([[scores.get(sector, np.nan) for sector in limits.sectors]])
    z = np.nan_to_num(standardised(row)[0])
    tilts = np.eye(len(limits.sectors)) - limits.benchmark / WHOLE
    residual = np.sqrt(np.maximum(((tilts @ covariance) * tilts).sum(axis=1), 0.0))
    alpha = _ic(card.skill) * float(np.sqrt(BETS_A_YEAR[card.horizon])) * residual * z
    return View(alpha, covariance, mandate.risk_aversion)


def _ic(skill: Skill | None) -> float:
    """Return the IC a view is sized by: the record's, as far as its t is to be trusted."""
    found = 0.0 if skill is None else skill.ic_mean_index * trust(skill)
    return min(max(found, IC_FLOOR), IC_CEILING)


def _covariance(inputs: ScoringResult | None, sectors: tuple[str, ...]) -> Matrix:
    rows = inputs.covariance if inputs is not None else ()
    covariance = DEFAULT_VARIANCE * np.eye(len(sectors))
    place = {sector: index for index, sector in enumerate(sectors)}
    order = [row.sector for row in rows]
    for row in rows:
        for other, value in zip(order, row.values, strict=True):
            if row.sector in place and other in place:
                covariance[place[row.sector], place[other]] = value
    return covariance


def _targets(view: View, limits: Bounds, mandate: Mandate) -> tuple[Units, dict[str, int]]:
    """Return targets, and what the sectors held within the no-trade band would have got."""
    wished: dict[str, int] = {}
    target = whole_targets(best_active(view, limits), limits)
    while True:
        inside = _within_band(target, limits, mandate)
        tighter = limits.held(inside)
        if not inside.any() or not tighter.feasible:
            return target, wished
        wished |= {
            limits.sectors[place]: int(target[place]) for place in np.flatnonzero(inside).tolist()
        }
        limits = tighter
        target = whole_targets(best_active(view, limits), limits)


def _within_band(target: Units, limits: Bounds, mandate: Mandate) -> Mask:
    active = target - limits.benchmark
    neutral = np.array([stance_of(int(units), mandate) == "neutral" for units in active])
    mask: Mask = neutral & (active != 0) & (limits.benchmark <= limits.high)
    return mask


def _lines(universe: Universe, solved: Solved, mandate: Mandate) -> tuple[AllocationLine, ...]:
    place = {sector: index for index, sector in enumerate(solved.limits.sectors)}
    lines = []
    for sector in universe.sectors:
        benchmark = int(solved.limits.benchmark[place[sector.id]])
        target = int(solved.target[place[sector.id]])
        lines.append(
            AllocationLine(
                sector=sector.id,
                instrument=sector.ticker,
                benchmark_weight=benchmark / WHOLE,
                target_weight=target / WHOLE,
                stance=_stance(sector.id, target - benchmark, solved, mandate),
            )
        )
    return tuple(lines)


def _stance(sector: str, active: int, solved: Solved, mandate: Mandate) -> Stance:
    if sector in mandate.excluded:
        return "excluded"
    return stance_of(active, mandate) if sector in solved.eligible else "not_weighted"
