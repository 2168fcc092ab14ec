"""What dated closes tell: returns over sessions, volatility, drawdown, volume. Formulas as in ours.

A measure the bars are too few for is absent. Closes are taken as given; whether they are adjusted
for dividends is the provider's to say.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from statistics import fmean, stdev
from typing import Final

WEEK: Final = 5
MONTH: Final = 21
RETURNS: Final = {
    "return_1w_pct": WEEK,
    "return_1m_pct": MONTH,
    "return_3m_pct": 63,
    "return_6m_pct": 126,
    "return_12m_pct": 252,
}
"""Sessions of each return, as in our own tools."""
YEAR: Final = 252
TREND: Final = 200
MONEY: Final = 20
VOLATILITY: Final = 60
VOLATILITY_FLOOR: Final = 40
VOLUME_RECENT, VOLUME_BASE = 5, 60


@dataclass(frozen=True, slots=True)
class Bar:
    """One session: close in any price unit, volume in any unit, value in billions."""

    day: date
    close: float
    volume: float | None = None
    value_bn: float | None = None


def measures(bars: Sequence[Bar]) -> dict[str, object]:
    """Return every measure the bars are enough for, by the name of our records' field.

    Args:
        bars: positive closes in any order; of a day given twice the later entry counts.
    """
    by_day = {bar.day: bar for bar in bars}
    ordered = [by_day[day] for day in sorted(by_day)]
    closes = [bar.close for bar in ordered]
    found: dict[str, object] = {}
    for name, sessions in RETURNS.items():
        if len(closes) > sessions:
            found[name] = 100.0 * (closes[-1] / closes[-1 - sessions] - 1.0)
    if len(closes) > YEAR:
        found["momentum_12_1_pct"] = 100.0 * (closes[-1 - MONTH] / closes[-1 - YEAR] - 1.0)
        found["drawdown_pct"] = 100.0 * (closes[-1] / max(closes[-YEAR:]) - 1.0)
    if len(closes) >= TREND:
        found["above_200d"] = closes[-1] > fmean(closes[-TREND:])
    return found | _spread(closes) | _traded(ordered)


def _spread(closes: list[float]) -> dict[str, object]:
    """Return the annualised standard deviation of the last 60 daily returns, percent."""
    window = closes[-1 - VOLATILITY :]
    changes = [after / before - 1.0 for before, after in pairwise(window)]
    if len(changes) < VOLATILITY_FLOOR:
        return {}
    return {"volatility_pct": 100.0 * math.sqrt(YEAR) * stdev(changes)}


def _traded(bars: list[Bar]) -> dict[str, object]:
    """Return the volume of five sessions over the sixty before, and the money of twenty."""
    found: dict[str, object] = {}
    volumes = [bar.volume for bar in bars[-VOLUME_RECENT - VOLUME_BASE :]]
    known = [volume for volume in volumes if volume is not None]
    base = fmean(known[:VOLUME_BASE]) if len(known) == VOLUME_RECENT + VOLUME_BASE else 0.0
    if base > 0.0:
        found["volume_ratio_x"] = fmean(known[VOLUME_BASE:]) / base
    values = [bar.value_bn for bar in bars[-MONEY:] if bar.value_bn is not None]
    if len(values) == MONEY:
        found["traded_20d_bn"] = math.fsum(values)
    return found
