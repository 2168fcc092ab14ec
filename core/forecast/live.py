"""Decides what a fitted model's views say of each sector at a date; it never fits.

Views are factors like any other: named, with a value or a reason, and weighed by the scorecard.
"""

from dataclasses import dataclass, field, replace
from datetime import date
from typing import Final, get_args

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.forecast.learners.learner import Fitted, Learner
from core.forecast.model import ForecastModel
from core.forecast.unit_features import LOOKBACK_MONTHS
from core.forecast.units import MONTH_SESSIONS, Units, unit_sets
from core.forecast.views import (
    MEMORY_DECISIONS,
    ViewFold,
    deep_learners,
    reader,
    sector_predictions,
    sector_reasons,
    smoothed,
    unpacked,
)
from core.panel import MarketPanels
from core.records.result import FactorValue
from core.records.sectors import Reason
from core.records.universe import Horizon
from core.remembered import Remembered
from core.signals.cross_section import standardised
from core.signals.trailing import CARRY_SESSIONS, Matrix, week_ends, week_numbers

LOOKBACK_BARS: Final = LOOKBACK_MONTHS * MONTH_SESSIONS + CARRY_SESSIONS
"""Sessions before the first decision that any feature of it reads."""

REASONS_KEPT: Final = 3
"""Features named for and against a sector: more are not read."""


FITTED_HELD, SAID_HELD = 64, 4_096
"""Learners and sector rows kept: a model has a dozen learners, each with a few dozen decisions."""


@dataclass(frozen=True, slots=True)
class Memory:
    """What was read and said before, by content: asked about the next date, only it is computed."""

    fitted: Remembered[tuple[str, str], Fitted] = field(
        default_factory=lambda: Remembered(FITTED_HELD)
    )
    said: Remembered[tuple[str, str, tuple[bytes, ...]], Matrix] = field(
        default_factory=lambda: Remembered(SAID_HELD)
    )


