"""Decides who may ask the language model now: so many at once, of all processes of a home.

A slot is a locked file. Whoever is killed loses the lock with its life, so that none stays taken;
machines that share a home share its slots, where its file system knows locks.
"""

import asyncio
import fcntl
from collections.abc import AsyncIterator, Callable
from contextlib import ExitStack, asynccontextmanager
from functools import partial
from pathlib import Path
from typing import Final

FIRST_WAIT_SECONDS: Final = 0.02
LONGEST_WAIT_SECONDS: Final = 0.25


class ModelSlots:
    """The slots of a home; whoever finds all of them taken looks again, until one is free."""

    def __init__(self, folder: Path, count: int) -> None:
        self._files = tuple(folder / f"model-{place}.lock" for place in range(count))

    @asynccontextmanager
    async def one(self) -> AsyncIterator[None]:
        """Hold a slot while the block runs."""
        wait = FIRST_WAIT_SECONDS
        with ExitStack() as held:
            while not await _finished(partial(self._locked, held)):
                await asyncio.sleep(wait)
                wait = min(2 * wait, LONGEST_WAIT_SECONDS)
            yield

    def _locked(self, held: ExitStack) -> bool:
        """Lock the first free file until `held` closes; tell whether there was one."""
        for path in self._files:
            path.parent.mkdir(mode=0o700, exist_ok=True)
            file = path.open("ab")
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                file.close()
                continue
            held.enter_context(file)
            return True
        return False


async def _finished(ask: Callable[[], bool]) -> bool:
    """Return what a thread answers; whoever is stopped meanwhile goes when it has answered."""
    answering = asyncio.ensure_future(asyncio.to_thread(ask))
    try:
        return await asyncio.shield(answering)
    finally:
        await answering
