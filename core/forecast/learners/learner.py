"""Decides what every learner must do, whatever it is made of; it learns nothing itself."""

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Matrix = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Sample:
    """Rows to learn from, ascending in time.

    x: rows x steps x features, within about +-1, no NaN (a missing feature is 0, the middle); the
        last step is the decision's own. Learners without memory get one step.
    y: rows, the target within +-0.5, no NaN.
    dates: rows, the decision's number; rows of one decision share it and stand together.
    weight: rows, positive; how much a row counts, 1 a whole one.
    features: names of the last axis, in order; empty where nobody asks for them.
    """

    x: Matrix
    y: Matrix
    dates: NDArray[np.int64]
    weight: Matrix
    features: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        n_rows = len(self.y)
        if self.x.ndim != 3 or not len(self.x) == len(self.dates) == len(self.weight) == n_rows:
            raise ValueError(f"sample: x {self.x.shape} does not fit {n_rows} rows")
        if n_rows == 0:
            raise ValueError("sample: no rows")
        if self.features and len(self.features) != self.x.shape[2]:
            raise ValueError(f"sample: {len(self.features)} names for {self.x.shape[2]} features")


def lately(x: Matrix, *, steps: int, n_features: int) -> Matrix:
    """Return the last `steps` steps of rows x steps x features, as a view.

    Raises:
        ValueError: fewer steps, or another number of features, than were learned from.
    """
    if x.ndim != 3 or x.shape[1] < steps or x.shape[2] != n_features:
        raise ValueError(f"x {x.shape}: expected rows x {steps} or more x {n_features}")
    return x[:, -steps:]


class Fitted(Protocol):
    """What was learned; it predicts the same on every machine of one processor type."""

    def predict(self, x: Matrix) -> Matrix:
        """Return one value a row; rows x steps x features in."""

    def reasons(self, x: Matrix) -> Matrix | None:
        """Return rows x features, adding up with a constant to the prediction; None: it has none.

        Linear parts are exact, those of trees are Shapley values (Lundberg and Lee, 2017).
        """

    def to_bytes(self) -> bytes:
        """Return it in a format that holds data only, never code; equal fits give equal bytes."""


class Learner(Protocol):
    """One way to learn. Equal samples and seeds give equal bytes, with any number of threads."""

    @property
    def name(self) -> str:
        """Slug, as it stands in artifacts and tables."""

    @property
    def steps(self) -> int:
        """Decisions it looks back over, its own included."""

    @property
    def least_rows(self) -> int:
        """Rows it needs, overlapping ones counted once: fewer teach it noise."""

    def fit(self, sample: Sample, *, seed: int) -> Fitted:
        """Return what the sample teaches; nothing outside the sample is used."""

    def read(self, data: bytes) -> Fitted:
        """Return what `to_bytes` wrote.

        Raises:
            DataError: the bytes are damaged or another learner's.
        """
