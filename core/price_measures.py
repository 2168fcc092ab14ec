"""Decides what closes and volumes tell that nobody scores: returns, volatility, drawdown, volume.

Closes are sessions x symbols, taken as given: whether they are adjusted for dividends is the
source's to say. What is scored comes from the signal catalogue.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np
import pandas as pd

WEEK: Final = 5
MONTH: Final = 21
QUARTER: Final = 63
HALF_YEAR: Final = 126
YEAR: Final = 252
RETURN_SESSIONS: Final = {
    "return_1w_pct": WEEK,
    "return_1m_pct": MONTH,
    "return_3m_pct": QUARTER,
    "return_6m_pct": HALF_YEAR,
    "return_12m_pct": YEAR,
}
VOLATILITY_SESSIONS: Final = 60
VOLATILITY_FLOOR: Final = 40
VOLUME_RECENT: Final = 5
VOLUME_BASE: Final = 60
TREND_SESSIONS: Final = 200
TRADED_SESSIONS: Final = 20


@dataclass(frozen=True, slots=True)
class Bar:
    """One session: close in any price unit, volume in any unit, value in billions."""

    day: date
    close: float
    volume: float | None = None
    value_bn: float | None = None


def returns_pct(closes: pd.DataFrame, sessions: int) -> pd.Series:
    """Return each column's simple return over the last `sessions`, percent.

    Args:
        closes: sessions x symbols; NaN where unknown.
        sessions: between the first and the last close used.

    Returns:
        One value a column; NaN when either close is missing or the history is shorter.
    """
    if len(closes) <= sessions:
        return _unknown(closes)
    return 100.0 * (closes.iloc[-1] / closes.iloc[-1 - sessions] - 1.0)


def momentum_12_1_pct(closes: pd.DataFrame) -> pd.Series:
    """Return the twelve-month return without its last month, percent (Jegadeesh and Titman, 1993).

    NaN as in `returns_pct`.
    """
    if len(closes) <= YEAR:
        return _unknown(closes)
    return 100.0 * (closes.iloc[-1 - MONTH] / closes.iloc[-1 - YEAR] - 1.0)


def volatility_pct(closes: pd.DataFrame) -> pd.Series:
    """Return the annualised standard deviation of the last 60 daily returns, percent.

    NaN with fewer than 40 returns; missing closes drop the returns that touch them.
    """
    window = closes.iloc[-1 - VOLATILITY_SESSIONS :]
    changes = window.pct_change(fill_method=None)
    spread: pd.Series = 100.0 * np.sqrt(YEAR) * changes.std(ddof=1)
    return spread.where(changes.count() >= VOLATILITY_FLOOR)


def drawdown_pct(closes: pd.DataFrame) -> pd.Series:
    """Return the last close below the highest of the last 252 sessions, percent, at most 0.

    Fewer sessions count as they are; NaN where the last close is missing.
    """
    window = closes.iloc[-YEAR:]
    return 100.0 * (window.iloc[-1] / window.max() - 1.0)


def volume_ratio_x(volumes: pd.DataFrame) -> pd.Series:
    """Return the mean volume of the last 5 sessions over that of the 60 before, a multiple.

    NaN where the earlier mean is absent or zero.
    """
    base = volumes.iloc[-VOLUME_RECENT - VOLUME_BASE : -VOLUME_RECENT].mean()
    return volumes.iloc[-VOLUME_RECENT:].mean() / base.where(base > 0)


def distance_200d_pct(closes: pd.DataFrame) -> pd.Series:
    """Return the last close over its own 200-session mean, percent; NaN when a close is missing."""
    if len(closes) < TREND_SESSIONS:
        return _unknown(closes)
    window = closes.iloc[-TREND_SESSIONS:]
    return 100.0 * (closes.iloc[-1] / window.mean(skipna=False) - 1.0)


def bar_measures(bars: Sequence[Bar]) -> dict[str, float | bool]:
    """Return every measure one series' bars are enough for, by the name of our records' field.

    A drawdown needs a year of bars, a volume ratio and the money traded a volume and a value on
    every session they are of.

    Args:
        bars: positive closes in any order; of a day given twice the later entry counts.
    """
    by_day = {bar.day: bar for bar in bars}
    ordered = [by_day[day] for day in sorted(by_day)]
    if not ordered:
        return {}
    frame = pd.DataFrame(
        {name: [getattr(bar, name) for bar in ordered] for name in ("close", "volume", "value_bn")},
        dtype=np.float64,
    )
    closes, volumes, values = (frame[[name]] for name in frame)
    found = {name: returns_pct(closes, sessions) for name, sessions in RETURN_SESSIONS.items()}
    found["momentum_12_1_pct"] = momentum_12_1_pct(closes)
    found["volatility_pct"] = volatility_pct(closes)
    if len(closes) > YEAR:
        found["drawdown_pct"] = drawdown_pct(closes)
    if _complete(volumes, VOLUME_RECENT + VOLUME_BASE):
        found["volume_ratio_x"] = volume_ratio_x(volumes)
    if _complete(values, TRADED_SESSIONS):
        found["traded_20d_bn"] = values.iloc[-TRADED_SESSIONS:].sum()
    told: dict[str, float | bool] = {
        name: float(value.iloc[0]) for name, value in found.items() if np.isfinite(value.iloc[0])
    }
    distance = float(distance_200d_pct(closes).iloc[0])
    return told if np.isnan(distance) else told | {"above_200d": distance > 0.0}


def _complete(column: pd.DataFrame, sessions: int) -> bool:
    return len(column) >= sessions and bool(column.iloc[-sessions:].notna().to_numpy().all())


def _unknown(closes: pd.DataFrame) -> pd.Series:
    return pd.Series(np.nan, index=closes.columns, dtype=np.float64)
