"""Decides what a fitted forecast says on a date, from the last fold cut by then; it never fits.

The model is a record: it is stored, sent and compared as JSON.
"""

import calendar
from collections.abc import Sequence
from datetime import date, timedelta

import numpy as np
from pydantic import Field

from core.forecast.calibration import chance_above
from core.forecast.dataset import DECISION_SESSIONS, HORIZON_SESSIONS, VOLATILITY
from core.forecast.folds import Fold, Outcome
from core.forecast.outcomes import interval
from core.forecast.skill import newey_west_t
from core.forecast.views import ViewFold
from core.records.record import Record, Slug
from core.records.result import FactorValue
from core.records.scoring import FactorWeight
from core.records.sectors import ChanceBin, Expectation, Skill
from core.records.universe import Horizon, Universe
from core.signals.cross_section import (
    DECIMALS,
    LEAST_WEIGHT_PRESENT,
    weight_present,
    weighted_sum,
    z_table,
)

HORIZON_MONTHS: dict[Horizon, int] = {"1W": 0, "1M": 1, "3M": 3}


class ForecastModel(Record):
    """All folds of one universe and their out-of-sample record, ascending in time."""

    universe: Slug
    universe_hash: str
    factors: tuple[Slug, ...] = Field(description="of the catalogue, without the views")
    recipe: str = Field(default="", description="sha256 of what the fit was told to do")
    data_until: date
    folds: tuple[Fold, ...]
    outcomes: tuple[Outcome, ...]
    views: tuple[ViewFold, ...] = ()
    artifacts: dict[str, str] = Field(
        default_factory=dict, description="learners' bytes by sha256, compressed, as text"
    )

    def fold(self, horizon: Horizon, as_of: date) -> Fold | None:
        """Return the last fold cut at as_of or earlier."""
        usable = [fold for fold in self.folds if fold.horizon == horizon and fold.cut <= as_of]
        return max(usable, key=lambda fold: fold.cut, default=None)

    def view_folds(self, horizon: Horizon, as_of: date) -> tuple[ViewFold, ...]:
        """Return the last fold of each view cut at as_of or earlier, by view."""
        latest: dict[str, ViewFold] = {}
        for fold in self.views:
            if fold.horizon == horizon and fold.cut <= as_of:
                latest[fold.name] = fold
        return tuple(latest[name] for name in sorted(latest))

    def weights(self, horizon: Horizon, as_of: date) -> tuple[FactorWeight, ...]:
        """Return that fold's weights, none before the first fold."""
        fold = self.fold(horizon, as_of)
        return () if fold is None else fold.weights

    def skill(self, horizon: Horizon, as_of: date) -> Skill | None:
        """Return the record of decisions whose outcome was known at as_of, None without any.

        The t is Newey and West's with twice the lag of the horizon's overlap: up to the overlap
        alone Bartlett's weights keep two thirds of the variance that overlap makes. Momentum's IC
        is given only if it has one on every one of these dates: other means do not compare.
        """
        settled = [row for row in self.outcomes if row.horizon == horizon and row.ended <= as_of]
        if not settled:
            return None
        ics = np.array([row.ic for row in settled])
        rivals = [row.momentum_ic for row in settled if row.momentum_ic is not None]
        lag = 2 * -(-HORIZON_SESSIONS[horizon] // DECISION_SESSIONS)
        gaps = np.array([row.ic - (row.momentum_ic or 0.0) for row in settled])
        compared = len(rivals) == len(settled)
        return Skill(
            horizon=horizon,
            ic_mean_index=round(float(ics.mean()), DECIMALS),
            ic_t_index=newey_west_t(ics, lag),
            hit_fraction=round(float(np.mean([row.hit for row in settled])), DECIMALS),
            dates_count=len(settled),
            momentum_ic_mean_index=round(float(np.mean(rivals)), DECIMALS) if compared else None,
            momentum_gap_t_index=newey_west_t(gaps, lag) if compared else None,
            covered_fraction=_mean([row.covered for row in settled]),
            brier_index=_mean([row.brier for row in settled]),
            bins=_bins(settled),
        )

    def to_json(self) -> str:
        """Return the model as JSON; equal models give equal text."""
        return self.canonical_json()

    @staticmethod
    def from_json(text: str) -> "ForecastModel":
        """Return the model the text holds."""
        return ForecastModel.model_validate_json(text)


def expectations(
    model: ForecastModel,
    factor_values: Sequence[FactorValue],
    *,
    universe: Universe,
    as_of: date,
) -> dict[str, tuple[Expectation, ...]]:
    """Return each sector's forecasts by horizon; a sector lacking half the weight has none.

    The mean is the sum of weight x z the scorecard prints as score, times the slope the settled
    record gives it; interval and P(excess > 0) are those of `outcomes.interval` and a normal.
    """
    z = z_table(factor_values, universe.sector_ids)
    volatility = {row.sector: row.value for row in factor_values if row.factor == VOLATILITY}
    found: dict[str, tuple[Expectation, ...]] = {}
    for sector in universe.sector_ids:
        own = {factor: row[sector] for factor, row in z.items()}
        rows = []
        for horizon in universe.horizons:
            fold = model.fold(horizon, as_of)
            if fold and weight_present(fold.weights, own) >= LEAST_WEIGHT_PRESENT:
                score = weighted_sum(fold.weights, own)
                rows.append(_expectation(fold, score, volatility.get(sector), as_of))
        found[sector] = tuple(rows)
    return found


def settles(as_of: date, horizon: Horizon) -> date:
    """Return the calendar date a horizon ends: a week, or the same day one or three months later.

    A day the later month lacks is its last: 31 January and a month is 29 February in a leap year.
    """
    months = HORIZON_MONTHS[horizon]
    if months == 0:
        return as_of + timedelta(days=7)
    year, month = divmod(as_of.year * 12 + as_of.month - 1 + months, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(as_of.day, last))


def _expectation(fold: Fold, score: float, volatility: float | None, as_of: date) -> Expectation:
    mean, half = interval(fold, score, volatility)
    return Expectation(
        horizon=fold.horizon,
        settles=settles(as_of, fold.horizon),
        excess_pct=mean,
        low_pct=round(mean - half, DECIMALS),
        high_pct=round(mean + half, DECIMALS),
        outperform_fraction=chance_above(mean, half),
    )


def _mean(values: Sequence[float | None]) -> float | None:
    """Return the mean of the known, None where one is missing."""
    known = [value for value in values if value is not None]
    complete = known and len(known) == len(values)
    return round(float(np.mean(known)), DECIMALS) if complete else None


def _bins(settled: Sequence[Outcome]) -> tuple[ChanceBin, ...]:
    """Return the bins of probability that hold any forecast, ascending."""
    found = []
    for cells in zip(*(row.bins for row in settled if row.bins), strict=True):
        count = sum(cell.count for cell in cells)
        if count:
            found.append(
                ChanceBin(
                    said_fraction=round(sum(cell.chance_sum for cell in cells) / count, DECIMALS),
                    came_fraction=round(sum(cell.won_count for cell in cells) / count, DECIMALS),
                    forecasts_count=count,
                )
            )
    return tuple(found)
