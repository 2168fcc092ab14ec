"""Decides what is traded to come from the portfolio held to the target weights.

Orders are a proposal in whole lots; nothing here or elsewhere sends them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import fsum

from core.portfolio.book import Desk, book_of, noted
from core.portfolio.orders import buy_orders, buy_parts, market_of, sell_orders
from core.portfolio.switches import first_sales
from core.records.decision import Allocation, AllocationLine
from core.records.holdings import Portfolio
from core.records.mandate import Mandate
from core.records.trades import Order, SectorTrade, TradePlan
from core.records.trading import TradingResult
from core.records.universe import Universe

SAME = 1e-9
"""Two weights of one grid are the same below this."""

BPS = 1e-4


def trade_plan(
    universe: Universe,
    allocation: Allocation,
    portfolio: Portfolio,
    trading: TradingResult | None,
    mandate: Mandate,
) -> TradePlan:
    """Return every sector's trade and the orders that make it.

        value = (target - held) x net asset value;  0 within the targets' rounding

    Values use what is held exactly; the held weight told is the allocation's, in whole tenths of a
    percent, so that one page tells one number.

    Sales first take what a name held exceeds its issuer's or its group's cap by; the rest is pro
    rata to what is held of the sector. Where the sector sells less than that excess, other names of
    it are bought for it, so that its target stays; what nothing can replace is kept and its order
    says so. Purchases in a universe built from members are pro rata to what is held, where nothing
    is held or it has no room left by the basket's largest members, then by the next; other
    universes buy the sector's own ticker. None passes a cap. A name locked at its limit, or without
    a price in the last session, is not ordered; one without foreign room is marked, since only
    foreigners cannot buy it. Sales settle the purchases: these are cut together so that cash, after
    costs, ends no lower than its target.

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
        desk = Desk(universe, allocation, portfolio, mandate, nav, market)
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
    kept = line.held_weight is not None and abs(line.target_weight - line.held_weight) < SAME
    return 0.0 if kept and line.stance != "excluded" else line.target_weight - held


def _orders(desk: Desk, values_bn: dict[str, float]) -> tuple[Order, ...]:
    """Return sales, then purchases within the money they leave, both in the sectors' order."""
    book, market = book_of(desk, values_bn), desk.market
    targets = {line.sector: line.target_weight for line in desk.allocation.lines}
    first = first_sales(book)
    sales: list[Order] = []
    wanted: dict[str, float] = {}
    for sector, value in values_bn.items():
        amount = max(-value, fsum(first[sector].values()))
        wanted[sector] = value + amount
        sales += sell_orders(
            sector,
            amount,
            book.held[sector],
            market,
            first=first[sector],
            whole=value < 0.0 and targets[sector] == 0.0,
        )
    after = book.worth()
    for order in sales:
        after[order.symbol] -= order.value_bn
    parts: dict[str, dict[str, float]] = {}
    for sector, value in wanted.items():
        if value > SAME * desk.nav_bn:
            parts[sector] = buy_parts(value, book.tiers[sector], market, book.caps.room(after))
            for name, part in parts[sector].items():
                after[name] = after.get(name, 0.0) + part
    scale = _affordable(
        desk, sales, fsum(part for rows in parts.values() for part in rows.values())
    )
    purchases = [
        order
        for name, rows in parts.items()
        for order in buy_orders(name, rows, market, scale=scale)
    ]
    return noted(book, [*sales, *purchases])


def _affordable(desk: Desk, sales: Sequence[Order], wanted_bn: float) -> float:
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
        held_weight=held if line.held_weight is None else line.held_weight,
        target_weight=line.target_weight,
        traded=gap != 0.0,
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
