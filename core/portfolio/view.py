"""Decides what a scorecard is worth: expected excess and covariance of each sector.

Without a score a sector has no view; without a covariance it is given the others' average.
"""

from dataclasses import dataclass

import numpy as np

from core.portfolio.grid import WHOLE, Start
from core.portfolio.scoring import trust
from core.records.decision import Scorecard
from core.records.scoring import ScoringResult
from core.records.sectors import Skill
from core.records.universe import Horizon
from core.signals.cross_section import standardised
from core.signals.trailing import Matrix

IC_FLOOR, IC_CEILING = 0.01, 0.10
"""IC a view is sized by: a token one without skill, at most what sector studies find."""

BETS_A_YEAR: dict[Horizon, float] = {"1W": 52.0, "1M": 12.0, "3M": 4.0}

DEFAULT_VARIANCE = 0.18**2
"""Annual variance of a sector where no covariance is given: the order of an equity sector's."""


@dataclass(frozen=True, slots=True)
class View:
    """Annual expected excess by sector, annual covariance, risk aversion; sectors in id order.

    measured: whether any covariance was given.
    """

    alpha: Matrix
    covariance: Matrix
    risk_aversion: float
    measured: bool = True

    def variance(self, active: Matrix) -> float:
        """Return the annual variance of active weights, fractions."""
        return float(self.variances(active[None])[0])

    def variances(self, active: Matrix) -> Matrix:
        """Return the annual variance of each row of active weights."""
        spread: Matrix = np.maximum(((active @ self.covariance) * active).sum(axis=1), 0.0)
        return spread

    def utility(self, active: Matrix) -> float:
        """Return the expected annual excess of active weights less the price of their risk."""
        return float(self.utilities(active[None])[0])

    def utilities(self, active: Matrix) -> Matrix:
        """Return the utility of each row of active weights."""
        worth: Matrix = active @ self.alpha - 0.5 * self.risk_aversion * self.variances(active)
        return worth


def view_of(
    card: Scorecard,
    inputs: ScoringResult | None,
    start: Start,
    movable: frozenset[str],
    risk_aversion: float,
) -> View:
    """Return alpha and covariance; alpha is 0 where no view is taken.

    alpha = IC x residual volatility x z of the score (Grinold, 1989), annualised by the square root
    of the horizon's bets a year; IC is the settled record's times t / 2 within 0..1, held within
    0.01..0.10. Residual volatility is against the benchmark weights.
    """
    scores = {row.sector: row.score for row in card.sectors if row.sector in movable}
    covariance = covariance_of(inputs, start.sectors)
    row = np.array([[scores.get(sector, np.nan) for sector in start.sectors]], dtype=np.float64)
    z = np.nan_to_num(standardised(row)[0])
    tilts = np.eye(len(start.sectors)) - start.benchmark[:-1] / WHOLE
    residual = np.sqrt(np.maximum(((tilts @ covariance) * tilts).sum(axis=1), 0.0))
    alpha = _ic(card.skill) * float(np.sqrt(BETS_A_YEAR[card.horizon])) * residual * z
    measured = inputs is not None and bool(inputs.covariance)
    return View(alpha, covariance, risk_aversion, measured)


def covariance_of(inputs: ScoringResult | None, sectors: tuple[str, ...]) -> Matrix:
    """Return the covariance of all sectors, in their order.

    A sector without one has the mean variance of the others and with each of them the covariance
    of their equal-weighted average, which leaves the matrix positive. Without any, 18 % a year each
    and no correlation.
    """
    rows = inputs.covariance if inputs is not None else ()
    column = {row.sector: place for place, row in enumerate(rows)}
    known = [place for place, sector in enumerate(sectors) if sector in column]
    if not known:
        return DEFAULT_VARIANCE * np.eye(len(sectors))
    order = [column[sectors[place]] for place in known]
    given = np.array([row.values for row in rows], dtype=np.float64)[np.ix_(order, order)]
    loads = np.full((len(sectors), len(known)), 1.0 / len(known))
    loads[known] = np.eye(len(known))
    own = np.zeros(len(sectors))
    own[[place for place in range(len(sectors)) if place not in known]] = max(
        float(np.diagonal(given).mean() - given.mean()), 0.0
    )
    covariance: Matrix = loads @ given @ loads.T + np.diag(own)
    covariance[np.ix_(known, known)] = given
    return covariance


def _ic(skill: Skill | None) -> float:
    """Return the IC a view is sized by: the record's, as far as its t is to be trusted."""
    found = 0.0 if skill is None else skill.ic_mean_index * trust(skill)
    return min(max(found, IC_FLOOR), IC_CEILING)
