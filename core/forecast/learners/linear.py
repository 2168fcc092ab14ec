"""Decides the coefficients of a linear forecast from blocks of rows; it never scales a feature.

Sums are made feature by feature in a fixed order, without a matrix library whose threads could
change their last bits, and coefficients are rounded, so any machine's threads give equal bytes.
"""

from dataclasses import dataclass
from typing import Self

import numpy as np
from pydantic import Field, ValidationError

from core.errors import CallerError, DataError
from core.forecast.learners.learner import Matrix, Sample, lately
from core.forecast.ridge import COEFFICIENT_DECIMALS, PRIOR_IC
from core.records.record import Record, Slug

BLOCK_ROWS = 16_384
"""Rows added up at a time: 20 features of them fit the second-level cache of a core."""

BYTES_CAP = 1_000_000
FEATURES_CAP = 4_096


class Linear(Record):
    """constant + coefficients . x of the decision's own step; in the target's unit."""

    learner: Slug
    constant: float
    coefficients: tuple[float, ...] = Field(min_length=1, max_length=FEATURES_CAP)

    @classmethod
    def from_bytes(cls, data: bytes, *, learner: str) -> Self:
        """Return what `to_bytes` wrote.

        Raises:
            DataError: too long, no such record, or another learner's.
        """
        if len(data) > BYTES_CAP:
            raise DataError(f"{learner}: {len(data)} bytes, expected {BYTES_CAP} at most")
        try:
            found = cls.model_validate_json(data)
        except ValidationError as error:
            raise DataError(f"{learner}: the stored model is damaged") from error
        if found.learner != learner:
            raise DataError(f"{learner}: the stored model is of {found.learner}")
        return found

    def predict(self, x: Matrix) -> Matrix:
        """Return rows; a row's value does not depend on the rows around it."""
        own = self._own(x)
        total = np.full(len(own), self.constant)
        for column, coefficient in enumerate(self.coefficients):
            total += coefficient * own[:, column]
        return total

    def reasons(self, x: Matrix) -> Matrix:
        """Return rows x features: coefficient times feature, which is exact."""
        parts: Matrix = self._own(x) * np.asarray(self.coefficients)
        return parts

    def to_bytes(self) -> bytes:
        """Return canonical JSON."""
        return self.canonical_json().encode()

    def _own(self, x: Matrix) -> Matrix:
        return lately(x, steps=1, n_features=len(self.coefficients))[:, 0]


@dataclass(frozen=True, slots=True)
class Ridge:
    """Least squares with a penalty that says what was expected before seeing data.

        b = (X'WX + lambda I)^-1 X'Wy,   lambda = overlap * trace(C) / IC^2

    Hoerl and Kennard (1970); X and y less their weighted means, W the weights, C the features'
    covariance. lambda is the ratio of noise to prior variance if all features together correlate by
    IC with the target. `overlap`, the horizon over the decision interval, discounts targets that
    share sessions. With `penalty` lambda is that many rows' worth: penalty * sum of weights.
    """

    overlap: float = 1.0
    prior_ic: float = PRIOR_IC
    penalty: float | None = None
    name: str = "ridge"
    steps: int = 1
    least_rows: int = 120

    def __post_init__(self) -> None:
        if self.penalty is not None and self.penalty <= 0.0:
            raise CallerError(f"{self.name}: penalty {self.penalty}, expected above 0")

    def fit(self, sample: Sample, *, seed: int) -> Linear:
        """Return the solution; there is one, so the seed changes nothing."""
        sums = moments(sample)
        loads = self.coefficients(sums.covariance, sums.product, sums.weight)
        constant = round(sums.target_mean - float(loads @ sums.means), COEFFICIENT_DECIMALS)
        return Linear(learner=self.name, constant=constant + 0.0, coefficients=tuple(loads))

    def coefficients(self, covariance: Matrix, product: Matrix, weight: float) -> Matrix:
        """Return the solution for moments a unit of weight, rounded; 0 for a constant feature."""
        spread = float(np.trace(covariance))
        if spread == 0.0:
            return np.zeros(len(product))
        added = self.overlap * spread / self.prior_ic**2 / weight
        if self.penalty is not None:
            added = self.penalty
        inner = covariance + added * np.eye(len(product))
        return np.round(np.linalg.solve(inner, product), COEFFICIENT_DECIMALS) + 0.0

    def read(self, data: bytes) -> Linear:
        """Return what was written; DataError if it is damaged or another learner's."""
        return Linear.from_bytes(data, learner=self.name)


@dataclass(frozen=True, slots=True)
class SampleMoments:
    """Weighted moments: covariance and product with the target a unit of weight."""

    covariance: Matrix
    product: Matrix
    means: Matrix
    target_mean: float
    weight: float


def moments(sample: Sample) -> SampleMoments:
    """Return the moments of each row's last step, holding one block of rows at a time."""
    n_rows, _, n_features = sample.x.shape
    sums = np.zeros((n_features + 2, n_features + 2))
    for start in range(0, n_rows, BLOCK_ROWS):
        rows = slice(start, start + BLOCK_ROWS)
        block = np.vstack([sample.x[rows, -1].T, sample.y[rows], np.ones(len(sample.y[rows]))])
        weighted = block * sample.weight[rows]
        for row in range(n_features + 2):
            sums[row, row:] += (block[row:] * weighted[row]).sum(axis=1)
    sums = np.triu(sums) + np.triu(sums, 1).T
    weight = float(sums[-1, -1])
    means = sums[:-1, -1] / weight
    centred = sums[:-1, :-1] / weight - np.outer(means, means)
    return SampleMoments(
        covariance=centred[:-1, :-1],
        product=centred[:-1, -1],
        means=means[:-1],
        target_mean=float(means[-1]),
        weight=weight,
    )
