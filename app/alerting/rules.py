"""Decides from when on a week's turn, a flow or a volume is worth telling a desk."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Final

import pandas as pd

from app.alerting.records import Alert, AlertKind
from core.records.payloads import WhaleResult, WhaleRow
from core.records.result import NamedGap
from core.rotation.bars import to_bars
from tools.context import ToolContext
from tools.flows.baskets import FlowView, flow_row, published, sector_baskets, to_last
from tools.measures.flow_readings import streak
from tools.scope import Scope, named_gap

LEAST_RUN: Final = 5
"""Sessions foreigners must have gone one way before their turn is told: a week."""
FRESH_RUN: Final = 5
"""Sessions a turn stays told."""
LEAST_SHARE: Final = 0.15
"""Share of a sector's watched stock-sessions of a week that must be unusual."""
LEAST_EVENTS: Final = 3
"""Unusual stock-sessions at least: one stock's day is not a sector's."""
LEAST_VALUE_CHANGE_PCT: Final = 10.0
"""Change of what managers hold of a sector that is told."""
FILED_WITHIN: Final = timedelta(days=7)
REPORTED_WITHIN: Final = timedelta(days=7)
"""How old the report of a changed stance may be: a week later the desk has seen it."""


def last_finished_week(context: ToolContext, universe: str, as_of: date) -> date | None:
    """Return the last session of the last week that is over at as_of; None without one."""
    scope = context.scope(universe, as_of)
    if scope.panels is None:
        return None
    bars = to_bars(scope.panels.sectors.closes, "weekly", as_of=as_of, universe=scope.universe)
    index = pd.DatetimeIndex(bars.closes.index)
    place = len(index) - 1 - int(bars.provisional)
    return index[place].date() if place >= 0 else None


def flow_turns(scope: Scope) -> Iterator[Alert]:
    """Yield the sectors foreigners turned on within a week, after a run of five sessions or more.

    What was traded since must be more than balanced, and measurable (`flow_state`).
    """
    panels = scope.panels
    flows = None if panels is None or not scope.universe.foreign_flow else published(panels)
    if panels is None or flows is None:
        return
    covered = {str(name) for name in flows.buys.columns}
    ended = to_last(panels, flows)
    net = flows.buys - flows.sells
    for basket in sector_baskets(panels, covered, scope.universe.sectors):
        found = _turn(net[basket.symbols])
        if found is None:
            continue
        now, before = found
        row = flow_row(FlowView(ended, flows, abs(now), eventful=False), basket)
        if row.state not in ("buying", "selling"):
            continue
        first: pd.Timestamp = net.index[-abs(now)]
        yield Alert(
            kind="flow_turn",
            concern="other",
            universe=scope.universe.id,
            period=first.date(),
            frequency="daily",
            sector=basket.sector,
            run_before_sessions=before,
            run_sessions=now,
            net_bn=row.net_bn,
            intensity_pct=row.intensity_pct,
        )


def _turn(net: pd.DataFrame) -> tuple[int, int] | None:
    """Return the running streak and the one it ended, where that is a turn worth telling."""
    now = streak(net)
    if not 0 < abs(now) <= FRESH_RUN:
        return None
    before = streak(net.iloc[: -abs(now)])
    return (now, before) if now * before < 0 and abs(before) >= LEAST_RUN else None


def flow_gap(scope: Scope) -> NamedGap | None:
    """Return why there are no flows whose turns could be told; None with flows."""
    if not scope.universe.foreign_flow:
        return named_gap("not_published", "flows")
    if scope.panels is None:
        return scope.gap
    return None if published(scope.panels) is not None else named_gap("no_data", "flows")


def unusual_volume(told: WhaleResult, universe: str, as_of: date) -> Iterator[Alert]:
    """Yield the sectors with unusual volume or blocks in the week told of, and new filings."""
    for row in told.rows:
        if _worth_telling(row, as_of):
            kind: AlertKind = row.kind
            filed = kind == "manager_position"
            yield Alert(
                kind=kind,
                concern="other",
                universe=universe,
                period=row.released if filed else row.period,
                frequency=None if filed else "daily",
                sector=row.sector,
                events_count=row.events_count,
                watched_count=row.watched_count,
                signed_pct=row.signed_pct,
                symbols=row.top,
            )


def _worth_telling(row: WhaleRow, as_of: date) -> bool:
    if row.kind == "manager_position":
        changed = abs(row.signed_pct or 0.0) >= LEAST_VALUE_CHANGE_PCT
        return changed and as_of - row.released <= FILED_WITHIN
    share = row.events_count / row.watched_count if row.watched_count else 0.0
    return row.events_count >= LEAST_EVENTS and share >= LEAST_SHARE
