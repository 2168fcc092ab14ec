"""Sends texts as they come, and a comment where none comes, so that no one between hangs up."""

import asyncio
from collections.abc import AsyncIterator
from typing import Final

from starlette.responses import StreamingResponse

QUIET_SECONDS: Final = 15.0
COMMENT: Final = ": \n\n"
UNBUFFERED: Final = {"x-accel-buffering": "no"}
"""Tells a proxy in front to send each event at once."""


def event_stream(events: AsyncIterator[str]) -> StreamingResponse:
    """Return server-sent events, each a whole text that ends in an empty line."""
    return StreamingResponse(kept_alive(events), media_type="text/event-stream", headers=UNBUFFERED)


async def kept_alive(
    events: AsyncIterator[str], *, quiet_seconds: float = QUIET_SECONDS
) -> AsyncIterator[str]:
    """Yield the events, and a comment whenever none came for so long."""
    coming: asyncio.Task[str] | None = None
    try:
        while True:
            coming = coming or asyncio.create_task(_next(events))
            if not (await asyncio.wait({coming}, timeout=quiet_seconds))[0]:
                yield COMMENT
                continue
            try:
                event = coming.result()
            except StopAsyncIteration:
                return
            coming = None
            yield event
    finally:
        if coming is not None:
            coming.cancel()


async def _next(events: AsyncIterator[str]) -> str:
    return await anext(events)
