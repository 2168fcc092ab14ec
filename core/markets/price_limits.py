"""Decides which stocks closed at their daily price limit, where nobody could trade further.

It compares returns with the exchange's rule; the order book behind a close is not in the data.
"""

from datetime import date

import numpy as np
import pandas as pd

from core.panel import MarketPanels
from core.records.universe import Universe

TICK_PCT = 0.5
"""The limit price is rounded to the price step towards the reference price, so a locked close lies
short of the limit by up to one step. HOSE quotes in steps of 10 VND under 10,000 VND, 50 VND to
50,000 and 100 VND above: at most 0.5 % of a price from 2,000 VND on."""


def exchanges(panels: MarketPanels) -> pd.Series:
    """Return each member's exchange at the panels' end by symbol; empty where none is known."""
    rows = None if panels.members is None else panels.members.rows
    if rows is None or "exchange" not in rows:
        return pd.Series(dtype="str", name="exchange")
    told = rows[rows["exchange"].notna() & rows["end"].isna()]
    return told.drop_duplicates("symbol", keep="last").set_index("symbol")["exchange"].sort_index()


def symbol_limits(universe: Universe, listed: pd.Series, day: date) -> pd.DataFrame:
    """Return `limit_pct` and `tick_pct` by symbol as they held on the day.

    Args:
        universe: its dated limits by exchange.
        listed: exchange by symbol.
        day: of the session.

    Returns:
        One row a symbol in the order given; NaN where the exchange has no limit then.
    """
    valid = [rule for rule in universe.price_limits if rule.since <= day]
    held = {rule.exchange: rule for rule in sorted(valid, key=lambda rule: rule.since)}
    rules = [held.get(str(name)) for name in listed]
    return pd.DataFrame(
        {
            "limit_pct": [np.nan if rule is None else rule.limit_pct for rule in rules],
            "tick_pct": [np.nan if rule is None else rule.tick_pct for rule in rules],
        },
        index=listed.index,
        dtype=np.float64,
    )


def locked(
    closes: pd.DataFrame,
    limits: "pd.Series[float] | float",
    *,
    ticks: "pd.Series[float] | float" = TICK_PCT,
) -> pd.DataFrame:
    """Return +1.0 where a close is at its upper limit, -1.0 at its lower one, else 0.0.

        return >= limit - tick   or   return <= -(limit - tick), in percent

    A move past the limit counts too: the stock was then on an exchange with a wider one. One past
    twice the limit is no session's move (a listing day, a wrong adjustment) and is NaN.

    Args:
        closes: sessions x symbols, adjusted for dividends and splits, since the exchange's own
            reference price is; NaN unknown.
        limits: daily limit in percent, by symbol or one for all.
        ticks: largest price step in percent of the price, likewise.

    Returns:
        The shape of closes; NaN where a close, the close of the session before or the limit is not
        known.
    """
    limit, tick = _row(limits, closes.columns), _row(ticks, closes.columns)
    prices = closes.to_numpy(dtype=np.float64)
    moves = np.full(prices.shape, np.nan)
    moves[1:] = 100.0 * (prices[1:] / prices[:-1] - 1.0)
    with np.errstate(invalid="ignore"):
        reached = np.abs(moves) >= limit - tick
        known = np.abs(moves) <= 2.0 * limit + tick
    marks = np.where(known, np.where(reached, np.sign(moves), 0.0), np.nan)
    return pd.DataFrame(marks, index=closes.index, columns=closes.columns)


def _row(values: "pd.Series[float] | float", symbols: pd.Index) -> np.ndarray:
    if isinstance(values, pd.Series):
        return values.reindex(symbols).to_numpy(dtype=np.float64)
    return np.full(len(symbols), float(values))
