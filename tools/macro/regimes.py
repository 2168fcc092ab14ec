"""Decides what get_macro_regime prints: the regime now, since when, and those before it.

The names are the core's; nothing here says what a regime is worth.
"""

from collections.abc import Iterator
from dataclasses import fields, replace
from datetime import date, timedelta
from itertools import groupby
from typing import Final

import numpy as np
import pandas as pd

from core.panel import MarketPanels, PricePanel, Table
from core.records.economy import RegimeResult, RegimeSpell
from core.records.payloads import Regime
from core.records.result import GapReason, MissingCell
from core.signals.macro import macro_regime
from core.signals.macro_readings import macro_states
from tools.context import ToolContext
from tools.measures.regime import PHASE_CATEGORIES

TOOL: Final = "get_macro_regime"
SPAN: Final = timedelta(days=1826)
"""The history told without `since`: five years."""

Sides = tuple[bool, bool]
"""Growth and inflation at or above their own five years."""


def regime_now_and_before(
    context: ToolContext,
    *,
    since: date | None = None,
    region: str | None = None,
    as_of: date | None = None,
) -> RegimeResult:
    """Return the regime and the stretches of regimes from a day on.

    Raises:
        CallerError: the history would begin after as_of.
    """
    scope = context.scope(region, as_of)
    start = scope.since(since, SPAN)
    if scope.panels is None:
        return RegimeResult(**scope.envelope(TOOL), since=start)
    table = scope.panels.macro
    if table is None or table.rows.empty:
        return RegimeResult(**scope.absent(TOOL, "no_data", "macro"), since=start)
    history = tuple(_spells(scope.panels, _phases(table), start))
    now = context.regime(scope)
    if now is None and not history:
        return RegimeResult(**scope.absent(TOOL, _why(table), "macro"), since=start)
    return RegimeResult(
        **scope.envelope(TOOL, ("macro", "prices"), known_at=table.rows["known_at"].max().date()),
        since=start,
        rows=() if now is None else (now,),
        missing=_missing(scope.universe.id, table) if now is None else (),
        history=history,
    )


def _phases(table: Table) -> Table:
    """Return the releases growth and inflation are read from."""
    return Table("macro", table.rows[table.rows["category"].isin(PHASE_CATEGORIES)])


def _missing(universe: str, table: Table) -> tuple[MissingCell, ...]:
    return (MissingCell(subject=universe, measure="regime", reason=_why(table)),)


def _why(table: Table) -> GapReason:
    """Return why there is no regime: a side without any series, or none recent enough."""
    stored = set(table.rows["category"])
    return "stale" if stored.issuperset(PHASE_CATEGORIES) else "not_covered"


def _spells(panels: MarketPanels, macro: Table, start: date) -> Iterator[RegimeSpell]:
    """Yield the stretches of sessions with one known state, oldest first."""
    sessions = pd.DatetimeIndex(panels.sectors.closes.index)
    sessions = sessions[sessions.searchsorted(pd.Timestamp(start)) :]
    if not len(sessions):
        return
    states = macro_states(macro, sessions)
    known = ~(np.isnan(states.growth) | np.isnan(states.inflation))
    sides: list[Sides | None] = [
        (growth, inflation) if there else None
        for growth, inflation, there in zip(
            (states.growth >= 0.0).tolist(),
            (states.inflation >= 0.0).tolist(),
            known.tolist(),
            strict=True,
        )
    ]
    names: dict[Sides, Regime] = {}
    first = 0
    for side, run in groupby(sides):
        last = first + len(list(run)) - 1
        if side is not None:
            if side not in names:
                names[side] = _named(panels, macro, sessions[last])
            yield RegimeSpell(
                regime=names[side],
                entered=sessions[first].date(),
                left=sessions[last].date(),
                sessions=last - first + 1,
                running=last == len(sessions) - 1,
            )
        first = last + 1


def _named(panels: MarketPanels, macro: Table, session: pd.Timestamp) -> Regime:
    """Return what the core calls the regime of a session on which both sides are known."""
    day = PricePanel(
        *(getattr(panels.sectors, field.name).loc[session:session] for field in fields(PricePanel))
    )
    found = macro_regime(replace(panels, sectors=day, macro=macro))
    if found is None:
        raise ValueError(f"no regime on {session.date()}, though growth and inflation are known")
    return found.regime
