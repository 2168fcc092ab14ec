"""Decides how an amount of one sector becomes orders of whole lots; how much is the plan's."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from math import ceil, floor, fsum

from core.records.trades import Order, OrderNote, Side
from core.records.trading import TradingResult, TradingRow

BILLION = 1e9

PARTICIPATION = 0.20
"""Share of a session's matched value that is traded without moving the price: the desks' usual."""

SLOW_DAYS = 5.0
"""A trading week at that share."""

COVERED = 0.80
BASKET_LINES = 5
"""Part of a sector's basket its largest members must stand for, and how many of them at most."""

BPS = 1e-4

Room = Callable[[str, Mapping[str, float]], float]
"""What a symbol may still take, billions, beside the parts given so far."""

SHARES_SLACK = 1e-9
"""Of a lot: what a whole number of shares may miss itself by in floating point."""


@dataclass(frozen=True, slots=True)
class Holding:
    """What is held of one symbol; `quantity` is None where only a weight was stated.

    `named_bn` is the part of the value stated of the symbol itself, not of its sector.
    """

    value_bn: float
    quantity: float | None
    named_bn: float

    @property
    def sellable_bn(self) -> float:
        """What can be sold: no more than is stated where the shares are."""
        return self.value_bn if self.quantity is None else self.named_bn


@dataclass(frozen=True, slots=True)
class Market:
    """The rows orders are made from, and what trading costs."""

    rows: Mapping[str, TradingRow]
    last: date
    cost_bps: float

    def basket(self, sector: str, without: Collection[str] = ()) -> dict[str, float]:
        """Return the largest members of a sector that cover 80 % of it, at most five, by weight.

        Of the sector `without` some names, where these are left out.
        """
        members = [
            (row.basket_weight_pct, row.symbol)
            for row in self.rows.values()
            if row.sector == sector and row.basket_weight_pct and row.symbol not in without
        ]
        members.sort(key=lambda member: (-member[0], member[1]))
        whole = fsum(weight for weight, _ in members)
        chosen: dict[str, float] = {}
        for weight, symbol in members[:BASKET_LINES]:
            if fsum(chosen.values()) >= COVERED * whole:
                break
            chosen[symbol] = weight
        return chosen


def market_of(trading: TradingResult | None, cost_bps: float) -> Market | None:
    """Return the market of an answer, None where nothing can be traded."""
    if trading is None or not trading.rows:
        return None
    rows = {row.symbol: row for row in trading.rows}
    return Market(rows, max(row.period for row in trading.rows), cost_bps)


def shared_out(
    amount_bn: float,
    weights: Mapping[str, float],
    room: Room,
) -> dict[str, float]:
    """Return the amount pro rata to weights, each part within its room; what no room takes is left.

    Args:
        amount_bn: to be shared, not negative.
        weights: above zero; their order decides who takes a room several share.
        room: what a symbol may still take beside the parts given so far.
    """
    parts = dict.fromkeys(weights, 0.0)
    open_ = list(weights)
    left = amount_bn
    while open_ and left > 0.0:
        whole = fsum(weights[symbol] for symbol in open_)
        wished = {symbol: left * weights[symbol] / whole for symbol in open_}
        before = len(open_)
        for symbol, wish in wished.items():
            taken = min(wish, max(room(symbol, parts), 0.0))
            parts[symbol] += taken
            if taken < wish:
                open_.remove(symbol)
        left = amount_bn - fsum(parts.values())
        if len(open_) == before:
            break
    return parts


def sell_parts(
    amount_bn: float,
    held: Mapping[str, Holding],
    market: Market,
    first: Mapping[str, float],
) -> dict[str, float]:
    """Return billions to sell by symbol: first what is to be sold of each, the rest pro rata.

    Nothing nobody can sell is sold, and of no symbol more than is held.
    """
    free = {
        name: row.sellable_bn
        for name, row in held.items()
        if row.sellable_bn > 0.0 and blocked(market, name, "sell") is None
    }
    parts = {name: min(first.get(name, 0.0), value) for name, value in free.items()}
    rest = {name: free[name] - parts[name] for name in free if free[name] > parts[name]}
    left = max(amount_bn - fsum(parts.values()), 0.0)
    more = shared_out(left, rest, lambda name, given: rest[name] - given[name])
    return {name: part + more.get(name, 0.0) for name, part in parts.items()}


