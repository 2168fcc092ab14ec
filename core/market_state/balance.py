"""Decides which side of the market leads: cyclical sectors or defensive ones.

Which sector is which is the universe file's to say; neutral sectors are on neither side.
"""

from datetime import date
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.market_state.readings import TREND_SESSIONS, own_percentiles
from core.markets.benchmark import equal_weighted
from core.records.rotation_statistics import BalanceRow
from core.records.universe import Style, Universe
from core.signals.trailing import trailing_sum

QUARTER: Final = 63
BASE: Final = 100.0
DECIMALS: Final = 9


def balance(closes: pd.DataFrame, universe: Universe) -> BalanceRow | None:
    """Return the strength of cyclical against defensive sectors at the last session.

        ratio(t)    = 100 at the first session with both, then cyclical / defensive, each its
                      sectors in equal parts every day
        distance(t) = ratio / SMA200(ratio) - 1, in %

    Cyclicals lead while the distance is 0 or more. The percentile is of the distance in its own
    past, two years at least.

    Args:
        closes: sessions x sectors, positive, NaN where unknown.
        universe: whose sectors have a style.

    Returns:
        None where one side has no sector with a close, or under 200 sessions with both.
    """
    sides = {style: _side(closes, universe, style) for style in ("cyclical", "defensive")}
    if any(side.empty for side in sides.values()):
        return None
    levels = pd.concat([equal_weighted(side) for side in sides.values()], axis=1).dropna()
    if len(levels) < TREND_SESSIONS:
        return None
    ratio = (levels.iloc[:, 0] / levels.iloc[:, 1]).to_numpy(dtype=np.float64)
    ratio = BASE * ratio / ratio[0]
    mean = trailing_sum(ratio[:, None], TREND_SESSIONS)[:, 0] / TREND_SESSIONS
    distance = (100.0 * (ratio / mean - 1.0)).round(DECIMALS)
    percentile = own_percentiles(distance)[-1]
    return BalanceRow(
        style_lead="cyclical" if distance[-1] >= 0.0 else "defensive",
        style_since=_since(distance, pd.DatetimeIndex(levels.index)),
        style_ratio_index=round(float(ratio[-1]), DECIMALS),
        style_change_3m_pct=_change_pct(ratio),
        style_distance_200d_pct=float(distance[-1]),
        style_percentile_pct=None if np.isnan(percentile) else float(percentile),
        cyclical_count=_alive(sides["cyclical"]),
        defensive_count=_alive(sides["defensive"]),
    )


def _side(closes: pd.DataFrame, universe: Universe, style: Style) -> pd.DataFrame:
    names = [s.id for s in universe.sectors if s.style == style and s.id in closes.columns]
    return closes[names].dropna(axis=1, how="all")


def _alive(side: pd.DataFrame) -> int:
    return int(side.notna().any().sum())


def _since(distance: NDArray[np.float64], sessions: pd.DatetimeIndex) -> date:
    """Return the first session since which the distance kept its sign."""
    same = (distance >= 0.0) == (distance[-1] >= 0.0)
    run = int(np.cumprod((same & ~np.isnan(distance))[::-1]).sum())
    first: pd.Timestamp = sessions[-run]
    return first.date()


def _change_pct(ratio: NDArray[np.float64]) -> float:
    return round(100.0 * float(ratio[-1] / ratio[-1 - QUARTER] - 1.0), DECIMALS)
