from datetime import date

from agents.tool_node import by_call, reusable, stored_sources
from core.records.evidence import Evidence
from core.records.payloads import MarketResult, StatusResult
from core.records.plan import ToolArguments, ToolName
from core.records.result import Source, ToolResult

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
