"""Decides how much large managers added to a sector, from filings public at the date."""

from datetime import timedelta

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.panel import MarketPanels
from core.records.result import GapReason
from core.signals.factor import FactorSpec, everywhere
from core.signals.trailing import Matrix

STALE_DAYS = 200
"""Age of the newest filing beyond which positions are unknown: two quarters and the lag."""

SPEC = FactorSpec(
    id="manager_change_13f",
    family="whales",
    dataset="positions",
    formula=(
        "100 * sum(change of shares * price) / mean of both quarters' value, over managers with "
        "two quarters on file; price = the earlier filing's value / shares, the later one's for a "
        "new name"
    ),
    unit="% of the positions' value",
    lag="the filing date, up to 45 days after the quarter",
    nan_policy="NaN before two filings, or when the newest is older than 200 days",
    source="form 13F; the growth rate is Davis and Haltiwanger's (1992)",
    positive="the watched managers bought",
)


def manager_changes(panels: MarketPanels, dates: pd.DatetimeIndex) -> Matrix:
    """Return dates x sectors, percent, from the last two filings of each manager known then."""
    sectors = list(panels.sectors.closes.columns)
    found = np.full((len(dates), len(sectors)), np.nan)
    if panels.positions is None or panels.members is None or panels.positions.rows.empty:
        return found
    rows = panels.positions.rows
    known_at = rows["known_at"].to_numpy()
    events = pd.DatetimeIndex(np.unique(known_at))
    event_of = events.searchsorted(dates, side="right") - 1
    for event in np.unique(event_of[event_of >= 0]):
        stamp = events[event]
        change = _changes(rows[known_at <= stamp.to_numpy()], panels.members.rows, stamp)
        mine = event_of == event
        fresh = dates - stamp <= pd.Timedelta(days=STALE_DAYS)
        found[mine & fresh] = [change.get(sector, np.nan) for sector in sectors]
    return found


def filings_absence(panels: MarketPanels) -> dict[str, GapReason]:
    """Return stale after 200 days without a filing, not_covered where managers hold nothing."""
    if panels.positions is None or panels.positions.rows.empty:
        return everywhere(panels, "no_data")
    newest = panels.positions.rows["known_at"].max().date()
    old = panels.last - newest > timedelta(days=STALE_DAYS)
    return everywhere(panels, "stale" if old else "not_covered")


def _changes(rows: pd.DataFrame, members: pd.DataFrame, stamp: pd.Timestamp) -> dict[str, float]:
    """Return each sector's change between each manager's last two quarters known at the stamp."""
    keys = ["manager", "symbol", "period"]
    latest = rows.drop_duplicates(keys, keep="last").sort_values(keys)
    periods = latest.groupby("manager")["period"].unique().map(np.sort)
    pairs = {str(manager): known[-2:] for manager, known in periods.items() if len(known) > 1}
    current = members[(members["start"] <= stamp) & ~(members["end"] <= stamp)]
    sector_of = dict(zip(current["symbol"], current["sector"], strict=True))
    bought: dict[str, float] = {}
    held: dict[str, float] = {}
    for manager, symbol, old, new in _positions(latest, pairs):
        del manager
        sector = sector_of.get(symbol)
        if sector is None:
            continue
        price = old[1] / old[0] if old[0] > 0.0 else new[1] / new[0]
        bought[sector] = bought.get(sector, 0.0) + (new[0] - old[0]) * price
        held[sector] = held.get(sector, 0.0) + 0.5 * (new[0] + old[0]) * price
    return {sector: 100.0 * bought[sector] / held[sector] for sector in held if held[sector] > 0.0}


Position = tuple[float, float]
"""Shares and value; both zero for a name not on file that quarter."""


def _positions(
    latest: pd.DataFrame, pairs: dict[str, NDArray[np.datetime64]]
) -> list[tuple[str, str, Position, Position]]:
    """Return old and new position of every name either quarter holds, by manager and symbol."""
    found: list[tuple[str, str, Position, Position]] = []
    nothing: Position = (0.0, 0.0)
    for manager, (before, after) in sorted(pairs.items()):
        mine = latest[latest["manager"] == manager]
        quarters: list[dict[str, Position]] = []
        for period in (before, after):
            rows = mine[(mine["period"] == period) & (mine["shares"] > 0) & (mine["value_bn"] > 0)]
            held = zip(rows["shares"], rows["value_bn"], strict=True)
            quarters.append(dict(zip(rows["symbol"], held, strict=True)))
        old, new = quarters
        found += [
            (manager, symbol, old.get(symbol, nothing), new.get(symbol, nothing))
            for symbol in sorted({*old, *new})
        ]
    return found
