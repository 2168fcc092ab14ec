"""Decides who belongs where, how heavily, and which small things several tools share."""

from dataclasses import fields
from math import fsum
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.markets.basket import sector_baskets
from core.panel import MarketPanels, PricePanel
from core.price_measures import TRADED_SESSIONS, WEEK
from core.records.plan import Period
from core.records.result import Flag
from core.records.universe import Universe

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
WEIGHT_SESSIONS: Final = 40
"""Sessions a basket's last weights are made from, with room for holidays of a stock."""


def number(value: object) -> float | None:
    """Return a finite float, or None for NaN and infinities."""
    found = float(value) if isinstance(value, (int, float, np.floating, np.integer)) else np.nan
    return float(found) if np.isfinite(found) else None


def exact_total(cells: pd.DataFrame | NDArray[np.float64]) -> float:
    """Return the sum of the known cells, rounded once; 0 without any.

    So it is the same number however many columns of NaN stand beside, of stocks yet to be listed.
    """
    values = np.asarray(cells, dtype=np.float64)
    return fsum(values[~np.isnan(values)].tolist())


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


def listed(stocks: PricePanel) -> list[str]:
    """Return the symbols with any close by the panels' end; who lists later has an empty column."""
    closed = stocks.closes.notna().any()
    return [str(name) for name in closed.index[closed]]


def priced_members(panels: MarketPanels, weights: pd.Series) -> dict[str, list[str]]:
    """Return by sector the members that make its series, or that have prices beside it.

    Args:
        panels: at whose end they are members.
        weights: of `member_weights`.
    """
    if panels.stocks is None:
        return {}
    priced = set(map(str, weights.index)) if len(weights) else set(listed(panels.stocks))
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
    names = [name for name in listed(panels.stocks) if sector_of.get(name) == sector]
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
