"""Decides whether a table's dates of release can be believed; what was released it does not judge.

A number dated before it was published leaks into every signal made of it, and no recomputation of
the signal can show it.
"""

from collections.abc import Iterator

import pandas as pd

from core.panel import MarketPanels, Table
from core.records.audit import Oddity
from core.records.result import Dataset

KEYS: dict[str, str] = {"macro": "series", "fundamentals": "symbol", "positions": "manager"}
"""What each table has one history of; reports and holdings speak of quarters or years."""

PERIOD_DAYS = 20
"""Days between a series' periods from which it speaks of months or longer, and needs a lag."""


def odd_releases(panels: MarketPanels, datasets: frozenset[Dataset]) -> tuple[Oddity, ...]:
    """Return the tables with assumed dates, and the histories known by the end of their periods.

    Args:
        panels: any span.
        datasets: those that count; only tables of two dates can be odd.
    """
    tables: tuple[Table | None, ...] = (panels.macro, panels.fundamentals, panels.positions)
    return tuple(
        odd
        for table in tables
        if table is not None and table.kind in datasets
        for odd in (*_assumed(table), *_unlagged(table))
    )


def _assumed(table: Table) -> Iterator[Oddity]:
    assumed = table.rows["assumed"].astype(bool)
    if assumed.any():
        share = float(assumed.mean())
        yield Oddity(kind="assumed_dates", column=table.kind, count=int(assumed.sum()), value=share)


def _unlagged(table: Table) -> Iterator[Oddity]:
    rows, key = table.rows, KEYS[table.kind]
    early = rows[rows["known_at"] <= rows["period"]]
    for name, own in early.groupby(key):
        periods = rows.loc[rows[key] == name, "period"].drop_duplicates().sort_values()
        if periods.diff().dt.days.median() >= PERIOD_DAYS:
            first: pd.Timestamp = own["period"].min()
            yield Oddity(kind="unlagged", column=str(name), first=first.date(), count=len(own))
