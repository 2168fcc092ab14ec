"""Decides how a forecast is fitted and judged without seeing what it is judged on.

Folds are cut each 1 January and 1 July. A fold learns from labels that ended before its cut (an
expanding window, purged by the horizon) and speaks until the next cut. Nothing is selected on the
decisions it is judged by.
"""

from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from core.forecast.dataset import (
    DECISION_SESSIONS,
    HORIZON_SESSIONS,
    DecisionSet,
    Labels,
    decision_set,
)
from core.forecast.model import Fold, ForecastModel, Outcome
from core.forecast.ridge import Fit, moments, ridge_fit
from core.forecast.skill import rank_ic, sign_hits
from core.panel import MarketPanels
from core.records.scoring import FactorWeight
from core.records.universe import Horizon
from core.signals.catalogue import FACTORS
from core.signals.cross_section import DECIMALS, LEAST_WEIGHT_PRESENT
from core.signals.trailing import Matrix, ratio

CUT_MONTHS = (1, 7)
LEAST_DECISIONS = 150
"""Decisions with an ended label a first fold needs: three years of weeks."""

MOMENTUM = "momentum_12m"

COVERAGE = 0.8
"""Share of outcomes an interval is to hold."""


def fit(panels: MarketPanels) -> ForecastModel:
    """Return every fold the panels allow and its out-of-sample record.

    Truncating the panels at any date changes no fold cut before it and no outcome ended by it.
    """
    decisions = decision_set(panels)
    folds: list[Fold] = []
    outcomes: list[Outcome] = []
    for horizon in panels.universe.horizons:
        cuts = _folds(decisions, horizon, panels.last)
        folds += [cut.record(decisions, horizon) for cut in cuts]
        outcomes += _outcomes(decisions, horizon, cuts)
    return ForecastModel(
        universe=panels.universe.id,
        universe_hash=panels.universe.content_hash(),
        factors=decisions.factors,
        data_until=panels.last,
        folds=tuple(folds),
        outcomes=tuple(outcomes),
    )


@dataclass(frozen=True, slots=True)
class _Cut:
    start: date
    trained_until: date
    fit: Fit
    half_width: float | None

    def record(self, decisions: DecisionSet, horizon: Horizon) -> Fold:
        family_of = {spec.id: spec.family for spec in FACTORS}
        return Fold(
            horizon=horizon,
            cut=self.start,
            trained_until=self.trained_until,
            labels_count=self.fit.count,
            weights=tuple(
                FactorWeight(factor=factor, family=family_of[factor], weight=float(weight))
                for factor, weight in zip(decisions.factors, self.fit.coefficients, strict=True)
                if not np.isnan(weight)
            ),
            residual_sd_pct=self.fit.residual_sd,
            half_width_x=self.half_width,
        )


def _folds(decisions: DecisionSet, horizon: Horizon, last: date) -> list[_Cut]:
    labels = decisions.labels[horizon]
    sums = moments(decisions.z[: len(labels.ends)], labels.excess)
    overlap = HORIZON_SESSIONS[horizon] / DECISION_SESSIONS
    cuts = []
    for cut in _cut_dates(decisions, last):
        row = int(np.searchsorted(labels.ends, np.datetime64(cut), side="left")) - 1
        if row + 1 < LEAST_DECISIONS:
            continue
        fitted = ridge_fit(sums, row, overlap=overlap)
        if fitted is not None:
            half = _half_width(decisions, labels, row + 1, fitted.coefficients)
            cuts.append(_Cut(cut, _date(labels.ends[row]), fitted, half))
    return cuts


def _half_width(
    decisions: DecisionSet, labels: Labels, n_known: int, coefficients: Matrix
) -> float | None:
    """Return the 80th percentile of |residual| / volatility in the fit, None without any."""
    predicted = _predicted(decisions.z[:n_known], coefficients)
    misses = np.abs(labels.excess[:n_known] - predicted)
    relative = ratio(misses, decisions.volatility[:n_known])
    known = relative[~np.isnan(relative)]
    return round(float(np.quantile(known, COVERAGE)), DECIMALS) if len(known) else None


def _cut_dates(decisions: DecisionSet, last: date) -> list[date]:
    if len(decisions.dates) == 0:
        return []
    years = range(decisions.dates[0].year, last.year + 1)
    cuts = (date(year, month, 1) for year in years for month in CUT_MONTHS)
    return [cut for cut in cuts if cut <= last]


def _outcomes(decisions: DecisionSet, horizon: Horizon, cuts: list[_Cut]) -> list[Outcome]:
    labels = decisions.labels[horizon]
    n_known = len(labels.ends)
    predicted = np.full(labels.excess.shape, np.nan)
    dates = decisions.dates[:n_known]
    starts = [int(dates.searchsorted(pd.Timestamp(cut.start))) for cut in cuts]
    stops = [*starts, n_known][1:]
    for cut, start, stop in zip(cuts, starts, stops, strict=True):
        predicted[start:stop] = _predicted(decisions.z[start:stop], cut.fit.coefficients)
    momentum = decisions.z[:n_known, :, decisions.factors.index(MOMENTUM)]
    ics, hits = rank_ic(predicted, labels.excess), sign_hits(predicted, labels.excess)
    rivals = rank_ic(np.where(np.isnan(predicted), np.nan, momentum), labels.excess)
    return [
        _outcome(horizon, dates[row], labels, row, (ics[row], hits[row], rivals[row]))
        for row in np.flatnonzero(~np.isnan(ics)).tolist()
    ]


def _predicted(z: Matrix, coefficients: Matrix) -> Matrix:
    """Return decisions x sectors, percent, added by factor as a scorecard adds them."""
    total, present = np.zeros(z.shape[:2]), np.zeros(z.shape[:2])
    for place, weight in enumerate(coefficients):
        if not np.isnan(weight):
            total += weight * np.nan_to_num(z[:, :, place])
            present += abs(weight) * ~np.isnan(z[:, :, place])
    enough = present >= LEAST_WEIGHT_PRESENT * np.nansum(np.abs(coefficients))
    return np.where(enough & (present > 0.0), np.round(total, DECIMALS), np.nan)


def _outcome(
    horizon: Horizon,
    decided: pd.Timestamp,
    labels: Labels,
    row: int,
    measures: tuple[float, float, float],
) -> Outcome:
    ic, hit, rival = (float(measure) for measure in measures)
    return Outcome(
        horizon=horizon,
        decided=decided.date(),
        ended=_date(labels.ends[row]),
        ic=ic,
        hit=hit,
        momentum_ic=None if np.isnan(rival) else rival,
    )


def _date(stamp: np.datetime64) -> date:
    return pd.Timestamp(stamp).date()
