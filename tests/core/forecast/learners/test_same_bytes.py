import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[4]
N_LEARNERS = 6

PROGRAM = """
import hashlib, json, os, sys
threads = int(sys.argv[1])
if threads == 1:
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
import numpy as np
from core.forecast.learners.averaged import Average
from core.forecast.learners.catalogue import LEARNERS
from core.forecast.learners.dense import Dense
from core.forecast.learners.recurrent import Recurrent
from core.forecast.learners.trees import Trees
from tests.core.forecast.learners.samples import line, planted

trees = Trees(threads=threads, rounds=30)
learners = {name: make() for name, make in LEARNERS.items()} | {
    "trees": trees,
    "average": Average((LEARNERS["ridge"](), trees, LEARNERS["momentum"]())),
    "dense": Dense(epochs=2),
    "recurrent": Recurrent(units=8, members=2, epochs=2, steps=5),
}
sample = planted(line)
found = {}
for name in sorted(learners):
    fitted = learners[name].fit(sample, seed=7)
    says = fitted.predict(sample.x).tobytes()
    found[name] = [hashlib.sha256(part).hexdigest() for part in (fitted.to_bytes(), says)]
print(json.dumps(found))
"""

LAZY = """
import sys
from core.forecast.learners.catalogue import LEARNERS
from core.forecast.learners.network import Network, Shape
import numpy as np
engines = {"jax", "flax", "optax", "lightgbm", "safetensors"}
every = [make() for make in LEARNERS.values()]
assert not engines & set(sys.modules), "imported by the catalogue"
shape = Shape(learner="dense", kind="dense", features=2, steps=1, hidden=(3,), members=1)
ones = {name: np.ones(dims, np.float32) for name, dims in shape.weights().items()}
LEARNERS["dense"]().read(Network(shape, ones).to_bytes()).predict(np.ones((1, 1, 2)))
assert not engines & set(sys.modules) - {"safetensors"}, "imported by reading"
"""


def started(program: str, *, threads: int, hash_seed: int) -> "subprocess.Popen[str]":
    count = str(threads)
    return subprocess.Popen(
        [sys.executable, "-c", program, count],
        cwd=ROOT,
        env=os.environ
        | {"PYTHONHASHSEED": str(hash_seed), "PYTHONPATH": str(ROOT)}
        | {"OMP_NUM_THREADS": count, "OPENBLAS_NUM_THREADS": count},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def ended(process: "subprocess.Popen[str]") -> str:
    out, error = process.communicate(timeout=240)
    assert process.returncode == 0, error
    return out


@pytest.mark.prove
def test_two_processes_with_one_and_two_threads_give_equal_bytes_and_answers() -> None:
    processes = [
        started(PROGRAM, threads=threads, hash_seed=seed) for threads, seed in ((1, 0), (2, 77))
    ]
    one, two = (json.loads(ended(process)) for process in processes)
    assert len(one) == N_LEARNERS
    assert one == two


@pytest.mark.prove
@pytest.mark.parametrize("threads", [1, 2])
@pytest.mark.parametrize("hash_seed", [0, 1, 2])
def test_every_pairing_of_threads_and_hash_seeds_gives_the_same(
    threads: int, hash_seed: int
) -> None:
    reference = ended(started(PROGRAM, threads=1, hash_seed=5))
    assert ended(started(PROGRAM, threads=threads, hash_seed=hash_seed)) == reference


def test_no_engine_is_loaded_before_it_is_asked_and_reading_a_network_needs_none() -> None:
    ended(started(LAZY, threads=1, hash_seed=0))
