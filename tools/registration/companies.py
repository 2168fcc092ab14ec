"""Registers the tools of companies."""

from functools import partial
from typing import Annotated, Literal

from mcp.server.fastmcp import FastMCP
from mcp.types import CallToolResult
from pydantic import Field

from core.records.payloads import StatementsResult
from core.records.plan import StatementType
from core.records.sector_readings import ScreenFilter, ScreenMeasure, ScreenResult
from tools.companies.screening import LIMIT, Screen, screened_stocks
from tools.companies.statements import financial_statements
from tools.context import ToolContext
from tools.registration.arguments import READ_ONLY, AsOf, Region, SectorName, Symbols, answered

Filters = Annotated[
    list[ScreenFilter] | None, Field(description="bounds to keep, all of them", max_length=14)
]


def add_companies_tools(server: FastMCP, context: ToolContext) -> None:
    """Register them."""
    _add_statements(server, context)
    _add_screen(server, context)


def _add_statements(server: FastMCP, context: ToolContext) -> None:
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
        quarters where there are any. A bank answers with a bank's lines: interest and fee income,
        provisions, loans, deposits; its ratios are in `ratios`.
        """
        make = partial(financial_statements, context, region=region, as_of=as_of)
        named = None if symbols is None else tuple(symbols)
        chosen = partial(make, symbols=named, sector=sector, period=period)
        return await answered(context, partial(chosen, statement_type=statement_type))


def _add_screen(server: FastMCP, context: ToolContext) -> None:
    @server.tool(annotations=READ_ONLY)
    async def screen_stocks(
        sector: SectorName = "all",
        filters: Filters = None,
        above_200d: bool | None = None,
        sort_by: ScreenMeasure = "return_12m_pct",
        lowest_first: bool = False,
        limit: Annotated[int, Field(ge=1, le=50)] = LIMIT,
        region: Region = None,
        as_of: AsOf = None,
    ) -> Annotated[CallToolResult, ScreenResult]:
        """The stocks of a sector that keep every bound, sorted by one measure.

        Example: filters=[{"measure": "roe_pct", "at_least": 15}, {"measure": "pe_x", "at_most":
        12}]. A stock without a value asked for does not pass and is in `unknown_count`.
        """
        screen = Screen(
            filters=tuple(filters or ()),
            above_200d=above_200d,
            sort_by=sort_by,
            lowest_first=lowest_first,
            limit=limit,
        )
        make = partial(screened_stocks, context, screen, region=region, as_of=as_of)
        return await answered(context, partial(make, sector=sector))
