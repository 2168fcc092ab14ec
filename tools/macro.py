"""Decides what get_macro_indicators prints: each series at its last release known at a date.

The regime and the factors are the catalogue's; nothing here interprets a release.
"""

from datetime import date, timedelta
from typing import Final, get_args

import pandas as pd

from core.records.payloads import MacroResult, MacroRow
from core.records.plan import MacroType
from core.records.result import Flag
from core.signals.macro_readings import STALE_DAYS, series_readings
from tools.context import ToolContext
from tools.measures import number, slug
from tools.statements import last_known

TOOL = "get_macro_indicators"
CATEGORIES: Final = frozenset(get_args(MacroType)) - {"all"}


def macro_indicators(
    context: ToolContext,
    *,
    macro_type: MacroType = "all",
    region: str | None = None,
    as_of: date | None = None,
) -> MacroResult:
    """Return the last releases of a category, the regime, and the macro factors."""
    scope = context.scope(region, as_of)
    if scope.panels is None:
        return MacroResult(**scope.envelope(TOOL))
    table = scope.panels.macro
    if table is None or table.rows.empty:
        return MacroResult(**scope.absent(TOOL, "no_data", "macro"))
    wanted = CATEGORIES if macro_type == "all" else {macro_type}
    known = table.rows[table.rows["category"].isin(wanted)]
    if known.empty:
        return MacroResult(**scope.absent(TOOL, "not_covered", "macro"))
    rows = _rows(known, scope.as_of)
    regime = context.regime(scope)
    return MacroResult(
        **scope.envelope(TOOL, ("macro",), known_at=max(row.released for row in rows)),
        rows=rows,
        regime=() if regime is None else (regime,),
        factors=context.factors(scope, ("macro", "intermarket")),
    )


def _rows(known: pd.DataFrame, as_of: date) -> tuple[MacroRow, ...]:
    rows = [_row(str(name), series, as_of) for name, series in known.groupby("series")]
    return tuple(sorted(rows, key=lambda row: (row.category, row.series)))


def _row(name: str, releases: pd.DataFrame, as_of: date) -> MacroRow:
    history = last_known(releases, ["series"])
    last = history.iloc[-1]
    today = pd.DatetimeIndex([pd.Timestamp(as_of)])
    previous = number(history["value"].iloc[-2]) if len(history) > 1 else None
    period = last["period"].date()
    flags: list[Flag] = []
    if as_of - period > timedelta(days=STALE_DAYS):
        flags.append("stale")
    if last["assumed"]:
        flags.append("assumed_known_at")
    return MacroRow(
        series=slug(name),
        category=last["category"],
        period=period,
        released=last["known_at"].date(),
        assumed_release=bool(last["assumed"]),
        value_level=float(last["value"]),
        unit=last["unit"],
        previous_level=previous,
        change_level=None if previous is None else float(last["value"]) - previous,
        history_z=number(series_readings(releases, today)[0]),
        flags=tuple(flags),
    )
