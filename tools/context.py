"""Decides what a tool may use for one question: which universe, which date, what was known then.

A region without data answers with a named gap. No region is ever answered from another's data.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

import pandas as pd

from core.errors import DateError, EmptyStoreError, UnknownUniverseError
from core.forecast.live import Memory, Speaker
from core.forecast.model import ForecastModel
from core.language.words.fold import phrase_key
from core.panel import MarketPanels
from core.records.payloads import RegimeRow
from core.records.result import FactorValue, Family
from core.records.sectors import MemberBuilt
from core.records.universe import Universe
from core.remembered import Remembered
from tools.measures.factor_table import FactorTable
from tools.measures.member_built import member_built
from tools.measures.regime import regime
from tools.scope import Scope, named_gap
from tools.storage.models import FileVersion, ModelStore
from tools.storage.panels import market_panels, panels_known
from tools.storage.store import Store

UNIVERSES_HELD, ANSWERS_HELD = 4, 16
"""Panels and factor tables kept: one run asks a dozen tools about one universe and date."""
REACH_DAYS = 14
"""Calendar days what moves money may stand on the last session: longer than any holiday."""

_Known = tuple[str, str, date]
"""Universe, state of its store, date."""


@dataclass(frozen=True, slots=True)
class ToolContext:
    """What every tool is given.

    `today` dates an answer that has no data to date it; `latest` keeps every answer at or before a
    date. `recipe_of` tells how a universe's forecast is fitted; without it any fit counts.
    """

    store: Store
    universes: dict[str, Universe]
    models: ModelStore
    default_universe: str
    today: Callable[[], date] = lambda: datetime.now(UTC).date()
    load: Callable[[Store, Universe], MarketPanels] = market_panels
    latest: date | None = None
    recipe_of: Callable[[Universe], str] | None = None
    _panels: Remembered[tuple[str, str], MarketPanels] = field(
        default_factory=lambda: Remembered(UNIVERSES_HELD), init=False, repr=False, compare=False
    )
    _known: Remembered[_Known, MarketPanels] = field(
        default_factory=lambda: Remembered(ANSWERS_HELD), init=False, repr=False, compare=False
    )
    _factors: Remembered[_Known, FactorTable] = field(
        default_factory=lambda: Remembered(ANSWERS_HELD), init=False, repr=False, compare=False
    )
    _regimes: Remembered[_Known, RegimeRow | None] = field(
        default_factory=lambda: Remembered(ANSWERS_HELD), init=False, repr=False, compare=False
    )

    _speakers: Remembered[tuple[_Known, FileVersion | None], Speaker] = field(
        default_factory=lambda: Remembered(ANSWERS_HELD), init=False, repr=False, compare=False
    )
    _recipes: Remembered[str, str] = field(
        default_factory=lambda: Remembered(ANSWERS_HELD), init=False, repr=False, compare=False
    )
    _memory: Memory = field(default_factory=Memory, init=False, repr=False, compare=False)
    _built: Remembered[_Known, dict[str, MemberBuilt]] = field(
        default_factory=lambda: Remembered(ANSWERS_HELD), init=False, repr=False, compare=False
    )

    def universe(self, region: str | None) -> Universe:
        """Return the universe of that id or region; None is the default.

        Raises:
            UnknownUniverseError: no universe is called that; the message lists the known ones.
        """
        if region is None:
            return self.universes[self.default_universe]
        wanted = phrase_key(region)
        for universe in self.universes.values():
            names = (universe.id, *universe.regions, universe.name_en, universe.name_vi)
            if wanted in {phrase_key(name) for name in names}:
                return universe
        raise UnknownUniverseError(f"no region {region!r}: use one of {self._choices()}")

    def universe_of(self, symbols: tuple[str, ...]) -> str | None:
        """Return the one universe that has any of the symbols as members; None when not one."""
        holders = [name for name in self.universes if set(symbols) & self._members(name)]
        return holders[0] if len(holders) == 1 else None

    def scope(self, region: str | None, as_of: date | None, *, advice: bool = False) -> Scope:
        """Return the universe with what was known at the close of as_of, or the gap that is there.

        Without a date it is the last session's. A date after the data is answered from all of them.
        With `latest` no later date is answered from, whatever is asked. Of `advice`, what a weight
        or a forecast is made from, a date more than `REACH_DAYS` after the last session has none.

        Raises:
            UnknownUniverseError: no universe is called that.
            DateError: the date is yet to come.
        """
        universe = self.universe(region)
        if as_of is not None and as_of > self.today() + timedelta(days=1):
            raise DateError(f"as_of {as_of} is yet to come: today is {self.today()}")
        version = self.store.fingerprint(universe.id)
        try:
            panels = self._panels.get(
                (universe.id, version), lambda: self.load(self.store, universe)
            )
        except EmptyStoreError:
            gap, day = named_gap("no_data", "prices"), self._bounded(as_of or self.today())
            return Scope(universe, day, version, panels=None, gap=gap, stored=())
        day = self._bounded(as_of or panels.last)
        stored = self.store.sources(universe.id, as_of=day)
        if advice and (day - panels.last).days > REACH_DAYS:
            gap = named_gap("stale", "prices")
            return Scope(universe, day, version, panels=None, gap=gap, stored=stored)
        first: pd.Timestamp = panels.sectors.closes.index[0]
        if day < first.date():
            gap = named_gap("before_data", "prices")
            return Scope(universe, day, version, panels=None, gap=gap, stored=stored)
        try:
            known = self._known.get(
                (universe.id, version, day), lambda: self._until(panels, universe, day)
            )
        except EmptyStoreError:
            gap = named_gap("before_data", "prices")
            return Scope(universe, day, version, panels=None, gap=gap, stored=stored)
        return Scope(universe, day, version, panels=known, gap=None, stored=stored)

    def _bounded(self, day: date) -> date:
        return day if self.latest is None else min(day, self.latest)

    def factors(self, scope: Scope, families: tuple[Family, ...]) -> tuple[FactorValue, ...]:
        """Return the catalogue's factors of these families; none where the scope is a gap."""
        panels = scope.panels
        if panels is None:
            return ()
        table = self._factors.get(_key(scope), lambda: FactorTable(panels, scope.as_of))
        return table.of(families)

    def regime(self, scope: Scope) -> RegimeRow | None:
        """Return the catalogue's macro regime; None without one, or where the scope is a gap."""
        panels = scope.panels
        if panels is None:
            return None
        return self._regimes.get(_key(scope), lambda: regime(panels))

    def member_built(self, scope: Scope) -> dict[str, MemberBuilt]:
        """Return the sectors' member baskets beside their funds; none where the scope is a gap."""
        panels = scope.panels
        if panels is None:
            return {}
        return self._built.get(_key(scope), lambda: member_built(panels, scope.as_of))

    def model(self, universe: Universe) -> ForecastModel | None:
        """Return the universe's fitted model, None when there is none.

        One fitted on another state of the universe's file counts as none: its sectors may differ.
        So does one that a fit made now would not repeat on its data: its rules are others.
        """
        model = self.models.load(universe.id)
        if model is None or model.universe_hash != universe.content_hash():
            return None
        if self.recipe_of is None:
            return model
        wanted = self._recipes.get(universe.id, lambda: self._recipe(universe))
        return model if model.recipe == wanted else None

    def _recipe(self, universe: Universe) -> str:
        return "" if self.recipe_of is None else self.recipe_of(universe)

    def speaker(self, scope: Scope) -> Speaker | None:
        """Return the fitted model ready to speak; None without one, or where the scope is a gap."""
        panels, model = scope.panels, self.model(scope.universe)
        if panels is None or model is None:
            return None
        return self._speakers.get(
            (_key(scope), self.models.version(scope.universe.id)),
            lambda: Speaker.at(model, panels, as_of=scope.as_of, memory=self._memory),
        )

    def _until(self, panels: MarketPanels, universe: Universe, day: date) -> MarketPanels:
        """Return what was known that day; corrections known later are undone by reading again."""
        if self.store.has_late_rows(universe.id):
            return panels_known(self.store, universe, day)
        return panels.until(day)

    def _members(self, universe: str) -> frozenset[str]:
        def read() -> frozenset[str]:
            rows = self.store.read(universe, "members", columns=("symbol",))
            return frozenset(rows["symbol"])

        return self.store.remembered(universe, "member symbols", read)

    def _choices(self) -> str:
        return ", ".join(f"{u.id} ({', '.join(u.regions[:3])})" for u in self.universes.values())


def _key(scope: Scope) -> _Known:
    return scope.universe.id, scope.version, scope.as_of
