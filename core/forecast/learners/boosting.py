"""Decides how LightGBM is called; imported only where trees are grown or read.

Options that touch the result are all set here, so a change of LightGBM's defaults changes nothing.
"""

from dataclasses import dataclass

import lightgbm as lgb
import numpy as np

from core.forecast.learners.learner import Matrix, Sample, lately
from core.forecast.learners.tree_text import canonical, checked, features_count

Options = dict[str, str | int | float | bool]


@dataclass(frozen=True, slots=True)
class Forest:
    """Trees as canonical text, and LightGBM's reading of that text."""

    text: str
    booster: lgb.Booster
    threads: int

    @classmethod
    def from_bytes(cls, data: bytes, *, threads: int) -> "Forest":
        """Return the trees; DataError if the bytes are not those of our own fits."""
        text = checked(data)
        return cls(text, lgb.Booster(model_str=text), threads)

    def predict(self, x: Matrix) -> Matrix:
        """Return rows: the sum of each row's leaves, in tree order."""
        return np.asarray(self.booster.predict(self._own(x), num_threads=self.threads))

    def reasons(self, x: Matrix) -> Matrix:
        """Return rows x features, Shapley values of the trees; they and a constant make the row.

        Lundberg, Erion and Lee (2018), path-dependent.
        """
        parts = self.booster.predict(self._own(x), num_threads=self.threads, pred_contrib=True)
        return np.asarray(parts)[:, :-1]

    def to_bytes(self) -> bytes:
        """Return the text, ASCII."""
        return self.text.encode("ascii")

    def _own(self, x: Matrix) -> Matrix:
        own = lately(x, steps=1, n_features=features_count(self.text))[:, 0]
        return np.ascontiguousarray(own)


def grown(sample: Sample, options: Options, *, rounds: int, threads: int) -> Forest:
    """Return so many rounds of gradient boosting with these options; weights are set to mean 1."""
    own = np.ascontiguousarray(sample.x[:, -1])
    every = options | {"num_threads": threads}
    data = lgb.Dataset(own, sample.y, weight=sample.weight / sample.weight.mean(), params=every)
    text = canonical(lgb.train(every, data, num_boost_round=rounds).model_to_string())
    return Forest.from_bytes(text.encode("ascii"), threads=threads)
