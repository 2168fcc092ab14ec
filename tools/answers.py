"""Decides when an answer may be given again: while nothing stored has changed since it was made.

Equal questions over equal files have equal answers, so this changes how long an answer takes and
nothing else. What it cannot tell apart safely is answered anew.
"""

import json
import os
import threading
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import Final

from mcp.types import CallToolResult

from tools.context import ToolContext
from tools.storage.schema import SCHEMAS

ANSWERS_HELD: Final = 64
"""A report asks about fifteen questions a market; an answer is 10 to 500 kB."""
TICK_NS: Final = 100_000_000
"""Two changes of a folder within one tick of the file system's clock may leave it one time."""

Stamps = dict[str, int]
"""When each folder's list of files changed, in nanoseconds; 0 where there is no folder."""
State = tuple[date, Stamps]


class Answers:
    """A bounded memory of answers, safe to share between threads."""

    def __init__(
        self,
        roots: Iterable[Path],
        *,
        inside: Iterable[Path] = (),
        today: Callable[[], date],
        capacity: int = ANSWERS_HELD,
    ) -> None:
        """Keep at most `capacity` answers made of these folders' files, the oldest use first out.

        Args:
            roots: folders that are there or may appear; their files, and those `inside`, are what
                answers are made of, and are only ever added, replaced whole or removed.
            inside: folders within a root or within one another, outer ones first.
            today: answers of another day are made anew.
            capacity: how many answers are kept.
        """
        self._roots, self._inside = tuple(map(str, roots)), tuple(map(str, inside))
        self._today, self._capacity = today, capacity
        self._seen: Stamps = {}
        self._lock = threading.Lock()
        self._kept: OrderedDict[str, tuple[State, CallToolResult]] = OrderedDict()

    async def answer(
        self, tool: str, arguments: Mapping[str, object], make: Callable[[], Awaitable[object]]
    ) -> object:
        """Return the kept answer to this call, else the one made now; an error keeps nothing."""
        question = json.dumps([tool, arguments], sort_keys=True, default=str)
        state = self._state()
        with self._lock:
            kept = self._kept.get(question)
            if state is not None and kept is not None and kept[0] == state:
                self._kept.move_to_end(question)
                return kept[1]
        made = await make()
        if state is not None and isinstance(made, CallToolResult) and not made.isError:
            self._keep(question, state, made)
        return made

    def _keep(self, question: str, state: State, made: CallToolResult) -> None:
        with self._lock:
            self._kept[question] = (state, made)
            self._kept.move_to_end(question)
            while len(self._kept) > self._capacity:
                self._kept.popitem(last=False)

    def _state(self) -> State | None:
        """Return what answers are made of; None while a folder may be changing still."""
        stamps = {folder: _changed_ns(folder) for folder in self._seen}
        if not stamps or stamps != self._seen:  # a folder appears only where another one changes
            # Outer ones first: what appears meanwhile has changed its parent since.
            stamps = {folder: _changed_ns(folder) for folder in self._roots}
            within = {folder: _changed_ns(folder) for folder in self._inside}
            stamps |= {folder: stamp for folder, stamp in within.items() if stamp}
            self._seen = stamps
        settled = max(stamps.values(), default=0) < time.time_ns() - TICK_NS
        return (self._today(), stamps) if settled else None


def answers_of(context: ToolContext) -> Answers:
    """Return an empty memory for answers made from this context's store and models."""
    markets = [context.store.root / name for name in context.universes]
    parts = [market / part for market in markets for part in SCHEMAS]
    roots = (context.store.root, context.models.folder)
    return Answers(roots, inside=(*markets, *parts), today=context.today)


def _changed_ns(folder: str) -> int:
    try:
        return os.stat(folder).st_mtime_ns  # noqa: PTH116 - a hundred of them for each answer
    except OSError:
        return 0
