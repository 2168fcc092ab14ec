"""Decides which calls of an allocation are told first, and which of them the score backs.

It makes no call: weights and scores are as they were decided.
"""

from collections.abc import Collection, Iterable, Mapping

from core.records.decision import AllocationLine, Scorecard, Stance

DECIMALS = 9
"""Weights are whole tenths of a percent: their differences are told apart at far fewer."""


def active_weight(line: AllocationLine) -> float:
    """Return target minus benchmark weight, a fraction."""
    return round(line.target_weight - line.benchmark_weight, DECIMALS)


def departures(lines: Iterable[AllocationLine]) -> dict[str, float]:
    """Return the active weights, other than zero, of the sectors that were weighed."""
    weighed = (line for line in lines if line.stance != "not_weighted")
    return {line.sector: active_weight(line) for line in weighed if active_weight(line)}


def scores_of(card: Scorecard | None) -> dict[str, float]:
    """Return the scores of the sectors that have one."""
    rows = () if card is None else card.sectors
    return {row.sector: row.score for row in rows if row.score is not None}


def in_order(moves: Mapping[str, float], scores: Mapping[str, float]) -> tuple[str, ...]:
    """Return sectors, the largest move first; of equal ones that its score argues for most.

    Args:
        moves: by sector, fractions: from the benchmark, or of a trade.
        scores: of the sectors that have one; those without come last among equals, then by id.
    """
    return tuple(sorted(moves, key=lambda sector: _place(sector, moves[sector], scores)))


def backs(score: float | None, move: float) -> bool:
    """Tell whether a score argues for a move: a positive one for more, a negative one for less."""
    return score is not None and score * move > 0.0


def first_backed(
    moves: Mapping[str, float], scores: Mapping[str, float], among: Collection[str]
) -> str | None:
    """Return the first of some sectors that its score backs; where none is, the first of them."""
    told = [sector for sector in in_order(moves, scores) if sector in among]
    backed = (sector for sector in told if backs(scores.get(sector), moves[sector]))
    return next(backed, told[0] if told else None)


def top_call(
    lines: Iterable[AllocationLine], scores: Mapping[str, float], stance: Stance
) -> str | None:
    """Return the sector that is told first of a stance; None where nobody has it."""
    lines = tuple(lines)
    among = {line.sector for line in lines if line.stance == stance}
    return first_backed(departures(lines), scores, among)


def _place(sector: str, move: float, scores: Mapping[str, float]) -> tuple[float, bool, float, str]:
    score = scores.get(sector)
    argued = 0.0 if score is None else score if move > 0.0 else -score
    return -round(abs(move), DECIMALS), score is None, -argued, sector
