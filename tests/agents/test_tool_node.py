import asyncio
from dataclasses import replace
from datetime import date

from mcp.types import CallToolResult

from agents.run import run_request
from agents.services import RunLimits
from agents.tool_node import by_call, reusable, stored_sources
from agents.toolbox.ledger import Ledger
from agents.toolbox.sessions import Sessions
from core.records.evidence import Evidence
from core.records.payloads import MarketResult, StatusResult
from core.records.plan import ToolArguments, ToolName
from core.records.report import Report
from core.records.result import Source, ToolResult
from core.records.universe import Horizon
from tests.agents.bench import SPEC, Bench, a_ledger, a_request
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


def cut_off_run(ledger: Ledger, served: MarketServer | None) -> Report:
    """Return the report of a run that gives a call half the time its server may take."""
    bench = Bench(ledger=ledger)

    async def main() -> Report:
        embedded = {"own": served.server} if served else {}
        async with Sessions((SPEC,), embedded=embedded, limits=bench.limits) as sessions:
            services = replace(bench.services(sessions, None), limits=RunLimits(tool_seconds=0.9))
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
