"""Ledger, quota and pins on PostgreSQL do what they do on SQLite, with processes sharing them."""

import asyncio
import socket
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import MetaData
from sqlalchemy.exc import OperationalError

from agents.toolbox import database
from agents.toolbox.calls import CallRequest, Outcome
from agents.toolbox.database import Database
from agents.toolbox.ledger import Ledger
from agents.toolbox.pins import Pins
from agents.toolbox.quota import Left, Quota
from tests.agents.toolbox.test_ledger import written_by_processes
from tests.agents.toolbox.test_quota import taken_by_processes
from tests.servers.postgres import a_postgres

pytestmark = pytest.mark.prove
NOON = datetime(2026, 3, 20, 12, tzinfo=UTC)


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    """An empty PostgreSQL."""
    with a_postgres() as found:
        yield found


def test_processes_share_a_quota_without_one_call_too_many(url: str) -> None:
    assert sum(taken_by_processes(url, a_day=100, processes=4)) == 100
    quota = Quota(url, clock=lambda: NOON)
    assert quota.left("vimo", a_minute=None, a_day=100) == Left(None, 0)
    quota.close()


def test_processes_share_a_ledger_and_lose_no_call(url: str) -> None:
    written_by_processes(url, 4)
    ledger = Ledger(url, clock=lambda: NOON)
    for run in range(4):
        names = [call.name for call in ledger.calls(f"run{run}")]
        assert names == [f"t{number}" for number in range(40)]
    ledger.close()


def test_a_run_is_recorded_resumed_and_reused(url: str) -> None:
    ledger, made = Ledger(url, clock=lambda: NOON), []
    request = CallRequest(
        kind="tool", server="own", name="heat", arguments={"as_of": "2026-03-20"},
        schema_hash="0" * 64,
    )  # fmt: skip

    async def call() -> Outcome:
        made.append(1)
        return Outcome(text='{"ä":1.5}')

    for run, fresh_for in (("one", None), ("one", None), ("two", timedelta(hours=1))):
        found = asyncio.run(ledger.outcome(request, run=run, call=call, fresh_for=fresh_for))
        assert found.text == '{"ä":1.5}'
    assert len(made) == 1
    assert ledger.calls("one") == ledger.calls("two")
    assert len(ledger.history(request, until=NOON)) == 1
    ledger.close()


def test_pins_hold(url: str) -> None:
    pins = Pins(url, clock=lambda: NOON)
    assert pins.changed("vimo", {"heat": "a" * 64}) == frozenset()
    assert pins.changed("vimo", {"heat": "b" * 64}) == {"heat"}
    assert pins.accept("vimo") == {"heat"}
    assert pins.changed("vimo", {"heat": "b" * 64}) == frozenset()
    assert [event.what for event in pins.events("vimo")] == ["pinned", "changed", "accepted"]
    pins.close()


def test_a_writer_waits_so_long_for_another_and_no_longer(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = Database(url, MetaData()), Database(url, MetaData())
    monkeypatch.setattr(database, "LOCK_SECONDS", 1)
    with first.alone(), pytest.raises(OperationalError, match="lock timeout"), second.alone():
        pass
    first.close()
    second.close()


def test_a_server_that_takes_a_connection_and_says_nothing_is_given_up(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(database, "CONNECT_SECONDS", 2)
    began = time.monotonic()
    with socket.create_server(("127.0.0.1", 0)) as mute:
        url = f"postgresql+psycopg://desk@127.0.0.1:{mute.getsockname()[1]}/postgres"
        with pytest.raises(OperationalError, match="timeout"):
            Database(url, MetaData())
    assert time.monotonic() - began < 60
