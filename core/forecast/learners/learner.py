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
    weight: rows, positive; how much a row counts.
    """

    x: Matrix
    y: Matrix
    dates: NDArray[np.int64]
    weight: Matrix

    def __post_init__(self) -> None:
        n_rows = len(self.y)
        if self.x.ndim != 3 or not len(self.x) == len(self.dates) == len(self.weight) == n_rows:
            raise ValueError(f"sample: x {self.x.shape} does not fit {n_rows} rows")
        if n_rows == 0:
            raise ValueError("sample: no rows")


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

    def fit(self, sample: Sample, *, seed: int) -> Fitted:
        """Return what the sample teaches; nothing outside the sample is used."""

    def read(self, data: bytes) -> Fitted:
        """Return what `to_bytes` wrote.

        Raises:
            DataError: the bytes are damaged or another learner's.
        """
