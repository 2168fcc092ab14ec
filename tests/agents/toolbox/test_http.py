"""A server behind streamable HTTP on the loopback interface; a dead port is down in time."""

import asyncio
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import uvicorn

from agents.toolbox.errors import ServerDownError
from agents.toolbox.sessions import Sessions
from agents.toolbox.spec import CallLimits, ServerSpec
from tests.servers.market import Market, MarketServer, made_universe

LIMITS = CallLimits(start_seconds=5, call_seconds=3, ping_seconds=0.5)


@contextmanager
def _served(market: MarketServer) -> Iterator[str]:
    config = uvicorn.Config(
        market.server.streamable_http_app(), log_level="critical", lifespan="on", ws="none"
    )
    server = uvicorn.Server(config)
    listener = socket.create_server(("127.0.0.1", 0))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}/mcp"
    finally:
        server.should_exit = True
        thread.join(timeout=10)
        listener.close()


def _called(url: str, times: int) -> list[object]:
    async def call() -> list[object]:
        spec = ServerSpec(name="remote", transport="http", url=url)
        async with Sessions((spec,), limits=LIMITS) as sessions:
            return [
                await sessions.call("remote", "get_data_status", {"region": "toy"})
                for _ in range(times)
            ]

    return asyncio.run(call())


def test_calls_over_http_share_one_session() -> None:
    market = MarketServer(Market(made_universe()))
    with _served(market) as url:
        answers = _called(url, 3)
    assert len(market.calls) == 3
    assert answers[0] == answers[2]
    assert isinstance(answers[0], dict)
    assert answers[0]["tool"] == "get_data_status"


def test_a_port_nobody_listens_on_is_down() -> None:
    with pytest.raises(ServerDownError):
        _called("http://127.0.0.1:9/mcp", 1)
