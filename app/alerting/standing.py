"""Decides what a desk would be told at a date, from what is stored; it calls no server.

Every rule is a constant here or in the tool it reads; nothing is fitted, and nothing delivered.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

from app.alerting.records import Alert, AlertKind, Concern
from app.alerting.rules import (
    REPORTED_WITHIN,
    flow_gap,
    flow_turns,
    last_finished_week,
    unusual_volume,
)
from app.alerting.standpoint import Standpoint
from core.history.changes import changes
from core.records.result import NamedGap
from tools.context import ToolContext
from tools.events.calendar import events
from tools.flows.whale_activity import whale_activity
from tools.market.status import data_status
from tools.market.warning import market_warning

CONCERNS: Final[tuple[Concern, ...]] = ("held", "favoured", "market", "other", "upkeep")
KINDS: Final[tuple[AlertKind, ...]] = (
    "stance_change", "quadrant_change", "early_warning", "flow_turn", "market_warning",
    "de_risking", "put_through", "volume_spike", "manager_position", "stale_data", "tool_changed",
)  # fmt: skip
"""The order within one concern and day: what was decided, then what it rests on."""


@dataclass(frozen=True, slots=True)
class Standing:
    """What stands, and why the rules of flows and of volumes had nothing to look at."""

    alerts: tuple[Alert, ...]
    flow_gap: NamedGap | None = None
    volume_gap: NamedGap | None = None


def standing_alerts(
    context: ToolContext, standpoint: Standpoint, universe: str, as_of: date | None = None
) -> tuple[Alert, ...]:
    """Return the alerts of `standing`."""
    return standing(context, standpoint, universe, as_of).alerts


def standing(
    context: ToolContext, standpoint: Standpoint, universe: str, as_of: date | None = None
) -> Standing:
    """Return what stands at as_of, held and favoured sectors first, then the latest.

    Args:
        context: of the tools; nothing known after as_of is read.
        standpoint: what the desk holds, favours and asks.
        universe: id or region.
        as_of: None: the last session.

    Raises:
        UnknownUniverseError: no universe is called that.
    """
    scope = context.scope(universe, as_of)
    whales = whale_activity(context, region=scope.universe.id, period="1W", as_of=scope.as_of)
    found = [
        *_turns(context, scope.universe.id, scope.as_of),
        *_stances(standpoint, context, scope.universe.id, scope.as_of),
        *flow_turns(scope),
        *unusual_volume(whales, scope.universe.id, scope.as_of),
        *_market(context, scope.universe.id, scope.as_of),
        *_stale(context, scope.universe.id, scope.as_of),
        *_changed_tools(standpoint, scope.universe.id, scope.as_of),
    ]
    alerts = tuple(sorted(_placed(found, standpoint), key=_order))
    return Standing(alerts, flow_gap(scope), whales.gap)


def _placed(found: Iterable[Alert], standpoint: Standpoint) -> Iterator[Alert]:
    for alert in found:
        yield alert.model_copy(update={"concern": _concern(alert, standpoint)})


def _concern(alert: Alert, standpoint: Standpoint) -> Concern:
    if alert.sector is None:
        return alert.concern
    if alert.sector in standpoint.held:
        return "held"
    return "favoured" if alert.sector in standpoint.favoured else "other"


def _order(alert: Alert) -> tuple[int, int, int, str, str]:
    return (
        CONCERNS.index(alert.concern),
        -alert.period.toordinal(),
        KINDS.index(alert.kind),
        alert.sector or "",
        alert.id,
    )


def _turns(context: ToolContext, universe: str, as_of: date) -> Iterator[Alert]:
    """Yield the turns of the last finished week."""
    week = last_finished_week(context, universe, as_of)
    if week is None:
        return
    told = events(
        context, kinds=("quadrant_change", "early_warning"), since=week, until=week,
        region=universe, as_of=as_of,
    )  # fmt: skip
    for row in told.rows:
        yield Alert(
            kind="early_warning" if row.kind == "early_warning" else "quadrant_change",
            concern="other",
            universe=universe,
            period=row.period,
            frequency="weekly",
            benchmark=context.universe(universe).benchmark.id,
            sector=row.sectors[0],
            quadrant_before=row.quadrant_before,
            quadrant=row.quadrant,
            early_warning=row.early_warning,
        )


def _stances(
    standpoint: Standpoint, context: ToolContext, universe: str, as_of: date
) -> Iterator[Alert]:
    """Yield the stances that differ between the last two kept reports, the last one a fresh one."""
    if standpoint.last is None or standpoint.before is None:
        return
    if as_of - standpoint.last.as_of > REPORTED_WITHIN:
        return
    for row in changes(standpoint.before, standpoint.last, context.universe(universe)).rows:
        if row.kind == "stance":
            yield Alert(
                kind="stance_change",
                concern="other",
                universe=universe,
                period=standpoint.last.as_of,
                benchmark=standpoint.last.benchmark,
                sector=row.subject,
                stance_before=row.before_stance,
                stance=row.after_stance,
            )


def _market(context: ToolContext, universe: str, as_of: date) -> Iterator[Alert]:
    """Yield the market's state unless it is calm, and the de-risking rule where it says out."""
    told = market_warning(context, region=universe, as_of=as_of)
    for row in told.rows:
        if row.market_warning != "calm":
            yield Alert(
                kind="market_warning",
                concern="market",
                universe=universe,
                period=row.warning_since,
                frequency="daily",
                benchmark=told.benchmark,
                market_warning=row.market_warning,
                signs_count=row.signs_count,
            )
    for rule in told.switch:
        if rule.switch_state == "de_risk":
            yield Alert(
                kind="de_risking",
                concern="market",
                universe=universe,
                period=rule.switch_since,
                frequency="monthly",
                benchmark=told.benchmark,
                switch_state=rule.switch_state,
            )


def _stale(context: ToolContext, universe: str, as_of: date) -> Iterator[Alert]:
    for row in data_status(context, region=universe, as_of=as_of).rows:
        if row.stale:
            yield Alert(
                kind="stale_data",
                concern="upkeep",
                universe=universe,
                period=row.last,
                dataset=row.dataset,
                age_days=row.age_days,
            )


def _changed_tools(standpoint: Standpoint, universe: str, as_of: date) -> Iterator[Alert]:
    """Yield the servers with tools that are off: their pins moved, by as_of, since first use."""
    for drift in standpoint.drifts:
        if drift.since <= as_of:
            yield Alert(
                kind="tool_changed",
                concern="upkeep",
                universe=universe,
                period=drift.since,
                server=drift.server,
                tools_count=drift.tools_count,
            )
