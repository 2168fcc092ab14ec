"""Servers of a made-up market side by side, and a toolbox that asks them."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime, timedelta

from mcp.server.fastmcp import FastMCP
from mcp.types import CallToolResult, TextContent

from agents.router import fixed_steps, scored_steps, status_step
from agents.toolbox.alias_map import alias_map
from agents.toolbox.ledger import Ledger
from agents.toolbox.quota import Quota
from agents.toolbox.sessions import Sessions
from agents.toolbox.spec import CallLimits, ServerSpec
from agents.toolbox.toolbox import Toolbox
from core.records.desk import Desk
from tests.servers.market import AS_OF, Market, MarketServer, made_universe

TOY = made_universe()
NOW = datetime(2026, 3, 20, 18, 0, tzinfo=UTC)
FIRST, SECOND = (ServerSpec(name=name, transport="memory") for name in ("first", "second"))
STATUS = status_step("toy", AS_OF)
HEATMAP = scored_steps("toy", horizon="1M", as_of=AS_OF)[0]
MARKET = next(
    step
    for step in fixed_steps("toy", Desk(), horizon="1M", as_of=AS_OF)
    if step.tool == "get_market_overview"
)
ALIASES = alias_map(
    """
server = "a stranger"
checked = "by hand"
universes = ["toy"]
today_only = true
[failures]
"too many calls" = "quota_spent"
[answers.market]
rows = [["data"]]
[answers.market.fields]
date = { kind = "date", at = ["day"] }
close = { kind = "number", at = ["close"] }
[tools.get_market_overview]
calls = "market"
recipe = "series"
constants = { benchmark = "toy-all" }
[tools.get_sector_heatmap]
calls = "market"
""",
    origin="test",
)
STRANGER = ServerSpec(name="stranger", transport="memory", alias_map=ALIASES, today_only=True)


def a_server() -> MarketServer:
    return MarketServer(Market(TOY))


def a_ledger(now: Callable[[], datetime] = lambda: NOW) -> Ledger:
    return Ledger(clock=now)


Use = Callable[[Toolbox], Awaitable[None]]


def using(
    specs: tuple[ServerSpec, ...],
    servers: Mapping[str, FastMCP],
    use: Use,
    *,
    ledger: Ledger | None = None,
    now: Callable[[], datetime] = lambda: NOW,
    quota: Quota | None = None,
    limits: CallLimits | None = None,
) -> None:
    async def run() -> None:
        async with Sessions(specs, embedded=servers, limits=limits) as sessions:
            box = Toolbox(
                sessions,
                ledger or a_ledger(now),
                universes={"toy": TOY.model_copy(update={"synthetic": False})}
                if any(spec.alias_map for spec in specs)
                else {"toy": TOY},
                today=lambda: now().date(),
                clock=now,
                quota=quota,
            )
            await use(box)

    asyncio.run(run())


def stranger(*, says: str = "", closes: tuple[float, ...] = (100.0, 110.0)) -> FastMCP:
    """Return a server that answers in one block of text; `says` is its failure."""
    server = FastMCP("stranger", log_level="ERROR")

    async def market() -> CallToolResult:
        if says:
            block = TextContent(type="text", text=f"Error calling market: {says}")
            return CallToolResult(content=[block], isError=True)
        days = [AS_OF - timedelta(days=place) for place in range(len(closes))]
        rows = ",".join(
            f'{{"day":"{day}","close":{close}}}' for day, close in zip(days, closes, strict=True)
        )
        return CallToolResult(content=[TextContent(type="text", text=f'{{"data":[{rows}]}}')])

    server.add_tool(market, name="market")
    return server
