"""Decides how managers' last filings are counted by sector: who was added to, who was cut."""

from collections.abc import Iterator

import numpy as np
import pandas as pd

from core.panel import MarketPanels, Table
from core.records.payloads import WhaleRow
from core.records.result import Flag
from core.signals.manager_filings import STALE_DAYS, manager_changes
from tools.measures.common import number, sector_of_member

TOP_NAMES = 5
FILING_LAG = pd.Timedelta(days=100)
"""A manager whose last filing is a quarter behind the others' no longer files."""


def filing_rows(panels: MarketPanels) -> Iterator[WhaleRow]:
    """Yield a row for each sector the managers hold, or held a quarter before.

    events_count is the positions whose shares changed, watched_count all positions; signed_pct is
    the catalogue's change of value at constant prices, None when the filings are stale.
    """
    if panels.positions is None or panels.positions.rows.empty:
        return
    held = _last_two_filings(panels.positions)
    held = held.assign(sector=held["symbol"].map(sector_of_member(panels)))
    end = pd.DatetimeIndex([pd.Timestamp(panels.last)])
    changes = manager_changes(panels, end)[0]
    change_of = dict(zip(panels.sectors.closes.columns, changes, strict=True))
    for sector in panels.universe.sector_ids:
        part = held[held["sector"] == sector]
        if part.empty:
            continue
        released = part["known_at"].max()
        by_value = part.groupby("symbol")["value_bn"].sum()
        top = by_value.sort_values(ascending=False, kind="stable").index[:TOP_NAMES]
        yield WhaleRow(
            sector=sector,
            kind="manager_position",
            period=part["period"].max().date(),
            released=released.date(),
            events_count=int((part["shares"] != part["shares_before"]).sum()),
            watched_count=len(part),
            signed_pct=number(change_of[sector]),
            value_bn=float(part["value_bn"].sum()),
            top=tuple(str(name) for name in top),
            flags=_flags(part, stale=(end[0] - released).days > STALE_DAYS),
        )


def _last_two_filings(positions: Table) -> pd.DataFrame:
    """Return each position of the managers' last filings beside the one before, 0 when absent.

    A manager with one filing is left out, as the catalogue does: nothing is known to have changed.
    """
    keys = ["manager", "symbol"]
    rows = positions.rows.drop_duplicates([*keys, "period"], keep="last")
    rank = rows.groupby("manager")["period"].rank(method="dense", ascending=False)
    now, before = rows[rank == 1.0], rows[rank == 2.0]
    now = now[now["period"] >= now["period"].max() - FILING_LAG]
    now = now[now["manager"].isin(before["manager"])]
    filed = now.groupby("manager")[["period", "known_at", "assumed"]].max().reset_index()
    before = before[before["manager"].isin(filed["manager"])]
    both = now[[*keys, "shares", "value_bn"]].merge(
        before[[*keys, "shares"]], on=keys, how="outer", suffixes=("", "_before")
    )
    amounts = ["shares", "shares_before", "value_bn"]
    both[amounts] = both[amounts].astype(np.float64).fillna(0.0)
    dated: pd.DataFrame = both.merge(filed, on="manager")
    return dated.sort_values(keys)


def _flags(part: pd.DataFrame, *, stale: bool) -> tuple[Flag, ...]:
    flags: list[Flag] = ["stale"] if stale else []
    if part["assumed"].any():
        flags.append("assumed_known_at")
    return tuple(flags)
