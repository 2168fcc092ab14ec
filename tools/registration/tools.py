"""Decides which tools there are."""

from mcp.server.fastmcp import FastMCP

from tools.context import ToolContext
from tools.registration.companies import add_companies_tools
from tools.registration.decisions import add_decisions_tools
from tools.registration.events import add_events_tools
from tools.registration.flows import add_flows_tools
from tools.registration.macro import add_macro_tools
from tools.registration.market import add_market_tools
from tools.registration.sectors import add_sectors_tools


def add_tools(server: FastMCP, context: ToolContext) -> None:
    """Register every tool over this context; each call runs off the event loop."""
    add_market_tools(server, context)
    add_sectors_tools(server, context)
    add_companies_tools(server, context)
    add_flows_tools(server, context)
    add_macro_tools(server, context)
    add_events_tools(server, context)
    add_decisions_tools(server, context)
