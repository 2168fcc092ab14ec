"""So many ask the model at once, of all processes; a killed one leaves its slot at once."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from app.model_slots import ModelSlots

HELD_SECONDS = 120.0
HOLDER = (
    "import asyncio, sys\nfrom pathlib import Path\nfrom app.model_slots import ModelSlots\n"
    "async def main():\n    async with ModelSlots(Path(sys.argv[1]), 1).one():\n"
    "        print('held', flush=True)\n"
    f"        await asyncio.sleep({HELD_SECONDS})\nasyncio.run(main())\n"
)


def test_never_more_hold_a_slot_than_there_are(tmp_path: Path) -> None:
    held: list[int] = []
    most: list[int] = []

    async def ask(number: int) -> None:
        async with ModelSlots(tmp_path / "slots", 2).one():
            held.append(number)
            most.append(len(held))
            await asyncio.sleep(0.03)
            held.remove(number)

    async def all_of_them() -> None:
        await asyncio.gather(*map(ask, range(6)))

    asyncio.run(all_of_them())
    assert len(most) == 6
    assert max(most) == 2


def test_a_slot_is_free_as_soon_as_its_holder_is_killed(tmp_path: Path) -> None:
    command = [sys.executable, "-c", HOLDER, str(tmp_path / "slots")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"

        killed: list[int] = []

        def kill() -> None:
            killed.append(holder.pid)
            os.kill(holder.pid, signal.SIGKILL)

        async def ask() -> None:
            asyncio.get_running_loop().call_later(0.2, kill)
            async with ModelSlots(tmp_path / "slots", 1).one():
                assert killed

        asyncio.run(asyncio.wait_for(ask(), HELD_SECONDS / 2))


def test_a_slot_costs_little(tmp_path: Path) -> None:
    async def ask() -> None:
        async with ModelSlots(tmp_path / "slots", 4).one():
            pass

    async def often() -> float:
        began = time.process_time()
        for _ in range(200):
            await ask()
        return (time.process_time() - began) / 200

    seconds = asyncio.run(often())
    print(f"\na free slot: {1e6 * seconds:.0f} microseconds")
    assert seconds < 0.01
