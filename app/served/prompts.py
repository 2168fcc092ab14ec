"""Registers the prompts a client offers its user; their texts are versioned in `prompts/`."""

from typing import Annotated

from mcp.server.fastmcp import FastMCP
from pydantic import Field

from prompts.library import prompt
from tools.context import ToolContext
from tools.scope import sectors_named

UniverseName = Annotated[str, Field(description="universe id or region, e.g. us, VN")]


def add_prompts(server: FastMCP, context: ToolContext) -> None:
    """Register them."""

    @server.prompt()
    def weekly_rotation(universe: UniverseName) -> str:
        """Where money rotated this week, from this server's data alone."""
        return _filled("weekly_rotation", {"universe": context.universe(universe).id})

    @server.prompt()
    def explain_sector(
        sector: Annotated[str, Field(description="sector id or name")], universe: UniverseName
    ) -> str:
        """Why a sector is where it is: rotation, flows, fundamentals, forecast."""
        market = context.universe(universe)
        ids = ", ".join(row.id for row in sectors_named(market, sector))
        return _filled("explain_sector", {"universe": market.id, "sector": ids})


def _filled(name: str, values: dict[str, str]) -> str:
    """Return the prompt as one message, its version in the last line."""
    text = prompt(name)
    message = text.render(values)
    return f"{message.system}\n{message.user}\n({name}, version {text.version})"
