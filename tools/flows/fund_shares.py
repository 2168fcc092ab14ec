"""Decides how many shares a fund issued between two days, and at which price; splits issue none."""

from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from tools.market.trading import INDEX_TAXONOMIES
from tools.scope import Scope
from tools.storage.store import Store

COLUMNS: Final = ("symbol", "period", "close", "adj_close", "split")
BILLION: Final = 1e9
SLACK: Final = pd.Timedelta(days=7)
"""How far before a window's start its first number of shares may lie: weekly ones are enough."""

Cells = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class FundShares:
    """One fund's numbers of shares, ascending by day.

    days, shares: as told. issued: shares issued since the day before it, splits undone, NaN first.
    prices: last close up to each day, as traded; NaN without one. adjusted: the source tells no
    close but the adjusted one, so `prices` are its closes with later splits undone.
    """

    ticker: str
    days: pd.DatetimeIndex
    shares: Cells
    issued: Cells
    prices: Cells
    released: date
    assumed: bool
    adjusted: bool

    @property
    def assets_bn(self) -> Cells:
        """Shares at the price of each day."""
        return self.shares * self.prices / BILLION

    def flow_bn(self, start: pd.Timestamp) -> tuple[float, float] | None:
        """Return the money paid in after a day, and the assets then, billions.

        None where no number of shares is known shortly before the day, or a price is missing.
        """
        first = int(self.days.searchsorted(start, side="right")) - 1
        if first < 0 or start - self.days[first] > SLACK:
            return None
        paid = self.issued[first + 1 :] * self.prices[first + 1 :]
        found = float(paid.sum()) / BILLION, float(self.assets_bn[first])
        return None if np.isnan(found).any() else found


def fund_shares(store: Store, scope: Scope, told: pd.DataFrame) -> dict[str, FundShares]:
    """Return by sector id the shares of the sectors' funds; sectors that are no fund have none.

    Args:
        store: holds the funds' prices.
        scope: whose universe names the funds, and whose date bounds the prices.
        told: subject, period, known_at, assumed, value; one row a subject and day, ascending.
    """
    universe = scope.universe
    if universe.built_from_members or universe.taxonomy in INDEX_TAXONOMIES:
        return {}
    closes = _closes(store, scope)
    found = {}
    for sector in universe.sectors:
        rows, prices = (
            told[told["subject"] == sector.id],
            closes[closes["symbol"] == sector.ticker],
        )
        if len(rows) and len(prices):
            found[sector.id] = _fund(sector.ticker, rows, prices)
    return found


def _closes(store: Store, scope: Scope) -> pd.DataFrame:
    universe = scope.universe
    tickers = [sector.ticker for sector in universe.sectors]

    def read(as_of: date | None = None) -> pd.DataFrame:
        rows = store.read(universe.id, "prices", columns=COLUMNS, as_of=as_of)
        return rows[rows["symbol"].isin(tickers)].reset_index(drop=True)

    if store.has_late_rows(universe.id):
        rows = read(scope.as_of)
    else:
        rows = store.remembered(universe.id, f"closes of funds {','.join(tickers)}", read)
    return rows[rows["period"] < pd.Timestamp(scope.as_of) + pd.Timedelta(days=1)]


def _fund(ticker: str, rows: pd.DataFrame, prices: pd.DataFrame) -> FundShares:
    adjusted = bool(prices["adj_close"].notna().any()) and bool(
        (prices["close"].isna() | (prices["close"] == prices["adj_close"])).all()
    )
    days = pd.DatetimeIndex(rows["period"])
    split = prices["split"].to_numpy(dtype=np.float64)
    ratios = np.where(np.isfinite(split) & (split > 0.0), split, 1.0)
    grown = np.concatenate([[1.0], np.cumprod(ratios)])
    places = pd.DatetimeIndex(prices["period"]).searchsorted(days, side="right")
    closes = prices["close"].fillna(prices["adj_close"]).ffill().to_numpy(dtype=np.float64)
    at_day = np.where(places > 0, closes[np.maximum(places - 1, 0)], np.nan)
    shares = rows["value"].to_numpy(dtype=np.float64)
    factor = grown[places]
    before = shares[:-1] * factor[1:] / factor[:-1]
    last = rows.iloc[-1]
    return FundShares(
        ticker=ticker,
        days=days,
        shares=shares,
        issued=np.concatenate([[np.nan], shares[1:] - before]),
        prices=at_day * (grown[-1] / factor if adjusted else 1.0),
        released=last["known_at"].date(),
        assumed=bool(last["assumed"]),
        adjusted=adjusted,
    )
