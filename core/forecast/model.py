"""Decides what a fitted forecast says on a date, from the last fold cut by then; it never fits.

The model is a record: it is stored, sent and compared as JSON.
"""

import calendar
import math
from collections.abc import Sequence
from datetime import date, timedelta

import numpy as np
from pydantic import Field

from core.forecast.dataset import DECISION_SESSIONS, HORIZON_SESSIONS, VOLATILITY
from core.forecast.skill import newey_west_t
from core.records.record import Record, Slug
from core.records.result import FactorValue
from core.records.scoring import FactorWeight
from core.records.sectors import Expectation, Skill
from core.records.universe import Horizon, Universe
from core.signals.cross_section import (
    DECIMALS,
    LEAST_WEIGHT_PRESENT,
    weight_present,
    weighted_sum,
    z_table,
)

Z_80 = 1.2815515655446004
"""Standard normal quantile of 0.9: an 80 % interval leaves a tenth on either side."""

HORIZON_MONTHS: dict[Horizon, int] = {"1W": 0, "1M": 1, "3M": 3}


class Fold(Record):
    """One fit: it may be used from `cut` on and saw only labels that ended before it."""

    horizon: Horizon
    cut: date
    trained_until: date = Field(description="last label's end in the fit")
    labels_count: int = Field(ge=1)
    weights: tuple[FactorWeight, ...] = Field(description="percent of excess a sd, by factor id")
    residual_sd_pct: float
    half_width_x: float | None = Field(
        ge=0.0,
        description="80th percentile of |residual| in the fit, over 60-session volatility; None "
        "where no volatility was known",
    )


class Outcome(Record):
    """One decision forecast out of sample, and what became of it."""

    horizon: Horizon
    decided: date
    ended: date
    ic: float
    hit: float = Field(description="share of sectors whose excess had the predicted sign")
    momentum_ic: float | None = Field(description="12-month momentum on the same decision")


class ForecastModel(Record):
    """All folds of one universe and their out-of-sample record, ascending in time."""

    universe: Slug
    universe_hash: str
    factors: tuple[Slug, ...]
    data_until: date
    folds: tuple[Fold, ...]
    outcomes: tuple[Outcome, ...]

    def fold(self, horizon: Horizon, as_of: date) -> Fold | None:
        """Return the last fold cut at as_of or earlier."""
        usable = [fold for fold in self.folds if fold.horizon == horizon and fold.cut <= as_of]
        return max(usable, key=lambda fold: fold.cut, default=None)

    def weights(self, horizon: Horizon, as_of: date) -> tuple[FactorWeight, ...]:
        """Return that fold's weights, none before the first fold."""
        fold = self.fold(horizon, as_of)
        return () if fold is None else fold.weights

    def skill(self, horizon: Horizon, as_of: date) -> Skill | None:
        """Return the record of decisions whose outcome was known at as_of, None without any.

        The t is Newey and West's with a lag that covers the horizon's overlap. Momentum's IC is
        given only if it has one on every one of these dates: means over other dates do not compare.
        """
        settled = [row for row in self.outcomes if row.horizon == horizon and row.ended <= as_of]
        if not settled:
            return None
        ics = np.array([row.ic for row in settled])
        rivals = [row.momentum_ic for row in settled if row.momentum_ic is not None]
        lag = -(-HORIZON_SESSIONS[horizon] // DECISION_SESSIONS)
        return Skill(
            horizon=horizon,
            ic_mean_index=round(float(ics.mean()), DECIMALS),
            ic_t_index=newey_west_t(ics, lag),
            hit_fraction=round(float(np.mean([row.hit for row in settled])), DECIMALS),
            dates_count=len(settled),
            momentum_ic_mean_index=round(float(np.mean(rivals)), DECIMALS)
            if len(rivals) == len(settled)
            else None,
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

    The mean is the sum of weight x z the scorecard prints as score. The 80 % interval is the fold's
    residual percentile times the sector's volatility now, or from the fold's residual sd where one
    of them is unknown; P(excess > 0) is a normal's with that interval.
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
                half = _half_width(fold, volatility.get(sector))
                rows.append(_expectation(fold, weighted_sum(fold.weights, own), half, as_of))
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


def _half_width(fold: Fold, volatility: float | None) -> float:
    if volatility is None or fold.half_width_x is None:
        return Z_80 * fold.residual_sd_pct
    return fold.half_width_x * volatility


def _expectation(fold: Fold, mean: float, half: float, as_of: date) -> Expectation:
    sd = half / Z_80
    chance = 0.5 * (1.0 + math.erf(mean / (sd * math.sqrt(2.0)))) if sd > 0.0 else 0.5
    return Expectation(
        horizon=fold.horizon,
        settles=settles(as_of, fold.horizon),
        excess_pct=mean,
        low_pct=round(mean - half, DECIMALS),
        high_pct=round(mean + half, DECIMALS),
        outperform_fraction=round(chance, DECIMALS),
    )
