"""Whether prose agrees with the allocation: stances and weights as decided, no favour beside it."""

from collections.abc import Iterator

from core.records.decision import Allocation, AllocationLine
from core.records.evidence import Fact
from evals.records import Ran
from evals.scorers.checks import Check, reported
from evals.scorers.told import Told, literal, phrases, sentences, stem

TOLERANCE = 1e-9
"""Of a weight, a fraction."""
FAVOURS = phrases(
    "favou?red", "favou?rs?", "prefer(?:red)?", "attractive", "add to", "should be bought",
    "top pick", "increase the weight", "deserves more", "ưu tiên", "hấp dẫn",
    "nên tăng", "nên mua", "đáng mua",
)  # fmt: skip
DISFAVOURS = phrases(
    "avoid(?:ed)?",
    "unattractive",
    "should be (?:sold|cut)",
    "reduce the weight",
    "deserves less",
    "nên tránh",
    "nên giảm",
    "nên bán",
    "kém hấp dẫn",
)
OVER = ("overweight", "tăng tỷ trọng")
UNDER = ("underweight", "giảm tỷ trọng")
WEIGHTS = ("target_weight", "benchmark_weight", "held_weight")


def checks(ran: Ran) -> Iterator[Check]:
    """Yield whether stances and weights told are the allocation's, and stances their weights'."""
    for judged in reported(ran):
        for allocation in judged.report.allocations:
            for line in allocation.lines:
                yield Check(_consistent(line), judged.said(f"{line.sector} is {line.stance}"))
    for told in sentences(ran):
        lines = _lines(told.judged.report.allocations, told.sentence.universe)
        for fact in told.cited:
            if fact.formula == "allocation" and fact.subject in lines:
                yield from _as_decided(told, fact, lines[fact.subject])
        yield from _worded(told, lines.get(told.sentence.entity))


def _lines(allocations: tuple[Allocation, ...], universe: str) -> dict[str, AllocationLine]:
    own = (row for row in allocations if row.universe == universe)
    return {line.sector: line for row in own for line in row.lines}


def _consistent(line: AllocationLine) -> bool:
    """Tell whether the stance is the side of the benchmark weight the target lies on.

    What is excluded weighs nothing, what is not weighted no more than its benchmark or is held.
    """
    active = line.target_weight - line.benchmark_weight
    if line.stance == "overweight":
        return active > TOLERANCE
    if line.stance == "underweight":
        return active < -TOLERANCE
    if line.stance == "excluded":
        return line.target_weight <= TOLERANCE
    kept = max(line.benchmark_weight, line.held_weight or 0.0)
    return line.stance == "neutral" or line.target_weight <= kept + TOLERANCE


def _as_decided(told: Told, fact: Fact, line: AllocationLine) -> Iterator[Check]:
    if stem(fact) == "stance":
        yield told.check(fact.label == line.stance, f"{fact.label} of {line.stance}")
    elif fact.measure in WEIGHTS and fact.value is not None:
        decided = getattr(line, fact.measure)
        right = decided is not None and abs(decided - fact.value) <= TOLERANCE
        yield told.check(right, f"{fact.measure} {fact.value} of {decided}")


def _worded(told: Told, line: AllocationLine | None) -> Iterator[Check]:
    """Yield whether words for or against a sector, bound or not, are on its stance's side."""
    if line is None:
        return
    words = literal(told.sentence)
    unbound = words.casefold()
    for_it = FAVOURS.search(words) is not None or any(word in unbound for word in OVER)
    against = DISFAVOURS.search(words) is not None or any(word in unbound for word in UNDER)
    if for_it:
        yield told.check(line.stance == "overweight", f"favour for {line.sector}, {line.stance}")
    if against:
        yield told.check(line.stance != "overweight", f"disfavour for {line.sector}, {line.stance}")
