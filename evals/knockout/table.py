"""Runs tests with one defence off, each in a process of its own, and tells what went red."""

import multiprocessing
import os
import sys
import tempfile
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from multiprocessing.context import ForkServerContext
from pathlib import Path
from typing import Final

import pytest

from app.hardening import harden
from core.errors import DataError
from evals.knockout.defence import Defence
from evals.knockout.told import Told

ROOT: Final = Path(__file__).parents[2]
TEST_SECONDS: Final = 60
"""How long one test may take with its defence off: one that never ends has noticed."""
RUN_SECONDS: Final = 600.0
TOLD: Final = "told.json"
SAID: Final = "said.txt"
"""Files of one run: what the plugin tells, and what pytest says."""
READ_ALREADY: Final = "ignore::pytest.PytestAssertRewriteWarning"
"""Plugins among what a process has read are not rewritten; no test of ours is among it."""
ENDED: Final = frozenset({0, 1})
"""pytest's exit codes of a run that came to its end."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of some tests, and how long that took."""

    told: Told
    seconds: float

    @property
    def noticed(self) -> bool:
        """Whether at least one test went red."""
        return bool(self.told.red)


def outcome(tests: Sequence[str], *, without: str | None = None) -> Outcome:
    """Return what becomes of tests, with the defence of that name off or with all on.

    Raises:
        DataError: pytest did not come to an end, with the last of what it said.
    """
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="knock-out-") as name:
        folder = Path(name)
        run = _processes().Process(target=_run, args=(folder, [*_off(without), *tests]))
        run.start()
        run.join(RUN_SECONDS)
        if run.is_alive():
            run.kill()
            run.join()
        if run.exitcode not in ENDED or not (folder / TOLD).is_file():
            said = (folder / SAID).read_text(encoding="utf-8", errors="replace").strip()[-600:]
            raise DataError(f"knock-out {without}: pytest ended with {run.exitcode}: {said}")
        told = Told.model_validate_json((folder / TOLD).read_text(encoding="utf-8"))
    return Outcome(told, time.monotonic() - began)


def row(defence: Defence) -> Outcome:
    """Return what becomes of a defence's tests while it is off."""
    return outcome(defence.tests, without=defence.name)


def table(rows: Iterable[tuple[Defence, Outcome]]) -> str:
    """Return the outcomes as lines: defence, whose, how many tests went red, seconds, which."""
    lines = [f"{'defence':16}{'of':9}{'red':>5}{'of':>5}{'s':>7}  what went red"]
    for defence, found in rows:
        told = found.told
        count = told.passed + len(told.red) + len(told.broken)
        names = ", ".join(dict.fromkeys(_bare(test) for test in told.red)) or "NOTHING"
        broken = f" ({len(told.broken)} broken)" if told.broken else ""
        lines.append(
            f"{defence.name:16}{defence.of:9}{len(told.red):>5}{count:>5}{found.seconds:>7.1f}"
            f"  {names}{broken}"
        )
    return "\n".join(lines)


def _processes() -> ForkServerContext:
    """Return what starts processes that have read the product, but no test, already."""
    harden()
    made = multiprocessing.get_context("forkserver")
    made.set_forkserver_preload(["evals.knockout.defences"])
    return made


def _run(folder: Path, arguments: list[str]) -> None:
    """Be pytest: by itself, with nothing kept where others look."""
    for name in [name for name in os.environ if name.startswith("PYTEST_")]:
        del os.environ[name]
    os.chdir(ROOT)
    sys.path.insert(0, str(ROOT))
    with (folder / SAID).open("w", encoding="utf-8") as said:
        os.dup2(said.fileno(), 1)
        os.dup2(said.fileno(), 2)
    own = ["-p", "evals.knockout.plugin", f"--knock-out-told={folder / TOLD}"]
    plain = ["-q", "--no-header", "--tb=short", "-p", "no:cacheprovider", "-W", READ_ALREADY]
    bounds = [f"--timeout={TEST_SECONDS}", f"--basetemp={folder / 'tests'}"]
    sys.exit(int(pytest.main([*plain, *own, *bounds, *arguments])))


def _off(name: str | None) -> list[str]:
    return [] if name is None else [f"--knock-out={name}"]


def _bare(test: str) -> str:
    return test.rpartition("::")[2].partition("[")[0]
