"""Worker processes killed at random: every message delivered, each key with effect once."""

import json
import random
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from app.delivery.outbox import Outbox
from tests.app.delivery.posts import alert
from tests.app.delivery.receivers import Hook, webhook

ROOT = Path(__file__).parents[3]
SEED, WORKERS = 20260302, 2
QUICK, SLOW = 0.02, 0.1
"""Seconds the web address takes after it took a message: kills hit sendings as well."""


@dataclass(frozen=True, slots=True)
class Survived:
    """What came of a trial."""

    kills: int
    sendings: int
    tries: int
    seconds: float


def test_a_few_kills_lose_nothing_and_repeat_nothing(tmp_path: Path) -> None:
    _trial(
        f"sqlite:///{tmp_path / 'ledger.sqlite'}",
        tmp_path / "box",
        kills=2,
        messages=24,
        answer=QUICK,
    )


@pytest.mark.prove
@pytest.mark.timeout(900)
def test_sixty_kills_lose_nothing_and_repeat_nothing(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'ledger.sqlite'}"
    _told("SQLite", _trial(url, tmp_path / "box", kills=60, messages=500, answer=SLOW))


@pytest.mark.prove
@pytest.mark.timeout(900)
def test_sixty_kills_lose_nothing_and_repeat_nothing_on_postgresql(
    tmp_path: Path, postgres_url: str
) -> None:
    _told("PostgreSQL", _trial(postgres_url, tmp_path / "box", kills=60, messages=500, answer=SLOW))


def _trial(url: str, folder: Path, *, kills: int, messages: int, answer: float) -> Survived:
    chance, begun = random.Random(SEED), time.monotonic()  # noqa: S311 - when to kill
    with webhook() as hook, closing(Outbox(url, clock=lambda: datetime.now(UTC))) as outbox:
        hook.seconds = answer
        keys = [f"a{n:04}" for n in range(messages)]
        posts = [alert(f"{sink}:{key}", sink=sink) for key in keys for sink in ("box", "hook")]
        done = 0
        with ExitStack() as running:
            crew = [running.enter_context(_worker(url, folder, hook)) for _ in range(WORKERS)]
            for kill in range(kills):
                at_once = 4 * messages // kills  # all is posted when half of them are dead
                share = posts[at_once * kill : at_once * (kill + 1)]
                assert outbox.add(share) == len(share)
                time.sleep(chance.uniform(0.05, 20 * answer))
                victim = chance.randrange(WORKERS)
                crew[victim].kill()
                done += crew[victim].wait() != 0
                crew[victim] = running.enter_context(_worker(url, folder, hook))
            outbox.add(posts)
            _wait_for(outbox)
        rows = outbox.rows()
    assert done == kills
    assert {row.state for row in rows} == {"delivered"}
    assert hook.effects == [f"hook:{key}" for key in keys]
    files = [json.loads(path.read_bytes())["key"] for path in folder.glob("*.json")]
    assert sorted(files) == [f"box:{key}" for key in keys]
    assert list(folder.glob("*.txt"))[messages:] == []
    tries = sum(row.tries_count for row in rows)
    return Survived(kills, len(hook.posts), tries, time.monotonic() - begun)


@contextmanager
def _worker(url: str, folder: Path, hook: Hook) -> Iterator["subprocess.Popen[bytes]"]:
    command = [sys.executable, "-m", "tests.app.delivery.worker", url, str(folder), hook.url]
    with subprocess.Popen(command, cwd=ROOT) as process:
        try:
            yield process
        finally:
            process.kill()


def _wait_for(outbox: Outbox) -> None:
    end = time.monotonic() + 240
    while outbox.counts().keys() & {("box", "waiting"), ("hook", "waiting")}:
        assert time.monotonic() < end, outbox.waiting()[:3]
        time.sleep(0.05)


def _told(where: str, done: Survived) -> None:
    again = done.tries - 1000
    print(
        f"\n{where}: {done.kills} kills of 2 workers, 500 messages to each of 2 sinks: 0 lost, "
        f"each key effective once; {again} sendings begun again, "
        f"{done.sendings - 500} posts repeated under their key; {done.seconds:.0f} s"
    )
