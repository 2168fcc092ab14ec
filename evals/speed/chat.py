"""Measures chats over HTTP beside a bare event stream of the same size, in one run.

python -m evals.speed.chat [QUESTIONS]: 1, 16 and 64 chats at once, without a model and with one
that takes 300 ms, then the memory of the server over that many questions (5,000 unless told).
"""

import asyncio
import json
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import httpx

from app.data import prepare
from app.files.universes import load_universes
from app.hardening import harden
from app.settings import Settings

PROGRAM: Final = Path(sys.executable).with_name("sectorwise")
AT_ONCE: Final = (1, 16, 64)
QUESTIONS_EACH: Final = 4
QUESTIONS: Final = (
    "Which sectors are leading?",
    "and three months instead of one?",
    "What if I cap technology at 20 %?",
    "Which sectors do foreigners buy?",
)
MEMORY_AT_ONCE: Final = 8
MEMORY_MARKS: Final = 5
TURNS_A_THREAD: Final = 20
ENDINGS: Final = ("finished", "failed", "stopped")
NO_LIMIT: Final = httpx.Limits(max_connections=None, max_keepalive_connections=None)


@dataclass(frozen=True, slots=True)
class Answered:
    """One question: seconds to the first event and to the last, how many, and their bytes."""

    first: float
    whole: float
    events: int
    bytes_count: int


@dataclass(frozen=True, slots=True)
class Load:
    """So many chats at once; milliseconds. `bare` is the event stream that does nothing."""

    at_once: int
    a_second: float
    p50_ms: float
    p95_ms: float
    first_ms: float
    bare_a_second: float
    bare_p50_ms: float
    bare_p95_ms: float


def loads(home: Path, *, model: bool) -> tuple[Load, ...]:
    """Return what each number of chats at once costs.

    Raises:
        AssertionError: an event was lost, came twice, or belongs to another question.
    """
    nothing = [sys.executable, "-m", "evals.speed.endpoints", "bare"]
    with _process(nothing) as (bare, _), _site(home, model=model) as (site, _):
        asyncio.run(_chats(site, 1))  # what the first question warms is not this table's
        return tuple(asyncio.run(_beside(site, bare, count)) for count in AT_ONCE)


def memory(home: Path, *, questions: int) -> dict[str, float]:
    """Return the server's resident megabytes after more and more questions."""
    with _site(home, model=False) as (site, pid):
        asyncio.run(_chats(site, MEMORY_AT_ONCE))
        found = {"0": _resident_mb(pid)}
        part = questions // MEMORY_MARKS
        for mark in range(1, MEMORY_MARKS + 1):
            asyncio.run(_asked_for_long(site, part))
            found[str(mark * part)] = _resident_mb(pid)
        return found


async def _beside(site: str, bare: str, count: int) -> Load:
    start = time.perf_counter()
    answered = await _chats(site, count)
    seconds = time.perf_counter() - start
    events = round(statistics.fmean(row.events for row in answered))
    size = round(statistics.fmean(row.bytes_count / row.events for row in answered))
    start = time.perf_counter()
    nothing = await _streams(bare, count, events=events, size=size)
    bare_seconds = time.perf_counter() - start
    whole = [row.whole * 1e3 for row in answered]
    empty = [row.whole * 1e3 for row in nothing]
    return Load(
        at_once=count,
        a_second=len(answered) / seconds,
        p50_ms=statistics.median(whole),
        p95_ms=_p95(whole),
        first_ms=statistics.median(row.first * 1e3 for row in answered),
        bare_a_second=len(nothing) / bare_seconds,
        bare_p50_ms=statistics.median(empty),
        bare_p95_ms=_p95(empty),
    )


async def _chats(site: str, count: int) -> list[Answered]:
    async with httpx.AsyncClient(base_url=site, timeout=600.0, limits=NO_LIMIT) as client:
        many = await asyncio.gather(*(_thread(client, QUESTIONS) for _ in range(count)))
    return [row for rows in many for row in rows]


