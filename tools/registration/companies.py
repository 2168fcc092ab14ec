"""Registers the tools of companies' reports."""

from functools import partial
from typing import Annotated, Literal

from mcp.server.fastmcp import FastMCP
from mcp.types import CallToolResult

from core.records.payloads import FundamentalsResult, StatementsResult
from core.records.plan import StatementType
from tools.context import ToolContext
from tools.fundamentals import sector_fundamentals
from tools.registration.arguments import (
    READ_ONLY,
    AsOf,
    Metrics,
    Region,
    SectorName,
    Symbols,
    answered,
)
from tools.statements import financial_statements


def add_companies_tools(server: FastMCP, context: ToolContext) -> None:
    """Register them."""

    @server.tool(annotations=READ_ONLY)
    async def get_sector_fundamentals(
        sector: SectorName = "all",
        metrics: Metrics = None,
        region: Region = None,
        as_of: AsOf = None,
    ) -> Annotated[CallToolResult, FundamentalsResult]:
        """Growth, margin, return on equity and valuation of sectors, from reports known at as_of.

        Old reports are printed with the flag `stale` and leave their factors empty.
        """
        make = partial(sector_fundamentals, context, region=region, as_of=as_of)
        chosen = None if metrics is None else tuple(metrics)
        return await answered(context, partial(make, sector=sector, metrics=chosen))

    @server.tool(annotations=READ_ONLY)
    async def get_financial_statements(
        symbols: Symbols | None = None,
        sector: SectorName = None,
        statement_type: StatementType = "income_statement",
        period: Literal["Q", "A"] | None = None,
        region: Region = None,
        as_of: AsOf = None,
    ) -> Annotated[CallToolResult, StatementsResult]:
        """Reported lines of companies, the last reports first known by as_of.

        Name either `symbols` or a `sector`, which stands for its three largest members. Without a
        region the symbols decide when they belong to one universe only; without a period it is
        quarters where there are any.
        """
        make = partial(financial_statements, context, region=region, as_of=as_of)
        named = None if symbols is None else tuple(symbols)
        chosen = partial(make, symbols=named, sector=sector, period=period)
        return await answered(context, partial(chosen, statement_type=statement_type))
