"""Decides what a desk would be told at a date, from what is stored; it calls no server.

Every rule is a constant here or in the tool it reads; nothing is fitted, and nothing delivered.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
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
from core.records.payloads import WhaleResult
from core.records.result import NamedGap
from tools.context import ToolContext
from tools.events.calendar import events
from tools.flows.whale_activity import whale_activity
from tools.market.status import data_status
from tools.market.warning import market_warning
from tools.scope import Scope

CONCERNS: Final[tuple[Concern, ...]] = ("held", "favoured", "market", "other", "upkeep")
KINDS: Final[tuple[AlertKind, ...]] = (
    "stance_change", "quadrant_change", "early_warning", "flow_turn", "market_warning",
    "de_risking", "put_through", "volume_spike", "manager_position", "stale_data", "tool_changed",
    "rebalance", "weight_change", "score_change", "rank_change", "beyond_interval", "sync_failed",
    "missed_slots",
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
    question = _Question(context, standpoint, scope, whales)
    found = (alert for find in FINDERS.values() for alert in find(question))
    return Standing(placed(found, standpoint), flow_gap(scope), whales.gap)


def alerts_of(
    context: ToolContext,
    standpoint: Standpoint,
    universe: str,
    as_of: date,
    kinds: frozenset[AlertKind],
) -> tuple[Alert, ...]:
    """Return those of `standing` that are of some kinds; what they do not need is not computed."""
    question = _Question(context, standpoint, context.scope(universe, as_of))
    wanted = [find for its, find in FINDERS.items() if its & kinds]
    found = (alert for find in wanted for alert in find(question) if alert.kind in kinds)
    return placed(found, standpoint)


@dataclass(frozen=True, slots=True)
class _Question:
    """Of which market at which date; `whales` where somebody has asked for them already."""

    context: ToolContext
    standpoint: Standpoint
    scope: Scope
    whales: WhaleResult | None = None

    @property
    def universe(self) -> str:
        """Its id."""
        return self.scope.universe.id

    @property
    def as_of(self) -> date:
        """The date."""
        return self.scope.as_of


def placed(found: Iterable[Alert], standpoint: Standpoint) -> tuple[Alert, ...]:
    """Return alerts with whose business they are, own sectors first, then the latest."""
    return tuple(sorted(_placed(found, standpoint), key=_order))


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


def _turns(asked: _Question) -> Iterator[Alert]:
    """Yield the turns of the last finished week."""
    context, universe, as_of = asked.context, asked.universe, asked.as_of
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


def _stances(asked: _Question) -> Iterator[Alert]:
    """Yield the stances that differ between the last two kept reports, the last one a fresh one."""
    standpoint, context, as_of = asked.standpoint, asked.context, asked.as_of
    universe = asked.universe
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


def _flow_turns(asked: _Question) -> Iterator[Alert]:
    return flow_turns(asked.scope)


def _unusual(asked: _Question) -> Iterator[Alert]:
    whales = asked.whales or whale_activity(
        asked.context, region=asked.universe, period="1W", as_of=asked.as_of
    )
    return unusual_volume(whales, asked.universe, asked.as_of)


def _market(asked: _Question) -> Iterator[Alert]:
    """Yield the market's state unless it is calm, and the de-risking rule where it says out."""
    context, universe, as_of = asked.context, asked.universe, asked.as_of
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


def _stale(asked: _Question) -> Iterator[Alert]:
    context, universe, as_of = asked.context, asked.universe, asked.as_of
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


def _changed_tools(asked: _Question) -> Iterator[Alert]:
    """Yield the servers with tools that are off: their pins moved, by as_of, since first use."""
    standpoint, universe, as_of = asked.standpoint, asked.universe, asked.as_of
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


Finder = Callable[[_Question], Iterator[Alert]]
FINDERS: Final[Mapping[frozenset[AlertKind], Finder]] = {
    frozenset({"quadrant_change", "early_warning"}): _turns,
    frozenset({"stance_change"}): _stances,
    frozenset({"flow_turn"}): _flow_turns,
    frozenset({"put_through", "volume_spike", "manager_position"}): _unusual,
    frozenset({"market_warning", "de_risking"}): _market,
    frozenset({"stale_data"}): _stale,
    frozenset({"tool_changed"}): _changed_tools,
}
"""What finds the alerts of which kinds."""
