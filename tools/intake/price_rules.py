"""Decides what is suspicious in a price history: each rule compares a row with its neighbours.

Frames here are sorted by symbol and period, prices positive. The price compared is the adjusted one
where the source has it, since returns are made from it.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from tools.storage.findings import FindingKind

Array = NDArray[np.float64]
Mask = NDArray[np.bool_]

UNIT_STEPS = (np.log(100.0), np.log(1_000.0))
UNIT_TOLERANCE = np.log(1.3)
"""A step within 30 % of 100 or 1,000 times is a unit; no listed share moves so in a session."""

SPIKE_MOVE: dict[str, float] = {"VND": math.log(1.2)}
SPIKE_MOVE_ELSEWHERE = math.log(2.0)
"""Vietnamese exchanges allow 7, 10 or 15 % a session (20 to 40 % on a first day). Without limits a
true move of a third may come back (PCG, November 2018), so only halving or doubling counts."""
SPIKE_LEFT = 0.2
"""A spike has gone when what is left of the move after the next session is under a fifth."""

LIMIT_MOVE = 0.20
"""Beyond what any Vietnamese exchange allows outside listing days."""

SPLIT_MOVE = 0.40
SPLIT_RATIOS = np.log(np.array([2.0, 3.0, 4.0, 5.0, 7.0, 10.0, 15.0, 20.0, 25.0, 50.0]))
SPLIT_TOLERANCE = np.log(1.04)
"""A move above 40 % within 4 % of a usual split ratio, up or down."""

STALE_SESSIONS = 10
"""Two weeks at one price: longer than any suspension for news, shorter than a delisting."""

GAP_SESSIONS = 5
GAP_WEEKDAYS = 10
"""Sessions of the file's own calendar, or weekdays (Tet closes up to 7), missing in a row."""


@dataclass(frozen=True, slots=True)
class Marks:
    """Rows a rule marks, and the number that shows why, for each row."""

    kind: FindingKind
    mask: Mask
    values: Array


def wrong_unit(rows: pd.DataFrame, currency: str, *, daily: bool) -> Marks:
    """Mark the smaller part of a symbol's rows that lies 100 or 1,000 times off the larger."""
    moves = _log_moves(rows)
    steps = np.zeros(len(moves))
    for size in UNIT_STEPS:
        near = np.abs(np.abs(moves) - size) < UNIT_TOLERANCE
        steps[near] = np.sign(moves[near]) * size
    mask = np.zeros(len(rows), dtype=np.bool_)
    levels = np.zeros(len(rows))
    codes = _codes(rows)
    for code in np.unique(codes[steps != 0.0]):
        places = np.flatnonzero(codes == code)
        level = np.round(np.cumsum(steps[places]), 6)
        found, counts = np.unique(level, return_counts=True)
        levels[places] = np.exp(level - found[np.argmax(counts)])
        mask[places] = level != found[np.argmax(counts)]
    return Marks("wrong_unit", mask, levels)


def spike(rows: pd.DataFrame, currency: str, *, daily: bool) -> Marks:
    """Mark single rows off their level by more than a session's move, back at the next row."""
    into = _log_moves(rows)
    out = np.append(into[1:], np.nan)
    size = SPIKE_MOVE.get(currency, SPIKE_MOVE_ELSEWHERE)
    with np.errstate(invalid="ignore"):
        mask = (
            (np.abs(into) > size)
            & (np.abs(out) > size / 2)
            & (np.abs(into + out) < SPIKE_LEFT * np.abs(into))
        )
    return Marks("spike", mask, np.expm1(into))


def unadjusted_split(rows: pd.DataFrame, currency: str, *, daily: bool) -> Marks:
    """Mark jumps by a split's ratio that no split column explains."""
    moves = _log_moves(rows)
    with np.errstate(invalid="ignore"):
        large = np.abs(np.expm1(moves)) > SPLIT_MOVE
    mask = np.zeros(len(rows), dtype=np.bool_)
    near = np.abs(np.abs(moves[large])[:, None] - SPLIT_RATIOS[None, :]).min(axis=1)
    mask[large] = near < SPLIT_TOLERANCE
    told = rows["split"].to_numpy()
    mask &= ~(np.isfinite(told) & (told > 0.0) & (told != 1.0))
    return Marks("unadjusted_split", mask, np.expm1(moves))


def beyond_limit(rows: pd.DataFrame, currency: str, *, daily: bool) -> Marks:
    """Mark moves a Vietnamese exchange does not allow."""
    changes = np.expm1(_log_moves(rows))
    if currency != "VND" or not daily:
        return Marks("beyond_limit", np.zeros(len(rows), dtype=np.bool_), changes)
    with np.errstate(invalid="ignore"):
        return Marks("beyond_limit", np.abs(changes) > LIMIT_MOVE, changes)


