"""Decides what is not what it was since the predecessor, and how much of it each cause made.

It names every change and refuses to judge one; the causes are computed, never told
(`core.history.counterfactual`).
"""

from collections.abc import Iterator, Sequence
from typing import Final

from core.history.attribution import largest, shares, turns
from core.history.counterfactual import Step, same_rows, step_of, steps, without_data
from core.records.decision import Allocation, Stance
from core.records.history import (
    Answered,
    Cause,
    CauseShare,
    Change,
    ChangeKind,
    Changes,
    SectorPlace,
    Snapshot,
)
from core.records.result import GapReason
from core.records.sectors import Quadrant
from core.records.universe import Universe
from core.rotation.quadrants import QUADRANTS

KINDS: Final[tuple[ChangeKind, ...]] = (
    "weight", "cash", "stance", "rank", "weekly_quadrant", "daily_quadrant", "evidence",
)  # fmt: skip
"""The order of the rows: what is to be done, then what it rests on."""

WHOLE: Final = 1_000_000_000
"""Units of a weight: shares are summed in whole ones, so that none is lost."""

CAUSE_OF_GAP: Final[dict[GapReason, Cause]] = {"model_not_fitted": "model", "stale": "calendar"}
"""Why an answer went; every other reason, and every answer that came back, is the data's."""

OPPOSITE, ADJACENT = 2.0, 1.0
"""Size of a quadrant's change, in quarters of the circle."""


def changes(before: Snapshot, after: Snapshot, universe: Universe) -> Changes:
    """Return every changed rank, quadrant, weight, stance and answer with its causes.

    The shares of a rank or a weight are what each exchange of inputs moved it by, after less
    before, and sum to the change: places, where a fall is positive, and fractions. What is no
    number (a stance, a quadrant, a rank gained or lost) lists the exchanges it turned at, amount 0;
    its cause is the last of them. A quadrant that turned on the same closes is the calendar's.

    Rows are ordered by kind, then largest first, then by sector id. Calls only one of the two
    planned are not compared: they are other questions, not answers that came or went.

    Raises:
        ValueError: they are of two universes, or of two horizons.
    """
    pair = (before.universe, before.horizon)
    if pair != (after.universe, after.horizon) or universe.id != after.universe:
        raise ValueError(
            f"cannot compare {pair} with {(after.universe, after.horizon)} in {universe.id}"
        )
    path = steps(before, after, universe)
    rows = [
        *_weights(path),
        *_cash(path, universe.id),
        *_stances(path),
        *_ranks(path),
        *_quadrants(before, after),
        *_evidence(before, after),
    ]
    return Changes(
        universe=after.universe,
        as_of=after.as_of,
        since=before.as_of,
        horizon=after.horizon,
        predecessor_sha256=before.report_sha256,
        rows=tuple(sorted(rows, key=_order)),
        same_count=_same_count(before, after),
    )


def _order(row: Change) -> tuple[int, float, str]:
    return KINDS.index(row.kind), -_size(row), row.subject


def _size(row: Change) -> float:
    """Return how much changed, in the kind's own unit; a rank gained or lost before all moved."""
    if row.kind in {"weight", "cash"}:
        return abs((row.after_weight or 0.0) - (row.before_weight or 0.0))
    if row.kind == "rank":
        known = row.before_rank is not None and row.after_rank is not None
        return abs((row.after_rank or 0) - (row.before_rank or 0)) if known else float("inf")
    first, second = row.before_quadrant, row.after_quadrant
    if first is None or second is None:
        return 0.0
    apart = abs(QUADRANTS.index(first) - QUADRANTS.index(second))
    return OPPOSITE if apart == 2 else ADJACENT


def _weights(path: Sequence[Step]) -> Iterator[Change]:
    tables = [None if step.allocation is None else _units(step.allocation) for step in path]
    first, last = tables[0] or {}, tables[-1] or {}
    for sector in sorted({*first, *last}):
        values = [None if table is None else table.get(sector, 0) for table in tables]
        yield from _moved("weight", sector, path, values)


def _cash(path: Sequence[Step], universe: str) -> Iterator[Change]:
    values = [
        None if step.allocation is None else round(WHOLE * step.allocation.cash_target_weight)
        for step in path
    ]
    yield from _moved("cash", universe, path, values)


def _units(allocation: Allocation) -> dict[str, int]:
    return {line.sector: round(WHOLE * line.target_weight) for line in allocation.lines}


