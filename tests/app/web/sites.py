"""Starts the real site as its operator would, or in this process, and ends it."""

import os
import re
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from app.cli.serving_pages import opened_house
from app.files.universes import load_universes
from app.settings import Settings
from app.web.application import guarded_site
from app.web.security.connections import Serving
from app.web.security.guard import Rules
from app.web.security.limits import Limits
from tests.app.command import PROGRAM
from tests.homes import FITTED_WITH
from tools.guard import bound, security

READY_SECONDS = 180.0
PATIENCE_MS = 60_000
"""What a page may take for anything but an answer."""
END_SECONDS = 60.0
_ADDRESS = re.compile(r"http://\S+")


@dataclass(frozen=True, slots=True)
class Here:
    """A site that answers from this process, and from which home."""

    url: str
    home: Path


@dataclass(frozen=True, slots=True)
class Site(Here):
    """A site in a process of its own."""

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


@contextmanager
def site_here(home: Path, **more: object) -> Iterator[Here]:
    """Yield the same site in this process, with more settings: another imports for seconds."""
    settings = Settings.model_validate({"home": home, "views": FITTED_WITH, **more})
    house = opened_house(settings, load_universes(settings.universe_files))
    with bound("127.0.0.1", 0) as listening:
        port = int(listening.getsockname()[1])
        limits = Limits.of(settings.requests_a_minute)
        site = guarded_site(house, Rules(security("127.0.0.1", port, ()), limits=limits))
        serving = Serving(site, limits, site.flow.leave)
        thread = threading.Thread(target=serving.run, kwargs={"sockets": [listening]})
        thread.start()
        try:
            yield Here(f"http://127.0.0.1:{port}", home)
        finally:
            serving.should_exit = True
            thread.join(END_SECONDS)


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
