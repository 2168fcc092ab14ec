"""Decides which sectors stand in a quadrant of the weekly rotation map, at any bar.

The formula is `core.rotation.rrg`'s, against the market or, without one, against equal weight.
"""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.backtest.return_panel import ReturnPanel
from core.errors import CallerError
from core.records.sectors import Quadrant
from core.rotation.quadrants import QUADRANTS, quadrant_codes
from core.rotation.rrg import CENTRE, relative_rotation
from core.signals.trailing import week_ends

Matrix = NDArray[np.float64]

WARM_UP_BARS = 38
"""Weekly bars the 10/30/9 formula needs."""

CHARTED = ("daily", "weekly")
"""Bars that make a weekly chart."""


def quadrant_distances(panel: ReturnPanel) -> tuple[dict[Quadrant, Matrix], NDArray[np.bool_]]:
    """Return each sector's distance from the centre by quadrant, and where a quadrant is known.

    A bar's chart has the last closes of the 37 weeks before its own and its own week's latest.

    Returns:
        Bars x sectors: index points, NaN in the other quadrants; and True where there is one.

    Raises:
        CallerError: bars too rare for a weekly chart.
    """
    if panel.frequency not in CHARTED:
        raise CallerError(
            f"quadrants are read off a weekly chart: {panel.frequency} bars do not make one"
        )
    n_bars, n_sectors = panel.values.shape
    frames = relative_rotation(
        pd.DataFrame(_charts(_strengths(panel), panel.dates)), pd.Series(np.ones(WARM_UP_BARS))
    )
    shape = (n_bars, n_sectors)
    codes = quadrant_codes(frames)[-1].reshape(shape)
    east, north = (
        frame.to_numpy()[-1].reshape(shape) - CENTRE
        for frame in (frames.rs_ratio, frames.rs_momentum)
    )
    far = np.hypot(east, north)
    distances = {name: np.where(codes == code, far, np.nan) for code, name in enumerate(QUADRANTS)}
    return distances, ~np.isnan(far)


def _strengths(panel: ReturnPanel) -> Matrix:
    """Return each sector's level over the market's, NaN before its first bar."""
    returns = panel.values
    market = _equal_weight(returns) if panel.market is None else panel.market.to_numpy(np.float64)
    levels = np.cumprod(1.0 + np.nan_to_num(returns), axis=0)
    strengths: Matrix = levels / np.cumprod(1.0 + market)[:, None]
    return np.where(np.isnan(returns), np.nan, strengths)


def _equal_weight(returns: Matrix) -> NDArray[np.float64]:
    """Return the mean of the sectors with a return, 0 without any."""
    counts = (~np.isnan(returns)).sum(axis=1)
    mean: NDArray[np.float64] = np.nan_to_num(returns).sum(axis=1) / np.maximum(counts, 1)
    return mean


def _charts(strengths: Matrix, dates: pd.DatetimeIndex) -> Matrix:
    """Return the weekly bars each bar sees, 38 x (bars * sectors), NaN before the first week."""
    ends = week_ends(dates)
    rows = np.arange(len(dates))
    weeks = np.searchsorted(ends, rows)[None, :] - np.arange(WARM_UP_BARS - 1, 0, -1)[:, None]
    chosen = np.vstack([ends[np.maximum(weeks, 0)], rows[None, :]])
    charts = strengths[chosen]
    charts[:-1][weeks < 0] = np.nan
    laid_out: Matrix = charts.reshape(WARM_UP_BARS, -1)
    return laid_out
