import asyncio
import threading
from collections.abc import Callable
from datetime import date, datetime

import pytest
from mcp import ClientSession, McpError

from app.backtesting import backtests
from app.backtesting.backtests import Asked, Backtest
from app.files.universes import load_universes
from app.journals.trials import Trials
from app.served.backtests import AT_ONCE, WAITING
from app.served.server import mounted
from app.settings import Settings
from core.errors import CallerError
from tests.app.served.sessions import Heard, Served, withdrawal

pytestmark = pytest.mark.anyio
PATIENCE_SECONDS = 60.0


def counted(served: Served) -> int:
    registry = Trials(Settings(home=served.home).database)
    try:
        return registry.count("demo")
    finally:
        registry.close()


async def test_a_backtest_is_counted_and_told_with_baselines_luck_and_caveats(
    served: Served, client: ClientSession, text_of: Callable[[object], str]
) -> None:
    heard = Heard()
    before = counted(served)
    done = await client.call_tool(
        "run_backtest",
        {"signal": "momentum:12", "region": "demo", "top": 3},
        progress_callback=heard,
    )
    assert not done.isError, done.content
    answer = done.structuredContent
    assert answer is not None
    assert heard.messages == ["reading", "playing", "measuring"]
    assert counted(served) == before + 1
    assert answer["result"]["chance"]["trials_count"] == before + 1
    assert answer["result"]["baselines"]
    assert answer["synthetic"]
    assert any("SYNTHETIC" in caveat for caveat in answer["caveats"])
    assert "equal_weight" in text_of(done)


async def test_a_withdrawn_backtest_ends_before_it_is_played(
    served: Served, client: ClientSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, asked = counted(served), client._request_id
    gone, over, whole = threading.Event(), threading.Event(), backtests.backtest

    def read_until_it_is_withdrawn(
        settings: Settings, asked: Asked, *, now: datetime, tell: Callable[[str], None]
    ) -> Backtest:
        def told(stage: str) -> None:
            tell(stage)
            gone.wait(PATIENCE_SECONDS)

        try:
            return whole(settings, asked, now=now, tell=told)
        finally:
            over.set()

    async def withdraw(progress: float, total: float | None, message: str | None) -> None:
        del progress, total, message
        await client.send_notification(withdrawal(asked))

    monkeypatch.setattr(backtests, "backtest", read_until_it_is_withdrawn)
    with pytest.raises(McpError, match="cancelled"):
        await client.call_tool(
            "run_backtest", {"signal": "combo", "region": "demo"}, progress_callback=withdraw
        )
    gone.set()
    assert await asyncio.to_thread(over.wait, PATIENCE_SECONDS)
    assert counted(served) == before


@pytest.mark.parametrize(
    "signal", ["own:/etc/passwd", "weights:holdings.csv", "model:1m", "momentum", "magic:3"]
)
async def test_neither_files_of_the_server_nor_unknown_signals_can_be_named(
    served: Served, client: ClientSession, signal: str
) -> None:
    before = counted(served)
    result = await client.call_tool("run_backtest", {"signal": signal, "region": "demo"})
    assert result.isError
    assert counted(served) == before


async def test_a_server_held_to_a_date_offers_no_backtest_for_the_registry_knows_later_trials(
    served: Served,
) -> None:
    server, _ = mounted(Settings(home=served.home), load_universes(), latest=date(2022, 6, 30))
    assert "run_backtest" not in {tool.name for tool in await server.list_tools()}
    assert "run_backtest" in {tool.name for tool in await served.server.list_tools()}


async def test_only_so_many_backtests_are_played_at_once_and_only_so_many_wait(
    client: ClientSession, text_of: Callable[[object], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    free, playing = threading.Event(), list[int]()

    def played(*_: object, **__: object) -> None:
        playing.append(1)
        free.wait(PATIENCE_SECONDS)
        raise CallerError("played")

    monkeypatch.setattr(backtests, "backtest", played)

    def asked() -> "asyncio.Task[object]":
        call = client.call_tool("run_backtest", {"signal": "combo", "region": "demo"})
        return asyncio.create_task(call)

    calls = [asked() for _ in range(AT_ONCE + WAITING)]
    try:
        while len(playing) < AT_ONCE:
            await asyncio.sleep(0.01)
        refused = await asyncio.wait_for(asked(), PATIENCE_SECONDS / 2)
        assert "backtests wait already" in text_of(refused)
        assert len(playing) == AT_ONCE
    finally:
        free.set()
    assert {text_of(await call) for call in calls} == {"played"}
