import asyncio
from collections.abc import AsyncIterator

import pytest

from app.web.api.stream import COMMENT, kept_alive

pytestmark = pytest.mark.anyio


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


async def slowly(*pauses: float) -> AsyncIterator[str]:
    for number, pause in enumerate(pauses):
        await asyncio.sleep(pause)
        yield f"data: {number}\n\n"


async def test_where_nothing_comes_a_comment_does_and_no_event_is_lost() -> None:
    told = [part async for part in kept_alive(slowly(0.0, 0.12, 0.0), quiet_seconds=0.05)]
    assert [part for part in told if part != COMMENT] == [f"data: {n}\n\n" for n in range(3)]
    assert 1 <= told.count(COMMENT) <= 3


async def test_who_goes_away_leaves_no_one_waiting() -> None:
    before = len(asyncio.all_tasks())
    following = kept_alive(slowly(0.0, 60.0), quiet_seconds=0.01)
    assert await anext(following) == "data: 0\n\n"
    assert await anext(following) == COMMENT
    await following.aclose()  # type: ignore[attr-defined]  # it is a generator
    await asyncio.sleep(0)
    assert len(asyncio.all_tasks()) == before
