import asyncio
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest
from mcp import ClientSession, McpError
from mcp.shared.memory import create_connected_server_and_client_session
from mcp.shared.session import BaseSession, RequestResponder
from mcp.types import CallToolResult

from app.files.universes import load_universes
from app.running.records import Ticket
from app.running.tickets import Tickets
from app.served.server import mounted
from app.settings import Settings
from core.records.report import Report
from core.records.request import Request
from tests.app.command import sectorwise
from tests.app.served.sessions import Heard, Served, withdrawal

pytestmark = pytest.mark.anyio
PLAIN = Request(text="", language="en", intent="report", universes=("demo",))


@dataclass(frozen=True, slots=True)
class Command:
    """What the command line wrote for the plain report of the demo market."""

    run: str
    markdown: str
    json: str


@pytest.fixture(scope="module")
def command(home: Path, tmp_path_factory: pytest.TempPathFactory) -> Command:
    out = tmp_path_factory.mktemp("out")
    asked = ("report", "-u", "demo", "--formats", "md,json", "--out", str(out), "--json")
    told = sectorwise(*asked, home=home).json()
    assert isinstance(told, dict)
    texts = [(out / name).read_text(encoding="utf-8") for name in ("report.md", "report.json")]
    return Command(str(told["run"]), *texts)


def answer(result: CallToolResult) -> dict[str, object]:
    assert not result.isError, result.content
    assert result.structuredContent is not None
    return result.structuredContent


async def read(client: ClientSession, uri: str) -> str:
    return str(getattr((await client.read_resource(uri)).contents[0], "text", ""))  # type: ignore[arg-type]  # the SDK parses it


async def test_a_report_over_mcp_has_the_bytes_the_command_line_writes(
    client: ClientSession, command: Command
) -> None:
    heard = Heard()
    done = answer(
        await client.call_tool("research_sectors", {"universe": "demo"}, progress_callback=heard)
    )
    run = str(done["run_id"])
    assert done["state"] == "finished"
    assert done["synthetic"]
    assert heard.messages[0] == f"run {run}"
    assert {"planner finished", "scorer finished", "verifier finished"} <= set(heard.messages)
    assert answer(await client.call_tool("get_research", {"run_id": run})) == done
    assert await read(client, f"sectorwise://reports/{run}/json") == command.json
    assert await read(client, f"sectorwise://reports/{run}") == command.markdown


@pytest.mark.prove
async def test_a_cancelled_request_stops_the_run_and_a_resumed_one_ends_with_the_same_bytes(
    served: Served, client: ClientSession, command: Command
) -> None:
    heard = Heard()
    call = asyncio.create_task(
        client.call_tool("research_sectors", {"universe": "demo"}, progress_callback=heard)
    )
    await heard.until("planner finished")
    asked = client._request_id - 1
    await client.send_notification(withdrawal(asked))
    with pytest.raises(McpError, match="cancelled"):
        await call
    run = heard.messages[0].removeprefix("run ")
    own = served.runs.own(run)
    assert own is not None
    await asyncio.wait({own.task})
    assert own.task.cancelled()
    stood = answer(await client.call_tool("get_research", {"run_id": run}))
    assert stood["state"] == "stopped"
    assert stood["report"] is None
    went = [(step["node"], step["state"]) for step in stood["steps"]]  # type: ignore[attr-defined]  # a list of steps
    assert ("planner", "finished") in went
    resumed = answer(await client.call_tool("resume_research", {"run_id": run}))
    assert resumed["state"] == "finished"
    assert await read(client, f"sectorwise://reports/{run}/json") == command.json


