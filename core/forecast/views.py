"""Decides what fitted learners expect of each sector, by folds that never saw what they speak of.

A view is one learner on one kind of unit. Its predictions are averaged over a sector's units,
compared across sectors, and smoothed over the decisions before: what turns every week costs more
than it earns.
"""

import base64
import hashlib
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from core.errors import DataError
from core.forecast.learners.dense import Dense
from core.forecast.learners.learner import Fitted, Learner, Sample
from core.forecast.learners.linear import Ridge
from core.forecast.learners.momentum import Single
from core.forecast.learners.recurrent import Recurrent
from core.forecast.learners.trees import Trees, can_grow
from core.forecast.units import UnitKind, Units
from core.records.record import Fraction, Record, Slug
from core.records.universe import Horizon
from core.signals.cross_section import DECIMALS, standardised
from core.signals.trailing import Matrix

SEED = 20_181_231
MEMORY_DECISIONS = 26
"""Decisions a smoothed view looks back over: half a year of weeks."""

CLAIM_ROWS = 20_000
"""Rows a view's claim is measured on: more take time and change nothing."""

ARTIFACT_CAP = 64_000_000
"""Bytes an unpacked artifact may have."""


class ViewFold(Record):
    """One fit of one view: it may speak from `cut` on and saw only labels that ended before it."""

    horizon: Horizon
    kind: UnitKind
    learner: Slug
    cut: date
    trained_until: date = Field(description="last label's end in the fit")
    rows_count: int = Field(ge=1)
    features: tuple[Slug, ...]
    strength: Fraction = Field(
        description="sd of what it says over sd of the target, both of the units it learned on: "
        "the correlation it claims"
    )
    sha256: str = Field(pattern=r"^[0-9a-f]{64}$", description="of the artifact's bytes")

    @property
    def name(self) -> str:
        """The view's factor id."""
        return view_name(self.kind, self.learner, self.horizon)


def view_name(kind: UnitKind, learner: str, horizon: Horizon) -> str:
    """Return a view's factor id, e.g. members_trees_1m."""
    return f"{kind}_{learner}_{horizon.lower()}"


def packaged_learners(kind: UnitKind, *, built_from_members: bool, overlap: float) -> list[Learner]:
    """Return the learners a kind of unit has unless the caller brings others.

    Sectors' own series always have two momentum views, of 12 months and the same over its
    volatility; ridge and trees learn on members where there are any that make the sectors, on the
    sectors' own series elsewhere, and on members beside them where a market has both. A machine on
    which LightGBM cannot be loaded has no trees, which is another recipe.
    """
    full: list[Learner] = [Ridge(overlap=overlap), *([Trees()] if can_grow() else [])]
    if kind == "members":
        return full
    single: list[Learner] = [
        Single(feature="momentum_12", overlap=overlap, name="momentum"),
        Single(feature="calm_momentum", overlap=overlap, name="calm"),
    ]
    return single if built_from_members else [*single, *full]


def plain_learners(kind: UnitKind, *, built_from_members: bool, overlap: float) -> list[Learner]:
    """Return the packaged learners without trees: seconds to fit, and every part is linear."""
    packaged = packaged_learners(kind, built_from_members=built_from_members, overlap=overlap)
    return [learner for learner in packaged if not isinstance(learner, Trees)]


def deep_learners(kind: UnitKind, *, built_from_members: bool, overlap: float) -> list[Learner]:
    """Return the packaged learners and the networks beside them; fitting those needs `deep`."""
    own: UnitKind = "members" if built_from_members else "sectors"
    networks: list[Learner] = [Dense(), Recurrent()] if kind == own else []
    packaged = packaged_learners(kind, built_from_members=built_from_members, overlap=overlap)
    return [*packaged, *networks]


@dataclass(frozen=True, slots=True)
class Span:
    """The decisions a fold speaks of: rows start..stop of its units."""

    cut: date
    start: int
    stop: int
    n_known: int
    """Decisions whose label had ended before the cut."""


@dataclass(frozen=True, slots=True)
class ViewHistory:
    """What one view said out of sample.

    folds: ascending. artifacts: bytes by sha256. z: decisions x sectors by smoothing, NaN before
    the first fold.
    """

    folds: tuple[ViewFold, ...]
    artifacts: dict[str, bytes]
    z: dict[float, Matrix]


