"""Decides what a market shows at a look: what each rule finds at the date it looks at.

Prices decide the date: a session whose closes have not come is not over, whatever the clock says.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Final

from app.alerting.records import Alert, AlertKind
from app.alerting.rules import last_finished_week
from app.alerting.standing import alerts_of, placed
from app.alerting.standpoint import Standpoint, standpoint
from app.files.holdings import load_holdings
from app.files.mandates import mandate_at
from app.settings import Settings
from app.watching.levels import Decided, Levels, beyond_intervals, decided
from app.watching.rebalancing import Proposal, proposal, rebalances
from app.watching.records import Look, Rules
from app.watching.turning import firm_turns
from core.records.holdings import Holdings
from core.records.mandate import MandateBook
from core.records.universe import Universe
from core.remembered import Remembered
from tools.context import REACH_DAYS, ToolContext
from tools.scope import Scope

LEVELS: Final[frozenset[AlertKind]] = frozenset({"score_change", "rank_change", "weight_change"})
NOBODY: Final = Standpoint()
KEPT: Final = 4
"""Findings kept: the looks of a day share them until the store changes."""


@dataclass(frozen=True, slots=True)
class Level:
    """What a rule measures of one sector, to be held against what was told."""

    universe: str
    kind: AlertKind
    sector: str
    value: float
    period: date


@dataclass(frozen=True, slots=True)
class Sightings:
    """What a look found.

    as_of: the last session whose prices are known; None without data. alerts: what stands by
    itself, own sectors first. standpoint: what is held, and what the report or, without one, the
    core favours.
    """

    as_of: date | None
    alerts: tuple[Alert, ...] = ()
    levels: tuple[Level, ...] = ()
    standpoint: Standpoint = NOBODY
    proposal: Proposal | None = None


@dataclass(frozen=True, slots=True)
class _At:
    """One frequency's date, and what the desk had then."""

    look: Look
    scope: Scope
    stand: Standpoint
    holdings: Holdings | None


class Lookout:
    """Looks at one universe by one set of rules."""

    def __init__(
        self,
        settings: Settings,
        context: ToolContext,
        universe: Universe,
        *,
        rules: Rules,
        book: MandateBook,
        clock: Callable[[], datetime],
    ) -> None:
        """Keep what is looked at; `book` holds the desk's limits, `clock` is for the pins."""
        self._settings = settings
        self._context = context
        self._universe = universe
        self._rules = rules
        self._book = book
        self._clock = clock
        self._found: Remembered[tuple[str, ...], tuple[Alert, ...]] = Remembered(KEPT)
        self._decided: Remembered[tuple[str, ...], Decided] = Remembered(KEPT)

    def look(self, session: date) -> Sightings:
        """Return what is to be seen when a session is over, from what is stored by then.

        Where prices end long before it, only that is news.

        Raises:
            DataError: stored data, holdings or the ledger cannot be read.
            DateError: the desk's limits begin later.
        """
        name = self._universe.id
        scope = self._context.scope(name, session)
        stand = standpoint(
            self._settings, self._universe, scope.panels, as_of=session, clock=self._clock
        )
        if scope.panels is None:
            return Sightings(None, standpoint=stand)
        holdings = load_holdings(self._settings.home_dir, name, session)
        if (session - scope.panels.last).days > REACH_DAYS:
            return Sightings(scope.panels.last, self._stale(session, stand), standpoint=stand)
        seen = min(session, scope.panels.last)
        week = last_finished_week(self._context, name, seen)
        dates: dict[Look, date | None] = {"weekly": week, "daily": seen}
        ats = {
            look: _At(look, self._context.scope(name, day), stand, holdings)
            for look, day in dates.items()
            if day is not None
        }
        weekly = self._decision(ats.get("weekly", ats["daily"]))
        favoured = stand.favoured or weekly.favoured
        own = replace(stand, favoured=favoured)
        found = [alert for at in ats.values() for alert in self._alerts(at)]
        found += self._stale(session, own)
        rebalance = self._rules.rule("rebalance")
        orders = None
        if rebalance is not None:
            orders = proposal(self._context, ats["daily"].scope, stand.last, holdings)
            found += rebalances(orders, threshold_pct=rebalance.threshold or 0.0)
        levels = tuple(level for at in ats.values() for level in self._levels(at))
        return Sightings(seen, placed(found, own), levels, own, orders)

    def _alerts(self, at: _At) -> tuple[Alert, ...]:
        kinds = self._rules.kinds(at.look) - LEVELS - {"stale_data", "rebalance"}
        moved = tuple(f"{row.server}.{row.tools_count}.{row.since}" for row in at.stand.drifts)
        reported = [row.report_sha256 for row in (at.stand.last, at.stand.before) if row]
        key = (at.look, *self._key(at.scope), *moved, *reported)
        return self._found.get(key, lambda: tuple(self._look_for(at, kinds)))

    def _look_for(self, at: _At, kinds: frozenset[AlertKind]) -> Iterator[Alert]:
        turn = self._rules.rule("quadrant_change") if "quadrant_change" in kinds else None
        beyond = self._rules.rule("beyond_interval") if "beyond_interval" in kinds else None
        scope = at.scope
        rest = kinds - {"quadrant_change", "beyond_interval"}
        yield from alerts_of(self._context, at.stand, scope.universe.id, scope.as_of, rest)
        if turn is not None and scope.panels is not None:
            yield from firm_turns(scope.panels, as_of=scope.as_of, look=at.look, band=turn.band)
        if beyond is not None:
            yield from beyond_intervals(self._context, scope, threshold=beyond.threshold or 0.0)

    def _stale(self, session: date, stand: Standpoint) -> tuple[Alert, ...]:
        """Return what is stale at the session itself, whose own data may be what is missing."""
        if self._rules.rule("stale_data") is None:
            return ()
        wanted: frozenset[AlertKind] = frozenset({"stale_data"})
        return alerts_of(self._context, stand, self._universe.id, session, wanted)

    def _levels(self, at: _At) -> Iterator[Level]:
        kinds = self._rules.kinds(at.look) & LEVELS
        levels: Levels = self._decision(at).levels if kinds else {}
        for (kind, sector), value in levels.items():
            if kind in kinds:
                yield Level(self._universe.id, kind, sector, value, at.scope.as_of)

    def _decision(self, at: _At) -> Decided:
        day = at.scope.as_of
        mandate = mandate_at(self._book, day, universe=self._universe.id)
        held = at.holdings.content_hash() if at.holdings else ""
        key = (*self._key(at.scope), held)
        return self._decided.get(
            key, lambda: decided(self._context, at.scope, mandate, at.holdings)
        )

    def _key(self, scope: Scope) -> tuple[str, ...]:
        model = self._context.models.version(scope.universe.id)
        return str(scope.as_of), scope.version, str(model)
