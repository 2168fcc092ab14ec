"""Registers the tools of companies."""

from functools import partial
from typing import Annotated, Literal

from mcp.server.fastmcp import FastMCP
from mcp.types import CallToolResult

from core.records.payloads import StatementsResult
from core.records.plan import StatementType
from tools.companies.statements import financial_statements
from tools.context import ToolContext
from tools.registration.arguments import READ_ONLY, AsOf, Region, SectorName, Symbols, answered


def add_companies_tools(server: FastMCP, context: ToolContext) -> None:
    """Register them."""

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
