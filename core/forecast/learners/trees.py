"""Decides how boosted trees learn: small, slow and strongly regularised, for targets mostly noise.

Squared error on a rank target is the rank objective: what it fits best orders the rows best.
"""

import ctypes
import sys
from dataclasses import dataclass
from importlib.util import find_spec

from core.errors import DataError
from core.forecast.learners.learner import Fitted, Sample

LEAST_LEAF_ROWS = 200
LEAF_FRACTION = 0.005
"""Rows of a leaf: at least 200, where the error of a rank's mean is 0.02, and a two-hundredth."""

SEED_CAP = 2**31 - 1
"""LightGBM's seeds are 32-bit."""

NEEDS = "LightGBM needs the system library libgomp (Debian: libgomp1)"


@dataclass(frozen=True, slots=True)
class Trees:
    """Gradient boosting of regression trees by LightGBM; Friedman (2001), Ke and others (2017).

    shrinkage: rows added to each leaf with a value of 0. fraction: share of features a tree and of
    rows a round sees. bins: cuts a feature is binned to. threads change the time, never the bytes.
    """

    rounds: int = 150
    rate: float = 0.03
    leaves: int = 8
    shrinkage: float = 200.0
    fraction: float = 0.7
    bins: int = 63
    threads: int = 1
    name: str = "trees"
    steps: int = 1
    least_rows: int = 3_000

    def fit(self, sample: Sample, *, seed: int) -> Fitted:
        """Return the trees of the rows' last step; DataError where LightGBM cannot be loaded."""
        _load()
        from core.forecast.learners.boosting import grown

        least = max(LEAST_LEAF_ROWS, int(LEAF_FRACTION * len(sample.y)))
        return grown(sample, self._options(seed, least), rounds=self.rounds, threads=self.threads)

    def read(self, data: bytes) -> Fitted:
        """Return what was written; DataError if it is damaged or LightGBM cannot be loaded."""
        _load()
        from core.forecast.learners.boosting import Forest

        return Forest.from_bytes(data, threads=self.threads)

    def _options(self, seed: int, least: int) -> dict[str, str | int | float | bool]:
        return {
            "objective": "l2",
            "learning_rate": self.rate,
            "num_leaves": self.leaves,
            "min_data_in_leaf": least,
            "min_sum_hessian_in_leaf": 1.0,
            "lambda_l2": self.shrinkage,
            "feature_fraction": self.fraction,
            "bagging_fraction": self.fraction,
            "bagging_freq": 1,
            "max_bin": self.bins,
            "use_missing": False,
            "deterministic": True,
            "force_row_wise": True,
            "seed": seed % SEED_CAP,
            "verbosity": -1,
        }


def can_grow() -> bool:
    """Tell whether LightGBM is here with the OpenMP library its Linux wheel leaves to the system.

    It is not imported, which takes seconds that only a fit should cost.
    """
    if find_spec("lightgbm") is None:
        return False
    try:
        if sys.platform == "linux":
            ctypes.CDLL("libgomp.so.1")
    except OSError:
        return False
    return True


def _load() -> None:
    try:
        import lightgbm  # noqa: F401 - only whether it loads
    except (ImportError, OSError) as error:
        raise DataError(NEEDS) from error
