"""Decides which tools there are."""

from mcp.server.fastmcp import FastMCP

from tools.context import ToolContext
from tools.registration.activity import add_activity_tools
from tools.registration.companies import add_companies_tools
from tools.registration.market import add_market_tools
from tools.registration.momentum import add_momentum_tools
from tools.registration.rotation import add_rotation_tools
from tools.registration.trading import add_trading_tools


def add_tools(server: FastMCP, context: ToolContext) -> None:
    """Register every tool over this context; each call runs off the event loop."""
    add_market_tools(server, context)
    add_rotation_tools(server, context)
    add_momentum_tools(server, context)
    add_companies_tools(server, context)
    add_activity_tools(server, context)
    add_trading_tools(server, context)
