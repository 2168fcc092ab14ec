"""Decides how one horizon is fitted and judged without seeing what it is judged on.

Weights are cut each 1 January and 1 July, learners refitted each 1 January. A cut learns only from
labels that ended before it (an expanding window, purged by the horizon) and speaks until the next.
Nothing is selected on the decisions it is judged by.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final, Protocol

import numpy as np
import pandas as pd

from core.forecast.calibration import Calibration, calibrated, half_width
from core.forecast.dataset import DecisionSet, Labels
from core.forecast.folds import Fold, Outcome, factor_weights
from core.forecast.learners.learner import Learner
from core.forecast.outcomes import outcomes_of
from core.forecast.ridge import Fit, Moments, moments, ridge_fit
from core.forecast.smoothing import LEAST_YEARS, chosen_share, shares
from core.forecast.units import UnitKind
from core.forecast.views import Span, ViewFold, ViewHistory, fit_view, view_name
from core.records.result import Family
from core.records.universe import Horizon
from core.signals.cross_section import DECIMALS, LEAST_WEIGHT_PRESENT, standardised
from core.signals.trailing import Matrix

CUT_MONTHS: Final = (1, 7)
LEARNER_MONTH: Final = 1
LEAST_DECISIONS: Final = 150
"""Decisions with an ended label a first fold needs: three years of weeks."""

Tell = Callable[[str], None]


class Learners(Protocol):
    """Which learners a kind of unit has."""

    def __call__(
        self, kind: UnitKind, *, built_from_members: bool, overlap: float
    ) -> Sequence[Learner]:
        """Return them; no two of a kind share a name."""


@dataclass(frozen=True, slots=True)
class Study:
    """One horizon's walk-forward.

    folds, views: ascending. artifacts: learners' bytes by sha256. outcomes: settled decisions.
    predicted: decisions x sectors, out of sample, percent, as the scorecard scores; NaN before the
        first fold. by_view: the same of each view alone, z. parts: weight x z by factor, which add
        up to what is predicted.
    """

    folds: tuple[Fold, ...]
    views: tuple[ViewFold, ...]
    artifacts: dict[str, bytes]
    outcomes: tuple[Outcome, ...]
    predicted: pd.DataFrame
    by_view: dict[str, pd.DataFrame]
    parts: dict[str, pd.DataFrame]


def study(
    decisions: DecisionSet,
    horizon: Horizon,
    *,
    last: date,
    learners: Learners,
    cost: float,
    tell: Tell,
) -> Study:
    """Return every fold the decisions allow and what they said of decisions after their cut.

    Cutting the decisions off at any date changes no fold cut before it and no outcome ended by it.

    Args:
        decisions: all, with their labels.
        horizon: of the label.
        last: the last cut is at this date or earlier.
        learners: what is fitted.
        cost: a side, fraction; turnover is chosen by it.
        tell: is told each learner's turn.
    """
    labels = decisions.labels[horizon]
    cuts = _spans(decisions, labels, last)
    yearly = _yearly(cuts)
    histories = _histories(decisions, horizon, yearly, learners, tell)
    walk = _Walk(decisions, horizon, labels, histories, cost)
    folds = tuple(fold for cut in cuts for fold in walk.fold(cut))

    def framed(cells: Matrix) -> pd.DataFrame:
        return pd.DataFrame(cells, index=decisions.dates, columns=pd.Index(decisions.sectors))

    return Study(
        folds=folds,
        views=tuple(fold for view in histories for fold in view.folds),
        artifacts={digest: data for view in histories for digest, data in view.artifacts.items()},
        outcomes=outcomes_of(decisions, horizon, walk.predicted, folds),
        predicted=framed(walk.predicted),
        by_view={view.folds[0].name: framed(view.z[0.0]) for view in histories},
        parts={name: framed(cells) for name, cells in walk.parts.items()},
    )


def _spans(decisions: DecisionSet, labels: Labels, last: date) -> list[Span]:
    """Return the cuts with enough settled decisions, and the decisions each speaks of."""
    if len(decisions.dates) == 0:
        return []
    years = range(decisions.dates[0].year, last.year + 1)
    cuts = [date(year, month, 1) for year in years for month in CUT_MONTHS]
    found = []
    for cut in (cut for cut in cuts if cut <= last):
        n_known = int(np.searchsorted(labels.ends, np.datetime64(cut), side="left"))
        if n_known >= LEAST_DECISIONS:
            found.append((cut, int(decisions.dates.searchsorted(pd.Timestamp(cut))), n_known))
    stops = [*(start for _, start, _ in found), len(decisions.dates)][1:]
    return [
        Span(cut, start, stop, n_known)
        for (cut, start, n_known), stop in zip(found, stops, strict=True)
    ]


def _yearly(cuts: list[Span]) -> list[Span]:
    """Return the cuts at which learners are refitted, each speaking until the next of them."""
    chosen = [cut for cut in cuts if cut.cut.month == LEARNER_MONTH or cut is cuts[0]]
    stops = [*(cut.start for cut in chosen), cuts[-1].stop if cuts else 0][1:]
    return [replace(cut, stop=stop) for cut, stop in zip(chosen, stops, strict=True)]


def _histories(
    decisions: DecisionSet, horizon: Horizon, spans: list[Span], learners: Learners, tell: Tell
) -> list[ViewHistory]:
    labels = decisions.labels[horizon]
    candidates = shares(decisions.decisions_a_year)
    found = []
    for units in decisions.units:
        chosen = learners(
            units.kind,
            built_from_members=decisions.built_from_members,
            overlap=max(labels.overlap, 1.0),
        )
        for learner in chosen:
            tell(view_name(units.kind, learner.name, horizon))
            history = fit_view(
                units, learner, horizon, labels.bars, spans, smoothings=candidates,
                overlap=max(labels.overlap, 1.0), ended=lambda row: _date(labels.ends[row]),
            )  # fmt: skip
            if history.folds:
                found.append(history)
    return found


class _Walk:
    """The weights of one horizon, cut by cut; each cut sees what earlier ones said."""

    def __init__(
        self,
        decisions: DecisionSet,
        horizon: Horizon,
        labels: Labels,
        histories: list[ViewHistory],
        cost: float,
    ) -> None:
        self._decisions, self._horizon, self._labels = decisions, horizon, labels
        self._histories, self._cost = histories, cost
        self._sums: dict[float, Moments] = {}
        self._columns: dict[float, Matrix] = {}
        self.predicted = np.full(decisions.volatility.shape, np.nan)
        names = [history.folds[0].name for history in histories]
        self._factors = (*decisions.factors, *names)
        self.parts = {name: np.full(self.predicted.shape, np.nan) for name in self._factors}
        views: list[Family] = ["views"] * len(names)
        self._families = (*decisions.families, *views)

    def fold(self, cut: Span) -> tuple[Fold, ...]:
        """Return the cut's fold, and keep what it says until the next; nothing without a weight."""
        share = self._share(cut)
        z = self._z(share)
        if share not in self._sums:
            n_labels = len(self._labels.ends)
            self._sums[share] = moments(z[:n_labels], self._labels.excess)
        fitted = ridge_fit(
            self._sums[share],
            cut.n_known - 1,
            overlap=max(self._labels.overlap, 1.0),
            claims=self._claims(cut.cut),
        )
        if fitted is None:
            return ()
        calibration = self._calibration(cut, z, fitted)
        rows = slice(cut.start, cut.stop)
        self.predicted[rows] = scores(z[rows], fitted.coefficients)
        for place, name in enumerate(self._factors):
            self.parts[name][rows] = z[rows, :, place] * fitted.coefficients[place]
        return (self._record(cut, share, fitted, calibration),)

    def _share(self, cut: Span) -> float:
        """Return the smoothing chosen on steps that had been taken before the cut."""
        settled = slice(0, max(cut.start - 1, 0))
        means = (
            {
                share: _mean([history.z[share][settled] for history in self._histories])
                for share in shares(self._decisions.decisions_a_year)
            }
            if self._histories
            else {}
        )
        return chosen_share(
            means,
            self._decisions.steps[settled],
            cost=self._cost,
            decisions_a_year=self._decisions.decisions_a_year,
        )

    def _z(self, share: float) -> Matrix:
        if share not in self._columns:
            views = [standardised(history.z[share])[:, :, None] for history in self._histories]
            self._columns[share] = np.concatenate([self._decisions.z, *views], axis=2)
        return self._columns[share]

    def _claims(self, cut: date) -> Matrix:
        """Return by column what a view's last fold by the cut claims, 0 for all else."""
        found = [0.0] * len(self._decisions.factors)
        for history in self._histories:
            by_then = [fold.strength for fold in history.folds if fold.cut <= cut]
            found.append(by_then[-1] if by_then else 0.0)
        return np.array(found)

    def _calibration(self, cut: Span, z: Matrix, fitted: Fit) -> Calibration:
        known = slice(0, cut.n_known)
        outcomes = self._labels.excess[known]
        volatility = self._decisions.volatility[known]
        inside = scores(z[known], fitted.coefficients)
        return calibrated(
            self.predicted[known],
            outcomes,
            volatility,
            overlap=max(self._labels.overlap, 1.0),
            prior=Calibration(1.0, half_width(inside, outcomes, volatility)),
            least=LEAST_YEARS * self._decisions.decisions_a_year,
        )

    def _record(self, cut: Span, share: float, fitted: Fit, calibration: Calibration) -> Fold:
        return Fold(
            horizon=self._horizon,
            cut=cut.cut,
            trained_until=_date(self._labels.ends[cut.n_known - 1]),
            labels_count=fitted.count,
            weights=factor_weights(self._factors, self._families, fitted.coefficients),
            residual_sd_pct=fitted.residual_sd,
            half_width_x=calibration.half_width,
            slope_x=calibration.slope,
            smoothing=share,
        )


def scores(z: Matrix, coefficients: Matrix) -> Matrix:
    """Return decisions x sectors, percent, added by factor as a scorecard adds them.

    NaN under half the absolute weight.
    """
    total, present = np.zeros(z.shape[:2]), np.zeros(z.shape[:2])
    for place, weight in enumerate(coefficients):
        if not np.isnan(weight):
            total += weight * np.nan_to_num(z[:, :, place])
            present += abs(weight) * ~np.isnan(z[:, :, place])
    enough = present >= LEAST_WEIGHT_PRESENT * np.nansum(np.abs(coefficients))
    return np.where(enough & (present > 0.0), np.round(total, DECIMALS), np.nan)


def _mean(parts: list[Matrix]) -> Matrix:
    """Return the cells' mean over the views with a value."""
    stacked = np.stack(parts)
    counts = (~np.isnan(stacked)).sum(axis=0)
    total = np.nansum(stacked, axis=0)
    return np.where(counts > 0, total / np.maximum(counts, 1), np.nan)


def _date(stamp: np.datetime64) -> date:
    return pd.Timestamp(stamp).date()
