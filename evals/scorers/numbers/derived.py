"""Whether what is computed from facts is right: differences, ranks, weights that sum to one."""

from collections.abc import Iterator

from core.records.decision import Allocation, Scorecard
from core.records.evidence import Fact
from core.records.report import Report
from evals.records import Ran
from evals.scorers.checks import Check, reported
from evals.scorers.told import facts_of

TOLERANCE = 1e-9
"""Of a fraction, a percentage point and a score."""


def checks(ran: Ran) -> Iterator[Check]:
    """Yield a check for every derived fact, every rank and every allocation."""
    for judged in reported(ran):
        for check in _of(judged.report):
            yield Check(check.right, judged.said(check.what))


def _of(report: Report) -> Iterator[Check]:
    facts = facts_of(report)
    for fact in report.facts:
        if fact.pointer is None and fact.formula is not None:
            yield Check(_recomputed(fact, facts), f"{fact.id} is not {fact.formula} of its facts")
    for card in report.scorecards:
        yield from _ranks(card)
    for allocation in report.allocations:
        yield _whole(allocation)


def _recomputed(fact: Fact, facts: dict[str, Fact]) -> bool:
    """Tell whether a difference is what its two fractions give, in percentage points."""
    values = [facts[name].value for name in fact.of if name in facts]
    if fact.formula != "difference" or fact.value is None or len(values) != 2:
        return False
    minuend, subtrahend = values
    if minuend is None or subtrahend is None:
        return False
    return abs(100.0 * minuend - 100.0 * subtrahend - fact.value) <= TOLERANCE * 100.0


def _ranks(card: Scorecard) -> Iterator[Check]:
    """Yield whether a better score never has a worse rank."""
    ranked = [row for row in card.sectors if row.rank is not None and row.score is not None]
    scores = [row.score for row in ranked if row.score is not None]
    for row, score in zip(ranked, scores, strict=True):
        better = sum(other > score + TOLERANCE for other in scores)
        ties = sum(abs(other - score) <= TOLERANCE for other in scores)
        right = better < (row.rank or 0) <= better + ties
        yield Check(right, f"{card.universe} {row.sector} has rank {row.rank}, {better} are better")


def _whole(allocation: Allocation) -> Check:
    parts = [line.target_weight for line in allocation.lines]
    total = sum(parts) + allocation.cash_target_weight + allocation.outside_weight
    right = abs(total - 1.0) <= TOLERANCE * len(parts)
    return Check(right, f"weights of {allocation.universe} sum to {total:.6f}")
