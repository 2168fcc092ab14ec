"""Decides how a sector's buyers and sellers are shown: foreigners, their room, desks, whales."""

from typing import Final

from app.web.sector.records import SectorFlows
from app.web.sector.sheets import SectorAsked
from core.records.investors import ForeignRoomRow, FundFlowRow, ProprietaryRow
from core.records.payloads import FlowResult, FlowRow, WhaleRow
from core.records.plan import Period
from tools.flows.foreign_flow import foreign_flow
from tools.flows.foreign_room import foreign_room
from tools.flows.fund_flow import etf_flow
from tools.flows.proprietary_flow import proprietary_flow
from tools.flows.whale_activity import whale_activity

PERIODS: Final[tuple[Period, ...]] = ("1W", "1M", "3M")
SHOWN: Final[Period] = "1M"
"""The span of the stocks' rows."""
FOREIGN_FIELDS: Final = (
    "sessions", "net_bn", "buy_bn", "sell_bn", "traded_bn", "intensity_pct", "matched_net_bn",
    "put_through_net_bn", "streak_sessions", "room_full_pct", "state", "top_buys", "top_sells",
    "flags",
)  # fmt: skip
STOCK_FIELDS: Final = (
    "symbol", "net_bn", "buy_bn", "sell_bn", "intensity_pct", "streak_sessions", "room_full_pct",
    "state", "flags",
)  # fmt: skip
ROOM_FIELDS: Final = (
    "symbol", "period", "own_pct", "cap_pct", "used_pct", "full_pct", "stocks_count",
    "full_count", "flags",
)  # fmt: skip
PROPRIETARY_FIELDS: Final = (
    "sessions", "known_sessions", "net_bn", "traded_bn", "intensity_pct", "streak_sessions",
    "foreign_net_bn", "state", "top_buys", "top_sells", "flags",
)  # fmt: skip
FUND_FIELDS: Final = (
    "symbol", "period", "assets_bn", "flow_1w_bn", "flow_1m_bn", "flow_3m_bn", "flow_1m_pct",
    "flags",
)  # fmt: skip
WHALE_FIELDS: Final = (
    "kind", "sessions", "period", "released", "events_count", "watched_count", "signed_pct",
    "value_bn", "top", "flags",
)  # fmt: skip


def sector_flows(asked: SectorAsked) -> SectorFlows:
    """Return foreign flow over three spans, its stocks, room, desks, fund flow and whales."""
    tools, region, sector = asked.house.tools, asked.universe.id, asked.sector
    as_of = asked.asked.as_of
    spans = {
        period: foreign_flow(tools, sector=sector, period=period, region=region, as_of=as_of)
        for period in PERIODS
    }
    shown = spans[SHOWN]
    own = [row for result in spans.values() for row in _own(result)]
    room = foreign_room(tools, sector=sector, region=region, as_of=as_of)
    desks = proprietary_flow(tools, sector=sector, region=region, as_of=as_of)
    fund = etf_flow(tools, sector=sector, region=region, as_of=as_of)
    whales = whale_activity(tools, region=region, as_of=as_of)
    stocks = (row for row in shown.rows if row.symbol is not None)
    unusual = (row for row in whales.rows if row.sector == sector)
    return SectorFlows(
        foreign=asked.sheet(shown, FlowRow, own, FOREIGN_FIELDS),
        stocks=asked.sheet(shown, FlowRow, stocks, STOCK_FIELDS),
        room=asked.sheet(room, ForeignRoomRow, room.rows, ROOM_FIELDS),
        proprietary=asked.sheet(desks, ProprietaryRow, desks.rows, PROPRIETARY_FIELDS),
        fund=asked.sheet(fund, FundFlowRow, fund.rows, FUND_FIELDS),
        whales=asked.sheet(whales, WhaleRow, unusual, WHALE_FIELDS),
    )


def _own(result: FlowResult) -> tuple[FlowRow, ...]:
    return tuple(row for row in result.rows if row.symbol is None)
