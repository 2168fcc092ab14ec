"""Decides how Yahoo's answers become stored rows: its splits undone, local dates, own money only.

Yahoo's prices, volumes and dividends are adjusted for every later split, so the same day reads
otherwise after one. Rows are stored as they were on the day.
"""

from typing import Final

import numpy as np
import pandas as pd

from core.records.universe import Universe
from tools.storage.schema import SCHEMAS

COLUMNS: Final = {
    "Open": "open", "High": "high", "Low": "low", "Close": "close", "Volume": "volume",
    "Dividends": "dividend", "Stock Splits": "split",
}  # fmt: skip

SHARES: Final = "shares_outstanding"
SHARES_LAG_DAYS: Final = 1
"""Yahoo gives no release date; a count of one day is taken as known on the next."""


def bar_rows(
    frame: pd.DataFrame, symbol: str, universe: Universe, *, currency: str, bar: pd.Timedelta | None
) -> pd.DataFrame:
    """Return rows of the prices schema, raw.

        raw(t) = Yahoo's(t) * product over u > t of split(u)

    and the inverse for volumes. NaN closes are left out; the next bar with a close carries their
    splits and dividends. value_bn is close times volume where the quote is in the universe's
    currency, else NaN.

    Args:
        frame: as yfinance's `history(auto_adjust=False)`; index of bar starts with a time zone.
        symbol: whose bars.
        universe: gives the currency, and the time zone of intraday bars.
        currency: of the quotes, as Yahoo writes it.
        bar: length of an intraday bar, known at its end; None: daily bars, known on their day.
    """
    rows = frame[list(COLUMNS)].rename(columns=COLUMNS).astype("float64")
    later = _later_splits(rows["split"])
    for name in ("open", "high", "low", "close", "dividend"):
        rows[name] *= later
    rows["volume"] /= later
    rows[["dividend", "split"]] = _carried(rows)
    rows["period"], rows["known_at"] = _stamps(frame.index, universe, bar)
    rows["symbol"] = pd.Series(symbol, rows.index, dtype="str")
    money = rows["close"] * rows["volume"] * 1e-9
    rows["value_bn"] = money if currency == universe.currency else np.nan
    rows["adj_close"] = rows["put_through_bn"] = np.nan
    return rows.loc[rows["close"].notna(), list(SCHEMAS["prices"].columns)].reset_index(drop=True)


def share_rows(counts: "pd.Series[float]", subject: str) -> pd.DataFrame:
    """Return rows of the series schema, the last count of each day.

    Args:
        counts: shares, index of times with a time zone.
        subject: the sector whose fund they are of.
    """
    days = pd.DatetimeIndex(counts.index).tz_localize(None).normalize().as_unit("us")
    last = pd.Series(counts.to_numpy(dtype=np.float64), days).groupby(level=0).last()
    period = pd.Series(last.index)
    rows = pd.DataFrame(
        {
            "series": pd.Series(SHARES, period.index, dtype="str"),
            "subject": pd.Series(subject, period.index, dtype="str"),
            "period": period,
            "known_at": period + pd.Timedelta(days=SHARES_LAG_DAYS),
            "value": last.to_numpy(),
            "assumed": True,
        }
    )
    return rows[list(SCHEMAS["series"].columns)]


def _carried(rows: pd.DataFrame) -> pd.DataFrame:
    """Return raw dividends and splits, those of bars without a close added to the next bar's.

    A carried dividend counts a share of before the first carried split, as its day's close would.
    """
    kept = rows["close"].notna()
    told = rows[["dividend", "split"]]
    if kept.all():
        return told
    bars = kept[::-1].cumsum()[::-1].to_numpy()
    steps = _steps(rows["split"])
    until = steps.groupby(bars).cumprod()
    dividends = (rows["dividend"] * until / steps).groupby(bars).transform("sum")
    splits = steps.groupby(bars).transform("prod")
    several = pd.Series(bars, rows.index).duplicated(keep=False)
    return told.assign(
        dividend=rows["dividend"].mask(several, dividends),
        split=rows["split"].mask(several, splits.mask(splits == 1.0, 0.0)),
    )


def _steps(ratios: "pd.Series[float]") -> "pd.Series[float]":
    """Return the splits, 1 where there is none."""
    return ratios.where(ratios > 0.0, 1.0)


def _later_splits(ratios: "pd.Series[float]") -> "pd.Series[float]":
    """Return the product of the splits after each bar."""
    steps = _steps(ratios).to_numpy()
    products = np.append(np.cumprod(steps[::-1])[::-1][1:], 1.0)
    return pd.Series(products[-len(steps) :] if len(steps) else products[:0], ratios.index)


def _stamps(
    index: pd.Index, universe: Universe, bar: pd.Timedelta | None
) -> tuple[pd.DatetimeIndex, pd.DatetimeIndex]:
    """Return period and known_at: the exchange's own date, or the universe's local time."""
    starts = pd.DatetimeIndex(index)
    if bar is None:
        days = starts.tz_localize(None).normalize().as_unit("us")
        return days, days
    local = starts.tz_convert(universe.timezone).tz_localize(None).as_unit("us")
    return local, local + bar
