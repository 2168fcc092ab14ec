"""Decides at which price a symbol last traded, in the currency's own unit, as nobody adjusted it.

Panels hold adjusted closes only, which no broker would fill; this reads the stored rows themselves.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import numpy as np
import pandas as pd

from core.records.universe import Universe
from tools.sources.prices import THOUSANDS_BELOW, VIETNAMESE_TICKER_CHARS
from tools.storage.store import Store

COLUMNS = ("symbol", "period", "close", "adj_close", "volume", "value_bn", "split")

THOUSAND = 1_000.0
HALF_WAY = np.sqrt(THOUSAND)
"""Value a share over close is 1 in the currency's own unit, 1,000 where thousands are quoted."""

BILLION = 1e9


@dataclass(frozen=True, slots=True)
class TradedPrice:
    """A symbol's last close, in the currency's own unit, and its session.

    adjusted: the source tells no close but the adjusted one, so this is not what was traded.
    splits_x: shares it has become of one of the symbol's first session; panels count in those.
    """

    close: float
    period: date
    adjusted: bool
    splits_x: float = 1.0


def traded_prices(
    store: Store, universe: Universe, *, since: date, as_of: date
) -> dict[str, TradedPrice]:
    """Return each symbol's last close known at as_of, of those that traded since a day.

    Vietnamese sources quote thousand VND: a symbol's traded value a share tells its unit, without
    it the level of its close. Indices, whose level is no money, are left out there.
    """
    rows = _stored(store, universe.id, as_of)
    rows = rows[rows["period"] < pd.Timestamp(as_of) + pd.Timedelta(days=1)]
    told = rows["close"].notna() & (rows["close"] != rows["adj_close"])
    as_traded = frozenset(rows.loc[told, "symbol"].unique())
    splits = _splits(rows)
    recent = rows[rows["period"] >= pd.Timestamp(since)]
    recent = recent.assign(
        symbol=recent["symbol"].astype("str"), close=recent["close"].fillna(recent["adj_close"])
    )
    recent = recent[recent["close"].notna()]
    units = pd.Series(1.0, recent.index)
    if universe.currency == "VND":
        recent = recent[recent["symbol"].str.len() == VIETNAMESE_TICKER_CHARS]
        units = _units(recent)
    last = recent.drop_duplicates("symbol", keep="last")
    cells = zip(last["symbol"], last["close"], last["period"], units[last.index], strict=True)
    return {
        name: TradedPrice(
            _decimal(close, unit), period.date(), name not in as_traded, splits.get(name, 1.0)
        )
        for name, close, period, unit in cells
    }


def _stored(store: Store, universe: str, as_of: date) -> pd.DataFrame:
    if store.has_late_rows(universe):
        return store.read(universe, "prices", columns=COLUMNS, as_of=as_of, coded=True)

    def read() -> pd.DataFrame:
        return store.read(universe, "prices", columns=COLUMNS, coded=True)

    return store.remembered(universe, "closes as traded", read)


def _splits(rows: pd.DataFrame) -> dict[str, float]:
    """Return the product of a symbol's splits, of those whose volumes the panels chain."""
    ratios = rows["split"].to_numpy()
    told = rows.loc[(ratios > 0.0) & (ratios != 1.0), ["symbol", "split"]]
    if told.empty:
        return {}
    own = rows.loc[rows["symbol"].isin(told["symbol"].unique()), ["symbol", "adj_close"]]
    adjusted = own.loc[own["adj_close"].notna(), "symbol"].unique()
    chained = told[~told["symbol"].isin(adjusted)].astype({"symbol": "str"})
    products = chained.groupby("symbol")["split"].prod()
    return {str(name): float(product) for name, product in products.items()}


def _units(rows: pd.DataFrame) -> "pd.Series[float]":
    """Return what turns each row's close into the currency's own unit, one factor a symbol."""
    a_share = (rows["value_bn"] * BILLION / rows["volume"]).where(rows["volume"] > 0.0)
    ratios = (a_share / rows["close"]).groupby(rows["symbol"]).transform("median")
    thousands = (ratios > HALF_WAY).where(ratios.notna(), rows["close"] < THOUSANDS_BELOW)
    return pd.Series(np.where(thousands, THOUSAND, 1.0), index=rows.index)


def _decimal(close: float, unit: float) -> float:
    """Return the price as its source printed it: of 32 bits the shortest decimal, then the unit."""
    narrow = np.float32(close)
    printed = str(narrow) if float(narrow) == close else repr(float(close))
    return float(Decimal(printed) * Decimal(unit))
