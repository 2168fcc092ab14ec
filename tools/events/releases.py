"""Decides which releases of the economy are dated events: policy decisions, a desk's numbers.

Nothing lies ahead: no stored row says when a number that has no value yet will come.
"""

from collections.abc import Iterator
from datetime import date
from typing import Final

import pandas as pd

from core.panel import Table
from core.records.events import DatedEvent, DatedKind
from tools.macro.indicators import is_policy
from tools.measures.common import slug
from tools.measures.macro_series import declared_series, reference_period

LEAST_STEP_PP: Final = 0.1
"""Central banks move by 0.25 at least, of which a month's mean of an effective rate may show less;
on its own it moves by a few hundredths."""


def policy_decisions(macro: Table, *, first: date, as_of: date) -> Iterator[DatedEvent]:
    """Yield each move of a rate a central bank decides.

    Its day is that of the rate's own date: of a rate published as a monthly mean, the month's end.
    """
    for name, rows in _first_releases(macro):
        if is_policy(name):
            moved = (rows["value"] - rows["previous"]).abs() >= LEAST_STEP_PP
            days = rows["period"].where(rows["period"] < rows["known_at"], rows["known_at"])
            yield from _events("policy_decision", name, rows.assign(day=days)[moved], first, as_of)


def macro_releases(macro: Table, *, first: date, as_of: date) -> Iterator[DatedEvent]:
    """Yield the first release of each period of the series a desk reads, but for daily ones."""
    wanted = {series.id for series in declared_series().series}
    for name, rows in _first_releases(macro):
        if name in wanted and reference_period(name, rows["period"]) != "D":
            dated = rows.assign(day=rows["known_at"])
            yield from _events("macro_release", name, dated, first, as_of)


def _first_releases(macro: Table) -> Iterator[tuple[str, pd.DataFrame]]:
    """Yield each series by period, as first released, beside the `previous` period's value."""
    known = macro.rows[macro.rows["value"].notna()]
    for name, rows in known.groupby("series", sort=True):
        ordered = rows.drop_duplicates("period", keep="first").sort_values("period")
        yield str(name), ordered.assign(previous=ordered["value"].shift())


def _events(
    kind: DatedKind, name: str, rows: pd.DataFrame, first: date, as_of: date
) -> Iterator[DatedEvent]:
    """Yield an event a row from `first` to as_of; `day` is its date."""
    start, end = pd.Timestamp(first), pd.Timestamp(as_of) + pd.Timedelta(days=1)
    for row in rows[(rows["day"] >= start) & (rows["day"] < end)].to_dict("records"):
        previous = row["previous"]
        yield DatedEvent(
            kind=kind,
            period=row["day"].date(),
            ahead=False,
            series=slug(name),
            previous_level=None if pd.isna(previous) else float(previous),
            value_level=float(row["value"]),
            flags=("assumed_known_at",) if row["assumed"] else (),
        )
