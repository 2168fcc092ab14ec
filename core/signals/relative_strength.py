"""Decides each sector's distance from the centre of the weekly rotation map at any session.

The formula is `core.rotation.rrg`'s; this module only lays out the bars a session would see.
"""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.panel import MarketPanels
from core.rotation.rrg import CENTRE, relative_rotation
from core.signals.factor import FactorFamily, FactorSpec, Frames, too_short
from core.signals.trailing import Matrix, at, matrix, week_ends, week_numbers

WARM_UP_BARS = 38
"""Weekly bars the 10/30/9 formula needs."""


def history(panels: MarketPanels, dates: pd.DatetimeIndex) -> Frames:
    """Return RS-Ratio - 100 and RS-Momentum - 100 on weekly bars, dates x sectors.

    A date's bars are the last closes of the 37 weeks before its own and its week's latest close, as
    a weekly chart of that day shows: nothing changes when later sessions are added, and at a week's
    end the values are those of `relative_rotation(to_bars(closes, "weekly"))`, bit for bit.
    """
    closes = panels.sectors.closes
    index = pd.DatetimeIndex(closes.index)
    benchmark = panels.benchmark.closes.reindex(index=index, columns=[panels.universe.benchmark.id])
    strengths = _within_week(closes) / _within_week(benchmark)
    sessions = index.searchsorted(dates, side="right") - 1
    bars = _bars(strengths, index, np.maximum(sessions, 0))
    frames = relative_rotation(
        pd.DataFrame(bars), pd.Series(np.ones(WARM_UP_BARS)), ratio_short=10, ratio_long=30
    )
    shape = (len(dates), closes.shape[1])
    spoken = at(np.zeros((len(index), 1)), index, dates)
    return {
        name: pd.DataFrame(
            frame.to_numpy()[-1].reshape(shape) - CENTRE + spoken,
            index=dates,
            columns=closes.columns,
        )
        for name, frame in (
            ("rs_ratio_weekly", frames.rs_ratio),
            ("rs_momentum_weekly", frames.rs_momentum),
        )
    }


def _within_week(closes: pd.DataFrame) -> Matrix:
    weeks = week_numbers(pd.DatetimeIndex(closes.index))
    return matrix(closes.groupby(weeks).ffill())


def _bars(strengths: Matrix, index: pd.DatetimeIndex, rows: NDArray[np.int64]) -> Matrix:
    """Return 38 bars x (dates * sectors), NaN before the first week."""
    ends = week_ends(index)
    ordinals = np.searchsorted(ends, rows)
    back = np.arange(WARM_UP_BARS - 1, 0, -1)[:, None]
    weeks = ordinals[None, :] - back
    chosen = np.vstack([ends[np.maximum(weeks, 0)], rows[None, :]])
    bars = strengths[chosen]
    bars[:-1][weeks < 0] = np.nan
    laid_out: Matrix = bars.reshape(WARM_UP_BARS, -1)
    return laid_out


_SOURCE = "axes: de Kempenaer (2004-05); formula: ours, inferred from published statements"
_NAN = "NaN with fewer than 38 weekly bars, or a bar without close or benchmark"

FAMILY = FactorFamily(
    specs=(
        FactorSpec(
            id="rs_ratio_weekly",
            family="relative_strength",
            dataset="prices",
            formula="100 * SMA10(RS) / SMA30(RS) - 100, RS = close / benchmark, weekly bars",
            unit="index points",
            lag="none: the running week counts with its latest close",
            nan_policy=_NAN,
            source=_SOURCE,
            positive="the relative trend is up",
        ),
        FactorSpec(
            id="rs_momentum_weekly",
            family="relative_strength",
            dataset="prices",
            formula="100 * RS-Ratio / SMA9(RS-Ratio) - 100, weekly bars",
            unit="index points",
            lag="none: the running week counts with its latest close",
            nan_policy=_NAN,
            source=_SOURCE,
            positive="the relative trend is gaining speed",
        ),
    ),
    history=history,
    absence=too_short,
)
