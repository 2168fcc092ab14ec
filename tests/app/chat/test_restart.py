"""What is asked survives the end of the process: stopped, closed or killed, waiting or working."""

import asyncio
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from datetime import date
from pathlib import Path

import pytest

from app.chat.records import PlanEvent
from core.records.approval import Consent
from evals.kit.endpoint import FaultyEndpoint
from tests.app.chat.desks import (
    calls,
    desk_of,
    finish,
    planned,
    repeated,
    silent_reporter,
    stepped,
    told,
)

pytestmark = pytest.mark.anyio
ROOT = Path(__file__).parents[3]
AS_OF = date(2024, 6, 28)
LEAVING_SECONDS = 20.0
"""What is worked on would hold it for half a minute."""

ASKING = """
import asyncio, sys
from datetime import date
from pathlib import Path
from app.hardening import harden

harden()
from tests.app.chat.desks import desk_of

async def main():
    desk = desk_of(Path(sys.argv[1]))
    async with desk.open():
        thread = desk.opened("demo", date(2024, 6, 28)).thread
        turn = await desk.asked(thread, "Which sectors lead?", approve=sys.argv[2] == "waiting")
        async for _, event in desk.followed(turn.run):
            if sys.argv[2] == "waiting" and desk.turn(turn.run).state == "waiting":
                break
            if sys.argv[2] == "working" and getattr(event, "state", None) == "finished" \\
                    and getattr(event, "call", None):
                break
        print(turn.run, flush=True)
        await asyncio.Event().wait()

asyncio.run(main())
"""


@pytest.fixture
def own_home(home: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(home, tmp_path / "own"))


def killed(home: Path, state: str) -> str:
    """Return the run of a process that was killed in that state."""
    process = subprocess.Popen(
        [sys.executable, "-c", ASKING, str(home), state],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    run = process.stdout.readline().strip()
    os.kill(process.pid, signal.SIGKILL)
    process.communicate(timeout=30)
    assert run
    return run


@pytest.mark.prove
async def test_a_plan_that_waited_when_its_process_was_killed_waits_on(own_home: Path) -> None:
    run = await asyncio.to_thread(killed, own_home, "waiting")
    desk = desk_of(own_home)
    async with desk.open():
        (row,) = desk.threads()
        assert (row.title, row.as_of) == ("Which sectors lead?", AS_OF)
        assert desk.thread(row.thread).turns == (desk.turn(run),)
        assert desk.turn(run).state == "waiting"
        follower = asyncio.create_task(told(desk, run))
        await desk.agreed(run, Consent(verdict="run"))
        finish(await follower)
        assert repeated(calls(own_home, run)) == {}


@pytest.mark.prove
async def test_a_run_whose_process_was_killed_is_taken_up_and_makes_no_call_twice(
    own_home: Path,
) -> None:
    run = await asyncio.to_thread(killed, own_home, "working")
    made = len(calls(own_home, run))
    assert made > 1
    desk = desk_of(own_home)
    async with desk.open(of="another-thread"):
        assert desk.turn(run).state == "stopped"
    (ticket,) = (own_home / "research").glob("*.jsonl")
    lines = [json.loads(line) for line in ticket.read_text().splitlines()]
    begun_at, worked = lines[0]["begun_at"], max(line.get("seconds", 0.0) for line in lines)
    desk = desk_of(own_home)
    async with desk.open():
        assert desk.turn(run).state == "running"
        rows = await told(desk, run)
        finish(rows)
        assert [number for number, _ in rows] == sorted({number for number, _ in rows})
        assert await told(desk, run) == rows
    record = json.loads((own_home / "runs" / run / "run.json").read_text())
    assert record["started_at"] == begun_at
    assert record["seconds"] > worked > 0.0
    assert len(calls(own_home, run)) > made
    assert repeated(calls(own_home, run)) == {}


@pytest.mark.prove
async def test_leaving_is_quick_and_what_was_worked_on_goes_on_but_not_what_was_stopped(
    own_home: Path,
) -> None:
    with silent_reporter() as (url, model):
        await _left(own_home, url, model)


async def _left(home: Path, url: str, model: FaultyEndpoint) -> None:
    desk = desk_of(home, model_url=url)
    async with desk.open():
        threads = [desk.opened("demo", AS_OF).thread for _ in range(3)]
        stopped, working, waiting = [
            await desk.asked(thread, "Which sectors lead?", approve=thread == threads[2])
            for thread in threads
        ]
        await stepped(desk, stopped.run, "dates")
        await desk.stopped(stopped.run)
        await planned(desk, waiting.run)
        await stepped(desk, working.run, "router")
        leaving = time.monotonic()
    assert time.monotonic() - leaving < LEAVING_SECONDS
    desk = desk_of(home, model_url=url)
    async with desk.open():
        states = [desk.turn(turn.run).state for turn in (stopped, working, waiting)]
        assert states == ["stopped", "running", "waiting"]
        model.behave("none")
        finish(await told(desk, working.run))
        await desk.resumed(stopped.run)
        finish(await told(desk, stopped.run))
        for turn in (working, stopped):
            assert repeated(calls(home, turn.run)) == {}
        plan = [event for _, event in await _until_plan(desk, waiting.run)]
        assert any(isinstance(event, PlanEvent) and event.waiting for event in plan)


async def _until_plan(desk: object, run: str) -> list[tuple[int, object]]:
    rows: list[tuple[int, object]] = []
    async for row in desk.followed(run):  # type: ignore[attr-defined]  # a desk
        rows.append(row)
        if isinstance(row[1], PlanEvent):
            break
    return rows


async def test_another_process_sees_what_this_one_works_on_and_cannot_take_it(
    own_home: Path,
) -> None:
    ours, other = desk_of(own_home), desk_of(own_home)
    async with ours.open(), other.open():
        thread = ours.opened("demo", AS_OF).thread
        turn = await ours.asked(thread, "write me a poem", approve=False)
        here, there = await asyncio.gather(told(ours, turn.run), told(other, turn.run))
        assert here == there
        assert other.turn(turn.run).state == "finished"
