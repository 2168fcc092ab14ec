"""Decides the small measures several tools print: returns, volatility, volume, who belongs where.

None of them enters a score; what is scored comes from the signal catalogue.
"""

from dataclasses import fields
from typing import Final

import numpy as np
import pandas as pd

from core.markets.basket import sector_baskets
from core.panel import MarketPanels, PricePanel
from core.records.plan import Period
from core.records.result import Flag
from core.records.universe import Universe

WEEK: Final = 5
MONTH: Final = 21
QUARTER: Final = 63
HALF_YEAR: Final = 126
YEAR: Final = 252
SESSIONS_OF_PERIOD: Final[dict[Period, int]] = {
    "1W": 5,
    "1M": 20,
    "3M": 60,
    "Q": 60,
    "6M": 120,
    "1Y": 240,
    "A": 240,
}
"""Trading sessions an activity window holds; weeks of five, months of four weeks."""
VOLATILITY_SESSIONS: Final = 60
VOLATILITY_FLOOR: Final = 40
VOLUME_RECENT: Final = 5
VOLUME_BASE: Final = 60
TREND_SESSIONS: Final = 200
TRADED_SESSIONS: Final = 20
WEIGHT_SESSIONS: Final = 40
"""Sessions a basket's last weights are made from, with room for holidays of a stock."""


def number(value: object) -> float | None:
    """Return a finite float, or None for NaN and infinities."""
    found = float(value) if isinstance(value, (int, float, np.floating, np.integer)) else np.nan
    return float(found) if np.isfinite(found) else None


def returns_pct(closes: pd.DataFrame, sessions: int) -> pd.Series:
    """Return each column's simple return over the last `sessions`, percent.

    Args:
        closes: sessions x symbols; NaN where unknown.
        sessions: between the first and the last close used.

    Returns:
        One value a column; NaN when either close is missing or the history is shorter.
    """
    if len(closes) <= sessions:
        return pd.Series(np.nan, index=closes.columns, dtype=np.float64)
    return 100.0 * (closes.iloc[-1] / closes.iloc[-1 - sessions] - 1.0)


def momentum_12_1_pct(closes: pd.DataFrame) -> pd.Series:
    """Return the twelve-month return without its last month, percent (Jegadeesh and Titman, 1993).

    NaN as in `returns_pct`.
    """
    if len(closes) <= YEAR:
        return pd.Series(np.nan, index=closes.columns, dtype=np.float64)
    return 100.0 * (closes.iloc[-1 - MONTH] / closes.iloc[-1 - YEAR] - 1.0)


def volatility_pct(closes: pd.DataFrame) -> pd.Series:
    """Return the annualised standard deviation of the last 60 daily returns, percent.

    NaN with fewer than 40 returns; missing closes drop the returns that touch them.
    """
    window = closes.iloc[-1 - VOLATILITY_SESSIONS :]
    changes = window.pct_change(fill_method=None)
    spread: pd.Series = 100.0 * np.sqrt(YEAR) * changes.std(ddof=1)
    return spread.where(changes.count() >= VOLATILITY_FLOOR)


def volume_ratio_x(volumes: pd.DataFrame) -> pd.Series:
    """Return the mean volume of the last 5 sessions over that of the 60 before, a multiple.

    NaN where the earlier mean is absent or zero.
    """
    base = volumes.iloc[-VOLUME_RECENT - VOLUME_BASE : -VOLUME_RECENT].mean()
    return volumes.iloc[-VOLUME_RECENT:].mean() / base.where(base > 0)


def distance_200d_pct(closes: pd.DataFrame) -> pd.Series:
    """Return the last close over its own 200-session mean, percent; NaN when a close is missing."""
    if len(closes) < TREND_SESSIONS:
        return pd.Series(np.nan, index=closes.columns, dtype=np.float64)
    window = closes.iloc[-TREND_SESSIONS:]
    return 100.0 * (closes.iloc[-1] / window.mean(skipna=False) - 1.0)


def sector_of_member(panels: MarketPanels) -> dict[str, str]:
    """Return the sector of every symbol that is a member at the panels' end, by symbol."""
    if panels.members is None:
        return {}
    rows = panels.members.rows
    current = rows[rows["end"].isna()].sort_values(["symbol", "start"])
    return dict(zip(current["symbol"].astype(str), current["sector"].astype(str), strict=True))


def member_weights(panels: MarketPanels) -> pd.Series:
    """Return each member's fraction of its sector's basket at the panels' end, by symbol.

    The weights are the basket's own, known the day before; a member that did not trade keeps its
    last one for a week, and the fractions of a sector sum to one. Empty when the universe's
    sectors are listed series, whose weights are not in the data.
    """
    built = panels.universe.built_from_members
    if not built or panels.stocks is None or panels.members is None:
        return pd.Series(dtype=np.float64)
    recent = PricePanel(
        *(
            getattr(panels.stocks, field.name).iloc[-WEIGHT_SESSIONS:]
            for field in fields(panels.stocks)
        )
    )
    weights = sector_baskets(recent, panels.members, panels.universe).weights
    last = weights.ffill(limit=WEEK).iloc[-1].dropna()
    sectors = pd.Series(sector_of_member(panels)).reindex(last.index)
    return last / last.groupby(sectors).transform("sum")


def priced_members(panels: MarketPanels, weights: pd.Series) -> dict[str, list[str]]:
    """Return by sector the members that make its series, or that have prices beside it.

    Args:
        panels: at whose end they are members.
        weights: of `member_weights`.
    """
    if panels.stocks is None:
        return {}
    priced = weights.index if len(weights) else panels.stocks.closes.columns
    members: dict[str, list[str]] = {}
    for symbol, sector in sector_of_member(panels).items():
        if symbol in priced:
            members.setdefault(sector, []).append(symbol)
    return members


def largest_members(panels: MarketPanels, sector: str, count: int) -> tuple[str, ...]:
    """Return a sector's members with prices, largest first: by basket weight, or traded value.

    Traded value, over 20 sessions, decides where the sectors are listed series, whose weights are
    not in the data.
    """
    if panels.stocks is None:
        return ()
    sector_of, weights = sector_of_member(panels), member_weights(panels)
    names = [str(name) for name in panels.stocks.closes if sector_of.get(str(name)) == sector]
    traded = panels.stocks.values[names].iloc[-TRADED_SESSIONS:].sum()
    size = (weights.reindex(names) if len(weights) else traded).fillna(0.0)
    return tuple(size.sort_values(ascending=False, kind="stable").index[:count])


def thin_flags(members_count: int, universe: Universe) -> tuple[Flag, ...]:
    """Return the flag of a sector with one member, or with fewer than its universe wants."""
    if members_count == 1:
        return ("single_stock",)
    return ("few_members",) if members_count < universe.min_members else ()


def slug(name: str) -> str:
    """Return a symbol or series name as a subject: lower case, other characters as hyphens."""
    kept = (char if char.isascii() and (char.isalnum() or char == "_") else "-" for char in name)
    return "".join(kept).lower().strip("-_")[:64]
