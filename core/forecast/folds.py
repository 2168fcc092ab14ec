"""The records of a fit: what one cut learned, and what became of one decision it made."""

from datetime import date

import numpy as np
from pydantic import Field

from core.records.record import Fraction, Record, Slug
from core.records.result import Family
from core.records.scoring import FactorWeight
from core.records.universe import Horizon
from core.signals.trailing import Matrix


class Fold(Record):
    """One cut: it may be used from `cut` on and saw only labels that ended before it."""

    horizon: Horizon
    cut: date
    trained_until: date = Field(description="last label's end in the fit")
    labels_count: int = Field(ge=1)
    weights: tuple[FactorWeight, ...] = Field(description="percent of excess a sd, by factor id")
    residual_sd_pct: float
    half_width_x: float | None = Field(
        ge=0.0,
        description="80th percentile of |miss| over 60-session volatility; None where no "
        "volatility was known",
    )
    slope_x: float = Field(
        default=1.0, ge=0.0, description="expected percent a unit of score, by the settled record"
    )
    smoothing: Fraction = Field(
        default=0.0, description="share of a view's last value in the next, chosen net of costs"
    )


class BinCount(Record):
    """Forecasts of one bin of probability, and how many of them came true."""

    chance_sum: float = Field(ge=0.0)
    count: int = Field(ge=0)
    won_count: int = Field(ge=0)


class Outcome(Record):
    """One decision forecast out of sample, and what became of it."""

    horizon: Horizon
    decided: date
    ended: date
    ic: float
    hit: float = Field(description="share of sectors whose excess had the predicted sign")
    momentum_ic: float | None = Field(description="12-month momentum on the same decision")
    covered: float | None = Field(
        default=None, description="share of sectors inside the 80 % interval"
    )
    brier: float | None = Field(default=None, description="mean squared error of P(excess > 0)")
    bins: tuple[BinCount, ...] = Field(default=(), max_length=5)


def factor_weights(
    factors: tuple[str, ...], families: tuple[Family, ...], coefficients: Matrix
) -> tuple[FactorWeight, ...]:
    """Return the weights there are, by factor id."""
    rows: dict[Slug, FactorWeight] = {
        factor: FactorWeight(factor=factor, family=family, weight=float(weight))
        for factor, family, weight in zip(factors, families, coefficients, strict=True)
        if not np.isnan(weight)
    }
    return tuple(rows[factor] for factor in sorted(rows))
