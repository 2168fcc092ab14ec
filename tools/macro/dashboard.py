"""Decides what get_macro_dashboard prints: the few numbers a desk reads, grouped by category.

A surprise is told only against a forecast that was stored as known before the release.
"""

from collections.abc import Iterator
from datetime import date
from typing import Final, get_args

import pandas as pd

from core.records.economy import DashboardCategory, DashboardResult, DashboardRow
from core.records.payloads import MacroRow
from core.records.result import MissingCell
from tools.context import ToolContext
from tools.macro.indicators import is_policy, macro_row, stored_series
from tools.measures.known import last_known
from tools.measures.macro_series import KeySeries, declared_series

TOOL: Final = "get_macro_dashboard"
ROWS_MAX: Final = 12
FORECAST: Final = "_FORECAST"
"""What follows a number's name in the series that holds its forecast: CPIAUCSL_YOY_FORECAST."""

GROUPS: Final[tuple[DashboardCategory, ...]] = get_args(DashboardCategory)

Chosen = tuple[DashboardCategory, KeySeries]


def macro_dashboard(
    context: ToolContext, *, region: str | None = None, as_of: date | None = None
) -> DashboardResult:
    """Return the declared series that are stored, at most twelve, the first of each group first."""
    scope = context.scope(region, as_of)
    if scope.panels is None:
        return DashboardResult(**scope.envelope(TOOL))
    table = scope.panels.macro
    if table is None or table.rows.empty:
        return DashboardResult(**scope.absent(TOOL, "no_data", "macro"))
    known = table.rows[table.rows["value"].notna()]
    chosen = _cut([(group, one) for group in GROUPS for one in _declared(known, group)])
    if not chosen:
        return DashboardResult(**scope.absent(TOOL, "not_covered", "macro"))
    read = [
        (group, one, macro_row(one, known[known["series"] == one.id], scope.as_of))
        for group, one in chosen
    ]
    rows = [_row(known, group, row, scope.as_of) for group, _, row in read if row is not None]
    return DashboardResult(
        **scope.envelope(TOOL, ("macro",), known_at=known["known_at"].max().date()),
        rows=tuple(rows),
        missing=tuple(
            MissingCell(subject=one.slug, measure="value_level", reason="too_short")
            for _, one, row in read
            if row is None
        ),
    )


def _declared(known: pd.DataFrame, group: DashboardCategory) -> Iterator[KeySeries]:
    """Yield the group's series a desk reads first; policy rates stand in their own group alone."""
    stored = set(stored_series(known, group))
    for one in declared_series().series:
        if one.id in stored and (group == "policy" or not is_policy(one.id)):
            yield one


def _cut(chosen: list[Chosen]) -> list[Chosen]:
    """Return at most twelve: the last of the longest group goes first, of equal ones the later."""
    kept = list(chosen)
    while len(kept) > ROWS_MAX:
        counts = {group: sum(row[0] == group for row in kept) for group in GROUPS}
        longest = max(GROUPS, key=lambda group: (counts[group], GROUPS.index(group)))
        place = max(place for place, row in enumerate(kept) if row[0] == longest)
        del kept[place]
    return kept


def _row(known: pd.DataFrame, group: DashboardCategory, row: MacroRow, as_of: date) -> DashboardRow:
    forecast = _forecast(known, row)
    return DashboardRow(
        **row.model_dump(),
        group=group,
        age_days=max((as_of - row.released).days, 0),
        forecast_level=forecast,
        surprise_level=None if forecast is None else row.value_level - forecast,
    )


def _forecast(known: pd.DataFrame, row: MacroRow) -> float | None:
    """Return what was last expected of the row's period before its release; None without any."""
    named = known["series"].str.upper() == f"{row.series}{FORECAST}".upper()
    before = known["known_at"] < pd.Timestamp(row.released)
    mine = known[named & before & (known["period"] == pd.Timestamp(row.period))]
    return None if mine.empty else float(last_known(mine, ["series"])["value"].iloc[-1])
