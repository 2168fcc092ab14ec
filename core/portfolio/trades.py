"""Decides what is traded to come from the portfolio held to the target weights.

Orders are a proposal in whole lots; nothing here or elsewhere sends them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from math import fsum

from core.portfolio.caps import Caps
from core.portfolio.orders import (
    Holding,
    Market,
    above_cap,
    buy_orders,
    buy_parts,
    market_of,
    sell_orders,
)
from core.portfolio.switches import Switch, switches
from core.records.decision import Allocation, AllocationLine
from core.records.holdings import Portfolio
from core.records.mandate import Mandate
from core.records.trades import Order, SectorTrade, TradePlan
from core.records.trading import TradingResult
from core.records.universe import Universe

SAME = 1e-9
"""Two weights of one grid are the same below this."""

BPS = 1e-4


@dataclass(frozen=True, slots=True)
class _Desk:
    """What every sector's orders are made from."""

    universe: Universe
    allocation: Allocation
    portfolio: Portfolio
    mandate: Mandate
    nav_bn: float
    market: Market


def trade_plan(
    universe: Universe,
    allocation: Allocation,
    portfolio: Portfolio,
    trading: TradingResult | None,
    mandate: Mandate,
) -> TradePlan:
    """Return every sector's trade and the orders that make it.

        value = (target - held) x net asset value;  0 within the targets' rounding

    Sales are pro rata to what is held of the sector; so are purchases in a universe built from
    members, where nothing is held or it has no room left from the basket's largest members. Other
    universes buy the sector's own ticker. A name locked at its limit is not ordered, one without
    foreign room is marked, since only foreigners cannot buy it; issuer and symbol-group caps of the
    mandate are kept. Sales settle the
    purchases: these are cut together so that cash, after costs, ends no lower than its target.

    Without a net asset value there are weights only; without instruments to trade, no orders, and
    sums are those of the sectors.
    """
    lines = {line.sector: line for line in allocation.lines}
    held = {row.sector: row.weight for row in portfolio.sectors}
    gaps = {sector: _gap(lines[sector], held[sector]) for sector in universe.sector_ids}
    market = market_of(trading, mandate.cost_bps)
    nav = portfolio.nav_bn
    orders: tuple[Order, ...] = ()
    if nav is not None and market is not None:
        desk = _Desk(universe, allocation, portfolio, mandate, nav, market)
        orders = _orders(desk, {sector: gap * nav for sector, gap in gaps.items()})
    sectors = tuple(
        _sector_trade(lines[name], held[name], gap, nav, mandate, orders, ordered=bool(market))
        for name, gap in gaps.items()
    )
    sums = _Sums.of(sectors, orders, ordered=market is not None)
    return TradePlan(
        universe=universe.id,
        as_of=allocation.as_of,
        nav_bn=nav,
        trade_on=None if trading is None else trading.trade_on,
        settles=None if trading is None else trading.settles,
        buys_bn=None if nav is None else sums.buys_bn,
        sells_bn=None if nav is None else sums.sells_bn,
        cost_bn=None if nav is None else sums.cost_bn,
        cost_bps=allocation.cost_bps if nav is None else sums.cost_bn / nav / BPS,
        cash_before_weight=portfolio.cash_weight,
        cash_after_weight=_cash_after(allocation, portfolio, sums, ordered=market is not None),
        sectors=sectors,
        orders=orders,
    )


def _gap(line: AllocationLine, held: float) -> float:
    """Return target minus held, 0 where the allocation leaves a sector as it is.

    What is held of an excluded sector goes to the last share.
    """
    gap = line.target_weight - held
    if line.stance == "excluded":
        return gap
    if line.held_weight is None:
        return 0.0 if abs(gap) <= TARGET_STEP else gap
    return 0.0 if abs(line.target_weight - line.held_weight) < SAME else gap


def _orders(desk: _Desk, values_bn: dict[str, float]) -> tuple[Order, ...]:
    """Return sales, then purchases within the money they leave, both in the sectors' order."""
    targets = {line.sector: line.target_weight for line in desk.allocation.lines}
    held = {sector: _held(desk, sector) for sector in values_bn}
    sales = tuple(
        order
        for sector, value in values_bn.items()
        if value < 0.0
        for order in sell_orders(
            sector, -value, held[sector], desk.market, whole=targets[sector] == 0.0
        )
    )
    after = _outside(desk) | {
        name: row.value_bn for rows in held.values() for name, row in rows.items()
    }
    for order in sales:
        after[order.symbol] -= order.value_bn
    parts: dict[str, dict[str, float]] = {}
    for sector, value in values_bn.items():
        if value > 0.0:
            tiers = _tiers(desk, sector, held[sector])
            parts[sector] = buy_parts(value, tiers, desk.market, _room(desk, after))
            for name, part in parts[sector].items():
                after[name] = after.get(name, 0.0) + part
    scale = _affordable(
        desk, sales, fsum(part for rows in parts.values() for part in rows.values())
    )
    purchases = (buy_orders(name, rows, desk.market, scale=scale) for name, rows in parts.items())
    return (*sales, *(order for orders in purchases for order in orders))


