"""Decides how a network is trained; imported only where one is, since it loads jax.

A fixed number of passes, never stopped by looking at later rows. The last layer begins at zero, so
a network that has learned nothing says nothing.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from typing import assert_never

import flax.linen as nn
import jax
import jax.numpy as jnp
import numpy as np
import optax  # type: ignore[import-untyped]  # it ships no types
from flax.traverse_util import flatten_dict, unflatten_dict
from numpy.typing import NDArray

from core.forecast.learners.learner import Sample
from core.forecast.learners.network import Network, Shape, Weights

BATCH_ROWS = 512
"""Rows of one step, always: a last batch is filled with rows that weigh nothing."""

Params = dict[str, dict[str, object]]
State = tuple[Params, optax.OptState]
Step = Callable[..., State]


@dataclass(frozen=True, slots=True)
class Recipe:
    """epochs: passes over the rows, of at most so many batches. rate, decay: of AdamW."""

    epochs: int
    batches: int
    rate: float
    decay: float


class Dense(nn.Module):
    """Layers of max(0, .) on the last step, then a linear head."""

    hidden: tuple[int, ...]

    @nn.compact
    def __call__(self, x: jax.Array) -> jax.Array:
        """Return rows."""
        own = x[:, -1]
        for number, units in enumerate(self.hidden):
            own = nn.relu(nn.Dense(units, name=f"layer_{number}")(own))
        return nn.Dense(1, name="head")(own)[:, 0]


class Recurrent(nn.Module):
    """A long short-term memory over the steps, then a linear head."""

    hidden: tuple[int, ...]

    @nn.compact
    def __call__(self, x: jax.Array) -> jax.Array:
        """Return rows."""
        states = jnp.asarray(nn.RNN(nn.OptimizedLSTMCell(self.hidden[0], name="cell"))(x))
        return nn.Dense(1, name="head")(states[:, -1])[:, 0]


def trained(sample: Sample, shape: Shape, recipe: Recipe, *, seed: int) -> Network:
    """Return the network after the recipe's batches.

    Weighted squared error; AdamW (Loshchilov and Hutter, 2019) with a rate falling to zero along a
    cosine. All members take the same batches from different beginnings. Runs on the processor.
    """
    rng = np.random.default_rng(seed)
    weight = sample.weight / sample.weight.mean()
    total = min(recipe.epochs * -(-len(sample.y) // BATCH_ROWS), recipe.batches)
    with jax.default_device(jax.devices("cpu")[0]):
        step, optimiser = _step(shape, recipe.decay)
        params = {"params": nested(beginnings(shape, rng))}
        state = (params, jax.vmap(optimiser.init)(params))
        for number, rows in enumerate(islice(_batches(len(sample.y), rng), total)):
            counted = (rows >= 0) * weight[rows]
            state = step(
                state,
                sample.x[rows][:, -shape.steps :].astype(np.float32),
                sample.y[rows].astype(np.float32),
                counted.astype(np.float32),
                np.float32(recipe.rate * 0.5 * (1.0 + np.cos(np.pi * number / total))),
            )
        flat = _flat(jax.device_get(state[0])["params"])
    return Network(shape, {name: np.array(flat[name]) for name in sorted(flat)})


def beginnings(shape: Shape, rng: np.random.Generator) -> Weights:
    """Return first weights: kernels normal with variance 2 / inputs, He and others (2015).

    Biases and the head are zero; the forget gate's bias is one (Jozefowicz and others, 2015).
    """
    found: Weights = {}
    for name, dims in shape.weights().items():
        values = np.zeros(dims)
        if name.endswith(".kernel") and name != "head.kernel":
            values = rng.normal(0.0, np.sqrt(2.0 / dims[1]), dims)
        elif name == "cell.hf.bias":
            values = np.ones(dims)
        found[name] = values.astype(np.float32)
    return found


def module(shape: Shape) -> nn.Module:
    """Return the module whose weights the shape names."""
    match shape.kind:
        case "dense":
            return Dense(shape.hidden)
        case "recurrent":
            return Recurrent(shape.hidden)
        case _:
            assert_never(shape.kind)


def nested(weights: Weights) -> dict[str, object]:
    """Return weights as flax keeps them: a name's parts are keys of dicts within dicts."""
    tree: dict[str, object] = unflatten_dict(weights, sep=".")  # type: ignore[no-untyped-call]  # flax
    return tree


@lru_cache(maxsize=16)
def _step(shape: Shape, decay: float) -> tuple[Step, optax.GradientTransformation]:
    """Return one compiled step for all members, shared by every fit of that shape."""
    network = module(shape)
    optimiser = optax.chain(optax.scale_by_adam(), optax.add_decayed_weights(decay))

    def loss(params: Params, x: jax.Array, y: jax.Array, weight: jax.Array) -> jax.Array:
        return jnp.mean(weight * (jnp.asarray(network.apply(params, x)) - y) ** 2)

    def one(state: State, x: jax.Array, y: jax.Array, weight: jax.Array, rate: jax.Array) -> State:
        params, memory = state
        updates, memory = optimiser.update(jax.grad(loss)(params, x, y, weight), memory, params)
        moved = jax.tree.map(lambda value, update: value - rate * update, params, updates)
        return moved, memory

    return jax.jit(jax.vmap(one, in_axes=(0, None, None, None, None))), optimiser


def _batches(n_rows: int, rng: np.random.Generator) -> Iterator[NDArray[np.int64]]:
    """Yield row numbers, pass after pass; -1 fills the last batch, a row that is not counted."""
    length = -(-n_rows // BATCH_ROWS) * BATCH_ROWS
    while True:
        order = np.concatenate([rng.permutation(n_rows), np.full(length - n_rows, -1)])
        yield from order.reshape(-1, BATCH_ROWS)


def _flat(tree: dict[str, object]) -> Weights:
    weights: Weights = flatten_dict(tree, sep=".")  # type: ignore[no-untyped-call]  # flax
    return weights
