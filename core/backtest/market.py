"""Decides what a market's panels are to a backtest: returns, and how much each close would take.

It never says what trading costs.
"""

from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.backtest.fills import Fillable
from core.backtest.return_panel import ReturnPanel
from core.errors import DataError
from core.markets.basket import sector_baskets
from core.markets.price_limits import exchanges, locked, symbol_limits
from core.panel import MarketPanels
from core.signals.trailing import carried

Matrix = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class MarketBars:
    """A market's returns, and how much of an order each of their closes takes."""

    panel: ReturnPanel
    takes: Fillable


def market_bars(panels: MarketPanels) -> MarketBars:
    """Return the sectors' returns a session, the default benchmark's, and what closes take.

    A session without a close returns 0, takes no order, and the next one with a close returns the
    whole move; a sector is not ranked by a close more than five sessions old. Of a sector built
    from members, no purchase fills of those that closed at their upper limit and no sale of those
    at their lower one, by weight in the basket. Sectors never listed are left out, and the sessions
    before the benchmark's first return.

    Raises:
        DataError: no sector, or not the benchmark, has two closes.
    """
    closes = panels.sectors.closes.dropna(axis=1, how="all")
    mark = panels.universe.benchmark.id
    market = _returns(panels.benchmark.closes[[mark]]).iloc[:, 0]
    first = int(np.argmax(market.notna().to_numpy()))
    if closes.shape[1] == 0 or first == 0:
        raise DataError(f"{panels.universe.id}: no return of {mark} or of the sectors can be made")
    stale = pd.DataFrame(np.isnan(carried(closes)), index=closes.index, columns=closes.columns)
    traded = closes.notna().to_numpy().astype(np.float64)
    up, down = _locked_shares(panels, list(closes.columns))
    return MarketBars(
        ReturnPanel(_returns(closes).iloc[first:], market.iloc[first:], stale.iloc[first:]),
        Fillable((traded * (1.0 - up))[first:], (traded * (1.0 - down))[first:]),
    )


def _returns(closes: pd.DataFrame) -> pd.DataFrame:
    levels = closes.ffill()
    return levels / levels.shift(1) - 1.0


def _locked_shares(panels: MarketPanels, sectors: list[str]) -> tuple[Matrix, Matrix]:
    """Return sessions x sectors: the part of the basket locked at its upper and lower limit."""
    shape = (len(panels.sectors.closes), len(sectors))
    up, down = np.zeros(shape), np.zeros(shape)
    if panels.stocks is None or panels.members is None or not panels.universe.price_limits:
        return up, down
    if not panels.universe.built_from_members:
        return up, down
    weights = sector_baskets(panels.stocks, panels.members, panels.universe).weights
    marks = _marks(panels).reindex(columns=weights.columns)
    held = np.nan_to_num(weights.to_numpy(dtype=np.float64))
    locks = np.nan_to_num(marks.to_numpy(dtype=np.float64))
    index, columns = weights.index, {str(name): n for n, name in enumerate(weights.columns)}
    rows = panels.members.rows
    for symbol, sector, start, end in zip(
        rows["symbol"], rows["sector"], rows["start"], rows["end"], strict=True
    ):
        if symbol not in columns or sector not in sectors:
            continue
        stop = len(index) if pd.isna(end) else int(index.searchsorted(end))
        span, place = slice(int(index.searchsorted(start)), stop), sectors.index(sector)
        part, lock = held[span, columns[symbol]], locks[span, columns[symbol]]
        up[span, place] += part * (lock > 0.0)
        down[span, place] += part * (lock < 0.0)
    return np.minimum(up, 1.0), np.minimum(down, 1.0)


def _marks(panels: MarketPanels) -> pd.DataFrame:
    """Return +1, -1, 0 or NaN a session and stock, by the limits in force on the session."""
    if panels.stocks is None:
        raise DataError(f"{panels.universe.id}: there are no stocks to have limits")
    closes = panels.stocks.closes
    listed = exchanges(panels)
    changes = sorted({rule.since for rule in panels.universe.price_limits})
    starts = [0, *(int(closes.index.searchsorted(pd.Timestamp(day))) for day in changes)]
    parts = []
    for number, start in enumerate(starts):
        stop = starts[number + 1] if number + 1 < len(starts) else len(closes)
        if start < stop:
            day: date = closes.index[start].date()
            limits = symbol_limits(panels.universe, listed, day)
            seen = closes.iloc[max(start - 1, 0) : stop]
            marks = locked(seen, limits["limit_pct"], ticks=limits["tick_pct"])
            parts.append(marks.iloc[start - max(start - 1, 0) :])
    return pd.concat(parts)
