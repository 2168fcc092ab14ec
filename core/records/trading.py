"""What it takes to trade an instrument: price, liquidity, lots, limits, settlement."""

from datetime import date
from typing import Literal

from pydantic import Field

from core.records.record import Record, Slug, Symbol
from core.records.result import Flag, ToolResult


class TradingRow(Record):
    """One tradable instrument at its last session known at as_of."""

    symbol: Symbol
    sector: Slug | None = Field(description="None: not a member of the universe's sectors")
    period: date = Field(description="session of the price")
    close_level: float = Field(gt=0, description="as traded, in the currency's own unit")
    basket_weight_pct: float | None = Field(
        description="share of its sector's basket, for the look-through; 100 for a fund"
    )
    traded_20d_bn: float | None = Field(description="mean matched value a session")
    put_through_20d_bn: float | None = None
    lot_count: int = Field(ge=1, description="shares of one lot")
    limit_pct: float | None = Field(default=None, description="daily price limit; None without one")
    locked: Literal["up", "down"] | None = Field(
        default=None, description="closed at its limit that session: cannot be filled"
    )
    locked_sessions: int = Field(default=0, ge=0, description="of the last 20")
    flags: tuple[Flag, ...] = ()


class TradingResult(ToolResult):
    """Answer of get_trading_conditions."""

    trade_on: date | None = Field(default=None, description="the first session after as_of")
    settlement_sessions: int | None = Field(default=None, description="sessions from trade to cash")
    settles: date | None = Field(default=None, description="of a trade on trade_on")
    rows: tuple[TradingRow, ...] = ()
