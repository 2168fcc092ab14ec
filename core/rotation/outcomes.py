"""Decides what each quadrant earned afterwards, and whether that is what it is said to mean.

The saying is the textbook's; the verdict is this universe's own history. Neither is a forecast.
"""

from collections.abc import Mapping
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.estimates import Mean, pooled_mean
from core.records.rotation_statistics import ReadingRow, Textbook, Verdict
from core.records.sectors import Quadrant
from core.records.universe import Frequency, Horizon
from core.rotation.quadrants import QUADRANTS

TEXTBOOK: Final[Mapping[Quadrant, Textbook]] = {
    "LEADING": "outperform",
    "WEAKENING": "underperform",
    "LAGGING": "underperform",
    "IMPROVING": "outperform",
}
"""How the picture is taught: buy IMPROVING, hold LEADING, reduce WEAKENING, avoid LAGGING."""

BARS: Final[Mapping[Frequency, Mapping[Horizon, int]]] = {
    "daily": {"1W": 5, "1M": 21, "3M": 63},
    "weekly": {"1W": 1, "1M": 4, "3M": 13},
    "monthly": {"1M": 1, "3M": 3},
    "15min": {},
}
"""Bars a horizon has; a horizon shorter than a bar has none."""

CLEAR_T: Final = 2.0


def readings(
    codes: NDArray[np.int8], closes: pd.DataFrame, benchmark: pd.Series, *, frequency: Frequency
) -> tuple[ReadingRow, ...]:
    """Return the mean excess return after each quadrant at each horizon, and its verdict.

        excess(i, t) = close(i, t + h) / close(i, t) - benchmark(t + h) / benchmark(t), in %

    The mean is over all sector-bars in the quadrant, its error over dates (`pooled_mean`). Only
    outcomes that end within the bars given count, so later bars change nothing before them. It
    agrees with the textbook where |t| >= 2 on its side, disagrees where |t| >= 2 on the other; a t
    needs ten outcomes that do not overlap.

    Args:
        codes: bars x sectors, of `quadrant_codes`.
        closes: finished bars x sectors, positive, NaN where unknown.
        benchmark: close by bar of `closes`.
        frequency: of the bars.
    """
    prices = closes.to_numpy(dtype=np.float64)
    level = benchmark.reindex(closes.index).to_numpy(dtype=np.float64)
    rows = []
    for horizon, bars in BARS[frequency].items():
        excess = _excess_pct(prices, level, bars)
        for code, quadrant in enumerate(QUADRANTS):
            found = pooled_mean(np.where(codes == code, excess, np.nan), overlap=bars - 1)
            rows.append(_row(quadrant, horizon, frequency, found))
    return tuple(rows)


def verdict(textbook: Textbook, found: Mean) -> Verdict:
    """Return whether a mean is distinguishable from zero, and on the textbook's side of it."""
    if found.t is None:
        return "too_few"
    if abs(found.t) < CLEAR_T:
        return "not_distinguishable"
    return "agrees" if (found.t > 0.0) == (textbook == "outperform") else "disagrees"


def _row(quadrant: Quadrant, horizon: Horizon, frequency: Frequency, found: Mean) -> ReadingRow:
    return ReadingRow(
        quadrant=quadrant,
        horizon=horizon,
        frequency=frequency,
        textbook=TEXTBOOK[quadrant],
        excess_mean_pct=found.mean,
        excess_error_pct=found.error,
        excess_t_index=found.t,
        observations_count=found.n_cells,
        dates_count=found.n_dates,
        verdict=verdict(TEXTBOOK[quadrant], found),
    )


def _excess_pct(
    prices: NDArray[np.float64], level: NDArray[np.float64], bars: int
) -> NDArray[np.float64]:
    """Return each bar's excess return over the next `bars`, NaN at the last ones."""
    excess = np.full(prices.shape, np.nan)
    if len(prices) > bars:
        earned = prices[bars:] / prices[:-bars]
        excess[:-bars] = 100.0 * (earned - (level[bars:] / level[:-bars])[:, None])
    return excess
