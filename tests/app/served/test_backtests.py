import asyncio
from collections.abc import Callable

import pytest
from mcp import ClientSession, McpError
from mcp.types import CancelledNotification, CancelledNotificationParams, ClientNotification

from app.settings import Settings
from app.trials import Trials
from tests.app.served.sessions import Heard, Served

pytestmark = pytest.mark.anyio


def counted(served: Served) -> int:
    registry = Trials(Settings(home=served.home).ledger)
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
    served: Served, client: ClientSession
) -> None:
    before, asked = counted(served), client._request_id

    async def withdraw(progress: float, total: float | None, message: str | None) -> None:
        del progress, total, message
        cancelled = CancelledNotification(params=CancelledNotificationParams(requestId=asked))
        await client.send_notification(ClientNotification(cancelled))

    with pytest.raises(McpError, match="cancelled"):
        await client.call_tool(
            "run_backtest", {"signal": "combo", "region": "demo"}, progress_callback=withdraw
        )
    for _ in range(20):
        await asyncio.sleep(0.1)
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
