"""Tells how long this process has worked on each of its runs, and how long it still may."""

import secrets
import time
from collections import OrderedDict
from dataclasses import dataclass, field
from typing import Final

from core.records.budget import Cost

RUNS_HELD: Final = 1_000
"""Runs whose time is kept; one that is never released goes once so many began after it."""


@dataclass(frozen=True, slots=True)
class _Watched:
    name: str
    began: float
    seconds: float | None


@dataclass(slots=True)
class Stopwatch:
    """When each run of this process has to end, counted from when this process took it up."""

    _runs: OrderedDict[str, _Watched] = field(default_factory=OrderedDict)

    def runs(self, run: str) -> bool:
        """Tell whether the run was begun."""
        return run in self._runs

    def begin(self, run: str, seconds: float | None) -> None:
        """Give the run so many seconds from now, None without an end; only the first time."""
        name = f"seconds-{secrets.token_hex(8)}"
        self._runs.setdefault(run, _Watched(name, time.monotonic(), seconds))
        while len(self._runs) > RUNS_HELD:
            self._runs.popitem(last=False)

    def left(self, run: str) -> float | None:
        """Return the seconds a run that was begun has left; below 0 once it is late."""
        held = self._runs.get(run)
        if held is None or held.seconds is None:
            return None
        return held.began + held.seconds - time.monotonic()

    def worked(self, run: str) -> dict[str, Cost]:
        """Return the seconds since it was begun, by the name they are booked under."""
        held = self._runs.get(run)
        return {held.name: Cost(seconds=time.monotonic() - held.began)} if held else {}

    def release(self, run: str) -> None:
        """Forget a run that ended, or that waits for somebody."""
        self._runs.pop(run, None)
