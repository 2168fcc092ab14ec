"""Batches on copies of a home, their engines' processes, and what may be compared of them."""

import errno
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import NamedTemporaryFile, mkdtemp
from unittest.mock import patch

import psutil  # type: ignore[import-untyped]  # no types

from app.batching.folders import SUMS, is_whole
from app.compose import Composition
from app.files.universes import load_universes
from app.settings import Settings
from tests.homes import FITTED_WITH
from tests.servers.ports import free_port

START_SECONDS = 90.0
RAY = "from ray.scripts.scripts import main; main()"
"""Its command line, wherever the package lies."""
RAY_ON_LOOPBACK = {"RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER": "0"}
"""Without it Ray takes 127.0.0.1 for the address others reach this machine by, and uses that."""


def copied(home: Path, folder: Path) -> Composition:
    """Return the composition of a copy of the home's data, without its runs."""
    for name in ("store", "models"):
        shutil.copytree(home / name, folder / name)
    return Composition(Settings(home=folder, views=FITTED_WITH), load_universes())


def sums(out: Path) -> dict[str, str]:
    """Return the digests of every report's files, by folder."""
    return {path.parent.name: path.read_text() for path in sorted(out.glob(f"*/{SUMS}"))}


@dataclass
class Disk:
    """A folder's disk that is full at one write; 0: at none."""

    folder: Path
    nth: int
    written: list[str] = field(default_factory=list)

    def fsync(self, number: int) -> None:
        """Find no space where it is the write's turn; only the folder's own files count."""
        path = Path(f"/proc/self/fd/{number}").readlink()
        if path.is_relative_to(self.folder):
            self.written.append(path.relative_to(self.folder).as_posix())
            if len(self.written) == self.nth:
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


@contextmanager
def full_at(nth: int, folder: Path) -> Iterator[Disk]:
    """Let one write of this process to the folder find no space."""
    disk = Disk(folder.resolve(), nth)
    with patch.object(os, "fsync", disk.fsync):
        yield disk


def half(out: Path) -> list[str]:
    """Return the folders of a batch a reader sees that are not whole."""
    shown = [path for path in sorted(out.iterdir()) if path.is_dir()]
    return [path.name for path in shown if not path.name.startswith(".") and not is_whole(path, ())]


def kill_a_worker() -> int:
    """Kill one loky worker of this process, as the system does when memory is short."""
    workers = [
        child
        for child in psutil.Process().children()
        if "loky" in " ".join(child.cmdline())
        and "resource_tracker" not in " ".join(child.cmdline())
    ]
    workers[0].kill()
    return int(workers[0].pid)


@contextmanager
def dask_cluster(folder: Path, *, workers: int, env: dict[str, str]) -> Iterator[str]:
    """Yield the address of a real scheduler with that many worker processes."""
    where = folder / "scheduler.json"
    told = ("--host", "127.0.0.1", "--no-dashboard", "--scheduler-file", str(where))
    with ExitStack() as running:
        scheduler = ("-m", "dask", "scheduler", *told, "--port", "0")
        running.enter_context(_process(scheduler, folder, env))(where.exists)
        time.sleep(0.5)
        worker = ("-m", "dask", "worker", *told, "--nthreads", "1", "--no-nanny")
        started = [running.enter_context(_process(worker, folder, env)) for _ in range(workers)]
        address = str(json.loads(where.read_text())["address"])
        started[-1](lambda: _workers_count(address) == workers)
        yield address


def _workers_count(address: str) -> int:
    from distributed import Client

    with Client(address, set_as_default=False) as client:  # type: ignore[no-untyped-call]
        return len(client.ncores())


@contextmanager
def _process(
    arguments: tuple[str, ...], folder: Path, env: dict[str, str]
) -> Iterator[Callable[[Callable[[], bool]], None]]:
    """Yield what waits for a Python process of its own group; one that ends says what it said."""
    with NamedTemporaryFile(dir=folder, suffix=".log") as log:
        process = subprocess.Popen(
            [sys.executable, *arguments], cwd=folder, env={**os.environ, **env},
            start_new_session=True, stdout=log, stderr=log,
        )  # fmt: skip

        def until(ready: Callable[[], bool]) -> None:
            _until(lambda: ready() or process.poll() is not None)
            assert process.poll() is None, Path(log.name).read_text()

        try:
            yield until
        finally:
            _ended(process)


def _ended(process: "subprocess.Popen[bytes]") -> None:
    for number in (signal.SIGTERM, signal.SIGKILL):
        if process.poll() is None:
            os.killpg(process.pid, number)
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                continue
    process.wait(10)


def _until(ready: Callable[[], bool]) -> None:
    end = time.monotonic() + START_SECONDS
    while not ready():
        if time.monotonic() > end:
            raise TimeoutError("the cluster did not start")
        time.sleep(0.1)


@contextmanager
def ray_cluster(folder: Path, *, workers: int, env: dict[str, str]) -> Iterator[str]:
    """Yield the address of a real head with that many workers, in a process group of its own."""
    port = free_port()
    scratch = Path(mkdtemp(prefix="ray-", dir="/tmp"))  # a socket's path has 107 characters at most
    arguments = (
        "-c", RAY, "start", "--head", "--block", "--port", str(port),
        "--node-ip-address", "127.0.0.1", "--num-cpus", str(workers),
        "--ray-client-server-port", str(free_port()),
        "--min-worker-port", "0", "--max-worker-port", "0",  # any free one: none is the head's own
        "--include-dashboard", "false", "--disable-usage-stats", "--temp-dir", str(scratch),
    )  # fmt: skip
    with patch.dict(os.environ, RAY_ON_LOOPBACK):  # the head, and its driver in this process
        try:
            with _process(arguments, folder, env) as until:
                until(lambda: _listens(port))
                yield f"127.0.0.1:{port}"
        finally:
            shutil.rmtree(scratch, ignore_errors=True)


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0
