"""Decides what get_events prints: dated rows of the kinds asked for, between two dates.

What is past is as it was known at as_of; what lies ahead is what the exchange's calendar and the
universe's file plan.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Final, get_args

from core.errors import CallerError
from core.markets.benchmark import measured
from core.panel import MarketPanels
from core.records.events import DatedEvent, DatedKind, EventsResult
from core.records.result import GapReason, MissingCell
from tools.context import ToolContext
from tools.events.exchange_days import exchange_days, untold_days
from tools.events.releases import macro_releases, policy_decisions
from tools.events.sector_turns import sector_turns

TOOL: Final = "get_events"
BACK: Final = timedelta(days=91)
AHEAD: Final = timedelta(days=31)
"""The span told without `since` and `until`: a quarter back, a month ahead."""
ROWS_MAX: Final = 500
KINDS: Final[tuple[DatedKind, ...]] = get_args(DatedKind)
TURNS: Final[frozenset[DatedKind]] = frozenset({"quadrant_change", "early_warning"})
RELEASES: Final[frozenset[DatedKind]] = frozenset({"policy_decision", "macro_release"})
LONGEST: Final = timedelta(days=3_660)


def events(
    context: ToolContext,
    *,
    kinds: tuple[DatedKind, ...] | None = None,
    since: date | None = None,
    until: date | None = None,
    region: str | None = None,
    as_of: date | None = None,
) -> EventsResult:
    """Return the events of some kinds, all without any named, by date.

    Raises:
        CallerError: a span that ends before it begins, of over ten years, or with too many events.
    """
    scope = context.scope(region, as_of)
    first, last = since or scope.back(BACK), until or max(scope.as_of + AHEAD, since or date.min)
    if first > last or last - first > LONGEST:
        raise CallerError(f"since {first}, until {last}: name a span of at most ten years")
    if scope.panels is None:
        return EventsResult(**scope.envelope(TOOL), since=first, until=last)
    wanted = frozenset(kinds or KINDS)
    known_until = min(last, scope.as_of)
    past = _past(scope.panels, wanted, first=first, until=known_until, as_of=scope.as_of)
    found = [*past, *exchange_days(scope.universe, first, last, as_of=scope.as_of)]
    rows = [
        event.model_copy(update={"ahead": event.period > scope.as_of})
        for event in sorted(found, key=_order)
        if event.kind in wanted
    ]
    if len(rows) > ROWS_MAX:
        raise CallerError(
            f"the span holds {len(rows)} events and {ROWS_MAX} are the most of one answer: name "
            "fewer kinds or a shorter span"
        )
    days = untold_days(scope.universe, first, last, as_of=scope.as_of)
    untold = (*_untold(scope.panels), *days)
    return EventsResult(
        **scope.envelope(TOOL, ("prices", "macro"), known_at=min(scope.as_of, scope.panels.last)),
        since=first,
        until=last,
        rows=tuple(rows),
        missing=tuple(cell for cell in untold if cell.measure in wanted),
    )


def _past(
    panels: MarketPanels, wanted: frozenset[DatedKind], *, first: date, until: date, as_of: date
) -> Iterator[DatedEvent]:
    """Yield turns and releases up to a day, as they were known at as_of."""
    if wanted & TURNS:
        against = measured(panels, panels.universe.benchmark)
        if not isinstance(against, str):
            turns = sector_turns(against, panels.universe, first=first, as_of=as_of)
            yield from (turn for turn in turns if turn.period <= until)
    if panels.macro is not None and "policy_decision" in wanted:
        yield from policy_decisions(panels.macro, first=first, as_of=until)
    if panels.macro is not None and "macro_release" in wanted:
        yield from macro_releases(panels.macro, first=first, as_of=until)


def _untold(panels: MarketPanels) -> Iterator[MissingCell]:
    """Yield a cell for each kind the data cannot tell, whatever the span."""
    subject = panels.universe.id
    against = measured(panels, panels.universe.benchmark)
    if isinstance(against, str):
        for kind in sorted(TURNS):
            yield MissingCell(subject=subject, measure=kind, reason=against)
    if panels.macro is None:
        reason: GapReason = "no_data"
        for kind in sorted(RELEASES):
            yield MissingCell(subject=subject, measure=kind, reason=reason)


def _order(event: DatedEvent) -> tuple[date, int, tuple[str, ...], str, str]:
    return (
        event.period,
        KINDS.index(event.kind),
        event.sectors,
        event.series or "",
        event.name_en or "",
    )
