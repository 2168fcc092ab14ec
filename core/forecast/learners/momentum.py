"""Decides the slope of the target on one named feature: the view a simple rule would take.

The sign is learned like any other, so a feature that has misled is read the other way round.
"""

from dataclasses import dataclass

import numpy as np

from core.errors import CallerError
from core.forecast.learners.learner import Sample
from core.forecast.learners.linear import Linear, Ridge, moments
from core.forecast.ridge import PRIOR_IC


@dataclass(frozen=True, slots=True)
class Single:
    """Ridge on one feature, found by its name in the sample; every other coefficient is 0."""

    feature: str = "momentum_12"
    overlap: float = 1.0
    prior_ic: float = PRIOR_IC
    name: str = "momentum"
    steps: int = 1
    least_rows: int = 120

    def fit(self, sample: Sample, *, seed: int) -> Linear:
        """Return the shrunk slope; the seed changes nothing.

        Raises:
            CallerError: the sample does not name the feature.
        """
        if self.feature not in sample.features:
            raise CallerError(f"{self.name}: no {self.feature} among {sample.features}")
        column = sample.features.index(self.feature)
        own = slice(column, column + 1)
        sums = moments(sample)
        slope = Ridge(overlap=self.overlap, prior_ic=self.prior_ic).coefficients(
            sums.covariance[own, own], sums.product[own], sums.weight
        )
        loads = np.zeros(len(sums.means))
        loads[own] = slope
        return Linear(learner=self.name, constant=0.0, coefficients=tuple(loads.tolist()))

    def read(self, data: bytes) -> Linear:
        """Return what was written; DataError if it is damaged or another learner's."""
        return Linear.from_bytes(data, learner=self.name)
