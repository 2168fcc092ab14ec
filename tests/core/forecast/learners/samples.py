"""Planted markets: what can be learned is known, and how much of it is noise."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from core.forecast.learners.dense import Dense
from core.forecast.learners.learner import Fitted, Learner, Matrix, Sample
from core.forecast.learners.linear import Ridge
from core.forecast.learners.momentum import Single
from core.forecast.learners.recurrent import Recurrent
from core.forecast.learners.trees import Trees

FEATURES = ("momentum_12", "volatility", "breadth", "flow")
STEPS = 5
N_DATES, N_UNITS = 60, 50

# One shape each, so that a test process compiles a network once.
DENSE = Dense(members=2, epochs=40, rate=1e-2, decay=0.1)
RECURRENT = Recurrent(units=8, members=1, epochs=60, rate=1e-2, decay=0.1, steps=STEPS)
EACH: dict[str, Learner] = {
    "ridge": Ridge(),
    "momentum": Single(),
    "trees": Trees(rounds=60, rate=0.1, shrinkage=10.0),
    "dense": DENSE,
    "recurrent": RECURRENT,
}


def line(x: Matrix) -> Matrix:
    """What a straight line finds."""
    return x[:, -1, 0] - 0.5 * x[:, -1, 1]


def either(x: Matrix) -> Matrix:
    """What no straight line finds: one feature turns the other round."""
    return 2.0 * np.sign(x[:, -1, 0]) * x[:, -1, 1]


def path(x: Matrix) -> Matrix:
    """What only a memory finds: where a feature stood three decisions ago."""
    return x[:, -4, 2] - x[:, -2, 2]


def planted(signal: Callable[[Matrix], Matrix], *, seed: int = 1, noise: float = 0.5) -> Sample:
    """Ranks of signal and noise within each decision, as the target."""
    rng = np.random.default_rng(seed)
    x = rng.uniform(-1.0, 1.0, (N_DATES * N_UNITS, STEPS, len(FEATURES)))
    raw = (signal(x) + noise * rng.normal(size=len(x))).reshape(N_DATES, N_UNITS)
    y = (raw.argsort(axis=1).argsort(axis=1) + 0.5) / N_UNITS - 0.5
    dates = np.repeat(np.arange(N_DATES), N_UNITS)
    return Sample(x, y.ravel(), dates, np.ones(len(x)), FEATURES)


def shuffled(sample: Sample, *, seed: int = 2) -> Sample:
    """The same rows with targets dealt out anew."""
    return replace(sample, y=np.random.default_rng(seed).permutation(sample.y))


def skill(fitted: Fitted, signal: Callable[[Matrix], Matrix], *, seed: int = 9) -> float:
    """Correlation with the targets of rows never seen."""
    unseen = planted(signal, seed=seed)
    return float(np.corrcoef(fitted.predict(unseen.x), unseen.y)[0, 1])
