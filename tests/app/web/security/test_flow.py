import asyncio
from collections.abc import AsyncIterator, Callable

import pytest
from starlette.responses import PlainTextResponse, StreamingResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.web.security.flow import Flow
from app.web.security.limits import Limits
from tests.app.web.security.asking import Answer, asked, scope_of

pytestmark = [pytest.mark.anyio, pytest.mark.timeout(120)]
PATIENCE_SECONDS = 30.0


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


class Held:
    """Answers when it is let, or streams until then."""

    def __init__(self, *, stream: bool = False) -> None:
        self.let, self.stream = asyncio.Event(), stream
        self.ended: list[str] = []

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            answer: ASGIApp = PlainTextResponse("inside")
            if self.stream:
                answer = StreamingResponse(self._events(), media_type="text/event-stream")
            else:
                await self.let.wait()
            await answer(scope, receive, send)
        finally:
            self.ended.append(scope["path"])

    async def _events(self) -> AsyncIterator[str]:
        yield "data: 1\n\n"
        await self.let.wait()
        yield "data: 2\n\n"


async def until(condition: Callable[[], bool]) -> None:
    """Wait until it holds."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        while not condition():
            await asyncio.sleep(0)


async def many(flow: Flow, count: int, *, kind: str = "answer") -> list[asyncio.Task[Answer]]:
    """Return so many requests of a kind, all under way."""
    made: list[asyncio.Task[Answer]] = [
        asyncio.create_task(asked(flow, f"/{number}")) for number in range(count)
    ]
    await until(lambda: [row.kind for row in flow._under_way] == [kind] * count)
    return made


async def test_an_answer_that_does_not_begin_in_time_is_refused_with_a_sentence() -> None:
    held = Held()
    answer = await asked(Flow(held, Limits(answer_seconds=0.02)), "/api/universes")
    assert (answer.status, answer.headers["retry-after"]) == (503, "5")
    assert answer.error == "no answer within 0.02 seconds: ask for less"
    await asyncio.sleep(0)
    assert held.ended == ["/api/universes"]


async def test_what_waits_for_a_run_may_take_as_long_as_runs_do() -> None:
    held = Held()
    flow = Flow(held, Limits(answer_seconds=0.01, run_seconds=PATIENCE_SECONDS))
    for path in ("/v1/chat/completions", "/mcp"):
        waiting = asyncio.create_task(asked(flow, path))
        await asyncio.sleep(0.03)
        held.let.set()
        assert (await waiting).status == 200
        held.let.clear()


async def test_more_than_so_many_answers_at_once_are_refused_and_then_let_in_again() -> None:
    held = Held()
    flow = Flow(held, Limits(answers=2))
    under_way = await many(flow, 2)
    assert (await asked(flow)).status == 503
    held.let.set()
    await asyncio.gather(*under_way)
    assert (await asked(flow)).status == 200


async def test_an_answer_that_is_refused_but_still_computed_keeps_its_place() -> None:
    release = asyncio.Event()

    async def stubborn(scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            await release.wait()  # as a thread would

    flow = Flow(stubborn, Limits(answers=1, answer_seconds=0.01))
    assert "no answer within" in (await asked(flow)).error
    assert "too many" in (await asked(flow)).error
    release.set()
    await until(lambda: not flow._under_way)
    assert "no answer within" in (await asked(flow)).error


async def test_more_than_so_many_streams_at_once_are_refused_and_answers_are_not() -> None:
    held = Held(stream=True)
    flow = Flow(held, Limits(streams=2, answers=2))
    open_streams = await many(flow, 2, kind="stream")
    assert (await asked(flow)).status == 429
    held.let.set()
    ended = await asyncio.gather(*open_streams)
    assert [answer.body for answer in ended] == [b"data: 1\n\ndata: 2\n\n"] * 2


async def test_when_the_server_ends_streams_end_at_once_and_well(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("app.web.security.flow.PATIENCE_SECONDS", 10 * PATIENCE_SECONDS)
    held = Held(stream=True)
    flow = Flow(held, Limits())
    streams = await many(flow, 3, kind="stream")
    flow.leave()
    ended = await asyncio.wait_for(asyncio.gather(*streams), PATIENCE_SECONDS)
    assert [answer.body for answer in ended] == [b"data: 1\n\n"] * 3


async def test_when_the_server_ends_who_waits_for_an_answer_is_told(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("app.web.security.flow.PATIENCE_SECONDS", 0.02)
    flow = Flow(Held(), Limits())
    (waiting,) = await many(flow, 1)
    flow.leave()
    answer = await asyncio.wait_for(waiting, PATIENCE_SECONDS)
    assert answer.status == 503


async def test_an_error_of_the_application_is_not_swallowed() -> None:
    async def wrong(scope: Scope, receive: Receive, send: Send) -> None:
        raise RuntimeError("wrong")

    with pytest.raises(RuntimeError, match="wrong"):
        await asked(Flow(wrong, Limits()))


async def test_nothing_is_kept_of_requests_that_have_ended() -> None:
    flow = Flow(PlainTextResponse("inside"), Limits())
    before = len(asyncio.all_tasks())
    for _ in range(200):
        await asked(flow)
    await asyncio.sleep(0)
    assert not flow._under_way
    assert len(asyncio.all_tasks()) == before


async def test_a_client_that_goes_leaves_nothing_behind() -> None:
    held = Held(stream=True)
    flow = Flow(held, Limits())

    async def gone() -> Message:
        return {"type": "http.disconnect"}

    async def send(_: Message) -> None:
        return None

    await asyncio.wait_for(flow(scope_of("/"), gone, send), PATIENCE_SECONDS)
    await asyncio.sleep(0)
    assert not flow._under_way
