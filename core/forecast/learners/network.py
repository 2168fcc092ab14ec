"""Decides what a fitted network answers, in plain numpy: reading one needs no training library.

Weights are single precision, as trained; answers are summed in double and rounded, so neither the
order of the rows nor the threads of the matrix library show.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, assert_never

import numpy as np
from numpy.typing import NDArray
from pydantic import Field, ValidationError

from core.errors import DataError
from core.forecast.learners.deep import READING, needed
from core.forecast.learners.learner import Matrix, lately
from core.records.record import Record, Slug

DECIMALS = 9
CHUNK_ROWS = 8_192
"""Rows answered at a time: keeps the memory flat."""

Weights = dict[str, NDArray[np.float32]]
Kind = Literal["dense", "recurrent"]
GATES = "ifgo"
"""Input, forget, candidate, output: the order in which the cell's columns stand."""


class Shape(Record):
    """What a network is made of; says the name and shape of every weight."""

    learner: Slug
    kind: Kind
    features: int = Field(ge=1, le=4_096)
    steps: int = Field(ge=1, le=512)
    hidden: tuple[int, ...] = Field(min_length=1, max_length=8)
    members: int = Field(ge=1, le=64)

    def weights(self) -> dict[str, tuple[int, ...]]:
        """Return shapes by name, members first."""
        return {name: (self.members, *shape) for name, shape in self._each()}

    def _each(self) -> Iterator[tuple[str, tuple[int, ...]]]:
        match self.kind:
            case "dense":
                width = self.features
                for number, units in enumerate(self.hidden):
                    yield f"layer_{number}.kernel", (width, units)
                    yield f"layer_{number}.bias", (units,)
                    width = units
            case "recurrent":
                width = self.hidden[0]
                for gate in GATES:
                    yield f"cell.i{gate}.kernel", (self.features, width)
                    yield f"cell.h{gate}.kernel", (width, width)
                    yield f"cell.h{gate}.bias", (width,)
            case _:
                assert_never(self.kind)
        yield "head.kernel", (width, 1)
        yield "head.bias", (1,)


@dataclass(frozen=True, slots=True)
class Network:
    """The mean of several networks of one shape that began from different numbers."""

    shape: Shape
    weights: Weights

    def __post_init__(self) -> None:
        found = {name: weight.shape for name, weight in self.weights.items()}
        if found != self.shape.weights():
            raise DataError(f"{self.shape.learner}: weights {found} do not fit {self.shape}")
        for name, weight in self.weights.items():
            if weight.dtype != np.float32 or not np.isfinite(weight).all():
                raise DataError(f"{self.shape.learner}: {name} is not finite float32")

    @classmethod
    def from_bytes(cls, data: bytes, *, learner: str) -> "Network":
        """Return what `to_bytes` wrote.

        Raises:
            DataError: damaged, another learner's, or safetensors is not installed.
        """
        needed(READING)
        from core.forecast.learners.tensors import unpacked

        weights, text = unpacked(data, learner)
        try:
            shape = Shape.model_validate_json(text)
        except ValidationError as error:
            raise DataError(f"{learner}: the stored model is damaged") from error
        if shape.learner != learner:
            raise DataError(f"{learner}: the stored model is of {shape.learner}")
        return cls(shape, weights)

    def predict(self, x: Matrix) -> Matrix:
        """Return rows, rounded to 1e-9."""
        own = lately(x, steps=self.shape.steps, n_features=self.shape.features)
        answers = np.empty(len(own))
        for start in range(0, len(own), CHUNK_ROWS):
            rows = slice(start, start + CHUNK_ROWS)
            answers[rows] = self._mean(own[rows])
        return np.round(answers, DECIMALS) + 0.0

    def reasons(self, x: Matrix) -> None:
        """Return None: a network's parts do not add up."""

    def to_bytes(self) -> bytes:
        """Return safetensors with the shape in the header; DataError if it is not installed."""
        needed(READING)
        from core.forecast.learners.tensors import packed

        return packed(self.weights, self.shape.canonical_json())

    def _mean(self, x: Matrix) -> Matrix:
        answer = {"dense": dense, "recurrent": recurrent}[self.shape.kind]
        total = np.zeros(len(x))
        for member in range(self.shape.members):
            own = {name: weight[member].astype(np.float64) for name, weight in self.weights.items()}
            total += answer(own, x)
        return total / self.shape.members


def dense(weights: dict[str, Matrix], x: Matrix) -> Matrix:
    """Return rows: layers of max(0, .) on the last step, then a linear head."""
    own = x[:, -1]
    n_layers = sum(name.startswith("layer_") for name in weights) // 2
    for number in range(n_layers):
        inner = own @ weights[f"layer_{number}.kernel"] + weights[f"layer_{number}.bias"]
        own = np.maximum(inner, 0.0)
    return _headed(weights, own)


def recurrent(weights: dict[str, Matrix], x: Matrix) -> Matrix:
    """Return rows: a long short-term memory over the steps, then a linear head.

    Hochreiter and Schmidhuber (1997), with the forget gate of Gers and others (2000).
    """
    inputs = np.hstack([weights[f"cell.i{gate}.kernel"] for gate in GATES])
    states = np.hstack([weights[f"cell.h{gate}.kernel"] for gate in GATES])
    bias = np.hstack([weights[f"cell.h{gate}.bias"] for gate in GATES])
    width = len(states)
    cell = state = np.zeros((len(x), width))
    for step in range(x.shape[1]):
        gates = x[:, step] @ inputs + state @ states + bias
        entry, forget, fresh, out = np.split(gates, len(GATES), axis=1)
        cell = _logistic(forget) * cell + _logistic(entry) * np.tanh(fresh)
        state = _logistic(out) * np.tanh(cell)
    return _headed(weights, state)


def _headed(weights: dict[str, Matrix], inner: Matrix) -> Matrix:
    return (inner @ weights["head.kernel"] + weights["head.bias"])[:, 0]


def _logistic(values: Matrix) -> Matrix:
    return 0.5 * (1.0 + np.tanh(0.5 * values))
