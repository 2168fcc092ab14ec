"""Decides what a portfolio holds of each sector, what is above a cap, and what may be bought."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from math import fsum

from core.portfolio.caps import Caps
from core.portfolio.orders import Holding, Market, blocked, unfilled
from core.records.decision import Allocation
from core.records.holdings import Portfolio
from core.records.mandate import Mandate
from core.records.trades import Order, OrderNote
from core.records.universe import Universe

ABOVE: OrderNote = "above_cap"

Tiers = Sequence[Mapping[str, float]]


@dataclass(frozen=True, slots=True)
class Desk:
    """What every sector's orders are made from."""

    universe: Universe
    allocation: Allocation
    portfolio: Portfolio
    mandate: Mandate
    nav_bn: float
    market: Market


@dataclass(frozen=True, slots=True)
class Book:
    """What is held and what each sector is to trade, billions; sales are below zero.

    held: by sector and symbol. outside: by symbol, of no sector. tiers: what a sector may buy.
    excess: above caps, by sector and symbol.
    """

    held: Mapping[str, Mapping[str, Holding]]
    outside: Mapping[str, float]
    values_bn: Mapping[str, float]
    tiers: Mapping[str, Tiers]
    excess: Mapping[str, Mapping[str, float]]
    market: Market
    caps: Caps

    def worth(self) -> dict[str, float]:
        """Return the value held by symbol."""
        rows = (rows.items() for rows in self.held.values())
        return {**self.outside, **{name: row.value_bn for items in rows for name, row in items}}


def book_of(desk: Desk, values_bn: dict[str, float]) -> Book:
    """Return the book of a desk that is to trade these values, billions by sector."""
    held = {sector: _held(desk, sector) for sector in values_bn}
    caps = Caps.of(desk.universe, desk.mandate, desk.nav_bn)
    outside, free = _outside(desk), dict[str, dict[str, Holding]]()
    stuck = dict(outside)
    for sector, rows in held.items():
        locked = {n: row for n, row in rows.items() if blocked(desk.market, n, "sell")}
        stuck |= {name: row.named_bn for name, row in locked.items()}
        free[sector] = {name: row for name, row in rows.items() if name not in locked}
    sales = {sector: max(-value, 0.0) for sector, value in values_bn.items()}
    above = caps.excess(free, stuck, sales)
    return Book(
        held=held,
        outside=outside,
        values_bn=values_bn,
        tiers={sector: _tiers(desk, sector, rows, above) for sector, rows in held.items()},
        excess={
            sector: {name: above[name] for name in rows if name in above}
            for sector, rows in held.items()
        },
        market=desk.market,
        caps=caps,
    )


def noted(book: Book, orders: Sequence[Order]) -> tuple[Order, ...]:
    """Return the orders with a note on names they leave above a cap, and one for each without."""
    held, market = _above(book, orders), book.market
    told = [
        order.model_copy(update={"notes": (*order.notes, ABOVE)}) if order.symbol in held else order
        for order in orders
    ]
    known = {order.symbol for order in orders}
    for name, sector in sorted(held.items()):
        if name not in known:
            why = blocked(market, name, "sell")
            notes = (ABOVE,) if why is None else (why, ABOVE)
            told.append(unfilled(market.rows[name], sector, "sell", *notes))
    return tuple(told)


def _above(book: Book, orders: Sequence[Order]) -> dict[str, str]:
    """Return the names held above a cap after all orders, with their sectors."""
    after = dict(book.outside)
    for rows in book.held.values():
        after |= {name: row.named_bn for name, row in rows.items()}
    for order in orders:
        sign = 1.0 if order.side == "buy" else -1.0
        after[order.symbol] = after.get(order.symbol, 0.0) + sign * order.value_bn
    above = book.caps.above(after)
    return {name: sector for sector, rows in book.held.items() for name in rows if name in above}


def _held(desk: Desk, sector: str) -> dict[str, Holding]:
    """Return what is held of a sector by symbol.

    What is held of the sector by weight stands for its largest members but those whose shares are
    stated beside it.
    """
    held: dict[str, Holding] = {}
    unnamed_bn = 0.0
    for row in desk.portfolio.positions:
        if row.sector != sector or row.value_bn is None:
            continue
        if row.symbol is None:
            unnamed_bn += row.value_bn
        elif row.symbol in desk.market.rows:
            before = held.get(row.symbol, Holding(0.0, 0.0, 0.0))
            known = row.quantity is not None and before.quantity is not None
            total = (before.quantity or 0.0) + (row.quantity or 0.0) if known else None
            value = before.value_bn + row.value_bn
            held[row.symbol] = Holding(value, total, value)
    counted = {name for name, row in held.items() if row.quantity is not None}
    basket: dict[str, float] = {}
    if unnamed_bn > 0.0:
        basket = desk.market.basket(sector, counted) or desk.market.basket(sector)
    whole = fsum(basket.values())
    for name, weight in basket.items():
        row_ = held.get(name, Holding(0.0, None, 0.0))
        held[name] = replace(row_, value_bn=row_.value_bn + unnamed_bn * weight / whole)
    return dict(sorted(held.items(), key=lambda item: (-item[1].value_bn, item[0])))


def _outside(desk: Desk) -> dict[str, float]:
    """Return what is held of symbols outside the universe; groups may name them."""
    held: dict[str, float] = {}
    for row in desk.portfolio.positions:
        if row.sector is None and row.symbol is not None and row.value_bn is not None:
            held[row.symbol] = held.get(row.symbol, 0.0) + row.value_bn
    return held


def _tiers(desk: Desk, sector: str, held: Mapping[str, Holding], above: Collection[str]) -> Tiers:
    """Return what may be bought, what is held first, then the basket, then those next in size.

    Weights within each tier; nothing that is sold for a cap.
    """
    basket = desk.market.basket(sector, above)
    own = {
        name: row.value_bn for name, row in held.items() if row.value_bn > 0.0 and name not in above
    }
    further = desk.market.basket(sector, {*basket, *own, *above})
    return (own, basket, further) if desk.universe.built_from_members else (basket, further)
