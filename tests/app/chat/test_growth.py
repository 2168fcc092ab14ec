"""A desk that answers many questions holds on to none of them."""

import asyncio
import gc
import os
import threading
from pathlib import Path

import pytest

from app.chat.desk import ChatDesk
from tests.app.chat.desks import finish, told

pytestmark = pytest.mark.anyio
WARM, AT_ONCE = 40, 4
"""More than the finished runs a process still holds."""


async def asked(desk: ChatDesk, count: int) -> None:
    """Ask in threads of their own, several at once; every tenth thread is forgotten."""
    turns = asyncio.Semaphore(AT_ONCE)

    async def one(number: int) -> None:
        async with turns:
            thread = (await asyncio.to_thread(desk.opened, "demo")).thread
            turn = await desk.asked(thread, f"write me poem {number}", approve=False)
            assert finish(await told(desk, turn.run)).run == turn.run
            if number % 10 == 0:
                await asyncio.to_thread(desk.forgotten, thread)

    await asyncio.gather(*map(one, range(count)))


def held() -> dict[str, int]:
    gc.collect()
    kinds = [type(item).__name__ for item in gc.get_objects()]
    return {
        "tasks": len(asyncio.all_tasks()),
        "files": len(list(Path(f"/proc/{os.getpid()}/fd").iterdir())),
        "threads": threading.active_count(),
    } | {name: kinds.count(name) for name in ("Report", "Run", "Request", "CompiledStateGraph")}


@pytest.mark.parametrize("questions", [pytest.param(200, marks=pytest.mark.prove)])
async def test_many_questions_leave_no_task_file_thread_or_record(
    desk: ChatDesk, questions: int
) -> None:
    await asked(desk, WARM)
    before = held()
    await asked(desk, questions)
    await asyncio.sleep(0.1)
    after = held()
    grown = {name: after[name] - before[name] for name in after}
    assert all(count <= 2 for count in grown.values()), (before, after)
