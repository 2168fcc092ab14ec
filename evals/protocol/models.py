"""Decides which models and baselines the protocol compares, and what each said out of sample."""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

import numpy as np
import pandas as pd

from app.backtesting.data import HASH_SHOWN
from core.forecast.dataset import DecisionSet
from core.forecast.learners.dense import Dense
from core.forecast.learners.learner import Learner
from core.forecast.learners.linear import Ridge
from core.forecast.learners.momentum import Single
from core.forecast.learners.recurrent import Recurrent
from core.forecast.learners.trees import Trees
from core.forecast.study import Learners, study
from core.forecast.units import UnitKind
from core.forecast.views import packaged_learners
from core.forecast.walkforward import recipe
from core.records.universe import Horizon

HORIZON: Final[Horizon] = "1M"

BASELINES: Final = (
    "momentum:12", "momentum:12-1", "momentum:1", "combo", "leading", "improving",
)  # fmt: skip
"""Rebalanced monthly, as they are published."""

COMPOSITE: Final = "composite"
"""The forecast the product makes."""

Make = Callable[[float], Learner]

ALONE: Final[dict[str, Make]] = {
    "ridge": lambda overlap: Ridge(overlap=overlap),
    "trees": lambda overlap: Trees(),
    "momentum_view": lambda overlap: Single(
        feature="momentum_12", overlap=overlap, name="momentum"
    ),
    "calm_view": lambda overlap: Single(feature="calm_momentum", overlap=overlap, name="calm"),
    "dense": lambda overlap: Dense(),
    "recurrent": lambda overlap: Recurrent(),
}
"""Each model by itself: one learner, on members where the sectors are made of them."""


@dataclass(frozen=True, slots=True)
class Said:
    """A model's scores out of sample, decisions x sectors, NaN before its first fold.

    recipe: of what it was fitted with.
    """

    model: str
    scores: pd.DataFrame
    recipe: str

    @property
    def signal(self) -> str:
        """Name as a trial: another recipe is another one."""
        digest = hashlib.sha256(f"{self.recipe}\n{self.model}".encode()).hexdigest()
        return f"model:{self.model}+{digest[:HASH_SHOWN]}"


def said(
    decisions: DecisionSet, *, until: date, cost: float, tell: Callable[[str], None]
) -> list[Said]:
    """Return what every model said: the composite, its factors alone, and each learner alone."""

    def walked(given: DecisionSet, learners: Learners, name: str) -> Said:
        tell(name)
        done = study(given, HORIZON, last=until, learners=learners, cost=cost, tell=lambda _: None)
        return Said(name, done.predicted, recipe(learners, cost=cost))

    found = [walked(decisions, packaged_learners, COMPOSITE)]
    if decisions.factors:
        found.append(walked(decisions, _Only(None), "factors"))
    bare = replace(decisions, factors=(), families=(), z=np.empty((*decisions.z.shape[:2], 0)))
    found += [walked(bare, _Only(make), name) for name, make in ALONE.items()]
    return [said for said in found if said.scores.notna().to_numpy().any()]


@dataclass(frozen=True, slots=True)
class _Only:
    """One learner on the units that make the sectors; none without a maker."""

    make: Make | None

    def __call__(
        self, kind: UnitKind, *, built_from_members: bool, overlap: float
    ) -> Sequence[Learner]:
        own: UnitKind = "members" if built_from_members else "sectors"
        return [self.make(overlap)] if self.make is not None and kind == own else []
