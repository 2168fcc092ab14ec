"""Starts the real site as its operator would, and ends it."""

import os
import re
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.app.command import PROGRAM
from tests.homes import FITTED_WITH

READY_SECONDS = 180.0
PATIENCE_MS = 60_000
"""What a page may take for anything but an answer."""
END_SECONDS = 60.0
_ADDRESS = re.compile(r"http://\S+")


@dataclass(frozen=True, slots=True)
class Site:
    """A running site: where it answers, which home it answers from, its process."""

    url: str
    home: Path
    process: subprocess.Popen[str]

    def ended(self) -> float:
        """Ask it to end as an operator would, and return how many seconds that took."""
        start = time.monotonic()
        self.process.terminate()
        self.process.wait(END_SECONDS)
        return time.monotonic() - start


@contextmanager
def served_site(home: Path, *arguments: str, env: dict[str, str] | None = None) -> Iterator[Site]:
    """Yield the site of a home on a free port of the loopback interface."""
    plain = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    settings = {"SECTORWISE_HOME": str(home), "SECTORWISE_VIEWS": FITTED_WITH}
    process = subprocess.Popen(
        [str(PROGRAM), "serve", "--port", "0", *arguments],
        stderr=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        text=True,
        cwd=home,
        env=plain | settings | (env or {}),
    )
    said: list[str] = []
    try:
        yield Site(_address(process, said), home, process)
    finally:
        if process.poll() is None:
            process.terminate()
            try:
                process.wait(END_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _address(process: subprocess.Popen[str], said: list[str]) -> str:
    """Wait for the line that tells the address; go on reading, so that the pipe never fills."""
    assert process.stderr is not None
    found = threading.Event()
    at: list[str] = []

    def read() -> None:
        assert process.stderr is not None
        with process.stderr as lines:
            for line in lines:
                said.append(line)
                if not at and (address := _ADDRESS.search(line)):
                    at.append(address.group().rstrip("/"))
                    found.set()
        found.set()

    threading.Thread(target=read, daemon=True).start()
    if not found.wait(READY_SECONDS) or not at:
        raise AssertionError(f"the site did not start: {''.join(said)}")
    return at[0]