def fit_view(
    units: Units,
    learner: Learner,
    horizon: Horizon,
    n_bars: int,
    spans: list[Span],
    *,
    smoothings: tuple[float, ...],
    overlap: float,
    ended: Callable[[int], date],
) -> ViewHistory:
    """Fit a learner at each span's cut, and return what each fold said until the next.

    Args:
        units: all decisions.
        learner: fitted on ranks of the return over the next n_bars.
        horizon: of the label.
        n_bars: bars of it.
        spans: ascending; each is fitted on its first n_known decisions alone.
        overlap: decisions a label spans: rows that share a label's sessions count once.
        smoothings: share of the last smoothed value in the next, one history each.
        ended: a decision's row to the date its label ended on.
    """
    targets, known = units.outcomes(n_bars), units.known
    shape = (len(units.dates), len(units.sectors))
    history = {share: np.full(shape, np.nan) for share in smoothings}
    folds, artifacts = [], {}
    for span in spans:
        sample = _sample(units, targets, known, slice(0, span.n_known), learner.steps)
        if sample is None or len(sample.y) < overlap * learner.least_rows:
            continue
        fitted = learner.fit(sample, seed=SEED)
        data = fitted.to_bytes()
        digest = hashlib.sha256(data).hexdigest()
        artifacts[digest] = data
        folds.append(
            ViewFold(
                horizon=horizon,
                kind=units.kind,
                learner=learner.name,
                cut=span.cut,
                trained_until=ended(span.n_known - 1),
                rows_count=len(sample.y),
                features=units.features,
                strength=_strength(fitted, sample),
                sha256=digest,
            )
        )
        first = max(span.start - MEMORY_DECISIONS + 1, 0)
        z = standardised(sector_predictions(units, fitted, learner.steps, first, span.stop))
        for share in smoothings:
            history[share][span.start : span.stop] = smoothed(z, share)[span.start - first :]
    return ViewHistory(tuple(folds), artifacts, history)


def sector_predictions(units: Units, fitted: Fitted, steps: int, start: int, stop: int) -> Matrix:
    """Return decisions start..stop x sectors: the weighted mean of what is expected of the units.

    NaN for a sector without a known unit.
    """
    known = units.known[start:stop]
    row, unit = np.nonzero(known)
    values = np.full(known.shape, np.nan)
    if len(row):
        values[row, unit] = fitted.predict(_sequences(units, row + start, unit, steps))
    return units.rows(slice(start, stop)).by_sector(values)


def sector_reasons(units: Units, fitted: Fitted, steps: int) -> Matrix | None:
    """Return sectors x features: the parts of the last decision's prediction; None without any."""
    last = len(units.dates) - 1
    unit = np.flatnonzero(units.known[last])
    parts = fitted.reasons(_sequences(units, np.full(len(unit), last), unit, steps))
    if parts is None:
        return None
    values = np.full((1, len(units.names), parts.shape[1]), np.nan)
    values[0, unit] = parts
    sectors: Matrix = units.rows(slice(last, last + 1)).by_sector(values)[0]
    return sectors


def smoothed(z: Matrix, share: float) -> Matrix:
    """Return each row's mean with the rows before, weighted by share^k, over those with a value.

    At most MEMORY_DECISIONS rows count; a sector missing now is missing. `share` 0 changes nothing.
    """
    known = ~np.isnan(z)
    cells = np.where(known, z, 0.0)
    total, weight = cells.copy(), known.astype(np.float64)
    for k in range(1, min(MEMORY_DECISIONS, len(z)) if share > 0.0 else 0):
        total[k:] += share**k * cells[:-k]
        weight[k:] += share**k * known[:-k]
    return np.where(known, np.round(total / np.where(known, weight, 1.0), DECIMALS), np.nan)


def packed(data: bytes) -> str:
    """Return bytes as text for a JSON file."""
    return base64.b64encode(zlib.compress(data, 9)).decode("ascii")


def unpacked(text: str, sha256: str) -> bytes:
    """Return the bytes of `packed`.

    Raises:
        DataError: they are not those of the sha256.
    """
    try:
        data = zlib.decompressobj().decompress(base64.b64decode(text, validate=True), ARTIFACT_CAP)
    except (ValueError, zlib.error) as error:
        raise DataError("a fitted learner's artifact is damaged; run `sectorwise fit`") from error
    if hashlib.sha256(data).hexdigest() != sha256:
        raise DataError("a fitted learner's artifact is not what was fitted; run `sectorwise fit`")
    return data


def reader(learners: Mapping[str, Learner], fold: ViewFold) -> Learner:
    """Return the learner that reads what a fold fitted.

    Raises:
        DataError: nobody here can read it.
    """
    learner = learners.get(fold.learner)
    if learner is None:
        raise DataError(f"the model has a view of {fold.learner}, which is not installed here")
    return learner


def _sample(
    units: Units,
    targets: Matrix,
    known: NDArray[np.bool_],
    rows: slice,
    steps: int,
) -> Sample | None:
    usable = known[rows] & ~np.isnan(targets[rows])
    row, unit = np.nonzero(usable)
    if len(row) == 0:
        return None
    return Sample(
        x=_sequences(units, row, unit, steps),
        y=targets[row, unit],
        dates=row,
        weight=np.ones(len(row)),
        features=units.features,
    )


def _strength(fitted: Fitted, sample: Sample) -> float:
    """Return the deviation of what is said over the target's, on the sample's last rows."""
    last = slice(max(len(sample.y) - CLAIM_ROWS, 0), len(sample.y))
    said = float(np.std(fitted.predict(sample.x[last])))
    return round(min(said / float(np.std(sample.y[last])), 1.0), DECIMALS)


def _sequences(
    units: Units,
    row: NDArray[np.int64],
    unit: NDArray[np.int64],
    steps: int,
) -> Matrix:
    """Return rows x steps x features, missing ones 0; before the first decision all are missing."""
    back = row[:, None] - np.arange(steps - 1, -1, -1)[None, :]
    cells = units.x[np.maximum(back, 0), unit[:, None]]
    return np.where((back >= 0)[:, :, None], np.nan_to_num(cells), 0.0)
