import asyncio
from collections.abc import AsyncIterator

import pytest

from app.web.api.stream import COMMENT, kept_alive

pytestmark = pytest.mark.anyio
EVENTS = tuple(f"data: {number}\n\n" for number in range(3))


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


async def test_where_nothing_comes_a_comment_does_and_no_event_is_lost() -> None:
    commented, told = asyncio.Event(), list[str]()

    async def events() -> AsyncIterator[str]:
        yield EVENTS[0]
        await commented.wait()
        yield EVENTS[1]
        yield EVENTS[2]

    async for part in kept_alive(events(), quiet_seconds=0.01):
        told.append(part)
        if part == COMMENT and EVENTS[0] in told:
            commented.set()
    assert tuple(part for part in told if part != COMMENT) == EVENTS
    assert COMMENT in told[told.index(EVENTS[0]) : told.index(EVENTS[1])]


async def test_where_events_come_no_comment_does() -> None:
    async def events() -> AsyncIterator[str]:
        for event in EVENTS:
            await asyncio.sleep(0)
            yield event

    told = [part async for part in kept_alive(events(), quiet_seconds=600.0)]
    assert tuple(told) == EVENTS


async def test_who_goes_away_leaves_no_one_waiting() -> None:
    async def events() -> AsyncIterator[str]:
        yield EVENTS[0]
        await asyncio.Event().wait()

    before = len(asyncio.all_tasks())
    following = kept_alive(events(), quiet_seconds=0.01)
    while await anext(following) == COMMENT:
        pass
    assert await anext(following) == COMMENT
    await following.aclose()  # type: ignore[attr-defined]  # it is a generator
    await asyncio.sleep(0)
    assert len(asyncio.all_tasks()) == before
