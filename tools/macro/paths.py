"""Decides how a release, the macro state and other markets went over time, for charts.

The levels, readings and regimes are those of the tools and the catalogue; nothing is judged here.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.errors import UnknownIdError
from core.panel import Table
from core.records.plan import MacroType
from core.records.record import Record, Slug
from core.records.result import NamedGap
from core.signals.macro_readings import macro_states
from tools.context import ToolContext
from tools.macro.indicators import CATEGORIES, stored_series
from tools.measures.known import last_known
from tools.measures.macro_series import KeySeries, declared_series, reference_period, transformed
from tools.scope import Scope, named_gap

SPAN: Final = timedelta(days=3_653)
"""The history told without `since`: ten years."""


class SeriesChoice(Record):
    """A series with a stored release, as a desk reads it or as published."""

    series: Slug
    category: MacroType


class SeriesPath(Record):
    """One series by period, each at its last release known at as_of; columns of equal length."""

    universe: Slug
    series: Slug
    as_of: date
    since: date
    unit: str = ""
    category: MacroType | None = None
    gap: NamedGap | None = None
    periods: tuple[date, ...] = ()
    releases: tuple[date, ...] = ()
    assumed: tuple[bool, ...] = ()
    values_level: tuple[float, ...] = ()


class StatePath(Record):
    """Growth, inflation and sentiment at the last session of each week, in sd; None where unknown.

    Each value is of what had been released by its own day.
    """

    universe: Slug
    as_of: date
    since: date
    gap: NamedGap | None = None
    sessions: tuple[date, ...] = ()
    growth_z: tuple[float | None, ...] = ()
    inflation_z: tuple[float | None, ...] = ()
    sentiment_z: tuple[float | None, ...] = ()


def series_choices(
    context: ToolContext, *, region: str | None = None, as_of: date | None = None
) -> tuple[SeriesChoice, ...]:
    """Return the series known at as_of by category, those a desk reads first before the others."""
    known = _known(context.scope(region, as_of))
    return () if known is None else tuple(choice for _, choice in _choices(known))


def series_path(
    context: ToolContext,
    series: str,
    *,
    region: str | None = None,
    since: date | None = None,
    as_of: date | None = None,
) -> SeriesPath:
    """Return one series' history from a day on, by the end of its periods.

    Raises:
        UnknownIdError: no series of that name is known at as_of.
        CallerError: the history would begin after as_of.
    """
    scope = context.scope(region, as_of)
    start = scope.since(since, SPAN)
    known = _known(scope)
    if known is None:
        gap = scope.gap or named_gap("no_data", "macro")
        return SeriesPath(
            universe=scope.universe.id, series=series, as_of=scope.as_of, since=start, gap=gap
        )
    chosen = next((pair for pair in _choices(known) if pair[1].series == series), None)
    if chosen is None:
        raise UnknownIdError(f"{scope.universe.id} has no macro series {series!r} at {scope.as_of}")
    shown = _shown(chosen[0], known)
    shown = shown[shown["period"] >= pd.Timestamp(start)]
    return SeriesPath(
        universe=scope.universe.id,
        series=series,
        as_of=scope.as_of,
        since=start,
        unit=chosen[0].unit(str(known.loc[known["series"] == chosen[0].id, "unit"].iloc[-1])),
        category=chosen[1].category,
        periods=tuple(stamp.date() for stamp in shown["period"]),
        releases=tuple(stamp.date() for stamp in shown["known_at"]),
        assumed=tuple(bool(row) for row in shown["assumed"]),
        values_level=tuple(float(value) for value in shown["value"]),
    )


def state_path(
    context: ToolContext,
    *,
    region: str | None = None,
    since: date | None = None,
    as_of: date | None = None,
) -> StatePath:
    """Return the macro state week by week from a day on.

    Raises:
        CallerError: the history would begin after as_of.
    """
    scope = context.scope(region, as_of)
    start = scope.since(since, SPAN)
    known, panels = _known(scope), scope.panels
    if known is None or panels is None:
        gap = scope.gap or named_gap("no_data", "macro")
        return StatePath(universe=scope.universe.id, as_of=scope.as_of, since=start, gap=gap)
    weeks = _weeks(pd.DatetimeIndex(panels.sectors.closes.index), start)
    states = macro_states(Table("macro", known), weeks)
    return StatePath(
        universe=scope.universe.id,
        as_of=scope.as_of,
        since=start,
        sessions=tuple(stamp.date() for stamp in weeks),
        growth_z=_cells(states.growth),
        inflation_z=_cells(states.inflation),
        sentiment_z=_cells(states.sentiment),
    )


def _known(scope: Scope) -> pd.DataFrame | None:
    """Return the releases with a value, None without any."""
    table = None if scope.panels is None else scope.panels.macro
    if table is None:
        return None
    known = table.rows[table.rows["value"].notna()]
    return None if known.empty else known


def _choices(known: pd.DataFrame) -> Iterator[tuple[KeySeries, SeriesChoice]]:
    told: set[str] = set()
    for category in CATEGORIES:
        stored = stored_series(known, category)
        keys = [one for one in declared_series().series if one.id in stored]
        for one in (*keys, *(KeySeries(id=name) for name in sorted(stored))):
            if one.slug not in told:
                told.add(one.slug)
                yield one, SeriesChoice(series=one.slug, category=category)


def _shown(one: KeySeries, known: pd.DataFrame) -> pd.DataFrame:
    """Return the series by period as a desk reads it."""
    history = last_known(known[known["series"] == one.id], ["series"]).assign(revised=False)
    return transformed(history, one.transform, reference_period(one.id, history["period"]))


def _weeks(sessions: pd.DatetimeIndex, start: date) -> pd.DatetimeIndex:
    """Return the last session of each calendar week from a day on."""
    kept = sessions[sessions >= pd.Timestamp(start)]
    week = kept.to_period("W")
    return kept[~week.duplicated(keep="last")]


def _cells(values: NDArray[np.float64]) -> tuple[float | None, ...]:
    return tuple(None if np.isnan(value) else round(float(value), 4) for value in values)
