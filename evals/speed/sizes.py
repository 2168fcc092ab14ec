"""Decides how a benchmark is taken at several sizes: each in a process, and memory, of its own."""

import resource
import subprocess
import sys
import time
from collections.abc import Callable
from typing import TypeVar

Kept = TypeVar("Kept")

SIZES = (200, 2_000)


def by_size(module: str, grown: tuple[str, ...]) -> dict[str, float]:
    """Return what the module prints at each size, and how `grown` grow from the first to the last.

    Args:
        module: run as `python -m module SIZE`; prints lines of a name and a number.
        grown: names of which the ratio is told too.
    """
    found: dict[str, float] = {}
    for size in SIZES:
        command = [sys.executable, "-m", module, str(size)]
        done = subprocess.run(command, check=True, capture_output=True, text=True)  # noqa: S603
        for line in done.stdout.splitlines():
            name, value = line.split()
            found[f"{name} {size}"] = float(value)
    small, large = SIZES
    for name in grown:
        found[f"{name} growth"] = found[f"{name} {large}"] / found[f"{name} {small}"]
    return found


def timed(work: Callable[[], Kept]) -> tuple[float, Kept]:
    """Return the seconds of the work, and what it brought."""
    start = time.perf_counter()
    result = work()
    return time.perf_counter() - start, result


def peak_mb() -> float:
    """Return the most memory this process has held."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024.0
