"""Decides where an allocation starts: benchmark weights and what is held, on the grid."""

import numpy as np

from core.portfolio.grid import Start, at_least, whole_weights
from core.records.decision import Scorecard
from core.records.holdings import Portfolio
from core.records.mandate import Mandate
from core.records.scoring import ScoringResult
from core.records.universe import Universe

CASH, OUTSIDE = "~cash", "~outside"
"""Keys no sector can have, and that come last in order."""


def eligible_sectors(
    universe: Universe, card: Scorecard, inputs: ScoringResult | None
) -> frozenset[str]:
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


def start_of(
    universe: Universe,
    inputs: ScoringResult | None,
    eligible: frozenset[str],
    portfolio: Portfolio | None,
    mandate: Mandate,
) -> Start:
    """Return the start; benchmark weights that come to nothing give way to equal ones.

    Those are over the eligible sectors. Without a portfolio trades are counted from the benchmark,
    and cash is the mandate's floor.
    """
    sectors = tuple(sorted(universe.sector_ids))
    rows = inputs.benchmark_weights if inputs is not None else ()
    weights = {row.sector: row.weight for row in rows if row.sector in sectors}
    given = sum(weights.values()) > 0.0
    if not given:
        weights = dict.fromkeys(eligible, 1.0)
    whole = whole_weights({sector: weights.get(sector, 0.0) for sector in sectors})
    benchmark = np.array([*(whole[sector] for sector in sectors), 0], dtype=np.int64)
    if portfolio is None:
        cash = at_least(mandate.cash_floor)
        return Start(sectors, benchmark, benchmark, 0, cash, held=False, given=given)
    stated = {row.sector: row.weight for row in portfolio.sectors}
    held = whole_weights(
        {sector: stated.get(sector, 0.0) for sector in sectors}
        | {CASH: portfolio.cash_weight, OUTSIDE: portfolio.outside_weight}
    )
    reference = np.array([*(held[sector] for sector in sectors), held[CASH]], dtype=np.int64)
    total = int(reference.sum())
    return Start(sectors, benchmark, reference, held[OUTSIDE], total, held=True, given=given)
