"""Decides what trading costs and what that leaves; never what is traded.

A table is TOML text: a universe's `buy_bps`, `sell_bps` and `source`, and `tickers` that differ.
"""

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from core.errors import DataError
from core.records.record import Record, Slug, Symbol

Matrix = NDArray[np.float64]
Vector = NDArray[np.float64]

BPS = 1e-4
"""One basis point."""

PAPER = "paper"
"""The table of portfolios that only exist on paper: a file of returns."""


@dataclass(frozen=True, slots=True)
class Cost:
    """Paid for what is bought and sold: assets, fractions of the traded value in [0, 1)."""

    buy: Vector
    sell: Vector

    def __post_init__(self) -> None:
        for rates in (self.buy, self.sell):
            if rates.ndim != 1 or not ((rates >= 0.0) & (rates < 1.0)).all():
                raise ValueError("cost: one rate an asset, at least 0 and below 1")
        if len(self.buy) != len(self.sell):
            raise ValueError("cost: as many rates to buy as to sell")


class CostRule(Record):
    """What a side costs, in basis points, and who says so."""

    buy_bps: float = Field(ge=0.0, lt=1.0 / BPS)
    sell_bps: float = Field(ge=0.0, lt=1.0 / BPS)
    source: str


class MarketCosts(CostRule):
    """A market's rule, and the tickers that have their own."""

    sale_after_sessions: int = Field(default=0, ge=0, description="before a purchase can be sold")

    tickers: dict[Symbol, CostRule] = Field(default_factory=dict)


class CostTable(Record):
    """The rules by universe."""

    markets: dict[Slug, MarketCosts]


def flat_cost(bps: float, n_assets: int) -> Cost:
    """Return the same rate for every asset and side."""
    rates = np.full(n_assets, bps * BPS)
    return Cost(rates, rates)


def parse_costs(text: str) -> CostTable:
    """Return the table of a TOML text.

    Raises:
        DataError: the text is no such table.
    """
    try:
        table = CostTable(markets=tomllib.loads(text))
    except ValueError as error:
        raise DataError(f"the table of costs cannot be read: {error}") from error
    if PAPER not in table.markets:
        raise DataError(f"the table of costs lacks [{PAPER}], which universes without one take")
    return table


def market_rule(table: CostTable, universe: str) -> MarketCosts:
    """Return the market's rule; a universe without one trades as paper portfolios do."""
    return table.markets.get(universe) or table.markets[PAPER]


def market_cost(table: CostTable, universe: str, tickers: Sequence[str]) -> Cost:
    """Return the market's own costs by ticker, in the order given."""
    market = market_rule(table, universe)
    rules = [market.tickers.get(ticker, market) for ticker in tickers]
    return Cost(
        np.array([rule.buy_bps * BPS for rule in rules]),
        np.array([rule.sell_bps * BPS for rule in rules]),
    )


def left_over(before: Matrix, targets: Matrix, cost: Cost) -> Vector:
    """Return what is left of each portfolio of 1 when it has been traded to its targets.

    The x with x + sum of cost |target x - before| = 1, decisions. The left side is convex and
    increasing in x, so Newton's steps from 1 come down to it in at most one step a kink.

    Args:
        before: decisions x assets, weights before the trade.
        targets: decisions x assets, weights wanted of what is left.
        cost: by asset and side.
    """
    left = np.ones(len(before))
    for _ in range(before.shape[1] + 1):
        change = targets * left[:, None] - before
        rates = np.where(change > 0.0, cost.buy, -cost.sell)
        excess = left + (rates * change).sum(axis=1) - 1.0
        step = excess / (1.0 + (rates * targets).sum(axis=1))
        if (step <= 0.0).all():
            break
        left = left - np.maximum(step, 0.0)
    return left