def _held(desk: _Desk, sector: str) -> dict[str, Holding]:
    """Return what is held of a sector by symbol; a sector held by weight as its largest members."""
    held: dict[str, Holding] = {}
    unnamed_bn = 0.0
    for row in desk.portfolio.positions:
        if row.sector != sector or row.value_bn is None:
            continue
        if row.symbol is None:
            unnamed_bn += row.value_bn
        elif row.symbol in desk.market.rows:
            before = held.get(row.symbol, Holding(0.0, 0.0))
            known = row.quantity is not None and before.quantity is not None
            total = (before.quantity or 0.0) + (row.quantity or 0.0) if known else None
            held[row.symbol] = Holding(before.value_bn + row.value_bn, total)
    basket = desk.market.basket(sector) if unnamed_bn > 0.0 else {}
    whole = fsum(basket.values())
    for name, weight in basket.items():
        before = held.get(name, Holding(0.0, None))
        held[name] = Holding(before.value_bn + unnamed_bn * weight / whole, None)
    return dict(sorted(held.items(), key=lambda item: (-item[1].value_bn, item[0])))


def _outside(desk: _Desk) -> dict[str, float]:
    """Return what is held of symbols outside the universe; groups may name them."""
    held: dict[str, float] = {}
    for row in desk.portfolio.positions:
        if row.sector is None and row.symbol is not None and row.value_bn is not None:
            held[row.symbol] = held.get(row.symbol, 0.0) + row.value_bn
    return held


def _tiers(desk: _Desk, sector: str, held: Mapping[str, Holding]) -> tuple[dict[str, float], ...]:
    """Return what may be bought, what is held first; weights within each tier."""
    basket = desk.market.basket(sector)
    own = {name: row.value_bn for name, row in held.items() if row.value_bn > 0.0}
    return (own, basket) if desk.universe.built_from_members and own else (basket,)


def _room(desk: _Desk, after: Mapping[str, float]) -> Room:
    """Return how much more of a symbol the mandate allows, billions; a fund is no issuer."""
    funds = {sector.ticker for sector in desk.universe.sectors}
    cap = desk.mandate.issuer_cap
    groups = [group for group in desk.mandate.groups if group.symbols]
    base = dict(after)

    def room(symbol: str, given: Mapping[str, float]) -> float:
        def total(names: tuple[str, ...]) -> float:
            return fsum(base.get(name, 0.0) + given.get(name, 0.0) for name in names)

        limits = [
            desk.nav_bn * group.cap - total(group.symbols)
            for group in groups
            if symbol in group.symbols
        ]
        if cap is not None and symbol not in funds:
            limits.append(desk.nav_bn * cap - total((symbol,)))
        return min(limits, default=float("inf"))

    return room


def _affordable(desk: _Desk, sales: tuple[Order, ...], wanted_bn: float) -> float:
    """Return what share of the wanted purchases the cash above its target pays, costs included."""
    proceeds = fsum(order.value_bn - order.cost_bn for order in sales)
    spare = desk.portfolio.cash_weight - desk.allocation.cash_target_weight
    budget = max(spare * desk.nav_bn + proceeds, 0.0)
    needed = wanted_bn * (1.0 + desk.mandate.cost_bps * BPS)
    return min(budget / needed, 1.0) if needed > 0.0 else 1.0


def _sector_trade(
    line: AllocationLine,
    held: float,
    gap: float,
    nav_bn: float | None,
    mandate: Mandate,
    orders: tuple[Order, ...],
    *,
    ordered: bool,
) -> SectorTrade:
    own = [order for order in orders if order.sector == line.sector]
    days = [order.trading_days for order in own if order.trading_days is not None]
    value = None if nav_bn is None else gap * nav_bn
    planned = None if value is None else abs(value) * mandate.cost_bps * BPS
    return SectorTrade(
        sector=line.sector,
        held_weight=held,
        target_weight=line.target_weight,
        value_bn=value,
        trading_days=max(days, default=None),
        cost_bn=fsum(order.cost_bn for order in own) if ordered and value is not None else planned,
        orders_count=sum(order.quantity_count > 0 for order in own),
    )


@dataclass(frozen=True, slots=True)
class _Sums:
    """What is bought, sold and paid for it, billions."""

    buys_bn: float
    sells_bn: float
    cost_bn: float

    @classmethod
    def of(
        cls, sectors: tuple[SectorTrade, ...], orders: tuple[Order, ...], *, ordered: bool
    ) -> "_Sums":
        """Return the sums of the orders, of the sectors where there is nothing to order."""
        if ordered:
            buys = [order.value_bn for order in orders if order.side == "buy"]
            sells = [order.value_bn for order in orders if order.side == "sell"]
            return cls(fsum(buys), fsum(sells), fsum(order.cost_bn for order in orders))
        values = [row.value_bn or 0.0 for row in sectors]
        return cls(
            fsum(value for value in values if value > 0.0),
            -fsum(value for value in values if value < 0.0),
            fsum(row.cost_bn or 0.0 for row in sectors),
        )


def _cash_after(
    allocation: Allocation, portfolio: Portfolio, sums: _Sums, *, ordered: bool
) -> float:
    if portfolio.nav_bn is None or not ordered:
        return allocation.cash_target_weight
    flow = (sums.sells_bn - sums.buys_bn - sums.cost_bn) / portfolio.nav_bn
    return min(max(portfolio.cash_weight + flow, 0.0), 1.0)
