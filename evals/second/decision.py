"""Whether the decision is arithmetic: scores are sums, weights add up, ranks and stances follow."""

from collections.abc import Iterator
from typing import Final

from evals.second.faults import Fault
from evals.second.reading import Object
from evals.second.report import items, number_of, text_of

_NEAR: Final = 1e-6
_EXACT: Final = 1e-9
_STANCES: Final = {1: "overweight", 0: "neutral", -1: "underweight"}
_SILENT: Final = frozenset({"excluded", "not_weighted"})


def score_faults(card: Object) -> Iterator[Fault]:
    """Yield where scores are not the sums of their contributions, or ranks not their order."""
    rows = items(card, "sectors")
    for row in rows:
        parts = items(row, "contributions")
        for each in parts:
            made = (number_of(each, "weight") or 0.0) * (number_of(each, "z") or 0.0)
            if abs(made - (number_of(each, "contribution") or 0.0)) > _NEAR:
                yield Fault(f"{text_of(row, 'sector')}: {text_of(each, 'factor')} is not w * z")
        total = sum(number_of(each, "contribution") or 0.0 for each in parts)
        score = number_of(row, "score")
        if score is not None and abs(total - score) > _NEAR:
            yield Fault(f"{text_of(row, 'sector')}: the score is not the sum of its parts")
    scored = [row for row in rows if number_of(row, "rank") is not None]
    due = sorted(
        scored, key=lambda row: (-(number_of(row, "score") or 0.0), text_of(row, "sector"))
    )
    if [number_of(row, "rank") for row in due] != [float(at + 1) for at in range(len(due))]:
        yield Fault("the ranks are not the order of the scores")


def weight_faults(allocation: Object) -> Iterator[Fault]:
    """Yield where weights do not add up, are no whole tenths, or a stance is not their sign."""
    lines = items(allocation, "lines")
    targets = [number_of(line, "target_weight") or 0.0 for line in lines]
    rest = [number_of(allocation, name) or 0.0 for name in ("cash_target_weight", "outside_weight")]
    if lines and abs(sum(targets) + sum(rest) - 1.0) > _EXACT:
        yield Fault(f"target weights sum to {sum(targets) + sum(rest):.6f}")
    marks = [number_of(line, "benchmark_weight") or 0.0 for line in lines]
    if lines and abs(sum(marks) - 1.0) > _EXACT:
        yield Fault(f"benchmark weights sum to {sum(marks):.6f}")
    for line, target, mark in zip(lines, targets, marks, strict=True):
        sector, stance = text_of(line, "sector"), text_of(line, "stance")
        active = round((target - mark) / _EXACT)
        sign = (active > 0) - (active < 0)
        if stance not in _SILENT and stance != _STANCES[sign]:
            yield Fault(f"{sector} is {stance} at {target:.3f} against {mark:.3f}")
        if not (0.0 <= target <= 1.0 and 0.0 <= mark <= 1.0):
            yield Fault(f"{sector} has a weight outside 0 to 1")
    for each in items(allocation, "limits"):
        got = number_of(each, "got")
        at = next((line for line in lines if line.get("sector") == each.get("sector")), None)
        if (
            at is not None
            and got is not None
            and abs(got - (number_of(at, "target_weight") or 0.0)) > _NEAR
        ):
            yield Fault(f"a limit says {text_of(each, 'sector')} got {got}")
