"""Decides what a manager held by each filing; an amendment adds to it or tells it anew."""

from collections.abc import Iterable
from datetime import date

import pandas as pd

from tools.storage.schema import SCHEMAS, empty_frame
from tools.upstream.edgar_filings import Filing

HELD = ("symbol", "shares", "value_bn")


def position_rows(
    filings: Iterable[tuple[Filing, pd.DataFrame, bool]], manager: str, *, since: date
) -> pd.DataFrame:
    """Return rows of the positions schema, known on the day of their filing, from `since` on.

    The first filing about a quarter tells all holdings. An amendment tells all of them anew, then
    what it leaves out is stored as nothing held; or it adds to them. Rows are what a filing tells
    otherwise than the one before about the same quarter. Holdings without a symbol are one row
    without one, so that it is counted.

    Args:
        filings: in the order of their days, each with its holdings (symbol, shares, value_bn), and
            whether it adds to those before.
        manager: whose.
        since: the first day rows are wanted of.
    """
    held: dict[date, pd.DataFrame] = {}
    found = []
    for filing, table, adds in filings:
        before = held.get(filing.period)
        parts = [table] if before is None or not adds else [before, table]
        now = _summed(pd.concat(parts, ignore_index=True))
        held[filing.period] = now
        if filing.filed >= since:
            found.append(_changed(before, now).assign(filed=filing.filed, period=filing.period))
    rows = pd.concat(found, ignore_index=True) if found else pd.DataFrame()
    if rows.empty:
        return empty_frame("positions")
    rows = rows.drop_duplicates(["symbol", "period", "filed"], keep="last").assign(
        manager=manager,
        known_at=lambda frame: pd.DatetimeIndex(frame["filed"]).as_unit("us"),
        period=lambda frame: pd.DatetimeIndex(frame["period"]).as_unit("us"),
        assumed=False,
    )
    return rows.astype({"manager": "str", "symbol": "str"}).reset_index(drop=True)[
        [*SCHEMAS["positions"].columns]
    ]


def _summed(table: pd.DataFrame) -> pd.DataFrame:
    """Return one row a symbol; classes and sub-managers of one symbol add up."""
    return table.groupby("symbol", dropna=False, sort=True, as_index=False)[
        ["shares", "value_bn"]
    ].sum(min_count=1)


def _changed(before: pd.DataFrame | None, now: pd.DataFrame) -> pd.DataFrame:
    if before is None:
        return now
    gone = before.loc[~before["symbol"].isin(now["symbol"])]
    everything = pd.concat([now, gone.assign(shares=0.0, value_bn=0.0)], ignore_index=True)
    beside = everything.merge(before, on="symbol", how="left", suffixes=("", "_before"))
    same = (beside["shares"] == beside["shares_before"]) & (
        beside["value_bn"] == beside["value_bn_before"]
    )
    return everything[~same.to_numpy()]
