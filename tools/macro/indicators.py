"""Decides what get_macro_indicators prints: each series at its last release known at a date.

The regime and the factors are the catalogue's; nothing here interprets a release.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Final, get_args

import pandas as pd

from core.records.payloads import MacroResult, MacroRow
from core.records.plan import MacroType
from core.records.result import Flag, MissingCell
from core.signals.macro_readings import POLICY_PREFIXES, series_readings
from tools.context import ToolContext
from tools.measures.common import number
from tools.measures.known import last_known
from tools.measures.macro_series import KeySeries, declared_series, reference_period, transformed

TOOL = "get_macro_indicators"
CATEGORIES: Final = tuple(name for name in get_args(MacroType) if name not in ("policy", "all"))
"""Those a stored series has; policy rates have one of them."""
AS_IT_IS: Final = "x"
"""A unit the catalogue reads by its level: what is shown of a key series is what is held against
its own five years."""


def macro_indicators(
    context: ToolContext,
    *,
    macro_type: MacroType = "all",
    region: str | None = None,
    as_of: date | None = None,
) -> MacroResult:
    """Return the last releases, the regime, and the macro factors.

    All categories: the key series of each, or all stored ones where it has no key series. One
    category: all its stored series, the key ones first and as a desk reads them.
    """
    scope = context.scope(region, as_of)
    if scope.panels is None:
        return MacroResult(**scope.envelope(TOOL))
    table = scope.panels.macro
    if table is None or table.rows.empty:
        return MacroResult(**scope.absent(TOOL, "no_data", "macro"))
    known = table.rows[table.rows["value"].notna()]
    found = [
        (series, macro_row(series, known[known["series"] == series.id], scope.as_of))
        for category in (CATEGORIES if macro_type == "all" else (macro_type,))
        for series in _chosen(
            stored_series(known, category),
            key_only=macro_type == "all",
        )
    ]
    if not found:
        return MacroResult(**scope.absent(TOOL, "not_covered", "macro"))
    regime = context.regime(scope)
    return MacroResult(
        **scope.envelope(TOOL, ("macro",), known_at=known["known_at"].max().date()),
        rows=tuple(row for _, row in found if row is not None),
        missing=tuple(
            MissingCell(subject=series.slug, measure="value_level", reason="too_short")
            for series, row in found
            if row is None
        ),
        regime=() if regime is None else (regime,),
        factors=context.factors(scope, ("macro", "intermarket")),
    )


def stored_series(known: pd.DataFrame, category: str) -> list[str]:
    """Return the series of a category, or those a central bank decides for `policy`.

    Args:
        known: rows of the macro table.
        category: of `MacroType`, not `all`.
    """
    names = known.drop_duplicates("series")
    if category == "policy":
        return [str(name) for name in names["series"] if is_policy(str(name))]
    return [str(name) for name in names.loc[names["category"] == category, "series"]]


def is_policy(series: str) -> bool:
    """Tell whether a central bank decides the series."""
    return series.lower().startswith(POLICY_PREFIXES)


def _chosen(stored: list[str], *, key_only: bool) -> Iterator[KeySeries]:
    """Yield the declared series among those stored, then the others as they are."""
    keys = [series for series in declared_series().series if series.id in stored]
    yield from keys
    if not key_only or not keys:
        named = {series.id for series in keys}
        yield from (KeySeries(id=name) for name in sorted(stored) if name not in named)


def macro_row(series: KeySeries, releases: pd.DataFrame, as_of: date) -> MacroRow | None:
    """Return the series' last release, None when there is too little to make it from.

    Args:
        series: and what to make of it.
        releases: its rows of the macro table with a value, all known at as_of.
        as_of: the date it is read.
    """
    history = last_known(releases, ["series"])
    versions = releases.groupby("period")["value"].nunique()
    history = history.assign(revised=history["period"].map(versions) > 1)
    per = reference_period(series.id, history["period"])
    shown = transformed(history, series.transform, per)
    if shown.empty:
        return None
    last = shown.iloc[-1]
    period = last["period"].date()
    previous = number(shown["value"].iloc[-2]) if len(shown) > 1 else None
    stale = as_of - period > timedelta(days=declared_series().stale_days[per])
    told: tuple[tuple[Flag, bool], ...] = (
        ("stale", stale),
        ("assumed_known_at", bool(last["assumed"])),
        ("revised", bool(last["revised"])),
    )
    return MacroRow(
        series=series.slug,
        category=last["category"],
        period=period,
        released=last["known_at"].date(),
        assumed_release=bool(last["assumed"]),
        value_level=float(last["value"]),
        unit=series.unit(last["unit"]),
        previous_level=previous,
        change_level=None if previous is None else float(last["value"]) - previous,
        history_z=_history_z(series, releases, shown, as_of),
        flags=tuple(flag for flag, holds in told if holds),
    )


def _history_z(
    series: KeySeries, releases: pd.DataFrame, shown: pd.DataFrame, as_of: date
) -> float | None:
    today = pd.DatetimeIndex([pd.Timestamp(as_of)])
    if series not in declared_series().series:
        return number(series_readings(releases, today)[0])
    read = shown.assign(unit=AS_IT_IS).sort_values("known_at", kind="stable")
    return number(series_readings(read, today)[0])
