"""Decides how long a tool takes beside a bare FastMCP tool that returns the same bytes, in one run.

Times taken apart are not comparable: every round calls ours and the bare one after each other, in
turns, over the same kind of session. `again` repeats a question nothing stored has changed since;
`anew` makes the answer again from panels already read; `first` is the first call of a process.
"""

import asyncio
import statistics
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import numpy as np
from mcp import ClientSession, StdioServerParameters
from mcp.client.stdio import stdio_client
from mcp.server.fastmcp import FastMCP
from mcp.shared.memory import create_client_server_memory_streams
from mcp.types import CallToolResult, Tool
from numpy.typing import NDArray

from agents.toolbox.listing import ContractSession
from app.data import prepare
from app.files.universes import load_universes
from app.reference.tool_examples import examples_of
from app.served.server import served_server
from app.settings import Settings
from tools.answers import Answers
from tools.server import SectorServer

Call = Callable[[], Awaitable[CallToolResult]]

ROUNDS = 60
ANEW_ROUNDS = 5
STARTS = 5
MILLISECONDS = 1e3
PROGRAM = Path(sys.executable).with_name("sectorwise")
BARE = """
from mcp.server.fastmcp import FastMCP

server = FastMCP("bare", log_level="WARNING")


@server.tool()
async def same() -> str:
    return "same"


server.run("stdio")
"""


@dataclass(frozen=True, slots=True)
class Latency:
    """Milliseconds of one tool; `bytes_count` of its answer as JSON."""

    tool: str
    bytes_count: int
    first_ms: float
    anew_ms: float
    again_ms: float
    again_p95_ms: float
    bare_ms: float
    bare_p95_ms: float
    stdio_ms: float
    stdio_p95_ms: float

    @property
    def ratio(self) -> float:
        """The median of a repeated question over the bare tool's."""
        return self.again_ms / self.bare_ms


def measure(home: Path, *, rounds: int = ROUNDS) -> tuple[Latency, ...]:
    """Return the latency of every tool that reads, on the demo market of this home.

    Left out are those that are about a run: how long they take is the run's affair.
    """
    return asyncio.run(_measured(home, rounds))


def start_up(home: Path, *, starts: int = STARTS) -> dict[str, float]:
    """Return medians in ms from the start of a process to the first result over stdio."""

    async def timed(command: StdioServerParameters, tool: str) -> float:
        start = time.perf_counter()
        async with _stdio(command) as session:
            await session.call_tool(tool, {})
            return (time.perf_counter() - start) * MILLISECONDS

    bare = StdioServerParameters(command=sys.executable, args=["-c", BARE])
    pairs = [
        (asyncio.run(timed(_ours(home), "get_market_overview")), asyncio.run(timed(bare, "same")))
        for _ in range(starts)
    ]
    ours, theirs = (statistics.median(column) for column in zip(*pairs, strict=True))
    return {"ours_ms": ours, "bare_ms": theirs, "ours_over_bare": ours / theirs}


def table(rows: tuple[Latency, ...]) -> str:
    """Return the latencies as lines to print, with the largest ratio at the end."""
    heading = ("tool", "bytes", "first", "anew", "again", "p95", "bare", "p95", "ratio", "stdio")
    lines = [f"{heading[0]:28}" + "".join(f"{name:>9}" for name in (*heading[1:], "p95"))]
    for row in rows:
        cells = (
            row.first_ms, row.anew_ms, row.again_ms, row.again_p95_ms, row.bare_ms,
            row.bare_p95_ms, row.ratio, row.stdio_ms, row.stdio_p95_ms,
        )  # fmt: skip
        numbers = "".join(f"{cell:9.2f}" for cell in cells)
        lines.append(f"{row.tool:28}{row.bytes_count:9d}{numbers}")
    slowest = max(rows, key=lambda row: row.ratio)
    return "\n".join([*lines, f"largest ratio {slowest.ratio:.2f} ({slowest.tool})"])


