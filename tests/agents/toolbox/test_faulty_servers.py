"""One server's standstill, end or flood costs the call that caused it, not those beside it."""

import asyncio
import json
import os
import resource
import sys
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from agents.toolbox.errors import (
    AnswerRejectedError,
    ServerDownError,
    ToolCallError,
    ToolTimeoutError,
)
from agents.toolbox.sessions import Sessions
from agents.toolbox.spec import CallLimits, ServerSpec
from tests.agents.fault_bench import ROOT, answers

TOOL = "get_whale_activity"
OTHERS = ("get_macro_indicators", "get_sector_heatmap", "get_market_overview", "get_data_status")


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file of good answers."""
    return answers(tmp_path_factory.mktemp("answers"))


def _spec(fault: str, good: Path, folder: Path, **changes: object) -> ServerSpec:
    arguments = (fault, TOOL, str(good), "all", "", str(folder / "calls"))
    spec = ServerSpec(
        name="hostile",
        transport="stdio",
        command=sys.executable,
        args=("-S", "-m", "tests.servers.faulty_stdio", *arguments),
        env={"PYTHONPATH": str(ROOT)},
    )
    return spec.model_copy(update=changes)


def _with(
    spec: ServerSpec, use: Callable[[Sessions], Awaitable[None]], *, seconds: float = 30.0
) -> None:
    async def run() -> None:
        limits = CallLimits(call_seconds=seconds, ping_seconds=0.5)
        async with Sessions((spec,), limits=limits) as sessions:
            await use(sessions)

    asyncio.run(run())


@pytest.mark.prove
@pytest.mark.parametrize("fault", ["hang", "crash mid-call", "1 GB message", "progress flood"])
def test_the_calls_beside_a_bad_one_on_the_same_server_are_answered(
    fault: str, good: Path, tmp_path: Path
) -> None:
    wanted = json.loads(good.read_text())

    async def use(sessions: Sessions) -> None:
        made = (sessions.call("hostile", tool, {"region": "toy"}) for tool in (TOOL, *OTHERS))
        bad, *others = await asyncio.gather(*made, return_exceptions=True)
        assert isinstance(bad, ToolCallError)
        assert others == [wanted[f"{tool}|"] for tool in OTHERS]

    _with(_spec(fault, good, tmp_path), use, seconds=1.0)


def test_a_server_that_was_restarted_is_asked_again(good: Path, tmp_path: Path) -> None:
    async def use(sessions: Sessions) -> None:
        for _ in range(3):
            assert await sessions.call("hostile", TOOL, {"region": "toy"})

    _with(_spec("dies after reply", good, tmp_path), use)


def test_where_every_call_is_paid_for_none_is_repeated(good: Path, tmp_path: Path) -> None:
    async def use(sessions: Sessions) -> None:
        with pytest.raises(ServerDownError):
            await sessions.call("hostile", TOOL, {"region": "toy"}, repeat=False)

    _with(_spec("flapping", good, tmp_path), use)
    assert (tmp_path / "calls").read_bytes() == b"x"


def test_a_message_without_an_end_does_not_fill_the_memory(good: Path, tmp_path: Path) -> None:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

    async def use(sessions: Sessions) -> None:
        with pytest.raises(ToolCallError):
            await sessions.call("hostile", TOOL, {"region": "toy"})

    _with(_spec("1 GB without a word", good, tmp_path), use)
    grown_kb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert grown_kb < 60_000


def test_a_start_that_is_cut_off_leaves_no_process_and_no_task(tmp_path: Path) -> None:
    told = "import os,sys,time; open(sys.argv[1], 'w').write(str(os.getpid())); time.sleep(300)"
    file = tmp_path / "pid"
    spec = ServerSpec(
        name="mute", transport="stdio", command=sys.executable, args=("-S", "-c", told, str(file))
    )

    async def use(sessions: Sessions) -> None:
        call = asyncio.create_task(sessions.call("mute", TOOL, {}))
        while not (file.exists() and file.read_text()):
            await asyncio.sleep(0.02)
        call.cancel()
        with pytest.raises(asyncio.CancelledError):
            await call

    async def run() -> list[str]:
        async with Sessions((spec,)) as sessions:
            await use(sessions)
        return [task.get_name() for task in asyncio.all_tasks() - {asyncio.current_task()}]

    began = time.monotonic()
    assert asyncio.run(run()) == []
    assert time.monotonic() - began < 60
    with pytest.raises(ProcessLookupError):
        os.kill(int(file.read_text()), 0)


NAMELESS = """
import json, sys
version, calls = "2025-06-18", 0
schema = {"type": "object", "properties": {}}
told = {
    "initialize": {
        "protocolVersion": version, "capabilities": {}, "serverInfo": {"name": "s", "version": "0"}
    },
    "tools/list": {"tools": [{"name": "heat", "inputSchema": schema}]},
    "ping": {},
}
for line in sys.stdin:
    asked = json.loads(line)
    if asked["method"] in told:
        said = {"jsonrpc": "2.0", "id": asked["id"], "result": told[asked["method"]]}
        print(json.dumps(said), flush=True)
    elif asked["method"] == "tools/call":
        calls += 1
        if calls > 1:
            print('{"jsonrpc": "2.0", "result": {', flush=True)
"""


def test_a_broken_answer_is_rejected_at_once_after_another_call_timed_out_too() -> None:
    spec = ServerSpec(
        name="hostile", transport="stdio", command=sys.executable, args=("-S", "-c", NAMELESS)
    )

    async def use(sessions: Sessions) -> None:
        with pytest.raises(ToolTimeoutError):
            await sessions.call("hostile", "heat", {})
        with pytest.raises(AnswerRejectedError):
            await sessions.call("hostile", "heat", {})

    _with(spec, use, seconds=1.5)


def test_a_command_that_does_not_exist_is_down_at_once(good: Path, tmp_path: Path) -> None:
    began = time.monotonic()

    async def use(sessions: Sessions) -> None:
        with pytest.raises(ServerDownError):
            await sessions.call("hostile", TOOL, {"region": "toy"})

    _with(_spec("good", good, tmp_path, command="/nowhere/at-all"), use)
    assert time.monotonic() - began < 15


def test_a_server_sees_nothing_of_our_environment_but_what_its_entry_sets(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-not-for-strangers")
    monkeypatch.setenv("SECTORWISE_HOME", "not-for-strangers")
    seen = tmp_path / "seen.json"
    told = "import json,os,sys; json.dump(dict(os.environ), open(sys.argv[1], 'w'))"
    spec = ServerSpec(
        name="hostile",
        transport="stdio",
        command=sys.executable,
        args=("-c", told, str(seen)),
        env={"ITS_KEY": "its own"},
    )

    async def use(sessions: Sessions) -> None:
        with pytest.raises(ServerDownError):
            await sessions.call("hostile", TOOL, {})

    _with(spec, use)
    environment = json.loads(seen.read_text())
    assert environment["ITS_KEY"] == "its own"
    assert not any("strangers" in value for value in environment.values())
    assert set(environment) <= {
        *("HOME", "LOGNAME", "PATH", "SHELL", "TERM", "USER", "ITS_KEY", "LC_CTYPE"),
    } | {name for name in environment if name.startswith("__")}
    assert os.environ["OPENAI_API_KEY"] == "sk-not-for-strangers"
