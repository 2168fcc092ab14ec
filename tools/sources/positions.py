"""Decides what managers held by quarter, and in which unit each filing states its values."""

import numpy as np
import pandas as pd

from tools.sources.lags import FILING_LAG_DAYS
from tools.sources.reading import Reading
from tools.storage.schema import SCHEMAS

THOUSAND = 1_000.0

USUAL_MEDIAN_USD = (1.0, 5_000.0)
"""Bounds of a filing's median value a share. SEC rules asked for thousands of dollars until 2022
and for dollars since: outside the bounds the values are a thousand times off, for no large holder's
median position is a sub-dollar stock, and one stock alone costs more than the upper bound."""

USUAL_RATIO = (1.0 / 30.0, 30.0)
"""Bounds of the median of value a share over close. Half-way on a log scale between right and a
thousand times off, so later splits and dividends in the stored prices cannot tip it."""

FEWEST_COMPARED = 3
"""Positions with a stored close before they judge a filing."""

PRICE_AGE_DAYS = 10
"""How old a stored close may be to judge a quarter's end."""

USUAL_OVER_CLOSE = (0.5, 60.0)
"""Bounds of one row's value a share over close. Below: the price of the day, with room for a wrong
day. Above: stored closes are divided by later splits, of which 50 for 1 is the largest known, and
by later dividends."""

NEAR_CLOSE = (0.5, 2.0)
"""Bounds once a row was multiplied by 1,000: too small a value has no later split to explain it."""

FEWEST_SMALL = 2
"""Rows of a filing a thousand times too small before any is multiplied; a single one is more likely
a warrant or a bond under the share's symbol."""


def position_rows(reading: Reading, closes: pd.DataFrame | None = None) -> pd.DataFrame:
    """Return rows of the positions schema, one a manager, symbol and quarter, with two marks.

    A filing (manager, period) a thousand times off is multiplied or divided by 1,000. With stored
    closes of at least three of its symbols the median of value a share over close decides; without,
    the median value a share itself. Some filings mix both units, so then each row with a close is
    judged alone; where such a row was off, so is each row without a close whose value a share no
    stock has. `rescaled` marks rows of another value than the file's, `implausible` rows whose
    value fits their close in neither unit. Sound lines of one symbol (share classes, options) are
    summed; rows without a symbol stay.

    Args:
        reading: the file.
        closes: symbol, period, close of the store, for the comparison; None when there are none.
    """
    rows = pd.DataFrame(
        {
            "manager": reading.text("manager"),
            "symbol": reading.symbols(),
            "period": reading.stamp("period").dt.normalize(),
            "known_at": reading.stamp("known_at"),
            "shares": reading.number("shares"),
            "value_bn": reading.number("value_bn"),
            "row": reading.rows(),
        }
    )
    named = (reading.mapping.column("known_at") or "").lower().endswith("assumed")
    rows["assumed"] = rows["known_at"].isna() | named
    due = (rows["period"] + pd.Timedelta(days=FILING_LAG_DAYS)).astype("datetime64[us]")
    rows["known_at"] = rows["known_at"].fillna(due)
    implied = (rows["value_bn"] * 1e9 / rows["shares"]).where(rows["shares"] > 0.0)
    unknown = pd.Series(np.nan, rows.index)
    close = unknown if closes is None or closes.empty else _close_at(rows, closes)
    filing = [rows["manager"], rows["period"]]
    factor = _filing_factor(implied, close, filing)
    factor *= _row_factor(implied * factor, close, filing)
    rows["rescaled"] = factor != 1.0
    rows["value_bn"] *= factor
    ratio = implied * factor / close
    rows["implausible"] = ratio.notna() & ~ratio.between(*USUAL_OVER_CLOSE)
    return _summed(rows)[[*SCHEMAS["positions"].columns, "row", "rescaled", "implausible"]]


def _filing_factor(
    implied: "pd.Series[float]", close: "pd.Series[float]", filing: list[pd.Series]
) -> "pd.Series[float]":
    """Return what each row's value is multiplied by for its filing's sake: 1, 1,000 or 1/1,000."""
    factor = _outside(implied.groupby(filing).transform("median"), USUAL_MEDIAN_USD)
    ratios = (implied / close).groupby(filing)
    judged = ratios.transform("count") >= FEWEST_COMPARED
    return factor.mask(judged, _outside(ratios.transform("median"), USUAL_RATIO))


def _row_factor(
    implied: "pd.Series[float]", close: "pd.Series[float]", filing: list[pd.Series]
) -> "pd.Series[float]":
    """Return what each row's value is multiplied by for its own sake: 1, 1,000 or 1/1,000."""
    ratio = implied / close
    large = (ratio / THOUSAND).between(*USUAL_OVER_CLOSE)
    small = (ratio * THOUSAND).between(*NEAR_CLOSE)
    small &= small.groupby(filing).transform("sum") >= FEWEST_SMALL
    unjudged, (low, high) = ratio.isna(), USUAL_MEDIAN_USD
    large |= unjudged & (implied > high) & large.groupby(filing).transform("any")
    small |= unjudged & (implied < low) & small.groupby(filing).transform("any")
    return THOUSAND ** (small.astype(np.float64) - large)


def _outside(medians: "pd.Series[float]", bounds: tuple[float, float]) -> "pd.Series[float]":
    low, high = bounds
    steps = (medians < low).astype(np.float64) - (medians > high).astype(np.float64)
    return THOUSAND**steps


def _close_at(rows: pd.DataFrame, closes: pd.DataFrame) -> "pd.Series[float]":
    left = rows.loc[rows["symbol"].notna() & rows["period"].notna(), ["symbol", "period"]]
    matched = pd.merge_asof(
        left.reset_index().sort_values("period"),
        closes.sort_values("period"),
        on="period",
        by="symbol",
        tolerance=pd.Timedelta(days=PRICE_AGE_DAYS),
    )
    return matched.set_index("index")["close"].reindex(rows.index).astype(np.float64)


def _summed(rows: pd.DataFrame) -> pd.DataFrame:
    named = rows["symbol"].notna()
    keys = ["manager", "symbol", "period", "implausible"]
    rest = {name: "first" for name in rows.columns if name not in (*keys, "shares", "value_bn")}
    totals = (
        rows[named]
        .groupby(keys, as_index=False, sort=False, dropna=False)
        .agg({"shares": "sum", "value_bn": "sum", **rest})
    )
    return pd.concat([totals, rows[~named]], ignore_index=True).sort_values("row")