@dataclass(frozen=True, slots=True)
class Speaker:
    """A model on the last decisions of a universe as known at a date."""

    model: ForecastModel
    as_of: date
    units: dict[str, Units]
    learners: dict[str, Learner]
    sectors: tuple[str, ...]
    memory: Memory
    _digests: dict[str, tuple[bytes, ...]] = field(default_factory=dict, init=False, repr=False)

    @classmethod
    def at(
        cls,
        model: ForecastModel,
        panels: MarketPanels,
        *,
        as_of: date,
        learners: tuple[Learner, ...] = (),
        memory: Memory | None = None,
    ) -> "Speaker":
        """Return the model ready to speak.

        Args:
            model: any fit of this universe.
            panels: any span; nothing known after as_of is used.
            as_of: the date.
            learners: your own, beside the packaged ones, by name.
            memory: shared by speakers of several dates; it changes the time, never an answer.
        """
        packaged = deep_learners("sectors", built_from_members=False, overlap=1.0)
        by_name = {learner.name: learner for learner in (*packaged, *learners)}
        known = panels.until(as_of)
        index = pd.DatetimeIndex(known.sectors.closes.index)
        rows = _decision_rows(index, MEMORY_DECISIONS + _most_steps(model, as_of, by_name) - 1)
        first = max(int(rows[0]) - LOOKBACK_BARS, 0)
        recent = known.since(index[first])
        return cls(
            model=model,
            as_of=as_of,
            units={units.kind: units for units in unit_sets(recent, rows - first)},
            learners=by_name,
            sectors=tuple(sorted(panels.universe.sector_ids)),
            memory=memory or Memory(),
        )

    def values(self) -> tuple[FactorValue, ...]:
        """Return every view of every sector and horizon, at the close of the last session.

        The value is the smoothed z of what the last fold by then expects, as `fit` smooths it: over
        the week ends before this week's and the date itself.

        Raises:
            DataError: an artifact is damaged, or its learner is not installed.
        """
        horizons: tuple[Horizon, ...] = get_args(Horizon)
        return tuple(
            cell
            for horizon in horizons
            for fold in self.model.view_folds(horizon, self.as_of)
            for cell in self._cells(fold, _smoothing(self.model, horizon, self.as_of))
        )

    def reasons(self, horizon: Horizon) -> dict[str, tuple[Reason, ...]]:
        """Return each sector's strongest features for and against, by the views that can tell.

        A view's parts (coefficient times rank, or Shapley values) are averaged over the sector's
        units, compared across sectors, scaled to the view's own spread and weighted as the
        scorecard weighs it. They are of the date's own prediction, before smoothing: what the
        scorecard adds up also remembers the weeks before.
        """
        weights = {row.factor: row.weight for row in self.model.weights(horizon, self.as_of)}
        total: dict[str, Matrix] = {}
        for fold in self.model.view_folds(horizon, self.as_of):
            parts = self._parts(fold) if fold.name in weights else None
            if parts is None:
                continue
            for place, feature in enumerate(fold.features):
                column = weights[fold.name] * np.nan_to_num(parts[:, place])
                total[feature] = total.get(feature, np.zeros(len(self.sectors))) + column
        return {sector: _strongest(total, row) for row, sector in enumerate(self.sectors)}

    def _cells(self, fold: ViewFold, share: float) -> tuple[FactorValue, ...]:
        z = self._z(fold, share)
        return tuple(
            FactorValue(
                sector=sector,
                family="views",
                factor=fold.name,
                value=None if np.isnan(value) else float(value),
                reason="too_short" if np.isnan(value) else None,
            )
            for sector, value in zip(self.sectors, z, strict=True)
        )

    def _parts(self, fold: ViewFold) -> Matrix | None:
        """Return sectors x features: the view's z split into its features' parts."""
        units = self._own(fold)
        if units is None:
            return None
        fitted, steps = self._fitted(fold)
        parts = sector_reasons(units, fitted, steps)
        if parts is None:
            return None
        said = self._predicted(fold, units)[-1]
        spread = float(np.nanstd(said)) if (~np.isnan(said)).any() else 0.0
        if spread == 0.0:
            return None
        counts = np.maximum((~np.isnan(parts)).sum(axis=0), 1)
        split: Matrix = (parts - np.nansum(parts, axis=0) / counts) / spread
        return split

    def _z(self, fold: ViewFold, share: float) -> Matrix:
        units = self._own(fold)
        if units is None:
            return np.full(len(self.sectors), np.nan)
        result: Matrix = smoothed(standardised(self._predicted(fold, units)), share)[-1]
        return result

    def _predicted(self, fold: ViewFold, units: Units) -> Matrix:
        """Return what the fold expects at the decisions a smoothed view looks back over."""
        fitted, steps = self._fitted(fold)
        n_decisions = len(units.dates)
        digests = self._row_digests(fold.kind)

        def said(row: int) -> Matrix:
            seen = digests[max(row - steps + 1, 0) : row + 1]
            return self.memory.said.get(
                (fold.sha256, ",".join(fold.features), seen),
                lambda: sector_predictions(units, fitted, steps, row, row + 1)[0],
            )

        return np.stack([said(row) for row in _remembered_rows(n_decisions)])

    def _row_digests(self, kind: str) -> tuple[bytes, ...]:
        """Return one digest a decision of all that its predictions are made from."""
        if kind not in self._digests:
            self._digests[kind] = self.units[kind].digests()
        return self._digests[kind]

    def _own(self, fold: ViewFold) -> Units | None:
        """Return the fold's units with exactly the features it learned on, None without them."""
        units = self.units.get(fold.kind)
        if units is None or not set(fold.features) <= set(units.features):
            return None
        if fold.features == units.features:
            return units
        places = [units.features.index(name) for name in fold.features]
        return replace(units, features=fold.features, x=units.x[:, :, places])

    def _fitted(self, fold: ViewFold) -> tuple[Fitted, int]:
        learner = reader(self.learners, fold)

        def read() -> Fitted:
            return learner.read(unpacked(self.model.artifacts.get(fold.sha256, ""), fold.sha256))

        return self.memory.fitted.get((fold.learner, fold.sha256), read), learner.steps


def _strongest(total: dict[str, NDArray[np.float64]], row: int) -> tuple[Reason, ...]:
    parts = [
        Reason(feature=feature, contribution_pct=round(float(column[row]), 9))
        for feature, column in sorted(total.items())
        if column[row] != 0.0
    ]
    ordered = sorted(parts, key=lambda part: (-part.contribution_pct, part.feature))
    best = [part for part in ordered[:REASONS_KEPT] if part.contribution_pct > 0.0]
    worst = [part for part in ordered[-REASONS_KEPT:] if part.contribution_pct < 0.0]
    return (*best, *worst)


def _smoothing(model: ForecastModel, horizon: Horizon, as_of: date) -> float:
    fold = model.fold(horizon, as_of)
    return 0.0 if fold is None else fold.smoothing


def _remembered_rows(n_decisions: int) -> range:
    """Return the decisions a smoothed view looks back over."""
    return range(max(n_decisions - MEMORY_DECISIONS, 0), n_decisions)


def _most_steps(model: ForecastModel, as_of: date, learners: dict[str, Learner]) -> int:
    """Return the decisions the hungriest of the model's learners looks back over."""
    folds = [fold for horizon in get_args(Horizon) for fold in model.view_folds(horizon, as_of)]
    return max(
        (learners[fold.learner].steps for fold in folds if fold.learner in learners), default=1
    )


def _decision_rows(index: pd.DatetimeIndex, count: int) -> NDArray[np.int64]:
    """Return the last session and the ends of the weeks before its own, at most `count`."""
    ends = week_ends(index)
    weeks = week_numbers(index)
    before = ends[weeks[ends] < weeks[-1]]
    return np.append(before[len(before) - min(count - 1, len(before)) :], len(index) - 1)
