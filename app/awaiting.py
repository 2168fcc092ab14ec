"""Runs a coroutine to its end, as `asyncio.run` does, without writing its result out as text."""

import asyncio
from collections.abc import Coroutine
from typing import TypeVar

T = TypeVar("T")


def awaited(asked: Coroutine[object, object, T]) -> T:
    """Return what the coroutine returns; its errors are its own.

    `asyncio.run` ends by comparing the interrupt's handler, and that shows the finished task with
    all of its result (CPython 3.11, `signal._int_to_enum`): a tenth of a second for a report.
    """
    made: list[T] = []

    async def kept() -> None:
        made.append(await asked)

    asyncio.run(kept())
    return made[0]
