"""Decides how much of each issuer a sector's weight holds, from the shares of its basket."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from core.records.holdings import Portfolio
from core.records.trading import TradingResult
from core.signals.trailing import Matrix


@dataclass(frozen=True)
class LookThrough:
    """Shares of each symbol in each sector, 0..1: by symbol, sectors in id order, then cash 0.

    `beside` is what is held of a symbol outside the universe, a fraction of the portfolio.
    """

    shares: dict[str, Matrix]
    beside: dict[str, float]
    size: int

    def row(self, symbols: Iterable[str]) -> Matrix:
        """Return the symbols' joint share of each sector."""
        row = np.zeros(self.size)
        for symbol in sorted(set(symbols)):
            row += self.shares.get(symbol, 0.0)
        return row

    def outside(self, symbols: Iterable[str]) -> float:
        """Return what is held of the symbols outside the universe."""
        return sum(self.beside.get(symbol, 0.0) for symbol in sorted(set(symbols)))

    @cached_property
    def telling(self) -> tuple[str, ...]:
        """Return the symbols an equal cap on every issuer is to be asked of.

        In a sector's basket only the largest can pass a cap; an issuer of several sectors, or one
        held outside too, can pass it where none of them does.
        """
        largest: dict[int, str] = {}
        told: list[str] = []
        for symbol in sorted(self.shares):
            places = np.flatnonzero(self.shares[symbol])
            if len(places) > 1 or symbol in self.beside:
                told.append(symbol)
            elif len(places):
                place = int(places[0])
                best = largest.setdefault(place, symbol)
                if self.shares[symbol][place] > self.shares[best][place]:
                    largest[place] = symbol
        told += [symbol for symbol in sorted(self.beside) if symbol not in self.shares]
        return tuple(sorted({*told, *largest.values()}))


def look_through(
    sectors: tuple[str, ...], trading: TradingResult | None, portfolio: Portfolio | None
) -> LookThrough:
    """Return the look-through of sectors, in id order; without trading conditions it is empty."""
    shares: dict[str, Matrix] = {}
    for row in () if trading is None else trading.rows:
        if row.sector in sectors and row.basket_weight_pct:
            held = shares.setdefault(row.symbol, np.zeros(len(sectors) + 1))
            held[sectors.index(row.sector)] += row.basket_weight_pct / 100.0
    beside: dict[str, float] = {}
    for position in () if portfolio is None else portfolio.positions:
        if position.symbol is not None and position.sector is None:
            beside[position.symbol] = beside.get(position.symbol, 0.0) + position.held_weight
    return LookThrough(shares, beside, len(sectors) + 1)
