import sys

import numpy as np
import pytest

from core.errors import DataError
from core.forecast.learners.dense import Dense
from core.forecast.learners.learner import Learner, Sample
from core.forecast.learners.network import Kind, Network, Shape, dense, recurrent
from core.forecast.learners.recurrent import Recurrent
from core.forecast.learners.tensors import packed
from tests.core.forecast.learners.samples import DENSE, RECURRENT, line, planted

SHAPES = {
    "dense": Shape(learner="dense", kind="dense", features=4, steps=1, hidden=(6, 3), members=1),
    "recurrent": Shape(
        learner="recurrent", kind="recurrent", features=4, steps=5, hidden=(6,), members=1
    ),
}
KINDS: tuple[Kind, ...] = ("dense", "recurrent")


def drawn(kind: Kind) -> Network:
    rng = np.random.default_rng(4)
    shape = SHAPES[kind]
    weights = {
        name: rng.normal(0.0, 0.5, dims).astype(np.float32)
        for name, dims in shape.weights().items()
    }
    return Network(shape, weights)


@pytest.mark.parametrize("kind", KINDS)
def test_plain_numpy_answers_as_the_trained_module_does(kind: Kind) -> None:
    from core.forecast.learners.training import module, nested

    network = drawn(kind)
    own = {name: weight[0] for name, weight in network.weights.items()}
    x = np.random.default_rng(5).uniform(-1.0, 1.0, (50, 5, 4))
    wanted = module(network.shape).apply({"params": nested(own)}, x.astype(np.float32))
    assert network.predict(x) == pytest.approx(np.asarray(wanted), abs=2e-6)


def test_a_dense_answer_is_the_formula() -> None:
    weights = {
        "layer_0.kernel": np.array([[1.0, -1.0]]),
        "layer_0.bias": np.array([0.5, 0.0]),
        "head.kernel": np.array([[2.0], [3.0]]),
        "head.bias": np.array([0.25]),
    }
    answers = dense(weights, np.array([[[9.0], [1.0]], [[9.0], [-2.0]]]))
    assert answers == pytest.approx([2.0 * 1.5 + 0.25, 3.0 * 2.0 + 0.25])


def test_a_recurrent_answer_is_the_formula() -> None:
    weights = {f"cell.i{gate}.kernel": np.array([[0.3]]) for gate in "ifgo"}
    weights |= {f"cell.h{gate}.kernel": np.array([[0.2]]) for gate in "ifgo"}
    weights |= {f"cell.h{gate}.bias": np.array([0.1]) for gate in "ifgo"}
    weights |= {"head.kernel": np.array([[1.0]]), "head.bias": np.array([0.0])}
    cell = state = 0.0
    for value in (0.5, -0.4):
        inner = 0.3 * value + 0.2 * state + 0.1
        gate = 1.0 / (1.0 + np.exp(-inner))
        cell = gate * cell + gate * np.tanh(inner)
        state = gate * np.tanh(cell)
    assert recurrent(weights, np.array([[[0.5], [-0.4]]])) == pytest.approx([state])


def test_an_untrained_network_says_nothing() -> None:
    from core.forecast.learners.training import beginnings

    for kind in KINDS:
        shape = SHAPES[kind]
        network = Network(shape, beginnings(shape, np.random.default_rng(1)))
        assert np.array_equal(network.predict(np.ones((3, 5, 4))), np.zeros(3))


def test_the_mean_of_members_is_answered() -> None:
    one = drawn("dense")
    two = Network(
        SHAPES["dense"].model_copy(update={"members": 2}),
        {name: np.concatenate([weight, -weight]) for name, weight in one.weights.items()},
    )
    turned = Network(one.shape, {name: -weight for name, weight in one.weights.items()})
    x = planted(line).x[:20]
    wanted = (one.predict(x) + turned.predict(x)) / 2.0
    assert two.predict(x) == pytest.approx(wanted, abs=2e-9)


@pytest.mark.prove
def test_passes_end_at_the_batches_allowed() -> None:
    few = Dense(members=2, epochs=1_000_000, batches=2, rate=1e-2, decay=0.1)
    same = Dense(members=2, epochs=2, batches=2, rate=1e-2, decay=0.1)
    sample = planted(line)
    assert few.fit(sample, seed=1).to_bytes() == same.fit(sample, seed=1).to_bytes()


def test_rows_that_fill_the_last_batch_are_not_counted() -> None:
    alike = np.full((10, 5, 4), 0.5)
    y = np.full(10, 0.3)
    y[-1] = -0.3
    sample = Sample(alike, y, np.arange(10), np.ones(10))
    assert DENSE.fit(sample, seed=1).predict(alike).mean() == pytest.approx(y.mean(), abs=0.05)


@pytest.mark.prove
def test_a_view_over_windows_is_learned_from_without_a_copy() -> None:
    rng = np.random.default_rng(2)
    history = rng.uniform(-1.0, 1.0, (600, 4))
    windows = np.lib.stride_tricks.sliding_window_view(history, 5, axis=0).transpose(0, 2, 1)
    n_rows = len(windows)
    assert np.shares_memory(windows, history)
    views = Sample(windows, history[4:, 0] / 2.0, np.arange(n_rows), np.ones(n_rows))
    copies = Sample(windows.copy(), views.y, views.dates, views.weight)
    assert RECURRENT.fit(views, seed=1).to_bytes() == RECURRENT.fit(copies, seed=1).to_bytes()


@pytest.mark.parametrize("kind", KINDS)
def test_weights_that_do_not_fit_are_refused(kind: Kind) -> None:
    network = drawn(kind)
    learner: Learner = DENSE if kind == "dense" else RECURRENT
    text = network.shape.canonical_json()
    bias = network.weights["head.bias"]
    for weights in (
        {name: weight for name, weight in network.weights.items() if name != "head.bias"},
        network.weights | {"more": bias},
        network.weights | {"head.bias": np.zeros((1, 2), dtype=np.float32)},
        network.weights | {"head.bias": bias + np.float32(np.nan)},
        network.weights | {"head.bias": bias.astype(np.float64)},
    ):
        with pytest.raises(DataError):
            learner.read(packed(weights, text))
    with pytest.raises(DataError, match="damaged"):
        learner.read(packed(network.weights, text.replace('"members":1', '"members":0')))


@pytest.mark.parametrize("absent", ["jax", "flax", "optax", "safetensors"])
def test_without_the_extra_the_error_says_what_to_install(
    absent: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, absent, None)
    for learner in (Dense(), Recurrent()):
        with pytest.raises(DataError, match=f"{absent} not installed.*requirements/deep.lock"):
            learner.fit(planted(line), seed=1)
    network = drawn("dense")
    if absent == "safetensors":
        with pytest.raises(DataError, match="deep"):
            network.to_bytes()
    else:
        assert Dense().read(network.to_bytes()).predict(np.ones((2, 1, 4))).shape == (2,)
