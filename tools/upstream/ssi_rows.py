"""Decides how SSI's daily rows become prices and flows: units, put-through apart, ex-days.

SSI writes money in VND and volumes in shares. Whether a price is in VND too is judged by the money
traded over the shares traded, since stocks are stored in thousand VND. It tells no dividends and no
splits, but what the exchange takes off the reference price of an ex-day.
"""

from typing import Final

import numpy as np
import pandas as pd

from core.records.result import Dataset
from tools.storage.schema import SCHEMAS
from tools.upstream.errors import ChangedShapeError

BILLION: Final = 1e9
THOUSAND: Final = 1e3
SAME_UNIT: Final = (0.5, 2.0)
"""Bounds of the median of money over shares over close; a day's limit is 15 % at most."""
USUALLY_SAME: Final = 0.8
"""Share of sessions that begin at the close before on HOSE and HNX; on UPCoM they begin at the
average price of the day before, which is that close only now and then."""
FEWEST_SESSIONS: Final = 5
TICK: Final = 0.0005
"""A thousandth is the smallest price step of a share; half of it is rounding."""
LARGEST_DAY: Final = 0.2
"""Beyond any day's move from a close to an average: a stock of UPCoM moves 15 % at most."""


def stock_prices(table: pd.DataFrame, symbol: str) -> pd.DataFrame:
    """Return rows of the prices schema, raw: thousand VND, shares, billions of VND.

    `split` is the close before over the reference price where the exchange took something off, so
    that a cash dividend counts like a split and returns are those the exchange itself shows. NaN
    on other days, and on the first: nothing is known of the day before.

    Args:
        table: columns as in `COLUMNS` of `ssi_answers`, ascending; index of days.
        symbol: whose.

    Raises:
        ChangedShapeError: prices in no unit that fits the money and the shares.
    """
    unit = _price_unit(table)
    closes = table["closeprice"].where(table["closeprice"] > 0.0)
    rows = _blank(table, "prices").assign(
        symbol=pd.Series(symbol, table.index, dtype="str"),
        open=_positive(table["openprice"]) / unit,
        high=_positive(table["highestprice"]) / unit,
        low=_positive(table["lowestprice"]) / unit,
        close=closes / unit,
        volume=table["totalmatchvol"],
        value_bn=table["totalmatchval"] / BILLION,
        put_through_bn=table["totaldealval"] / BILLION,
        split=_taken_off(closes, table["refprice"]),
    )
    return _finished(rows[rows["close"].notna()], "prices")


def index_prices(table: pd.DataFrame, symbol: str) -> pd.DataFrame:
    """Return rows of the prices schema of an index: points, of which SSI tells the last.

    Args:
        table: columns as in `COLUMNS` of `ssi_answers`, ascending; index of days.
        symbol: whose.
    """
    rows = _blank(table, "prices").assign(
        symbol=pd.Series(symbol, table.index, dtype="str"),
        close=_positive(table["indexvalue"]),
        volume=table["totalmatchvol"],
        value_bn=table["totalmatchval"] / BILLION,
        put_through_bn=table["totaldealval"] / BILLION,
    )
    return _finished(rows[rows["close"].notna()], "prices")


def foreign_flows(table: pd.DataFrame, symbol: str) -> pd.DataFrame:
    """Return rows of the flows schema: what foreigners bought and sold, put-through included.

    Args:
        table: columns as in `COLUMNS` of `ssi_answers`, ascending; index of days.
        symbol: whose.
    """
    rows = _blank(table, "flows").assign(
        symbol=pd.Series(symbol, table.index, dtype="str"),
        investor=pd.Series("foreign", table.index, dtype="str"),
        buy_bn=table["foreignbuyvaltotal"] / BILLION,
        sell_bn=table["foreignsellvaltotal"] / BILLION,
    )
    return _finished(rows[rows["buy_bn"].notna() & rows["sell_bn"].notna()], "flows")


def _price_unit(table: pd.DataFrame) -> float:
    """Return what a price is divided by to be in thousand VND."""
    traded = table[(table["totalmatchvol"] > 0.0) & (table["closeprice"] > 0.0)]
    if traded.empty:
        return THOUSAND
    each = traded["totalmatchval"] / traded["totalmatchvol"] / traded["closeprice"]
    middle = float(each.median())
    if SAME_UNIT[0] <= middle <= SAME_UNIT[1]:
        return THOUSAND
    if SAME_UNIT[0] <= middle / THOUSAND <= SAME_UNIT[1]:
        return 1.0
    raise ChangedShapeError("SSI", "its prices, volumes and values do not fit each other")


def _taken_off(closes: "pd.Series[float]", reference: "pd.Series[float]") -> "pd.Series[float]":
    factor = closes.ffill().shift() / reference.where(reference > 0.0)
    told = factor.dropna()
    usual = (told - 1.0).abs() <= TICK
    at_close = len(told) >= FEWEST_SESSIONS and usual.mean() >= USUALLY_SAME
    return factor.where((factor - 1.0).abs() > (TICK if at_close else LARGEST_DAY))


def _positive(values: "pd.Series[float]") -> "pd.Series[float]":
    """Return the values; SSI writes 0 where there is none."""
    return values.where(values > 0.0)


def _blank(table: pd.DataFrame, dataset: Dataset) -> pd.DataFrame:
    days = pd.Series(table.index, table.index).astype("datetime64[us]")
    numbers = dict.fromkeys(SCHEMAS[dataset].numbers, np.nan)
    return pd.DataFrame({"period": days, "known_at": days, **numbers}, index=table.index)


def _finished(rows: pd.DataFrame, dataset: Dataset) -> pd.DataFrame:
    return rows[[*SCHEMAS[dataset].columns]].reset_index(drop=True)
