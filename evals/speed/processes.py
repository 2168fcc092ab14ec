"""Measures whole processes: how long help takes, and the most memory a report needs."""

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

PROGRAM = Path(sys.executable).with_name("sectorwise")
ROUNDS = 7


def help_times() -> dict[str, float]:
    """Return medians in ms of `sectorwise --help` and of a bare interpreter, and their ratio."""
    helped, bare = [], []
    for _ in range(ROUNDS):
        helped.append(_seconds([str(PROGRAM), "--help"]))
        bare.append(_seconds([sys.executable, "-c", "pass"]))
    ours, theirs = statistics.median(helped) * 1e3, statistics.median(bare) * 1e3
    return {"help_ms": ours, "python_ms": theirs, "help_over_python": ours / theirs}


def report_cost(home: Path, universe: str, as_of: str) -> dict[str, float]:
    """Return peak memory in MB and wall seconds of a report with all its files."""
    with tempfile.TemporaryDirectory() as out:
        command = [str(PROGRAM), "report", "-u", universe, "--as-of", as_of, "--out", out]
        start = time.perf_counter()
        process = subprocess.Popen(  # noqa: S603 - our own program
            command,
            env=os.environ | {"SECTORWISE_HOME": str(home)},
            stdout=subprocess.DEVNULL,
        )
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RuntimeError(f"{' '.join(command)} ended with {process.returncode}")
    return {"peak_mb": usage.ru_maxrss / 1024, "seconds": seconds}


def _seconds(command: list[str]) -> float:
    start = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)  # noqa: S603 - ours or python
    return time.perf_counter() - start