def _moved(
    kind: ChangeKind, subject: str, path: Sequence[Step], values: list[int | None]
) -> Iterator[Change]:
    """Yield the change of a weight that moved, in units by step; None where it is not known."""
    first, last = values[0] or 0, values[-1] or 0
    if first == last:
        return
    causes = shares(path, values, unit=WHOLE)
    yield Change(
        kind=kind,
        subject=subject,
        before_weight=first / WHOLE,
        after_weight=last / WHOLE,
        cause=largest(causes),
        causes=causes,
    )


def _ranks(path: Sequence[Step]) -> Iterator[Change]:
    tables = [{row.sector: row.rank for row in step.card.sectors} for step in path]
    for sector in sorted({*tables[0], *tables[-1]}):
        values = [table.get(sector) for table in tables]
        first, last = values[0], values[-1]
        if first == last:
            continue
        if first is None or last is None:
            causes = turns(path, [value is None for value in values])
            cause = causes[-1].cause
        else:
            causes = shares(path, values, unit=1)
            cause = largest(causes)
        yield Change(
            kind="rank",
            subject=sector,
            before_rank=first,
            after_rank=last,
            cause=cause,
            causes=causes,
        )


def _stances(path: Sequence[Step]) -> Iterator[Change]:
    tables: list[dict[str, Stance]] = []
    for step in path:
        lines = () if step.allocation is None else step.allocation.lines
        tables.append({line.sector: line.stance for line in lines} or tables[-1])
    for sector in sorted({*tables[0], *tables[-1]}):
        values = [table.get(sector) for table in tables]
        if values[0] != values[-1]:
            causes = turns(path, values)
            yield Change(
                kind="stance",
                subject=sector,
                before_stance=values[0],
                after_stance=values[-1],
                cause=causes[-1].cause,
                causes=causes,
            )


def _quadrants(before: Snapshot, after: Snapshot) -> Iterator[Change]:
    cause = _cause_of_quadrants(before, after)
    share = (CauseShare(cause=cause, amount=0.0),)
    for sector, (first, second) in _places(before, after).items():
        seen: tuple[tuple[ChangeKind, Quadrant | None, Quadrant | None], ...] = (
            ("weekly_quadrant", first.weekly, second.weekly),
            ("daily_quadrant", first.daily, second.daily),
        )
        for kind, was, now in seen:
            if was != now:
                yield Change(
                    kind=kind,
                    subject=sector,
                    before_quadrant=was,
                    after_quadrant=now,
                    cause=cause,
                    causes=share,
                )


def _cause_of_quadrants(before: Snapshot, after: Snapshot) -> Cause:
    if before.benchmark != after.benchmark:
        return "mandate"
    if same_rows(before, after, step_of(after, "get_sector_heatmap")):
        return without_data(before, after)
    return "data"


def _places(before: Snapshot, after: Snapshot) -> dict[str, tuple[SectorPlace, SectorPlace]]:
    """Return each sector's places; one the rotation did not have then was nowhere."""
    first = {place.sector: place for place in before.places}
    second = {place.sector: place for place in after.places}
    return {
        name: (first.get(name, _nowhere(name)), second.get(name, _nowhere(name)))
        for name in sorted({*first, *second})
    }


def _nowhere(sector: str) -> SectorPlace:
    return SectorPlace(
        sector=sector, weekly=None, weekly_period=None, provisional=False, daily=None
    )


def _evidence(before: Snapshot, after: Snapshot) -> Iterator[Change]:
    earlier: dict[str, Answered] = {row.step: row for row in before.answered}
    for row in after.answered:
        was = earlier.get(row.step)
        if was is None or (was.reason is None) == (row.reason is None):
            continue
        cause: Cause = CAUSE_OF_GAP.get(row.reason, "data") if row.reason else _brought(was)
        yield Change(
            kind="evidence",
            subject=row.step,
            before_reason=was.reason,
            after_reason=row.reason,
            cause=cause,
            causes=(CauseShare(cause=cause, amount=0.0),),
        )


def _brought(was: Answered) -> Cause:
    return "model" if was.reason == "model_not_fitted" else "data"


def _same_count(before: Snapshot, after: Snapshot) -> int:
    """Return how many ranks, quadrants and weights both have, and are the same."""
    pairs: list[tuple[object, object]] = []
    first = {row.sector: row.rank for row in before.card.sectors}
    pairs += [(first.get(row.sector), row.rank) for row in after.card.sectors]
    weights = _units(before.allocation)
    pairs += [(weights.get(name), value) for name, value in _units(after.allocation).items()]
    for was, now in _places(before, after).values():
        pairs += [(was.weekly, now.weekly), (was.daily, now.daily)]
    return sum(was is not None and was == now for was, now in pairs)
