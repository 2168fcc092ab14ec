"""Decides how much of a symbol the mandate's caps leave room for, and how much is above them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import fsum

from core.portfolio.orders import Holding, Room, shared_out
from core.records.mandate import GroupLimit, Mandate
from core.records.universe import Universe

TOUCHING = 1e-9
"""Of net asset value: a cap passed by less is kept."""


@dataclass(frozen=True, slots=True)
class Caps:
    """The caps on single issuers and on groups of symbols; a sector's own fund is no issuer."""

    nav_bn: float
    issuer: float | None
    groups: tuple[GroupLimit, ...]
    funds: frozenset[str]

    @classmethod
    def of(cls, universe: Universe, mandate: Mandate, nav_bn: float) -> "Caps":
        """Return the mandate's caps on symbols."""
        groups = tuple(group for group in mandate.groups if group.symbols)
        funds = frozenset(sector.ticker for sector in universe.sectors)
        return cls(nav_bn, mandate.issuer_cap, groups, funds)

    def room(self, held: Mapping[str, float]) -> Room:
        """Return how much more of a symbol the caps allow beside what is held, billions."""
        base = dict(held)

        def room(symbol: str, given: Mapping[str, float]) -> float:
            def total(names: Iterable[str]) -> float:
                return fsum(base.get(name, 0.0) + given.get(name, 0.0) for name in names)

            limits = [
                self.nav_bn * group.cap - total(group.symbols)
                for group in self.groups
                if symbol in group.symbols
            ]
            if self.issuer is not None and symbol not in self.funds:
                limits.append(self.nav_bn * self.issuer - total((symbol,)))
            return min(limits, default=float("inf"))

        return room

    def above(self, held: Mapping[str, float]) -> frozenset[str]:
        """Return the symbols whose own cap, or a group's they are in, is passed."""
        room = self.room(held)
        return frozenset(
            name
            for name, value in held.items()
            if value > 0.0 and room(name, {}) < -TOUCHING * self.nav_bn
        )

    def excess(
        self,
        held: Mapping[str, Mapping[str, Holding]],
        outside: Mapping[str, float],
        sales: Mapping[str, float],
    ) -> dict[str, float]:
        """Return what is to be sold of each symbol so that all caps are kept, billions.

        Issuers first. What a group then exceeds is sold pro rata: of sectors that sell anyway as
        far as their sales go, then of all. What is held only as a part of a sector by weight is
        no issuer's.

        Args:
            held: by sector and symbol, what can be sold.
            outside: by symbol, what is never sold.
            sales: of each sector, billions.
        """
        named = {name: row.named_bn for rows in held.values() for name, row in rows.items()}
        sector_of = {name: sector for sector, rows in held.items() for name in rows}
        found = dict.fromkeys(named, 0.0)
        if self.issuer is not None:
            most = self.nav_bn * self.issuer
            found |= {name: max(x - most, 0.0) for name, x in named.items() if self._issuer(name)}
        for group in self.groups:
            base = fsum(outside.get(name, 0.0) for name in group.symbols)
            free = {name: named[name] - found[name] for name in group.symbols if name in named}
            above = base + fsum(free.values()) - self.nav_bn * group.cap
            weights = {name: value for name, value in free.items() if value > 0.0}
            parts = shared_out(above, weights, _within(weights, found, sector_of, sales))
            rest = {name: weights[name] - parts[name] for name in weights}
            rest = {name: value for name, value in rest.items() if value > 0.0}
            more = shared_out(above - fsum(parts.values()), rest, _left(rest))
            for name in weights:
                found[name] += parts[name] + more.get(name, 0.0)
        return {name: value for name, value in found.items() if value > TOUCHING * self.nav_bn}

    def _issuer(self, symbol: str) -> bool:
        return symbol not in self.funds


def _left(values: Mapping[str, float]) -> Room:
    return lambda name, given: values[name] - given[name]


def _within(
    values: Mapping[str, float],
    found: Mapping[str, float],
    sector_of: Mapping[str, str],
    sales: Mapping[str, float],
) -> Room:
    """Return what is left of a symbol, and of its sector's sale beside what is found already."""

    def room(name: str, given: Mapping[str, float]) -> float:
        sector = sector_of[name]
        mates = [other for other, its in sector_of.items() if its == sector]
        taken = fsum(found[other] + given.get(other, 0.0) for other in mates)
        return min(values[name] - given[name], sales.get(sector, 0.0) - taken)

    return room