@pytest.mark.prove
async def test_a_client_that_goes_leaves_its_run_working(served: Served) -> None:
    heard = Heard()
    async with served.session() as lost:
        call = asyncio.create_task(
            lost.call_tool("research_sectors", {"universe": "demo"}, progress_callback=heard)
        )
        await heard.until("planner finished")
        call.cancel()
    run = heard.messages[0].removeprefix("run ")
    async with served.session() as later:
        listed = answer(await later.call_tool("list_research", {}))
        assert listed["rows"][0]["run_id"] == run  # type: ignore[index]  # a list of rows
        arguments = {"run_id": run, "wait_seconds": 120, "detail": "brief"}
        done = answer(await later.call_tool("get_research", arguments))
    assert done["state"] == "finished"
    assert done["report"] is None
    assert done["answer"]


@pytest.fixture
def endless(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    """Runs that are under way for as long as a test looks."""

    async def never(_: object) -> None:
        await asyncio.Event().wait()

    monkeypatch.setattr(served.runs, "_done", never)


@pytest.mark.usefixtures("endless")
async def test_a_client_without_time_is_told_how_far_the_run_is_and_may_stop_it(
    client: ClientSession, text_of: Callable[[object], str]
) -> None:
    result = await client.call_tool("research_sectors", {"universe": "demo", "wait_seconds": 0})
    run = str(answer(result)["run_id"])
    assert answer(result)["state"] == "running"
    assert "get_research" in text_of(result)
    early = await client.call_tool("research_sectors", {"universe": "demo", "follows": run})
    assert early.isError
    assert "no report to follow up yet" in text_of(early)
    stopped = answer(await client.call_tool("stop_research", {"run_id": run}))
    assert stopped["state"] == "stopped"
    assert (await client.call_tool("stop_research", {"run_id": run})).isError


@pytest.mark.prove
async def test_a_follow_up_keeps_the_thread_and_fetches_nothing_twice(
    client: ClientSession, command: Command
) -> None:
    first = answer(await client.call_tool("get_research", {"run_id": command.run}))
    second = answer(
        await client.call_tool(
            "research_sectors",
            {
                "question": "what if technology were at most 5 %?",
                "follows": command.run,
                "mandate": {"excluded": ["energy"], "caps": [{"sector": "tech", "cap": 0.04}]},
            },
        )
    )
    report = Report.model_validate(second["report"])
    patch = report.request.patch
    assert patch is not None
    assert second["request"] == report.request.model_dump(mode="json")
    assert [(row.sector, row.cap) for row in patch.caps] == [("technology", 0.04)]
    assert patch.excluded == ("energy",)
    targets = {line.sector: line.target_weight for line in report.allocations[0].lines}
    assert targets["technology"] <= 0.04
    assert targets["energy"] == 0.0
    earlier = {item.sha256 for item in Report.model_validate(first["report"]).evidence}
    assert {item.sha256 for item in report.evidence if item.tool == "get_sector_heatmap"} <= earlier


async def test_a_run_that_fails_says_why_then_and_later(
    served: Served, client: ClientSession, text_of: Callable[[object], str]
) -> None:
    failed = await client.call_tool("research_sectors", {"universe": "us"})
    assert failed.isError
    row = answer(await client.call_tool("list_research", {"limit": 1}))["rows"][0]  # type: ignore[index]  # a list of rows
    assert row["state"] == "failed"
    assert row["error"] in text_of(failed)
    told = answer(await client.call_tool("get_research", {"run_id": row["run_id"]}))
    assert told["error"] == row["error"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({"universe": "atlantis"}, "no region 'atlantis'"),
        ({"question": "technology tomorrow in 2090-01-01?"}, "yet to come"),
        ({"question": "hm", "follows": "20000101-nothing"}, "no run '20000101-nothing'"),
        ({"mandate": {"excluded": ["wizardry"]}}, "no sector 'wizardry'"),
        ({"mandate": {"tracking": 1}}, "mandate.tracking"),
    ],
)
async def test_what_cannot_be_asked_is_answered_with_a_sentence(
    client: ClientSession, text_of: Callable[[object], str], arguments: dict[str, object], said: str
) -> None:
    result = await client.call_tool("research_sectors", arguments)
    assert result.isError
    assert said in text_of(result)


