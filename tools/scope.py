"""Decides an answer's envelope: universe, date, gap, sources; and which sectors a name means."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TypedDict

from core.days import before
from core.errors import CallerError
from core.gaps import actor_of
from core.language.words.fold import phrase_key
from core.panel import MarketPanels
from core.records.result import Dataset, GapReason, MissingCell, NamedGap, Source
from core.records.universe import Sector, Universe


class Envelope(TypedDict):
    """The arguments of every `ToolResult` that do not depend on the tool's rows."""

    tool: str
    universe: str
    universe_hash: str
    as_of: date
    known_at: date | None
    currency: str
    synthetic: bool
    gap: NamedGap | None
    sources: tuple[Source, ...]


@dataclass(frozen=True, slots=True)
class Scope:
    """One universe at one date. `panels` is None exactly when `gap` says why.

    version: what the store held when it was read; equal versions have equal panels.
    stored: files as far as the date sees them; what became known later counts in none.
    """

    universe: Universe
    as_of: date
    version: str
    panels: MarketPanels | None
    gap: NamedGap | None
    stored: tuple[Source, ...]

    def envelope(
        self, tool: str, datasets: tuple[Dataset, ...] = (), *, known_at: date | None = None
    ) -> Envelope:
        """Return the envelope of an answer made from these data sets, or of the scope's gap."""
        return Envelope(
            tool=tool,
            universe=self.universe.id,
            universe_hash=self.universe.content_hash(),
            as_of=self.as_of,
            known_at=known_at,
            currency=self.universe.currency,
            synthetic=self.universe.synthetic,
            gap=self.gap,
            sources=tuple(row for row in self.stored if row.dataset in datasets),
        )

    def absent(self, tool: str, reason: GapReason, dataset: Dataset | None = None) -> Envelope:
        """Return the envelope of an answer that is a named gap."""
        envelope = self.envelope(tool)
        envelope["gap"] = self.gap or named_gap(reason, dataset)
        return envelope

    def sectors(self, name: str | None) -> tuple[Sector, ...]:
        """Return the sectors a name stands for: an id, an alias, a roll-up, or all.

        Raises:
            CallerError: the universe has no such sector; the message lists those it has.
        """
        return sectors_named(self.universe, name)

    def back(self, span: timedelta) -> date:
        """Return the day a span before as_of."""
        return before(self.as_of, span)

    def since(self, asked: date | None, span: timedelta) -> date:
        """Return the first day told: the one asked for, or a span back.

        Raises:
            CallerError: the history would begin after as_of.
        """
        start = asked or self.back(span)
        if start > self.as_of:
            raise CallerError(f"since {start} is after as_of {self.as_of}: name an earlier day")
        return start


def sectors_named(universe: Universe, name: str | None) -> tuple[Sector, ...]:
    """Return the sectors a name stands for: an id, an alias, a roll-up, or all.

    Raises:
        CallerError: the universe has no such sector; the message lists those it has.
    """
    wanted = phrase_key(name or "all")
    if wanted == ("all",):
        return universe.sectors
    exact = tuple(s for s in universe.sectors if phrase_key(s.id) == wanted)
    found = exact or tuple(s for s in universe.sectors if wanted in _names(s))
    if not found:
        choices = ", ".join(universe.sector_ids)
        raise CallerError(f"{universe.id} has no sector {name!r}: use 'all' or one of {choices}")
    return found


def uncovered(sectors: list[str], measure: str) -> tuple[MissingCell, ...]:
    """Return a missing cell for each sector the data do not cover."""
    return tuple(
        MissingCell(subject=sector, measure=measure, reason="not_covered") for sector in sectors
    )


def named_gap(reason: GapReason, dataset: Dataset | None = None) -> NamedGap:
    """Return a gap with who must act on it."""
    return NamedGap(reason=reason, actor=actor_of(reason), dataset=dataset)


def _names(sector: Sector) -> set[tuple[str, ...]]:
    named = (sector.ticker, sector.name_en, sector.name_vi, *sector.aliases, *sector.rollups)
    codes = () if sector.code is None else (sector.code,)
    return {phrase_key(name) for name in (*named, *codes)} - {()}