async def _asked_for_long(site: str, questions: int) -> None:
    """Ask so many questions, a few threads at once, each of a few dozen turns."""
    turns = [QUESTIONS[number % len(QUESTIONS)] for number in range(TURNS_A_THREAD)]
    threads = max(1, questions // TURNS_A_THREAD)
    turn = asyncio.Semaphore(MEMORY_AT_ONCE)
    async with httpx.AsyncClient(base_url=site, timeout=600.0, limits=NO_LIMIT) as client:

        async def one() -> None:
            async with turn:
                await _thread(client, turns)

        await asyncio.gather(*(one() for _ in range(threads)))


async def _thread(client: httpx.AsyncClient, questions: Sequence[str]) -> list[Answered]:
    opened = _json(await client.post("/api/threads", json={"universe": "demo"}))
    return [await _turn(client, str(opened["thread"]), text) for text in questions]


async def _turn(client: httpx.AsyncClient, thread: str, text: str) -> Answered:
    start = time.perf_counter()
    asked = {"text": text, "approve": False}
    turn = _json(await client.post(f"/api/threads/{thread}/turns", json=asked))
    first, events, size = 0.0, 0, 0
    async with client.stream("GET", f"/api/runs/{turn['run']}/events") as stream:
        async for number, data in _events(stream):
            first = first or time.perf_counter() - start
            events += 1
            size += len(data)
            told = json.loads(data)
            _check(told, number, events, text=text, run=str(turn["run"]))
            if told["event"] in ENDINGS:
                break
    return Answered(first, time.perf_counter() - start, events, size)


def _check(told: dict[str, object], number: int, expected: int, *, text: str, run: str) -> None:
    """Refuse an event out of order, of another question, or of a run that did not finish."""
    if number != expected or told["event"] in ENDINGS[1:]:
        raise AssertionError(f"event {number} where {expected} was due: {told}")
    request = told.get("request")
    if isinstance(request, dict) and (request["text"] != text or told["run"] != run):
        raise AssertionError(f"an event of another question: {told}")


async def _streams(bare: str, count: int, *, events: int, size: int) -> list[Answered]:
    async with httpx.AsyncClient(base_url=bare, timeout=600.0, limits=NO_LIMIT) as client:

        async def one() -> list[Answered]:
            return [await _stream(client, events, size) for _ in range(QUESTIONS_EACH)]

        return [
            row for rows in await asyncio.gather(*(one() for _ in range(count))) for row in rows
        ]


async def _stream(client: httpx.AsyncClient, events: int, size: int) -> Answered:
    start, first, seen = time.perf_counter(), 0.0, 0
    async with client.stream("GET", f"/events?events={events}&bytes={size}") as stream:
        async for _ in _events(stream):
            first = first or time.perf_counter() - start
            seen += 1
    return Answered(first, time.perf_counter() - start, seen, seen * size)


async def _events(stream: httpx.Response) -> AsyncIterator[tuple[int, str]]:
    """Yield number and data of each event of a stream."""
    number = 0
    async for line in stream.aiter_lines():
        if line.startswith("id:"):
            number = int(line[3:])
        elif line.startswith("data:"):
            yield number, line[5:].lstrip()


def _json(response: httpx.Response) -> dict[str, object]:
    if response.is_error:
        raise AssertionError(f"{response.status_code}: {response.text[:200]}")
    read: dict[str, object] = response.json()
    return read


@contextmanager
def _site(home: Path, *, model: bool) -> Iterator[tuple[str, int]]:
    settings = {"SECTORWISE_HOME": str(home), "SECTORWISE_REQUESTS_A_MINUTE": "1000000"}
    if not model:
        with _process([str(PROGRAM), "serve", "--port", "0"], settings) as running:
            yield running
        return
    with _process([sys.executable, "-m", "evals.speed.endpoints", "model"]) as (slow, _):
        settings |= {"OPENAI_BASE_URL": f"{slow}/v1", "SECTORWISE_MODEL": "slow"}
        with _process([str(PROGRAM), "serve", "--port", "0"], settings) as running:
            yield running


@contextmanager
def _process(command: list[str], env: dict[str, str] | None = None) -> Iterator[tuple[str, int]]:
    """Yield the address a process tells, and its id."""
    process = subprocess.Popen(  # noqa: S603 - our own programs
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        env=os.environ | (env or {}),
    )  # fmt: skip
    try:
        address = _address(process)
        threading.Thread(target=_read_on, args=(process,), daemon=True).start()
        yield address, process.pid
    finally:
        process.terminate()
        process.wait()


def _read_on(process: "subprocess.Popen[str]") -> None:
    """Read what a process logs: nobody waits for a full pipe."""
    for _ in process.stdout or ():
        pass


def _address(process: "subprocess.Popen[str]") -> str:
    said = ""
    while process.stdout is not None and (line := process.stdout.readline()):
        said += line
        if found := re.search(r"http://[\w.:\[\]]+", line):
            return found.group()
    raise RuntimeError(f"no address: {said}")


def _resident_mb(pid: int) -> float:
    status = Path(f"/proc/{pid}/status").read_text(encoding="utf-8")
    return int(status.partition("VmRSS:")[2].split()[0]) / 1024


def _p95(values: Sequence[float]) -> float:
    return sorted(values)[max(0, round(0.95 * len(values)) - 1)]


def table(rows: Sequence[Load]) -> str:
    """Return the loads as lines."""
    head = (
        f"{'chats':>6} {'a second':>9} {'p50 ms':>8} {'p95 ms':>8} {'first ms':>9}"
        f" {'bare/s':>8} {'p50 ms':>8} {'p95 ms':>8}"
    )
    lines = [
        f"{row.at_once:>6} {row.a_second:>9.2f} {row.p50_ms:>8.0f} {row.p95_ms:>8.0f}"
        f" {row.first_ms:>9.1f} {row.bare_a_second:>8.0f} {row.bare_p50_ms:>8.1f}"
        f" {row.bare_p95_ms:>8.1f}"
        for row in rows
    ]
    return "\n".join([head, *lines])


def main(questions: int) -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as scratch:
        home = Path(scratch) / "home"
        prepare(Settings(home=home), load_universes()["demo"], tell=lambda _: None)
        for model in (False, True):
            copy = Path(shutil.copytree(home, Path(scratch) / f"model-{model}"))
            print("chats, with a model of 300 ms" if model else "chats, no model")
            print(table(loads(copy, model=model)), flush=True)
        print("resident memory of the server, MB, after so many questions")
        for count, megabytes in memory(home, questions=questions).items():
            print(f"  {count:>6} {megabytes:8.0f}", flush=True)


if __name__ == "__main__":
    harden()
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 5_000)
