"""Decides what our server serves: the data tools, and what only the whole can answer."""

from datetime import date
from importlib.metadata import version
from typing import TYPE_CHECKING

from mcp.server.fastmcp import FastMCP

from app.data import tool_context
from app.running.runs import Runs
from app.served.backtests import add_backtest_tools
from app.served.calls import add_call_tools
from app.served.pictures import add_picture_tools
from app.served.prompts import add_prompts
from app.served.records import CONTRACT
from app.served.research import ResearchDesk, add_research_tools
from app.served.resources import add_resources
from app.settings import Settings
from core.records.universe import Universe
from tools.answers import answers_of
from tools.context import ToolContext
from tools.server import build_server

if TYPE_CHECKING:
    from app.compose import Composition


def served_server(
    settings: Settings, universes: dict[str, Universe], *, latest: date | None = None
) -> FastMCP:
    """Return the MCP server of everything we serve.

    Args:
        settings: of the home it answers from.
        universes: those there are.
        latest: no answer knows anything later, whatever a client asks.
    """
    return mounted(settings, universes, latest=latest)[0]


def mounted(
    settings: Settings,
    universes: dict[str, Universe],
    *,
    latest: date | None = None,
    context: ToolContext | None = None,
    runs: Runs | None = None,
) -> tuple[FastMCP, Runs]:
    """Return the server with the runs it works on, for who must stop them.

    Args:
        settings: of the home it answers from.
        universes: those there are.
        latest: no answer knows anything later, whatever a client asks.
        context: of a larger server this is a part of; None makes one.
        runs: likewise.
    """
    context = context or tool_context(settings, universes, latest=latest)
    server = build_server(context, remembering=False)
    add_picture_tools(server, context)
    server.keep_answers(answers_of(context))  # of what stands here; runs and trials never repeat
    runs = runs or Runs(
        lambda: _composition(settings, universes),
        settings.home_dir,
        database=settings.database,
        latest=latest,
    )
    add_research_tools(server, ResearchDesk(runs, context))
    add_backtest_tools(server, settings, context)
    add_call_tools(server)
    add_resources(server, context, runs)
    add_prompts(server, context)
    # FastMCP takes no version of its own and would tell the SDK's.
    server._mcp_server.version = f"{version('sectorwise')}+contract.{CONTRACT}"
    return server, runs


def _composition(settings: Settings, universes: dict[str, Universe]) -> "Composition":
    from app.compose import Composition

    return Composition(settings=settings, universes=universes)
