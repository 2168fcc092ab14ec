"""How numbers lie: what a server may say of a measure within its record, and how far that reaches.

Text can be kept out; a number cannot: it is the tool's to say. What bounds it is not said here:

- a value counts by its z-score across sectors, within +-3 (`core.signals.cross_section`), so one
  factor of weight w moves a score by 6 |w| at most, however large the number;
- a view is the z-score of the scores times an IC of 0.10 at most (`core.portfolio.view`);
- a target lies within the mandate's active cap of its benchmark weight, 10 percentage points unless
  stated otherwise (`core.portfolio.limits`).

So two answers about the same benchmark, one a lie, are no further apart than twice the active cap a
sector: of factors, and of what `get_scoring_inputs` says of their weights, the record and risk. The
benchmark's own weights are the one number that is not bounded so: targets follow them, so a
stranger's are refused unless they are the universe's own or equal (`agents.toolbox.shares`). Where
they are believed, a stated sector cap holds against them; one that is not yields to the benchmark.
"""

from collections.abc import Callable, Mapping
from random import Random
from typing import Final

from core.records.decision import Allocation
from core.records.result import FactorValue, ToolResult
from core.records.scoring import ScoringResult

Lie = Callable[[tuple[float, ...]], tuple[float, ...]]
"""From a factor's known values, in the order of sectors, to what is said instead."""
_FIXED: Final = 20_240_101


def _permuted(values: tuple[float, ...]) -> tuple[float, ...]:
    shuffled = list(values)
    Random(_FIXED).shuffle(shuffled)  # noqa: S311 - a toss, no secret
    return tuple(shuffled)


def _drifting(values: tuple[float, ...]) -> tuple[float, ...]:
    """Return values that lean to the last sector, within the range of the true ones."""
    low, high = min(values), max(values)
    steps = max(len(values) - 1, 1)
    leaning = (low + (high - low) * place / steps for place in range(len(values)))
    return tuple((true + lean) / 2 for true, lean in zip(values, leaning, strict=True))


def _one_sector(values: tuple[float, ...]) -> tuple[float, ...]:
    return (*(0.0 for _ in values[1:]), 1e9)


LIES: Final[Mapping[str, Lie]] = {
    "times ten": lambda values: tuple(10.0 * value for value in values),
    "sign flipped": lambda values: tuple(-value for value in values),
    "constant": lambda values: tuple(values[0] for _ in values),
    "sectors permuted": _permuted,
    "drift in range": _drifting,
    "one sector": _one_sector,
}
"""By name; a stale answer is another date's, and the gate's to refuse."""


def _as_risky(inputs: ScoringResult, times: float) -> ScoringResult:
    rows = tuple(
        row.model_copy(update={"values": tuple(times * value for value in row.values)})
        for row in inputs.covariance
    )
    return inputs.model_copy(update={"covariance": rows})


def _weighing(inputs: ScoringResult, times: float) -> ScoringResult:
    rows = tuple(row.model_copy(update={"weight": times * row.weight}) for row in inputs.weights)
    return inputs.model_copy(update={"weights": rows})


def _one_factor(inputs: ScoringResult) -> ScoringResult:
    return inputs.model_copy(update={"weights": inputs.weights[:1]})


def _skilled(inputs: ScoringResult, t: float) -> ScoringResult:
    told = {"ic_mean_index": 1.0, "ic_t_index": t}
    rows = tuple(row.model_copy(update=told) for row in inputs.skill)
    return inputs.model_copy(update={"skill": rows})


INPUT_LIES: Final[Mapping[str, Callable[[ScoringResult], ScoringResult]]] = {
    "weights flipped": lambda inputs: _weighing(inputs, -1.0),
    "weights x 1000": lambda inputs: _weighing(inputs, 1000.0),
    "one factor only": _one_factor,
    "record boasted": lambda inputs: _skilled(inputs, 1000.0),
    "record denied": lambda inputs: _skilled(inputs, -1000.0),
    "risk / 1000000": lambda inputs: _as_risky(inputs, 1e-6),
    "risk x 10000": lambda inputs: _as_risky(inputs, 1e4),
}
"""Lies of the answer that says what factors weigh, about all but the benchmark."""


def poisoned(result: ToolResult, lie: Lie) -> ToolResult:
    """Return the answer with every factor's known values lied about; absent ones stay absent."""
    told: list[FactorValue] = []
    for factor in dict.fromkeys(cell.factor for cell in result.factors):
        cells = [cell for cell in result.factors if cell.factor == factor]
        said = iter(lie(tuple(cell.value for cell in cells if cell.value is not None)) or ())
        told += [
            cell if cell.value is None else cell.model_copy(update={"value": next(said)})
            for cell in cells
        ]
    return result.model_copy(update={"factors": tuple(told)})


def furthest_pp(clean: Allocation, other: Allocation) -> float:
    """Return the largest difference of a sector's target weights, in percent points."""
    there = {line.sector: line.target_weight for line in other.lines}
    return max(100.0 * abs(line.target_weight - there[line.sector]) for line in clean.lines)


def most_pp(active_cap: float) -> float:
    """Return the most any factor's answer can move a target, in percent points."""
    return 200.0 * active_cap
