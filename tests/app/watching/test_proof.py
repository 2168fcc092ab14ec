"""The whole counts: random kills of two processes, a thousand looks, a real year."""

import asyncio
import hashlib
import multiprocessing
import os
import random
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from threading import Thread

import pytest

from agents.toolbox.database import Database
from app.data import tool_context
from app.delivery.outbox import Outbox
from app.delivery.postman import Postman
from app.files.mandates import load_book
from app.settings import Settings
from app.watching import memory as kept
from app.watching.replaying import replayed
from app.watching.sightings import Lookout
from app.watching.tick import looking
from tests.app.watching.watched import (
    NEVER_QUIET,
    PACKAGED,
    UNIVERSES,
    Clock,
    desk,
    grid,
    posted_keys,
    url_of,
    watching,
)
from tests.app.watching.worker import work
from tests.homes import FITTED_WITH
from tools.context import ToolContext

KILLS = 60
LOOKS = 1_000
FORKS = multiprocessing.get_context("forkserver")


@contextmanager
def hooked() -> Iterator[tuple[str, Counter[str]]]:
    """Yield a webhook's address, and how often each key came."""
    came: Counter[str] = Counter()

    class Hook(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["content-length"]))
            came[self.headers["idempotency-key"]] += 1
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Hook)
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/hook", came
    finally:
        server.shutdown()
        server.server_close()


@pytest.mark.prove
@pytest.mark.timeout(1800)
def test_two_processes_killed_sixty_times_deliver_everything_once(tmp_path: Path) -> None:
    FORKS.set_forkserver_preload(["tests.app.watching.worker"])
    chance, started, seconds = random.Random(7), time.time(), 150.0  # noqa: S311 - a test
    killed = 0

    def begin(address: str) -> ForkServerProcess:
        process = FORKS.Process(target=work, args=(tmp_path, address, started, seconds))
        process.start()
        return process

    with hooked() as (address, came):
        work(tmp_path, address, started, 0.0)
        loops = [begin(address), begin(address)]
        while killed < KILLS and time.time() < started + seconds:
            time.sleep(chance.uniform(0.2, 3.0))
            place = chance.randrange(2)
            loops[place].kill()
            loops[place].join()
            killed += 1
            loops[place] = begin(address)
        for process in loops:
            process.join(600)
            assert process.exitcode == 0
    keys = posted_keys(tmp_path)
    database = Database(url_of(tmp_path), kept.TABLES)
    with database.reading() as connection:
        rows = connection.execute(kept.SLOTS.select()).all()
        alerts = kept.alerts_since(connection, "demo", datetime(2026, 1, 1, tzinfo=UTC))
    database.close()
    done = [row.slot for row in rows if row.state == "done"]
    told = [row for row in alerts if row.fate == "push"]
    print(
        f"\n{killed} kills, {len(done)} looks done, {len(rows) - len(done)} skipped, "
        f"{len(told)} alerts told, {len(keys)} messages, webhook calls {came.total()}, "
        f"repeats told by their key {came.total() - len(came)}"
    )  # fmt: skip
    assert len(told) == len(done)
    assert all(row.told is not None for row in told)
    assert len(keys) == len(set(keys))
    for sink in ("desk", "hook"):
        alerting = {key for key in keys if key.endswith(f":alert:{sink}")}
        assert len(alerting) == len(done)
    named = {hashlib.sha256(key.encode()).hexdigest()[:32] for key in keys if ":desk" in key}
    assert {path.stem for path in (tmp_path / "out").glob("*.json")} == named
    assert set(came) == {key for key in keys if key.endswith(":hook")}


def _figures() -> tuple[float, int, int]:
    """Return resident megabytes, open descriptors and children."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    children = Path(f"/proc/self/task/{os.getpid()}/children").read_text().split()
    return pages * 4096 / 2**20, len(os.listdir("/proc/self/fd")), len(children)  # noqa: PTH208


@pytest.mark.prove
@pytest.mark.timeout(1800)
def test_a_thousand_looks_grow_neither_memory_nor_descriptors_nor_children(
    settings: Settings, context: ToolContext, tmp_path: Path
) -> None:
    clock = Clock(datetime(2024, 3, 4, 9, tzinfo=UTC))
    told_to = desk("demo", tmp_path)
    lookout = Lookout(
        settings, context, UNIVERSES["demo"], rules=NEVER_QUIET, book=load_book(None), clock=clock
    )
    postman = Postman(url_of(tmp_path), told_to.sinks, home=tmp_path, environment=dict, clock=clock)
    figures, messages = [], 0
    with watching(told_to, looking(lookout, told_to.grid), clock) as watch:
        for n in range(1, LOOKS + 1):
            step = watch.step()
            assert step.what == "worked"
            messages += step.messages
            asyncio.run(postman.round())
            if n % (LOOKS // 5) == 0:
                figures.append(_figures())
            following = watch.following()
            assert following is not None
            clock.now = following
    postman.close()
    print("\nlooks, MB, descriptors, children")
    for n, row in enumerate(figures, start=1):
        print(n * LOOKS // 5, *(round(value, 1) for value in row))
    outbox = Outbox(url_of(tmp_path), clock=clock)
    assert outbox.waiting() == ()
    outbox.close()
    assert messages > 0
    (first, *_, last) = figures
    assert last[0] < first[0] + 40.0
    assert last[1:] == first[1:]


@pytest.mark.prove
@pytest.mark.timeout(1800)
@pytest.mark.real_data
@pytest.mark.parametrize("name", ["us", "vn"])
def test_a_real_year_has_a_push_a_week_or_so(real_home: Path, name: str) -> None:
    settings = Settings(home=real_home, views=FITTED_WITH)
    lookout = Lookout(
        settings, tool_context(settings, UNIVERSES), UNIVERSES[name], rules=PACKAGED,
        book=load_book(None), clock=lambda: datetime.now(UTC),
    )  # fmt: skip
    began = time.process_time()
    found = replayed(
        name, lookout.look, grid(name), PACKAGED,
        since=date(2018, 1, 1), until=date(2018, 12, 31), tell=lambda _: None,
    )  # fmt: skip
    print(f"\n{found.model_dump_json(indent=1)}\n{time.process_time() - began:.0f} s of processor")
    assert 0 < found.pushes_count <= 120
    assert found.most_pushes_a_day <= PACKAGED.pushes_a_day
