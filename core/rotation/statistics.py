"""Decides what a universe's rotations are counted into: stays, moves, turns, warnings, outcomes.

It counts finished bars only and forecasts nothing; each share stands beside its count and interval.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.estimates import share
from core.records.rotation_statistics import (
    EarlyWarningRow,
    MoveRow,
    QuadrantRow,
    ReadingRow,
    SectorTurnRow,
    TurnRow,
)
from core.records.universe import Frequency, Universe
from core.rotation.bars import to_bars
from core.rotation.early_warnings import early_warnings
from core.rotation.outcomes import readings
from core.rotation.quadrants import DECIMALS, MISSING, QUADRANTS, quadrant_codes
from core.rotation.rrg import RotationFrames, relative_rotation
from core.rotation.sector_turns import sector_turns
from core.rotation.transitions import TransitionTable, transitions


@dataclass(frozen=True, slots=True)
class Statistics:
    """The counts of one universe at one frequency; `since` is the first bar with a quadrant."""

    since: date | None
    quadrants: tuple[QuadrantRow, ...]
    moves: tuple[MoveRow, ...]
    turns: tuple[TurnRow, ...]
    early_warnings: tuple[EarlyWarningRow, ...]
    readings: tuple[ReadingRow, ...]
    sectors: tuple[SectorTurnRow, ...]


EMPTY = Statistics(None, (), (), (), (), (), ())


def rotation_statistics(
    closes: pd.DataFrame,
    benchmark: pd.Series,
    *,
    frequency: Frequency,
    as_of: date,
    universe: Universe | None = None,
) -> Statistics:
    """Return the statistics of the sessions dated as_of or earlier.

    Args:
        closes: sessions x sectors, positive, NaN where unknown.
        benchmark: close by session, of the sectors' own dividend treatment.
        frequency: of the bars.
        as_of: later sessions are not seen.
        universe: whose calendar says when a week or month is over; None: weekdays.
    """
    bars = to_bars(closes, frequency, as_of=as_of, universe=universe)
    level = to_bars(benchmark.reindex(closes.index).to_frame(), frequency, as_of=as_of)
    reference = level.closes.iloc[:, 0]
    frames = relative_rotation(bars.closes, reference)
    return statistics(
        frames, bars.closes, reference, frequency=frequency, provisional=bars.provisional
    )


def statistics(
    frames: RotationFrames,
    closes: pd.DataFrame,
    benchmark: pd.Series,
    *,
    frequency: Frequency,
    provisional: bool = False,
) -> Statistics:
    """Return the counts over all bars; a running last bar enters only where a sector is now.

    Args:
        frames: bars x sectors, of `relative_rotation`.
        closes: the bars' closes, aligned with the frames.
        benchmark: close by bar.
        frequency: of the bars.
        provisional: the last bar's period still runs.
    """
    n_bars = len(closes) - int(provisional)
    done = RotationFrames(frames.rs_ratio.iloc[:n_bars], frames.rs_momentum.iloc[:n_bars])
    codes = quadrant_codes(done)
    placed = np.flatnonzero((codes != MISSING).any(axis=1))
    if len(placed) == 0:
        return EMPTY
    table = transitions(done)
    first: pd.Timestamp = closes.index[placed[0]]
    return Statistics(
        since=first.date(),
        quadrants=tuple(_quadrants(table, frequency)),
        moves=tuple(_moves(table, frequency)),
        turns=(_turns(table, frequency),),
        early_warnings=early_warnings(done, frequency=frequency),
        readings=readings(codes, closes.iloc[:n_bars], benchmark, frequency=frequency),
        sectors=sector_turns(frames, codes, frequency=frequency),
    )


def _quadrants(table: TransitionTable, frequency: Frequency) -> Iterator[QuadrantRow]:
    counts = table.counts.to_numpy()
    dwell = table.dwell.to_numpy(dtype=np.float64)
    for code, quadrant in enumerate(QUADRANTS):
        n_bars = int(counts[code].sum())
        left = share(n_bars - int(counts[code, code]), n_bars)
        seen, mean, median, longest = (float(value) for value in dwell[code])
        yield QuadrantRow(
            quadrant=quadrant,
            frequency=frequency,
            spells_count=int(seen),
            dwell_mean_index=round(mean, DECIMALS) if seen else None,
            dwell_median_index=median if seen else None,
            dwell_longest_count=int(longest) if seen else None,
            bars_count=n_bars,
            leave_fraction=left.fraction,
            leave_low_fraction=left.low,
            leave_high_fraction=left.high,
        )


def _moves(table: TransitionTable, frequency: Frequency) -> Iterator[MoveRow]:
    counts: NDArray[np.int64] = table.counts.to_numpy()
    for here, quadrant in enumerate(QUADRANTS):
        for there, next_quadrant in enumerate(QUADRANTS):
            found = share(int(counts[here, there]), int(counts[here].sum()))
            yield MoveRow(
                quadrant=quadrant,
                next_quadrant=next_quadrant,
                frequency=frequency,
                moves_count=found.hits,
                move_fraction=found.fraction,
                move_low_fraction=found.low,
                move_high_fraction=found.high,
            )


def _turns(table: TransitionTable, frequency: Frequency) -> TurnRow:
    counts = table.counts.to_numpy()
    found = share(int(np.trace(np.roll(counts, -1, axis=1))), table.changes_count)
    loops = table.loops[["full_count", "right_count", "left_count"]].sum()
    return TurnRow(
        frequency=frequency,
        changes_count=table.changes_count,
        clockwise_moves_count=found.hits,
        clockwise_fraction=found.fraction,
        clockwise_low_fraction=found.low,
        clockwise_high_fraction=found.high,
        full_loops_count=int(loops["full_count"]),
        right_loops_count=int(loops["right_count"]),
        left_loops_count=int(loops["left_count"]),
    )
