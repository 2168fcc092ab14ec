"""Decides how a network with memory learns: one small cell read over a quarter of decisions."""

from dataclasses import dataclass

from core.forecast.learners.deep import TRAINING, needed
from core.forecast.learners.learner import Fitted, Sample
from core.forecast.learners.network import Network, Shape


@dataclass(frozen=True, slots=True)
class Recurrent:
    """A long short-term memory over each row's steps, by jax and flax (extra `deep`).

    units: of the cell. members: networks averaged. epochs: passes, fixed beforehand,
    of at most so many batches of 512 rows. rate, decay: of AdamW.
    """

    units: int = 16
    members: int = 3
    epochs: int = 10
    batches: int = 1_000
    rate: float = 1e-3
    decay: float = 1.0
    name: str = "recurrent"
    steps: int = 13
    least_rows: int = 3_000

    def fit(self, sample: Sample, *, seed: int) -> Fitted:
        """Return the trained network; DataError where the extra is not installed."""
        needed(TRAINING)
        from core.forecast.learners.training import Recipe, trained

        shape = Shape(
            learner=self.name,
            kind="recurrent",
            features=sample.x.shape[2],
            steps=self.steps,
            hidden=(self.units,),
            members=self.members,
        )
        recipe = Recipe(self.epochs, self.batches, self.rate, self.decay)
        return trained(sample, shape, recipe, seed=seed)

    def read(self, data: bytes) -> Fitted:
        """Return what was written; DataError if it is damaged or another learner's."""
        return Network.from_bytes(data, learner=self.name)