async def _measured(home: Path, rounds: int) -> tuple[Latency, ...]:
    settings = Settings(home=home)
    universes = load_universes()
    prepare(settings, universes["demo"], tell=lambda _: None)
    async with (
        _memory(served_server(settings, universes)) as ours,
        _memory(_forgetful(settings)) as anew,
        _stdio(_ours(home)) as apart,
    ):
        tools = [tool for tool in (await ours.list_tools()).tools if _only_reads(tool)]
        sessions = _Sessions(ours, anew, apart)
        return tuple([await _latency(tool, sessions, rounds) for tool in tools])


@dataclass(frozen=True, slots=True)
class _Sessions:
    ours: ClientSession
    anew: ClientSession
    apart: ClientSession


async def _latency(tool: Tool, sessions: _Sessions, rounds: int) -> Latency:
    arguments = examples_of(tool)["most"]

    async def called(session: ClientSession, name: str = tool.name) -> CallToolResult:
        return await session.call_tool(name, arguments if name == tool.name else {})

    first_ms, answer = await _timed(partial(called, sessions.ours))
    if answer.isError:
        raise ValueError(f"{tool.name} {arguments}: {answer.content}")
    await called(sessions.apart)
    anew = [(await _timed(partial(called, sessions.anew)))[0] for _ in range(ANEW_ROUNDS)]
    again, stdio = partial(called, sessions.ours), partial(called, sessions.apart)
    async with _memory(_bare(answer)) as bare:
        beside = await _side_by_side(again, partial(called, bare, "same"), rounds)
    apart = np.array([(await _timed(stdio))[0] for _ in range(rounds)])
    times = np.column_stack([beside, apart])
    medians, highs = np.median(times, axis=0), np.percentile(times, 95, axis=0)
    return Latency(
        tool.name,
        len(answer.model_dump_json().encode()),
        first_ms,
        statistics.median(anew),
        *(float(value) for pair in zip(medians, highs, strict=True) for value in pair),
    )


async def _side_by_side(ours: Call, bare: Call, rounds: int) -> NDArray[np.float64]:
    """Return rounds x (ours, bare), in ms; they take turns in going first."""
    times = np.zeros((rounds, 2))
    ways = ((0, ours), (1, bare))
    for number in range(rounds):
        for place, way in ways if number % 2 else reversed(ways):
            times[number, place] = (await _timed(way))[0]
    return times


def _bare(answer: CallToolResult) -> FastMCP:
    server = FastMCP("bare", log_level="WARNING")

    @server.tool()
    async def same() -> CallToolResult:
        return answer

    return server


def _forgetful(settings: Settings) -> FastMCP:
    server = served_server(settings, load_universes())
    if isinstance(server, SectorServer):
        server.keep_answers(Answers((), today=lambda: datetime.now(UTC).date(), capacity=0))
    return server


def _only_reads(tool: Tool) -> bool:
    reads = tool.annotations is not None and bool(tool.annotations.readOnlyHint)
    return reads and "research" not in tool.name


async def _timed(call: Call) -> tuple[float, CallToolResult]:
    start = time.perf_counter()
    answer = await call()
    return (time.perf_counter() - start) * MILLISECONDS, answer


@asynccontextmanager
async def _memory(server: FastMCP) -> AsyncIterator[ClientSession]:
    """Yield a session that checks no schema: neither side of the ratio is to pay for a client's."""
    low = server._mcp_server
    async with (
        create_client_server_memory_streams() as (ours, theirs),
        asyncio.TaskGroup() as group,
    ):
        serving = group.create_task(low.run(*theirs, low.create_initialization_options()))
        async with ContractSession(*ours) as session:
            await session.initialize()
            yield session
        serving.cancel()


@asynccontextmanager
async def _stdio(command: StdioServerParameters) -> AsyncIterator[ClientSession]:
    async with stdio_client(command) as streams, ContractSession(*streams) as session:
        await session.initialize()
        yield session


def _ours(home: Path) -> StdioServerParameters:
    return StdioServerParameters(
        command=str(PROGRAM), args=["mcp"], env={"SECTORWISE_HOME": str(home)}
    )
