"""Registers the tools of who buys and sells."""

from functools import partial
from typing import Annotated

from mcp.server.fastmcp import FastMCP
from mcp.types import CallToolResult

from core.records.investors import (
    ForeignRoomResult,
    FundFlowResult,
    ProprietaryResult,
    StockFlowsResult,
)
from core.records.payloads import FlowResult, WhaleResult
from core.records.plan import AssetType, Period
from tools.context import ToolContext
from tools.flows.foreign_flow import foreign_flow, foreign_flow_by_sector
from tools.flows.foreign_room import foreign_room
from tools.flows.fund_flow import etf_flow
from tools.flows.proprietary_flow import proprietary_flow
from tools.flows.stock_flows import stock_flows
from tools.flows.whale_activity import whale_activity
from tools.registration.arguments import READ_ONLY, AsOf, Region, SectorName, Symbols, answered


def add_flows_tools(server: FastMCP, context: ToolContext) -> None:
    """Register them."""
    _add_foreign_tools(server, context)
    _add_other_tools(server, context)


def _add_foreign_tools(server: FastMCP, context: ToolContext) -> None:
    @server.tool(annotations=READ_ONLY)
    async def get_foreign_flow(
        asset_type: AssetType = "equity",
        sector: SectorName = None,
        period: Period = "1M",
        region: Region = None,
        as_of: AsOf = None,
    ) -> Annotated[CallToolResult, FlowResult]:
        """Foreign investors' trading in the sectors asked for, and in their stocks.

        Values include put-through; `not_measurable` means most of the sector has no foreign room.
        """
        make = partial(foreign_flow, context, region=region, as_of=as_of)
        return await answered(
            context, partial(make, asset_type=asset_type, sector=sector, period=period)
        )

    @server.tool(annotations=READ_ONLY)
    async def get_foreign_flow_by_sector(
        period: Period = "1M", region: Region = None, as_of: AsOf = None
    ) -> Annotated[CallToolResult, FlowResult]:
        """Foreign investors' trading in every sector: net, intensity, streak, room, blocks."""
        make = partial(foreign_flow_by_sector, context, region=region, as_of=as_of)
        return await answered(context, partial(make, period=period))

    @server.tool(annotations=READ_ONLY)
    async def get_foreign_room(
        sector: SectorName = None,
        period: Period = "3M",
        region: Region = None,
        as_of: AsOf = None,
    ) -> Annotated[CallToolResult, ForeignRoomResult]:
        """How much of the foreign ownership limit is used, by sector, and by stock for up to three.

        `full_pct` is the share of stock-sessions of the period at the limit. With `flow_hidden` a
        net flow near zero is no sign of balance: foreigners could not buy. Caps are those of the
        law (49 %, banks 30 %); a company's own lower cap is not in the data.
        """
        make = partial(foreign_room, context, region=region, as_of=as_of)
        return await answered(context, partial(make, sector=sector, period=period))


def _add_other_tools(server: FastMCP, context: ToolContext) -> None:
    @server.tool(annotations=READ_ONLY)
    async def get_proprietary_flow(
        sector: SectorName = None,
        period: Period = "1M",
        region: Region = None,
        as_of: AsOf = None,
    ) -> Annotated[CallToolResult, ProprietaryResult]:
        """What securities firms bought and sold for their own account, by sector, with the streak.

        `foreign_net_bn` is foreigners' net in the same stocks and sessions, to compare.
        """
        make = partial(proprietary_flow, context, region=region, as_of=as_of)
        return await answered(context, partial(make, sector=sector, period=period))

    @server.tool(annotations=READ_ONLY)
    async def get_stock_flows(
        symbols: Symbols, period: Period = "1M", region: Region = None, as_of: AsOf = None
    ) -> Annotated[CallToolResult, StockFlowsResult]:
        """Who traded up to 20 named stocks: foreigners, own desks, room, blocks, unusual volume.

        Without a region the symbols decide. Where a market publishes no foreign figures those
        cells are null and listed in `missing`; unusual sessions are told all the same.
        """
        make = partial(stock_flows, context, region=region, as_of=as_of)
        return await answered(context, partial(make, symbols=tuple(symbols), period=period))

    @server.tool(annotations=READ_ONLY)
    async def get_etf_flow(
        sector: SectorName = None, region: Region = None, as_of: AsOf = None
    ) -> Annotated[CallToolResult, FundFlowResult]:
        """Money paid into each sector's fund over 1W, 1M and 3M: shares issued times price.

        It needs the series `shares_outstanding` of the sectors in the store. `adjusted_price`
        marks a price lowered by later dividends, since its source tells no other.
        """
        return await answered(
            context, partial(etf_flow, context, sector=sector, region=region, as_of=as_of)
        )

    @server.tool(annotations=READ_ONLY)
    async def get_whale_activity(
        region: Region = None, period: Period = "1M", as_of: AsOf = None
    ) -> Annotated[CallToolResult, WhaleResult]:
        """Unusual volume, negotiated blocks and large managers' filings, by sector."""
        make = partial(whale_activity, context, region=region, as_of=as_of)
        return await answered(context, partial(make, period=period))
