"""Decides in which sectors an answer differs from the one before: weights, ranks, scores.

What is compared is arithmetic's; where a question states limits and nothing came before, the same
evidence without them stands for the answer before.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from app.chat.records import Difference
from core.records.decision import Allocation, Scorecard, SectorScore
from core.records.report import Report

SAME: Final = 5e-10
"""Weights and scores that lie no farther apart are equal: they are kept to 1e-9."""


@dataclass(frozen=True, slots=True)
class _Side:
    """One answer about one universe, by sector."""

    weights: Mapping[str, float]
    scores: Mapping[str, SectorScore]


def differences(before: Report | None, after: Report) -> tuple[Difference, ...]:
    """Return the sectors that differ, the largest change of weight first.

    Universes only one of the answers is about are left out.
    """
    rows: list[Difference] = []
    for universe in after.request.universes:
        new = _side(after.allocations, after.scorecards, universe)
        old = None if before is None else _side(before.allocations, before.scorecards, universe)
        old = old or _side(after.before, after.scorecards, universe)
        if new is not None and old is not None:
            rows += _rows(universe, old, new)
    return tuple(rows)


def _side(
    allocations: tuple[Allocation, ...], cards: tuple[Scorecard, ...], universe: str
) -> _Side | None:
    lines = [line for row in allocations if row.universe == universe for line in row.lines]
    scores = [row for card in cards if card.universe == universe for row in card.sectors]
    if not lines:
        return None
    return _Side(
        {line.sector: line.target_weight for line in lines}, {row.sector: row for row in scores}
    )


def _rows(universe: str, old: _Side, new: _Side) -> list[Difference]:
    sectors = dict.fromkeys([*new.weights, *new.scores, *old.weights, *old.scores])
    rows = [_row(universe, sector, old, new) for sector in sectors]
    found = [row for row in rows if _differs(row)]
    return sorted(found, key=lambda row: (-_moved(row), row.sector))


def _row(universe: str, sector: str, old: _Side, new: _Side) -> Difference:
    was, now = old.scores.get(sector), new.scores.get(sector)
    return Difference(
        universe=universe,
        sector=sector,
        before_weight=old.weights.get(sector),
        after_weight=new.weights.get(sector),
        before_rank=was.rank if was else None,
        after_rank=now.rank if now else None,
        before_score=was.score if was else None,
        after_score=now.score if now else None,
    )


def _differs(row: Difference) -> bool:
    return (
        row.before_rank != row.after_rank
        or _apart(row.before_weight, row.after_weight)
        or _apart(row.before_score, row.after_score)
    )


def _apart(before: float | None, after: float | None) -> bool:
    if before is None or after is None:
        return before is not after
    return abs(after - before) > SAME


def _moved(row: Difference) -> float:
    return round(abs((row.after_weight or 0.0) - (row.before_weight or 0.0)), 9)
