"""Decides each sector's score, rank and confidence from factor values and weights alone.

What it is given is all it knows: the same records give the same scorecard, wherever they were made.
"""

from collections.abc import Sequence
from datetime import date
from typing import Final

import numpy as np

from core.portfolio.weighing import weights_of
from core.records.decision import Contribution, Scorecard, SectorScore
from core.records.mandate import FactorPreference
from core.records.result import FactorValue, GapReason
from core.records.scoring import FactorWeight, ScoringResult
from core.records.sectors import Skill
from core.records.universe import Horizon, Universe
from core.signals.cross_section import (
    DECIMALS,
    LEAST_WEIGHT_PRESENT,
    weight_present,
    weighted_sum,
    z_table,
)

FULL_TRUST_T: Final = 2.0
"""Newey-West t of the out-of-sample IC from which the record takes nothing off confidence."""

PERTURBATIONS: Final = 200
PERTURBATION_SD: Final = 0.5
PERTURBATION_SEED: Final = 20_240_101
TOP: Final = 3

ZRow = dict[str, float | None]


def scorecard(
    universe: Universe,
    factors: Sequence[FactorValue],
    inputs: ScoringResult | None,
    *,
    as_of: date,
    horizon: Horizon,
    fixed: tuple[FactorPreference, ...] = (),
) -> Scorecard:
    """Return the scorecard: score = sum of weight x z over the factors present.

    z is cross-sectional over the sectors with a value, within +-3. Equal scores after rounding to
    1e-9 rank by sector id. Confidence = share of absolute weight present x record, where record is
    1/2 + t/4 for the t of the settled IC held within 0..2, and 1/2 without a record.

    A sector not listed, or with under half the weight present, is unscored; the reason is that of
    most of its missing factors.

    Args:
        universe: its sectors are all on the card.
        factors: from any tools, in any order.
        inputs: learned weights and their record; packaged weights without them.
        as_of: the card's date.
        horizon: of the weights.
        fixed: the user's own weights, in place of all others; they have no record.

    Raises:
        MandateError: a fixed weight names no factor.
    """
    weights, source = weights_of(universe, factors, inputs, fixed)
    learned = source == "learned"
    skill = _skill(inputs, horizon) if learned else None
    reasons = {(cell.factor, cell.sector): cell.reason for cell in factors if cell.value is None}
    rows = _standing(universe, factors, weights)
    absent = {
        sector: _unscored(universe, sector, weights, row, reasons, as_of)
        for sector, row in rows.items()
    }
    scores = {
        sector: weighted_sum(weights, row) for sector, row in rows.items() if absent[sector] is None
    }
    ranking = sorted(scores, key=lambda sector: (-scores[sector], sector))
    ordered = [*ranking, *(sector for sector in rows if sector not in scores)]
    record = 0.5 + 0.5 * trust(skill)
    return Scorecard(
        universe=universe.id,
        universe_hash=universe.content_hash(),
        as_of=as_of,
        horizon=horizon,
        weights_source=source,
        trained_until=inputs.trained_until if inputs is not None and learned else None,
        skill=skill,
        sectors=tuple(
            SectorScore(
                sector=sector,
                score=scores.get(sector),
                rank=ranking.index(sector) + 1 if sector in scores else None,
                confidence=round(record * weight_present(weights, rows[sector]), DECIMALS),
                contributions=_contributions(weights, rows[sector], sector, reasons),
                missing=tuple(row.factor for row in weights if rows[sector][row.factor] is None),
                reason=absent[sector],
            )
            for sector in ordered
        ),
        top3_stability=_stability(weights, [rows[sector] for sector in ranking]),
    )


def _standing(
    universe: Universe, factors: Sequence[FactorValue], weights: Sequence[FactorWeight]
) -> dict[str, dict[str, float | None]]:
    """Return each sector's z of each weighted factor, by sector id; None where it has no value."""
    z = z_table(factors, universe.sector_ids)
    return {
        sector: {row.factor: z.get(row.factor, {}).get(sector) for row in weights}
        for sector in sorted(universe.sector_ids)
    }


def _skill(inputs: ScoringResult | None, horizon: Horizon) -> Skill | None:
    rows = inputs.skill if inputs is not None else ()
    return next((row for row in rows if row.horizon == horizon), None)


def trust(skill: Skill | None) -> float:
    """Return t / 2 of the settled IC within 0..1; 0 without a record or a t."""
    t = skill.ic_t_index if skill is not None and skill.ic_t_index is not None else 0.0
    return min(max(t / FULL_TRUST_T, 0.0), 1.0)


def _contributions(
    weights: Sequence[FactorWeight],
    row: ZRow,
    sector: str,
    reasons: dict[tuple[str, str], GapReason | None],
) -> tuple[Contribution, ...]:
    parts = []
    for weight in weights:
        z = row[weight.factor]
        reason = reasons.get((weight.factor, sector)) or "no_data"
        parts.append(
            Contribution(
                factor=weight.factor,
                family=weight.family,
                weight=weight.weight,
                z=z,
                contribution=None if z is None else weight.weight * z,
                reason=reason if z is None else None,
            )
        )
    return tuple(parts)


def _unscored(
    universe: Universe,
    sector: str,
    weights: Sequence[FactorWeight],
    row: ZRow,
    reasons: dict[tuple[str, str], GapReason | None],
    as_of: date,
) -> GapReason | None:
    """Return why the sector has no score, None if it has one."""
    listed = universe.sector(sector).listed_from
    if listed is not None and listed > as_of:
        return "not_listed"
    if weight_present(weights, row) >= LEAST_WEIGHT_PRESENT:
        return None
    missing = [weight.factor for weight in weights if row[weight.factor] is None]
    counts: dict[GapReason, int] = {}
    for factor in missing:
        reason = reasons.get((factor, sector)) or "no_data"
        counts[reason] = counts.get(reason, 0) + 1
    ordered = sorted(counts, key=lambda name: (-counts[name], name))
    return ordered[0] if ordered else "no_data"


def _stability(weights: Sequence[FactorWeight], rows: Sequence[ZRow]) -> float | None:
    """Return the share of weightings with the same top three; None under four scored sectors.

    Each of 200 weightings multiplies every weight by exp(0.5 x normal), from a fixed seed.
    """
    if len(rows) <= TOP:
        return None
    draws = np.random.default_rng(PERTURBATION_SEED).standard_normal((PERTURBATIONS, len(weights)))
    scores = np.zeros((PERTURBATIONS, len(rows)))
    for place, weight in enumerate(weights):
        z = np.array([row[weight.factor] or 0.0 for row in rows])
        scores += weight.weight * np.exp(PERTURBATION_SD * draws[:, place])[:, None] * z
    top = np.argsort(-np.round(scores, DECIMALS), axis=1, kind="stable")[:, :TOP]
    same = (np.sort(top, axis=1) == np.arange(TOP)).all(axis=1)
    return round(float(same.mean()), DECIMALS)