async def test_a_run_another_process_works_on_is_told_as_running_and_not_taken_over(
    served: Served, client: ClientSession, text_of: Callable[[object], str]
) -> None:
    claim = Tickets(served.home).opened(Ticket(run_id="elsewhere", request=PLAIN))
    try:
        told = answer(await client.call_tool("get_research", {"run_id": "elsewhere"}))
        assert told["state"] == "running"
        taken = await client.call_tool("resume_research", {"run_id": "elsewhere"})
        assert "under way" in text_of(taken)
    finally:
        claim.finish(served.home / "runs" / "elsewhere")
        claim.release()


async def test_the_published_schema_of_an_answer_leaves_the_report_to_the_contract(
    client: ClientSession,
) -> None:
    tools = {tool.name: tool for tool in (await client.list_tools()).tools}
    schema = tools["research_sectors"].outputSchema
    assert schema is not None
    assert len(json.dumps(schema)) < 20_000
    assert "sectorwise://contract" in schema["properties"]["report"]["description"]
    assert not tools["research_sectors"].annotations.readOnlyHint  # type: ignore[union-attr]  # it has some
    assert tools["get_research"].annotations.readOnlyHint  # type: ignore[union-attr]  # it has some


async def test_a_server_held_to_a_date_tells_no_report_that_knows_more(
    served: Served, command: Command, text_of: Callable[[object], str]
) -> None:
    server, runs = mounted(Settings(home=served.home), load_universes(), latest=date(2022, 6, 30))
    async with create_connected_server_and_client_session(server) as held:
        for name, arguments in (
            ("get_research", {"run_id": command.run}),
            ("research_sectors", {"follows": command.run}),
        ):
            refused = await held.call_tool(name, arguments)
            assert "knows more than 2022-06-30" in text_of(refused)
        listed = answer(await held.call_tool("list_research", {"limit": 100}))
        assert command.run not in {row["run_id"] for row in listed["rows"]}  # type: ignore[attr-defined]  # rows
        with pytest.raises(McpError):
            await read(held, f"sectorwise://reports/{command.run}")
    await runs.close()


@pytest.mark.usefixtures("endless")
async def test_who_resumes_a_run_under_way_follows_it_and_stops_it_not_by_cancelling(
    served: Served, client: ClientSession
) -> None:
    begun = answer(
        await client.call_tool("research_sectors", {"universe": "demo", "wait_seconds": 0})
    )
    own = served.runs.own(str(begun["run_id"]))
    assert own is not None
    heard = Heard()
    async with served.session() as second:
        asked = second._request_id
        call = asyncio.create_task(
            second.call_tool(
                "resume_research", {"run_id": begun["run_id"]}, progress_callback=heard
            )
        )
        await heard.until(f"run {begun['run_id']}")
        await second.send_notification(withdrawal(asked))
        with pytest.raises(McpError, match="cancelled"):
            await call
    await asyncio.sleep(0)
    assert not own.task.cancelling()


def test_the_sdk_keeps_the_requests_in_flight_where_a_cancelled_one_is_looked_for() -> None:
    assert "_in_flight" in BaseSession.__annotations__
    assert isinstance(RequestResponder.cancelled, property)


async def test_a_run_killed_after_its_report_was_written_is_finished(
    served: Served, client: ClientSession, command: Command, text_of: Callable[[object], str]
) -> None:
    Tickets(served.home).opened(Ticket(run_id=command.run, request=PLAIN)).release()
    told = answer(await client.call_tool("get_research", {"run_id": command.run}))
    assert told["state"] == "finished"
    listed = answer(await client.call_tool("list_research", {"limit": 100}))
    states = {row["run_id"]: row["state"] for row in listed["rows"]}  # type: ignore[attr-defined]  # rows
    assert states[command.run] == "finished"
    for late in ("resume_research", "stop_research"):
        again = await client.call_tool(late, {"run_id": command.run})
        assert answer(again)["state"] == "finished"
        assert "sectorwise://reports/" in text_of(again)
