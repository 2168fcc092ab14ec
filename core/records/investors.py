"""Who bought and sold: rows of the tools of foreign room, proprietary desks, stocks and funds.

Units are in the field names, money in billions of the universe's currency; None is not known.
"""

from datetime import date

from pydantic import Field

from core.records.payloads import FlowState, NameFlow
from core.records.plan import Period
from core.records.record import Record, Slug, Symbol
from core.records.result import Flag, ToolResult


class ForeignRoomRow(Record):
    """How much of the foreign room of a stock, or of a sector's stocks together, is used."""

    sector: Slug
    symbol: Symbol | None = None
    period: date = Field(description="last session with a figure")
    own_pct: float | None = Field(
        description="foreign ownership; of a sector the mean, by money traded in the period"
    )
    cap_pct: float | None = Field(
        description="of a stock, its cap by law; None where it is lifted, and of a sector"
    )
    used_pct: float | None = Field(
        description="ownership over the cap, 100 is full; of a sector the mean, by money traded, "
        "None where stocks with a lifted cap trade most of it"
    )
    sessions: int = Field(ge=0, description="of the period, with a figure of any stock")
    full_pct: float | None = Field(description="share of stock-sessions at the cap")
    stocks_count: int = Field(ge=0, description="stocks with a figure")
    full_count: int = Field(ge=0, description="of them, at the cap in the last session")
    flow_hidden: bool = Field(
        description="most of the money trades in stocks without room: net flow says nothing"
    )
    flags: tuple[Flag, ...] = ()


class ForeignRoomResult(ToolResult):
    """Answer of get_foreign_room: a row a sector, and one a stock where few sectors are asked."""

    rows: tuple[ForeignRoomRow, ...] = ()


class ProprietaryRow(Record):
    """What securities firms' own desks did in one sector over some sessions."""

    sector: Slug
    period: date = Field(description="last session of the window")
    sessions: int = Field(ge=1)
    known_sessions: int = Field(ge=0, description="of `sessions`, with any figure")
    net_bn: float
    traded_bn: float | None = Field(description="matched + put-through, all investors")
    intensity_pct: float | None = Field(description="net / traded, over cells where both are known")
    streak_sessions: int = Field(description="same-signed sessions to the last, negative: selling")
    foreign_net_bn: float | None = Field(description="foreigners' net of the same sessions")
    state: FlowState
    top_buys: tuple[NameFlow, ...] = ()
    top_sells: tuple[NameFlow, ...] = ()
    flags: tuple[Flag, ...] = ()


class ProprietaryResult(ToolResult):
    """Answer of get_proprietary_flow."""

    rows: tuple[ProprietaryRow, ...] = ()


class StockFlowRow(Record):
    """Who traded one stock over some sessions, and what was unusual about it."""

    symbol: Symbol
    sector: Slug | None = Field(description="None: no member of the universe's sectors")
    period: date = Field(description="last session of the window")
    sessions: int = Field(ge=1)
    foreign_net_bn: float | None = None
    foreign_buy_bn: float | None = None
    foreign_sell_bn: float | None = None
    traded_bn: float | None = Field(description="matched + put-through, all investors")
    intensity_pct: float | None = Field(default=None, description="foreign net / traded")
    matched_net_bn: float | None = Field(default=None, description="foreign, without put-through")
    streak_sessions: int | None = Field(
        default=None, description="of the foreign net's sign, negative for selling"
    )
    proprietary_net_bn: float | None = None
    own_pct: float | None = Field(description="foreign ownership, last known")
    room_used_pct: float | None = Field(description="of the cap by law; None where it is lifted")
    room_full_pct: float | None = Field(default=None, description="share of sessions at the cap")
    block_sessions: int = Field(ge=0, description="sessions with an unusual put-through")
    put_through_bn: float | None
    whale_sessions: int | None = Field(
        ge=0, description="of over twice the mean volume of the 20 before; None: not watched"
    )
    whale_up_sessions: int | None = Field(ge=0, description="of them, with a higher close")
    state: FlowState | None = Field(
        default=None, description="of foreigners; None without their figures"
    )
    flags: tuple[Flag, ...] = ()


class StockFlowsResult(ToolResult):
    """Answer of get_stock_flows; symbols without data are in `missing`."""

    window: Period
    rows: tuple[StockFlowRow, ...] = ()


class FundFlowRow(Record):
    """Money paid into a sector's fund: its newly issued shares, less those redeemed, at its price.

    A figure is None unless the number of shares is known at or before its window's start.
    """

    sector: Slug
    symbol: Symbol
    period: date = Field(description="last day with a number of shares")
    released: date
    age_days: int
    shares_count: float = Field(gt=0.0, description="shares outstanding")
    assets_bn: float | None = Field(description="shares at the last close up to that day")
    flow_1w_bn: float | None
    flow_1m_bn: float | None
    flow_3m_bn: float | None
    flow_1w_pct: float | None = Field(description="of the assets at the window's start")
    flow_1m_pct: float | None
    flow_3m_pct: float | None
    flags: tuple[Flag, ...] = ()


class FundFlowResult(ToolResult):
    """Answer of get_etf_flow."""

    rows: tuple[FundFlowRow, ...] = ()
