"""Decides how far each sector has outrun the others over a week to a year."""

import numpy as np
import pandas as pd

from core.panel import MarketPanels
from core.signals.cross_section import excess
from core.signals.factor import FactorFamily, FactorSpec, Frames, too_short
from core.signals.trailing import at, carried, lagged

SESSIONS_WEEK, SESSIONS_MONTH, SESSIONS_QUARTER = 5, 21, 63
SESSIONS_HALF, SESSIONS_YEAR = 126, 252

WINDOWS: dict[str, tuple[int, int]] = {
    "excess_1w": (SESSIONS_WEEK, 0),
    "excess_1m": (SESSIONS_MONTH, 0),
    "excess_3m": (SESSIONS_QUARTER, 0),
    "excess_6m": (SESSIONS_HALF, 0),
    "momentum_12_1": (SESSIONS_YEAR, SESSIONS_MONTH),
    "momentum_12m": (SESSIONS_YEAR, 0),
}
"""By factor: sessions back to the first close and to the last."""


def history(panels: MarketPanels, dates: pd.DatetimeIndex) -> Frames:
    """Return simple returns less the equal-weighted mean of the sectors that have one, percent."""
    closes = panels.sectors.closes
    index = pd.DatetimeIndex(closes.index)
    known = carried(closes)
    frames: Frames = {}
    for name, (start, end) in WINDOWS.items():
        returns = 100.0 * (lagged(known, end) / lagged(known, start) - 1.0)
        listed_now = np.where(np.isnan(known), np.nan, returns)
        frames[name] = pd.DataFrame(
            at(excess(listed_now), index, dates), index=dates, columns=closes.columns
        )
    return frames


def _spec(name: str, words: str, source: str) -> FactorSpec:
    start, end = WINDOWS[name]
    last = f"close(t-{end})" if end else "close(t)"
    return FactorSpec(
        id=name,
        family="momentum",
        dataset="prices",
        formula=f"{last} / close(t-{start}) - 1, less the mean over sectors, in %",
        unit="%",
        lag="none",
        nan_policy="NaN without both closes; a gap is carried at most 5 sessions",
        source=source,
        positive=f"has outrun the other sectors over {words}",
    )


_INDUSTRY = "Moskowitz and Grinblatt (1999)"

FAMILY = FactorFamily(
    specs=(
        _spec("excess_1w", "a week", _INDUSTRY),
        _spec("excess_1m", "a month", _INDUSTRY),
        _spec("excess_3m", "three months", "Faber (2010)"),
        _spec("excess_6m", "six months", _INDUSTRY),
        _spec("momentum_12_1", "a year, its last month left out", "Jegadeesh and Titman (1993)"),
        _spec("momentum_12m", "a year", "Faber (2010)"),
    ),
    history=history,
    absence=too_short,
)
