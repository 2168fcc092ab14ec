"""Decides how much of each symbol a sector's weight holds, and which symbols are no issuers."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from core.records.holdings import Portfolio
from core.records.trading import TradingResult, TradingRow
from core.records.universe import Universe
from core.signals.trailing import Matrix

FUND_PCT = 100.0
"""Share of its sector's basket by which a fund stands for the sector."""


@dataclass(frozen=True)
class LookThrough:
    """What a sector's weight holds of each symbol, and what is held beside it.

    A sector's weight counts by basket share, whichever of its members are held: targets are of
    sectors, and `trades` keeps the caps for what is held and ordered of each symbol.

    shares: of issuers, 0..1: by symbol, sectors in id order, then cash 0.
    funds: the same of funds, which are no issuers: only a group that names them counts them.
    beside: what is held of a symbol outside the universe, or directly of a sector whose basket does
        not tell it, a fraction of the portfolio: it counts whatever the sectors' weights are.
    """

    shares: dict[str, Matrix]
    funds: dict[str, Matrix]
    beside: dict[str, float]
    size: int

    @property
    def told(self) -> bool:
        """Whether anything tells what the sectors' weights hold."""
        return bool(self.shares or self.funds)

    @property
    def issuers_told(self) -> bool:
        """Whether any issuer is known; of funds alone, only those held directly are."""
        return bool(self.shares or (self.funds and self.beside))

    def row(self, symbols: Iterable[str]) -> Matrix:
        """Return the symbols' joint share of each sector."""
        row = np.zeros(self.size)
        for symbol in sorted(set(symbols)):
            row += self.shares.get(symbol, 0.0)
            row += self.funds.get(symbol, 0.0)
        return row

    def outside(self, symbols: Iterable[str]) -> float:
        """Return what is held of the symbols beside the sectors' baskets."""
        return sum(self.beside.get(symbol, 0.0) for symbol in sorted(set(symbols)))

    @cached_property
    def telling(self) -> tuple[str, ...]:
        """Return the symbols an equal cap on every issuer is to be asked of.

        In a sector's basket only the largest can pass a cap; an issuer of several sectors, or one
        held beside too, can pass it where none of them does.
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


def is_fund(row: TradingRow, universe: Universe) -> bool:
    """Tell whether an instrument is a sector's own: all of its basket, under its ticker."""
    if row.sector not in universe.sector_ids or row.basket_weight_pct != FUND_PCT:
        return False
    return row.symbol == universe.sector(row.sector).ticker


def look_through(
    universe: Universe, trading: TradingResult | None, portfolio: Portfolio | None
) -> LookThrough:
    """Return the look-through; without trading conditions no basket is told."""
    sectors = tuple(sorted(universe.sector_ids))
    shares: dict[str, Matrix] = {}
    funds: dict[str, Matrix] = {}
    for row in () if trading is None else trading.rows:
        if row.sector in sectors and row.basket_weight_pct:
            of = funds if is_fund(row, universe) else shares
            held = of.setdefault(row.symbol, np.zeros(len(sectors) + 1))
            held[sectors.index(row.sector)] += row.basket_weight_pct / 100.0
    tickers = {sector.ticker for sector in universe.sectors}
    beside: dict[str, float] = {}
    for position in () if portfolio is None else portfolio.positions:
        symbol = position.symbol
        if symbol is None:
            continue
        if position.sector is None or symbol not in {*shares, *funds, *tickers}:
            beside[symbol] = beside.get(symbol, 0.0) + position.held_weight
    return LookThrough(shares, funds, beside, len(sectors) + 1)
