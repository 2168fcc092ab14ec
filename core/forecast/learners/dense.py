"""Decides how a network without memory learns: two small layers, several beginnings averaged."""

from dataclasses import dataclass

from core.forecast.learners.deep import TRAINING, needed
from core.forecast.learners.learner import Fitted, Sample
from core.forecast.learners.network import Network, Shape


@dataclass(frozen=True, slots=True)
class Dense:
    """A feed-forward network of the rows' last step, by jax and flax (extra `deep`).

    hidden: units a layer. members: networks averaged. epochs: passes, fixed beforehand,
    of at most so many batches of 512 rows. rate, decay: of AdamW.
    """

    hidden: tuple[int, ...] = (32, 16)
    members: int = 3
    epochs: int = 10
    batches: int = 2_000
    rate: float = 1e-3
    decay: float = 1.0
    name: str = "dense"
    steps: int = 1
    least_rows: int = 3_000

    def fit(self, sample: Sample, *, seed: int) -> Fitted:
        """Return the trained network; DataError where the extra is not installed."""
        needed(TRAINING)
        from core.forecast.learners.training import Recipe, trained

        shape = Shape(
            learner=self.name,
            kind="dense",
            features=sample.x.shape[2],
            steps=1,
            hidden=self.hidden,
            members=self.members,
        )
        recipe = Recipe(self.epochs, self.batches, self.rate, self.decay)
        return trained(sample, shape, recipe, seed=seed)

    def read(self, data: bytes) -> Fitted:
        """Return what was written; DataError if it is damaged or another learner's."""
        return Network.from_bytes(data, learner=self.name)
