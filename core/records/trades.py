"""From held to target: what to trade, how long it takes, what it costs, when it settles."""

from datetime import date
from typing import Literal

from pydantic import Field

from core.records.record import Fraction, Record, Slug, Symbol

Side = Literal["buy", "sell"]
OrderNote = Literal[
    "limit_locked", "slow", "below_one_lot", "odd_lot", "no_price", "room_full", "adjusted_price",
    "above_cap",
]  # fmt: skip
"""`above_cap`: its issuer or group stays above the mandate's cap, as nothing else can be bought."""


class Order(Record):
    """One order, never sent; quantities are whole lots but for the sale of a whole odd position."""

    symbol: Symbol
    sector: Slug
    side: Side
    quantity_count: int = Field(ge=0)
    lots_count: int = Field(ge=0)
    close_level: float = Field(gt=0.0)
    value_bn: float = Field(ge=0.0)
    trading_days: float | None = Field(description="at 20 % of the mean matched value")
    cost_bn: float = Field(ge=0.0)
    notes: tuple[OrderNote, ...] = ()


class SectorTrade(Record):
    """One sector from held to target; `value_bn` is signed and None without a net asset value.

    Both weights are the allocation's, whole tenths of a percent; the value is of what is held
    exactly. `traded` tells whether they are to differ: the last share of an excluded sector is sold
    though both print as nothing.
    """

    sector: Slug
    held_weight: Fraction
    target_weight: Fraction
    traded: bool = Field(description="whether the sector's weight is to change")
    value_bn: float | None
    trading_days: float | None = Field(description="of the slowest order")
    cost_bn: float | None
    orders_count: int = Field(ge=0)


class TradePlan(Record):
    """Every trade of one universe; cash after is what whole lots leave."""

    universe: Slug
    as_of: date
    nav_bn: float | None
    trade_on: date | None
    settles: date | None
    buys_bn: float | None
    sells_bn: float | None
    cost_bn: float | None
    cost_bps: float = Field(ge=0.0, description="of net asset value")
    cash_before_weight: Fraction
    cash_after_weight: Fraction
    sectors: tuple[SectorTrade, ...]
    orders: tuple[Order, ...] = ()
