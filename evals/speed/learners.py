"""Measures what fitting each learner takes at 200 and at 2,000 units: ten years of weeks.

Each fit runs in its own process, so that the memory it adds to its data is its own.
"""

import json
import resource
import subprocess
import sys
import time

import numpy as np

from core.forecast.learners.catalogue import LEARNERS
from core.forecast.learners.learner import Sample

N_UNITS = (200, 2_000)
N_WEEKS = 520
N_FEATURES = 20
SEED = 1
SIGNAL, NOISE = 0.05, 0.4
KILOBYTES = 1024
"""`ru_maxrss` counts in kilobytes on Linux."""


def measure(names: tuple[str, ...] = tuple(LEARNERS)) -> dict[str, float]:
    """Return processor seconds and the megabytes a fit adds, by learner and units, and the growth.

    Ten times the rows: `growth` of seconds is 10 where time is proportional to rows.
    """
    found: dict[str, float] = {}
    for name in names:
        for n_units in N_UNITS:
            seconds, added_mb = _apart(name, n_units)
            found[f"{name}_s_{n_units}"] = seconds
            found[f"{name}_mb_{n_units}"] = added_mb
        few, many = (found[f"{name}_s_{n_units}"] for n_units in N_UNITS)
        found[f"{name}_growth"] = many / few
    return found


def market(n_units: int, steps: int) -> Sample:
    """Return weeks x units rows of ranks; a longer memory is a view of the same array."""
    rng = np.random.default_rng(SEED)
    history = rng.uniform(-1.0, 1.0, (N_WEEKS + steps - 1, n_units, N_FEATURES))
    windows = np.lib.stride_tricks.sliding_window_view(history, steps, axis=0)
    x = windows.transpose(0, 1, 3, 2).reshape(-1, steps, N_FEATURES)
    if not np.shares_memory(x, history):
        raise RuntimeError("the windows were copied: the memory measured would not be the fit's")
    y = SIGNAL * x[:, -1, 0] * x[:, -1, 1] + rng.uniform(-NOISE, NOISE, len(x))
    names = ("momentum_12", *(f"feature_{number}" for number in range(1, N_FEATURES)))
    return Sample(x, y, np.repeat(np.arange(N_WEEKS), n_units), np.ones(len(x)), names)


def _apart(name: str, n_units: int) -> tuple[float, float]:
    command = [sys.executable, "-m", "evals.speed.learners", name, str(n_units)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)  # noqa: S603 - ours
    seconds, added_mb = json.loads(done.stdout)
    return seconds, added_mb


def _fitted_once(name: str, n_units: int) -> tuple[float, float]:
    learner = LEARNERS[name]()
    sample = market(n_units, learner.steps)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    start = time.process_time()
    learner.fit(sample, seed=SEED)
    seconds = time.process_time() - start
    after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return seconds, (after - before) / KILOBYTES


if __name__ == "__main__":
    print(json.dumps(_fitted_once(sys.argv[1], int(sys.argv[2]))))
