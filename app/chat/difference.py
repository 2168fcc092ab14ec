"""Decides in which sectors an answer differs from the one before: weights, ranks, scores.

What is compared is arithmetic's, and of the same day; where a question states limits and nothing
of that day came before, the same evidence without them stands for the answer before.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from app.chat.records import Base, Difference
from core.records.decision import Allocation, Scorecard, SectorScore
from core.records.report import Report

SAME: Final = 5e-10
"""Weights and scores that lie no farther apart are equal: they are kept to 1e-9."""


@dataclass(frozen=True, slots=True)
class _Side:
    """One answer about one universe, by sector."""

    as_of: date
    weights: Mapping[str, float]
    scores: Mapping[str, SectorScore]


@dataclass(frozen=True, slots=True)
class Compared:
    """The sectors that differ, universe by universe, and what all of them are compared with."""

    base: Base
    rows: tuple[Difference, ...]


def compared(before: Report | None, after: Report) -> Compared:
    """Return the sectors that differ, the largest change of weight first.

    Universes that the other side is not about, or is about as of another day, are left out.
    """
    new = _sides(after.allocations, after.scorecards)
    old = {} if before is None else _sides(before.allocations, before.scorecards)
    if _shared(old, new):
        return Compared("before", _all_rows(old, new))
    return Compared("no_limits", _all_rows(_sides(after.before, after.scorecards), new))


def _sides(
    allocations: tuple[Allocation, ...], cards: tuple[Scorecard, ...]
) -> Mapping[str, _Side]:
    scores = {card.universe: {row.sector: row for row in card.sectors} for card in cards}
    return {
        row.universe: _Side(
            row.as_of,
            {line.sector: line.target_weight for line in row.lines},
            scores.get(row.universe, {}),
        )
        for row in allocations
        if row.lines
    }


def _shared(old: Mapping[str, _Side], new: Mapping[str, _Side]) -> list[str]:
    return [name for name in new if name in old and old[name].as_of == new[name].as_of]


def _all_rows(old: Mapping[str, _Side], new: Mapping[str, _Side]) -> tuple[Difference, ...]:
    return tuple(row for name in _shared(old, new) for row in _rows(name, old[name], new[name]))


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
