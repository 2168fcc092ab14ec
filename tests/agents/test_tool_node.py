import asyncio
import time
from dataclasses import replace
from datetime import date

import pytest
from mcp.server.fastmcp import FastMCP
from mcp.types import CallToolResult

from agents.run import run_request
from agents.services import RunLimits, Services
from agents.tool_node import by_call, outcome, reusable, stored_sources
from agents.toolbox.answering import Answering
from agents.toolbox.ledger import Ledger
from agents.toolbox.sessions import Sessions
from agents.toolbox.spec import ServerSpec
from agents.toolbox.toolbox import Toolbox
from core.records.budget import Budget
from core.records.evidence import Evidence, Gap
from core.records.payloads import MarketResult, StatusResult
from core.records.plan import ToolArguments, ToolName
from core.records.report import Report
from core.records.result import GapReason, NamedGap, Source, ToolResult
from core.records.universe import Horizon
from tests.agents.bench import SPEC, Bench, a_ledger, a_request
from tests.agents.toolbox.strangers import FIRST, SECOND, STATUS, TOY, using
from tests.servers.market import Market, MarketServer, made_universe

AS_OF = date(2024, 12, 31)


def evidence(tool: ToolName, kind: type[ToolResult], *hashes: str) -> Evidence:
    sources = tuple(
        Source(dataset="prices", origin="f.csv", sha256=h, first=AS_OF, last=AS_OF, rows_count=1)
        for h in hashes
    )
    result = kind(
        tool=tool, universe="toy", universe_hash="0" * 64, as_of=AS_OF, currency="USD",
        synthetic=False, sources=sources, known_at=AS_OF,
    )  # fmt: skip
    return Evidence(
        id="e1", node="macro", tool=tool, server="s", sha256="0" * 64, result=result,
        arguments=ToolArguments(region="toy", as_of=AS_OF),
    )  # fmt: skip


def test_an_answer_made_from_rows_that_are_no_longer_stored_is_asked_for_again() -> None:
    old, new, other = "a" * 64, "b" * 64, "c" * 64
    earlier = by_call((evidence("get_market_overview", MarketResult, old),))

    def kept(*stored: str) -> int:
        status = evidence("get_data_status", StatusResult, *stored)
        return len(reusable(earlier, stored_sources((status,))["toy"]))

    assert kept(old, other) == 1
    assert kept(new, other) == 0


class SlowMarket(MarketServer):
    """A market whose macro indicators never come."""

    async def _answered(
        self, tool: str, region: str, horizon: Horizon, sector: str | None, **other: object
    ) -> CallToolResult:
        if tool == "get_macro_indicators":
            await asyncio.sleep(60)
        return await super()._answered(tool, region, horizon, sector, **other)


def cut_off_run(
    ledger: Ledger, served: MarketServer | None, *, budget: Budget | None = None
) -> Report:
    """Return the report of a run that gives a call half the time its server may take.

    With a budget, its seconds are the run's, and a call may take longer than that.
    """
    limits = RunLimits(tool_seconds=30 if budget else 0.9)
    bench = Bench(ledger=ledger)

    async def main() -> Report:
        embedded = {"own": served.server} if served else {}
        async with Sessions((SPEC,), embedded=embedded, limits=bench.limits) as sessions:
            services = replace(
                bench.services(sessions, None), limits=limits, budget=budget or Budget()
            )
            return (await run_request(a_request(), services, run_id="run")).report

    return asyncio.run(main())


def test_a_call_the_run_itself_cuts_off_is_recorded_so_that_a_replay_says_the_same() -> None:
    ledger = a_ledger()
    first = cut_off_run(ledger, SlowMarket(Market(made_universe())))
    missed = {(gap.tool, gap.gap.reason) for gap in first.gaps}
    assert ("get_macro_indicators", "timeout") in missed
    replay = a_ledger("replay")
    replay.load(ledger.calls("run"), run="run")
    assert cut_off_run(replay, None).canonical_json() == first.canonical_json()


def test_the_end_of_a_run_cuts_off_the_calls_under_way_and_says_so_in_a_replay_too() -> None:
    ledger, began = a_ledger(), time.monotonic()
    slow = SlowMarket(Market(made_universe()))
    first = cut_off_run(ledger, slow, budget=Budget(seconds=1.5))
    assert time.monotonic() - began < 30
    missed = {(gap.tool, gap.gap.reason) for gap in first.gaps}
    assert ("get_macro_indicators", "over_budget") in missed
    replay = a_ledger("replay")
    replay.load(ledger.calls("run"), run="run")
    assert cut_off_run(replay, None).canonical_json() == first.canonical_json()


THIRD = ServerSpec(name="third", transport="memory")


def reason_of(
    ledger: Ledger, servers: dict[str, FastMCP], specs: tuple[ServerSpec, ...] = (FIRST,)
) -> GapReason:
    """Return why a step that may take a while brought nothing."""
    told: list[Evidence | Gap] = []

    async def use(box: Toolbox) -> None:
        services = Services(
            universes={"toy": TOY},
            toolbox=box,
            today=lambda: AS_OF,
            limits=RunLimits(tool_seconds=1.5),
        )
        told.append(await outcome(STATUS, services, run="r", earlier={}))

    using(specs, servers, use, ledger=ledger)
    assert isinstance(told[0], Gap)
    return told[0].gap.reason


def replayed(ledger: Ledger) -> Ledger:
    again = a_ledger("replay")
    again.load(ledger.calls("r"), run="r")
    return again


def answering(name: str, told: ToolResult | None, *, seconds: float = 0.0) -> FastMCP:
    server = FastMCP(name, log_level="ERROR")

    async def answer() -> CallToolResult:
        await asyncio.sleep(seconds)
        said = told.model_dump(mode="json") if told else {"a": 1}
        return CallToolResult(content=[], structuredContent=said)

    server.add_tool(answer, name=STATUS.tool)
    return server


def test_a_step_cut_off_after_others_had_no_data_or_nonsense_replays_as_cut_off() -> None:
    gap = NamedGap(reason="no_data", actor="user", dataset="prices")
    empty = Market(TOY).result(STATUS.tool).model_copy(update={"gap": gap, "rows": ()})
    servers = {
        "first": answering("first", empty),
        "second": answering("second", None),
        "third": answering("third", None, seconds=60),
    }
    ledger, specs = a_ledger(), (FIRST, SECOND, THIRD)
    assert reason_of(ledger, servers, specs) == "timeout"
    told = {call.server: call.failed for call in ledger.calls("r")[:2]}
    assert told == {"first": None, "second": "rejected"}
    assert reason_of(replayed(ledger), {}, specs) == "timeout"


def test_an_error_nobody_expected_replays_as_a_failed_tool(monkeypatch: pytest.MonkeyPatch) -> None:
    async def broken(*_: object) -> ToolResult:
        raise KeyError("close")

    ledger = a_ledger()
    with monkeypatch.context() as patched:
        patched.setattr(Answering, "result", broken)
        assert reason_of(ledger, {"first": answering("first", None)}) == "tool_failed"
    assert reason_of(replayed(ledger), {}) == "tool_failed"


def test_a_ledger_that_cannot_be_written_costs_the_step_not_the_run(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def full(*_: object) -> None:
        raise OSError("the disk is full")

    monkeypatch.setattr(Ledger, "_append", full)
    assert reason_of(a_ledger(), {"first": answering("first", None)}) == "tool_failed"
