"""Registers the backtest as a tool: its trial is counted before any of it can be seen.

Files of the server's machine and signals that have to be fitted first are left to the command. A
server held to a date has none: the registry counts what was tried since, and cannot forget it.
"""

import asyncio
import threading
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Annotated, Final

import anyio
import anyio.from_thread
import anyio.to_thread
from mcp.server.fastmcp import FastMCP
from mcp.types import CallToolResult, TextContent, ToolAnnotations
from pydantic import Field

from app.served.records import BacktestAnswer
from app.served.research import Ctx
from app.settings import Settings
from core.errors import CallerError
from core.records.backtest import BacktestResult, Caveat, Performance, Rebalance
from tools.context import ToolContext
from tools.registration.arguments import Region

if TYPE_CHECKING:
    from app.backtesting.backtests import Asked, Backtest

COUNTS: Final = ToolAnnotations(
    readOnlyHint=False, destructiveHint=False, idempotentHint=False, openWorldHint=False
)
"""Every run is written to the registry of trials, which makes the next one's luck larger."""

CAVEATS: Final[dict[Caveat, str]] = {
    "same_close": "filled at the very close each decision was made on",
    "no_costs": "trading is free here; it is not",
    "short_sample": "under ten years: too short to tell skill from luck",
    "few_trials": "few trials are registered for these data: the DSR knows of no others",
    "synthetic": "SYNTHETIC data: nothing here is about a market",
    "survivorship": "built from today's members: an upper bound",
    "holdout_opened": "saw the years kept back from development",
    "unchecked": "nobody checked this signal for look-ahead",
    "idle_cash": "the weights leave money in cash, which earns nothing here",
}

Signal = Annotated[
    str,
    Field(
        description="momentum:12 (months), momentum:12-1 (without the last), combo, reversal:1, "
        "volatility:3, equal_weight, market, leading, improving, weakening, lagging",
        pattern=r"^[a-z_]+(:[0-9]+(-[0-9]+)?)?$",
        max_length=40,
    ),
]

AT_ONCE: Final = 2
"""Backtests played at the same time; further ones wait for their turn."""
WAITING: Final = 8
"""Backtests that may wait; further ones are refused."""


class _WithdrawnError(Exception):
    """The client no longer wants the result."""


def add_backtest_tools(server: FastMCP, settings: Settings, context: ToolContext) -> None:
    """Register them, where the server is not held to a date."""
    if context.latest is not None:
        return
    turns = anyio.CapacityLimiter(AT_ONCE)

    @server.tool(annotations=COUNTS)
    async def run_backtest(
        client: Ctx,
        signal: Signal,
        region: Region = None,
        top: Annotated[int | None, Field(ge=1, description="sectors held; default: all")] = None,
        rebalance: Rebalance = "monthly",
        cost_bps: Annotated[
            float | None, Field(ge=0.0, le=9999.0, description="a side; default: the market's own")
        ] = None,
        start: Annotated[date | None, Field(description="first bar that counts")] = None,
        end: Annotated[date | None, Field(description="last bar; default: the data's last")] = None,
    ) -> Annotated[CallToolResult, BacktestAnswer]:
        """What a rule would have earned after costs, its baselines, and what luck explains.

        Decided at a close, filled one bar later. Every call is counted as a trial: the deflated
        Sharpe ratio (`chance.dsr`) of every later one on this market knows of it. Cancelling the
        request ends it before its next stage, over stdio alone.
        """
        from app.backtesting.backtests import Asked

        universe = context.universe(region)
        asked = Asked(
            signal=signal, universe=universe.id, top=top, rebalance=rebalance, cost_bps=cost_bps,
            start=start, end=end,
        )  # fmt: skip
        done = await _run(settings, asked, client, turns)
        return _answered(done.study.result, synthetic=universe.synthetic)


async def _run(
    settings: Settings, asked: "Asked", context: Ctx, turns: anyio.CapacityLimiter
) -> "Backtest":
    """Run it beside the event loop in its turn; a request withdrawn ends it at its next stage."""
    from app.backtesting.backtests import backtest

    if turns.statistics().tasks_waiting >= WAITING:
        raise CallerError(f"{WAITING} backtests wait already: ask again later")
    withdrawn = threading.Event()
    count = 0

    def tell(stage: str) -> None:
        nonlocal count
        if withdrawn.is_set():
            raise _WithdrawnError
        anyio.from_thread.run(context.report_progress, count, None, stage)
        count += 1

    def work() -> "Backtest":
        return backtest(settings, asked, now=datetime.now(UTC), tell=tell)

    try:
        return await anyio.to_thread.run_sync(work, abandon_on_cancel=True, limiter=turns)
    except asyncio.CancelledError:
        withdrawn.set()
        raise


def _answered(result: BacktestResult, *, synthetic: bool) -> CallToolResult:
    answer = BacktestAnswer(
        universe=result.universe,
        as_of=result.performance.last,
        synthetic=synthetic,
        result=result,
        caveats=tuple(CAVEATS[name] for name in result.caveats),
    )
    text = TextContent(type="text", text=_text(answer))
    return CallToolResult(content=[text], structuredContent=answer.model_dump(mode="json"))


def _text(answer: BacktestAnswer) -> str:
    result, own = answer.result, answer.result.performance
    luck = result.chance
    rows = [own, *(row for row in result.baselines if row.strategy != own.strategy)]
    return "\n".join(
        [
            f"{result.spec.signal} on {answer.universe}, {result.spec.rebalance}, "
            f"{own.first} to {own.last}",
            "strategy | CAGR % | volatility % | Sharpe | max fall % | turnover %",
            *(_row(row) for row in rows),
            f"over equal weight: PSR {_of(luck.psr)}, DSR {_of(luck.dsr)}, PBO {_of(luck.pbo)}, "
            f"SPA p {_of(luck.spa_p)}, trials {luck.trials_count}",
            *(f"note: {caveat}" for caveat in answer.caveats),
        ]
    )


def _row(row: Performance) -> str:
    shown = (row.cagr, row.volatility, row.max_drawdown, row.turnover)
    cagr, volatility, fall, turnover = ("-" if v is None else f"{100.0 * v:.2f}" for v in shown)
    return f"{row.strategy} | {cagr} | {volatility} | {_of(row.sharpe)} | {fall} | {turnover}"


def _of(value: float | None) -> str:
    return "-" if value is None else f"{value:.3f}"
