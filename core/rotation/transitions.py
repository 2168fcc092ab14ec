"""Decides what a universe's past rotations were: moves between quadrants, dwell, direction, loops.

It counts; it does not forecast, and a probability always stands beside its count.
"""

from dataclasses import dataclass
from itertools import groupby, takewhile
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.rotation.quadrants import MISSING, QUADRANTS, quadrant_codes
from core.rotation.rrg import RotationFrames

N_QUADRANTS = len(QUADRANTS)
LEADING, WEAKENING, LAGGING, IMPROVING = range(N_QUADRANTS)
RIGHT = (LEADING, WEAKENING)
"""Quadrants with RS-Ratio at or above 100."""

RIGHT_LOOP = (LEADING, WEAKENING, LEADING)
LEFT_LOOP = (LAGGING, IMPROVING, LAGGING)
FULL_LOOP = (LEADING, WEAKENING, LAGGING, IMPROVING, LEADING)


@dataclass(frozen=True, slots=True)
class TransitionTable:
    """The moves of a universe's sectors at one frequency; rows are where a bar was.

    counts: quadrant x quadrant of the next bar, moves seen; the diagonal is staying.
    probabilities: counts over their row's sum, NaN for a quadrant never left nor stayed in.
    dwell: quadrant x (spells_count, mean_bars, median_bars, longest_bars) of spells whose first
        and last bar were both seen; NaN bars where there was no such spell.
    changes_count: moves to another quadrant.
    clockwise_fraction: share of them to the next quadrant clockwise, None without a change.
    loops: sector x (full_count, right_count, left_count, side, side_bars, side_turns). A full loop
        goes through all four quadrants clockwise from LEADING back to LEADING; a one-sided one goes
        LEADING, WEAKENING, LEADING (right) or LAGGING, IMPROVING, LAGGING (left) without crossing
        RS-Ratio 100. `side` is where the last bar is (NaN without one), `side_bars` for how many
        bars, `side_turns` how often RS-Momentum crossed 100 since: from 2 on, it turns one-sided.
    """

    counts: pd.DataFrame
    probabilities: pd.DataFrame
    dwell: pd.DataFrame
    changes_count: int
    clockwise_fraction: float | None
    loops: pd.DataFrame


Path = list[tuple[int, int]]
"""Spells of one sector without a break: (quadrant code, bars), ascending in time."""


def transitions(frames: RotationFrames) -> TransitionTable:
    """Return the table of every bar-to-bar move of every sector, pooled over sectors.

    Bars without a quadrant break a path: no move into or out of them is counted.
    """
    codes = quadrant_codes(frames)
    paths = [spell_paths(column) for column in codes.T]
    counts = _counts(codes)
    n_moves = counts.sum(axis=1, keepdims=True)
    changes = int(counts.sum() - np.trace(counts))
    clockwise = int(np.trace(np.roll(counts, -1, axis=1)))
    shares = np.divide(counts, n_moves, out=np.full(counts.shape, np.nan), where=n_moves > 0)
    return TransitionTable(
        counts=pd.DataFrame(counts, index=QUADRANTS, columns=QUADRANTS),
        probabilities=pd.DataFrame(shares, index=QUADRANTS, columns=QUADRANTS),
        dwell=_dwell(paths),
        changes_count=changes,
        clockwise_fraction=clockwise / changes if changes else None,
        loops=_loops(paths, frames.rs_ratio.columns),
    )


def spell_paths(codes: NDArray[np.int8]) -> list[Path]:
    """Return a sector's unbroken paths; the last is the running one, empty without a last bar."""
    paths: list[Path] = [[]]
    for code, bars in groupby(codes.tolist()):
        if code != MISSING:
            paths[-1].append((code, len(list(bars))))
        elif paths[-1]:
            paths.append([])
    return paths


def _counts(codes: NDArray[np.int8]) -> NDArray[np.int64]:
    before, after = codes[:-1].astype(np.int64), codes[1:].astype(np.int64)
    known = (before != MISSING) & (after != MISSING)
    moves = before[known] * N_QUADRANTS + after[known]
    return np.bincount(moves, minlength=N_QUADRANTS**2).reshape(N_QUADRANTS, N_QUADRANTS)


def _dwell(paths: list[list[Path]]) -> pd.DataFrame:
    """Return the lengths of spells between two others: a path's first and last may be cut."""
    inner = [spell for found in paths for path in found for spell in path[1:-1]]
    lengths = [np.array([n for at, n in inner if at == code]) for code in range(N_QUADRANTS)]
    columns = {
        "spells_count": [len(bars) for bars in lengths],
        "mean_bars": [float(bars.mean()) if len(bars) else np.nan for bars in lengths],
        "median_bars": [float(np.median(bars)) if len(bars) else np.nan for bars in lengths],
        "longest_bars": [float(bars.max()) if len(bars) else np.nan for bars in lengths],
    }
    return pd.DataFrame(columns, index=QUADRANTS)


def _loops(paths: list[list[Path]], sectors: pd.Index) -> pd.DataFrame:
    running = [found[-1] for found in paths]
    same_side = [_same_side(path) for path in running]
    columns = {
        "full_count": [_occurrences(found, FULL_LOOP) for found in paths],
        "right_count": [_occurrences(found, RIGHT_LOOP) for found in paths],
        "left_count": [_occurrences(found, LEFT_LOOP) for found in paths],
        "side": [_side(path[-1][0]) if path else None for path in running],
        "side_bars": [sum(n_bars for _, n_bars in spells) for spells in same_side],
        "side_turns": [max(0, len(spells) - 1) for spells in same_side],
    }
    return pd.DataFrame(columns, index=sectors).astype({"side": "str"})


def _side(code: int) -> Literal["right", "left"]:
    return "right" if code in RIGHT else "left"


def _same_side(path: Path) -> Path:
    """Return the path's last spells that share its last side, latest first."""
    return list(takewhile(lambda spell: _side(spell[0]) == _side(path[-1][0]), reversed(path)))


def _occurrences(paths: list[Path], loop: tuple[int, ...]) -> int:
    """Return how often the quadrants of `loop` follow each other; ends may be shared."""
    visited = [tuple(code for code, _ in path) for path in paths]
    return sum(
        codes[start : start + len(loop)] == loop for codes in visited for start in range(len(codes))
    )