def stale(rows: pd.DataFrame, currency: str, *, daily: bool) -> Marks:
    """Mark the first row of a run of unmoved prices, with the run's sessions."""
    published = rows["close"].fillna(rows["adj_close"]).to_numpy()
    same = np.zeros(len(rows), dtype=np.bool_)
    same[1:] = (published[1:] == published[:-1]) & _same_symbol(rows)[1:]
    starts = np.flatnonzero(~same)
    lengths = np.diff(np.append(starts, len(rows)))
    mask, values = np.zeros(len(rows), dtype=np.bool_), np.zeros(len(rows))
    mask[starts] = lengths >= STALE_SESSIONS
    values[starts] = lengths
    if not daily:
        mask[:] = False
    return Marks("stale", mask, values)


def gap(rows: pd.DataFrame, currency: str, *, daily: bool) -> Marks:
    """Mark rows before which sessions are missing, with their number."""
    days = rows["period"].to_numpy().astype("datetime64[D]")
    sessions = _sessions(rows, days)
    place = np.searchsorted(sessions, days)
    missing = np.zeros(len(rows))
    same = _same_symbol(rows)[1:]
    missing[1:] = np.where(same, np.diff(place) - 1, 0)
    mask = missing >= GAP_SESSIONS
    weekdays = np.zeros(len(rows))
    weekdays[1:] = np.where(
        same, np.busday_count(days[:-1], np.where(same, days[1:], days[:-1])), 0
    )
    mask |= weekdays > GAP_WEEKDAYS
    return Marks("gap", mask & daily, np.maximum(missing, weekdays - 1))


def zero_volume(rows: pd.DataFrame, currency: str, *, daily: bool) -> Marks:
    """Mark rows whose volume is told and zero."""
    volumes = rows["volume"].to_numpy()
    return Marks("zero_volume", volumes == 0.0, volumes)


def ohlc_order(rows: pd.DataFrame, currency: str, *, daily: bool) -> Marks:
    """Mark rows whose open or close lies outside low and high by more than rounding."""
    low, high = rows["low"].to_numpy(), rows["high"].to_numpy()
    slack = 1e-4 * np.abs(rows["close"].to_numpy())
    mask = np.zeros(len(rows), dtype=np.bool_)
    with np.errstate(invalid="ignore"):
        for name in ("open", "close"):
            inner = rows[name].to_numpy()
            mask |= (inner < low - slack) | (inner > high + slack)
    return Marks("ohlc_order", mask, rows["close"].to_numpy())


LEVEL_RULES: tuple[Callable[..., Marks], ...] = (wrong_unit, spike)
"""Rules that reject a row for its own price; they also tell which of two rows of a day is wrong."""

SEQUENCE_RULES: tuple[Callable[..., Marks], ...] = (
    *LEVEL_RULES,
    unadjusted_split,
    beyond_limit,
    stale,
    gap,
    zero_volume,
    ohlc_order,
)
"""Rejecting rules first, so that the marking ones compare sound rows."""


def _codes(rows: pd.DataFrame) -> NDArray[np.int64]:
    codes, _ = pd.factorize(rows["symbol"])
    return codes.astype(np.int64)


def _same_symbol(rows: pd.DataFrame) -> Mask:
    """Tell for each row whether the row before is of its symbol."""
    codes = _codes(rows)
    same = np.zeros(len(codes), dtype=np.bool_)
    same[1:] = codes[1:] == codes[:-1]
    return same


def _log_moves(rows: pd.DataFrame) -> Array:
    """Return log price over the row before of its symbol, NaN at a symbol's first row."""
    price = np.log(rows["adj_close"].fillna(rows["close"]).to_numpy())
    moves = np.full(len(price), np.nan)
    moves[1:] = np.diff(price)
    moves[~_same_symbol(rows)] = np.nan
    return moves


def _sessions(rows: pd.DataFrame, days: NDArray[np.datetime64]) -> NDArray[np.datetime64]:
    """Return days on which at least half of the then listed symbols have a row."""
    codes = _codes(rows)
    found, counts = np.unique(days, return_counts=True)
    first = np.sort(pd.Series(days).groupby(codes).min().to_numpy().astype("datetime64[D]"))
    last = np.sort(pd.Series(days).groupby(codes).max().to_numpy().astype("datetime64[D]"))
    listed = np.searchsorted(first, found, side="right") - np.searchsorted(last, found)
    return found[counts * 2 >= listed]
