import asyncio
from collections.abc import Callable

import pytest
from mcp import ClientSession
from mcp.types import CallToolResult

from app.running.records import Ticket
from app.running.runs import AT_ONCE, WAITING
from app.running.tickets import FOLDER, Tickets
from core.records.request import Request
from tests.app.served.sessions import Served

pytestmark = pytest.mark.anyio
PLAIN = Request(text="", language="en", intent="report", universes=("demo",))


def answer(result: CallToolResult) -> dict[str, object]:
    assert not result.isError, result.content
    assert result.structuredContent is not None
    return result.structuredContent


async def test_a_damaged_file_of_a_run_costs_the_list_only_that_run(
    served: Served, client: ClientSession
) -> None:
    Tickets(served.home).opened(Ticket(run_id="20200101-whole", request=PLAIN)).release()
    damaged = served.home / FOLDER / "20200101-empty.jsonl"
    damaged.touch()
    try:
        listed = answer(await client.call_tool("list_research", {"limit": 100}))
    finally:
        damaged.unlink()
    names = {row["run_id"] for row in listed["rows"]}  # type: ignore[attr-defined]  # rows
    assert "20200101-whole" in names
    assert "20200101-empty" not in names


async def test_only_so_many_runs_wait_and_a_refused_one_leaves_no_file(
    served: Served,
    client: ClientSession,
    text_of: Callable[[object], str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def never(_: object) -> None:
        await asyncio.Event().wait()

    monkeypatch.setattr(served.runs, "_done", never)
    asked = {"universe": "demo", "wait_seconds": 0}
    for _ in range(AT_ONCE + WAITING):
        answer(await client.call_tool("research_sectors", asked))
    kept = served.runs.unfinished()
    refused = await client.call_tool("research_sectors", asked)
    assert "runs wait already" in text_of(refused)
    assert served.runs.unfinished() == kept
