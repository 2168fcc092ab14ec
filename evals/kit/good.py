"""A model that does what it is asked: few calls, and plain sentences that are bound and true."""

import json

from evals.kit.asked import Asked
from evals.kit.model import KitModel
from evals.kit.planning import sensible_steps
from evals.kit.writing import careful_claims


class Good(KitModel):
    """Plans what the user named, and words the facts it is shown.

    Args:
        seed: of the noise; without noise it changes nothing.
        noise: 0 to 1, like a temperature: how often it words or orders a thing otherwise.
    """

    def __init__(self, *, seed: int = 0, noise: float = 0.0, name: str = "good") -> None:
        super().__init__(name, seed=seed)
        self._noise = noise

    def answered(self, asked: Asked) -> str:
        """Return a plan or a draft."""
        if asked.agent == "planner":
            return json.dumps({"steps": sensible_steps(asked)})
        claims = careful_claims(asked, noise=self._noise, chance=asked.chance(self.seed))
        return json.dumps({"claims": claims}, ensure_ascii=False)
