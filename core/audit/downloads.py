"""Decides whether two downloads of one series tell the same past; it cannot say which is right.

It is the strongest test of a series that cannot be recomputed: what was revised, filled in later or
joined from two bases differs between the two.
"""

import numpy as np
import pandas as pd

from core.audit.differences import Difference, differences
from core.errors import CallerError
from core.records.audit import Leak, LeakKind, Oddity

ROUNDING = 1e-6
"""Relative change that printing a number with seven digits explains."""

RATIO_SPREAD = 1e-4
"""Relative spread within which a ratio of two downloads counts as one: prices carry four digits."""

MOST_STEPS = 3
"""Steps of the ratio that are taken as joined bases; more are revised values."""

LEAST_CELLS = 10


def revisions(
    earlier: pd.DataFrame, later: pd.DataFrame
) -> tuple[tuple[Leak, ...], tuple[Oddity, ...]]:
    """Return what changed in the past the earlier download tells of.

    A column whose every value is another by one ratio is only rebased, as adjusted prices are by a
    dividend; a ratio with a few steps is a series joined from two bases, whose returns at the steps
    are false. A change on the earlier download's last date alone is a provisional value.

    Args:
        earlier: dates x columns, float64, NaN where there is no value.
        later: the same series downloaded afterwards.

    Raises:
        CallerError: no date and column is in both.
    """
    columns = [name for name in earlier.columns if name in later.columns]
    if not columns or earlier.index.intersection(later.index).empty:
        raise CallerError("the two downloads have no date and column in common")
    last = earlier.index[-1].date()
    was, now = earlier[columns], later.loc[: earlier.index[-1], columns]
    found: list[Leak] = []
    odd: list[Oddity] = []
    for change in differences(was, now, tolerance=ROUNDING):
        if change.first == last:
            odd.append(Oddity(kind="provisional", column=change.column, first=last, count=1))
            continue
        steps = _ratio_steps(was[change.column], now[change.column])
        if steps is not None and len(steps) == 0:
            ratio = _ratio(was[change.column], now[change.column]).iloc[0]
            odd.append(Oddity(kind="rebased", column=change.column, value=float(ratio)))
        else:
            found.append(_leak(change, steps))
    return tuple(found), tuple(odd)


def _leak(change: Difference, steps: list[pd.Timestamp] | None) -> Leak:
    kind: LeakKind = "revision" if steps is None else "splice"
    if steps is None and change.before is None:
        kind = "backfill"
    return Leak(
        kind=kind,
        column=change.column,
        first=change.first if steps is None else steps[0].date(),
        cells_count=change.cells_count,
        size=change.size,
        before=change.before,
        after=change.after,
    )


def _ratio(was: pd.Series, now: pd.Series) -> pd.Series:
    both = pd.concat([was, now], axis=1, keys=["was", "now"]).dropna()
    both = both[both["was"] != 0.0]
    return both["now"] / both["was"]


def _ratio_steps(was: pd.Series, now: pd.Series) -> list[pd.Timestamp] | None:
    """Return the dates a piecewise constant ratio steps on; None where it is no such ratio.

    A beginning left alone while later values are others is no joint of bases but a revision.
    """
    ratio = _ratio(was, now)
    if len(ratio) < LEAST_CELLS or (ratio <= 0.0).any() or len(ratio) < len(_present(was, now)):
        return None
    if abs(ratio.iloc[0] - 1.0) <= RATIO_SPREAD:
        return None
    moves = np.abs(np.diff(np.log(ratio.to_numpy())))
    steps = np.flatnonzero(moves > RATIO_SPREAD)
    if len(steps) > min(MOST_STEPS, len(ratio) // LEAST_CELLS):
        return None
    blocks = np.split(ratio.to_numpy(), steps + 1)
    if any(np.ptp(block) > RATIO_SPREAD * np.mean(block) for block in blocks):
        return None
    return [pd.Timestamp(stamp) for stamp in ratio.index[steps + 1]]


def _present(was: pd.Series, now: pd.Series) -> pd.Index:
    """Return the dates either download has a value on."""
    return was.dropna().index.union(now.dropna().index)