def sell_orders(
    sector: str,
    amount_bn: float,
    held: Mapping[str, Holding],
    market: Market,
    *,
    first: Mapping[str, float],
    whole: bool,
) -> tuple[Order, ...]:
    """Return the sales of a sector's holdings, the excess of a capped name first, then pro rata.

    Args:
        sector: its id.
        amount_bn: to be sold; not less than `first` comes to.
        held: by symbol, each with a row in the market.
        market: prices, lots, locks.
        first: billions by symbol to be sold in full, in lots that reach them.
        whole: sell everything, odd lots included.
    """
    if amount_bn <= 0.0:
        return ()
    parts = sell_parts(amount_bn, held, market, first)
    pro_rata = amount_bn > fsum(first.values())
    orders = [
        unfilled(market.rows[name], sector, "sell", why)
        for name, row in held.items()
        if pro_rata and row.value_bn > 0.0 and (why := blocked(market, name, "sell"))
    ]
    for name, part in parts.items():
        row, quantity = market.rows[name], held[name].quantity
        if whole and quantity is not None:
            count = int(quantity)
        else:
            least = _reaching_lots(first.get(name, 0.0), row)
            count = max(_whole_lots(part, row), least)
            count = count if quantity is None else min(count, int(quantity))
        if count > 0 or _lots(part, row) > SHARES_SLACK:
            orders.append(_order(row, sector, "sell", count, market))
    return tuple(orders)


def buy_parts(
    amount_bn: float,
    tiers: Sequence[Mapping[str, float]],
    market: Market,
    room: Room,
) -> dict[str, float]:
    """Return billions to buy by symbol: the first tier takes what it has room for, then the next.

    A symbol nobody can buy takes nothing and stays in the answer with 0.
    """
    parts: dict[str, float] = {}
    for tier in tiers:
        left = amount_bn - fsum(parts.values())
        if parts and left <= SHARES_SLACK * amount_bn:
            break
        open_ = {name: weight for name, weight in tier.items() if name not in parts}
        free = {n: weight for n, weight in open_.items() if blocked(market, n, "buy") is None}
        found = shared_out(left, free, _beside(room, parts))
        parts |= {name: found.get(name, 0.0) for name in open_}
    return parts


def buy_orders(
    sector: str, parts: Mapping[str, float], market: Market, *, scale: float
) -> tuple[Order, ...]:
    """Return the purchases of these parts, each times `scale`, in whole lots."""
    orders = []
    for name, part in parts.items():
        row = market.rows[name]
        if why := blocked(market, name, "buy"):
            orders.append(unfilled(row, sector, "buy", why))
        elif _lots(part, row) > SHARES_SLACK:
            orders.append(_order(row, sector, "buy", _whole_lots(part * scale, row), market))
    return tuple(orders)


def blocked(market: Market, symbol: str, side: Side) -> OrderNote | None:
    """Return why nobody can trade a symbol on the next session; None where one can.

    Without a price in the market's last session it was not traded there: halted, or not listed any
    more, it may not be for weeks. At its limit nobody stands on the other side.
    """
    row = market.rows[symbol]
    if row.period < market.last:
        return "no_price"
    return "limit_locked" if row.locked == ("up" if side == "buy" else "down") else None


def _beside(room: Room, taken: Mapping[str, float]) -> Room:
    return lambda name, given: room(name, {**taken, **given})


def _lots(part_bn: float, row: TradingRow) -> float:
    return part_bn * BILLION / (row.close_level * row.lot_count)


def _whole_lots(part_bn: float, row: TradingRow) -> int:
    return floor(_lots(part_bn, row) + SHARES_SLACK) * row.lot_count


def _reaching_lots(part_bn: float, row: TradingRow) -> int:
    return ceil(_lots(part_bn, row) - SHARES_SLACK) * row.lot_count


def unfilled(row: TradingRow, sector: str, side: Side, *notes: OrderNote) -> Order:
    """Return an order of nothing, which says why."""
    return Order(
        symbol=row.symbol,
        sector=sector,
        side=side,
        quantity_count=0,
        lots_count=0,
        close_level=row.close_level,
        value_bn=0.0,
        trading_days=None,
        cost_bn=0.0,
        notes=notes,
    )


def _order(row: TradingRow, sector: str, side: Side, quantity: int, market: Market) -> Order:
    if quantity == 0:
        return unfilled(row, sector, side, "below_one_lot")
    value_bn = quantity * row.close_level / BILLION
    a_day = PARTICIPATION * (row.traded_20d_bn or 0.0)
    days = value_bn / a_day if a_day > 0.0 else None
    notes: list[OrderNote] = []
    if days is not None and days > SLOW_DAYS:
        notes.append("slow")
    if quantity % row.lot_count:
        notes.append("odd_lot")
    if side == "buy" and "room_full" in row.flags:
        notes.append("room_full")
    if "adjusted_price" in row.flags:
        notes.append("adjusted_price")
    return Order(
        symbol=row.symbol,
        sector=sector,
        side=side,
        quantity_count=quantity,
        lots_count=quantity // row.lot_count,
        close_level=row.close_level,
        value_bn=value_bn,
        trading_days=days,
        cost_bn=value_bn * market.cost_bps * BPS,
        notes=tuple(notes),
    )
