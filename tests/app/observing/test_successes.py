"""When a job last succeeded, in the caller's transaction or by itself."""

from contextlib import suppress
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from sqlalchemy import MetaData

from agents.toolbox.database import Database
from app.delivery.outbox import Message, Outbox
from app.observing.successes import succeeded, successes
from app.status.readings import status
from tests.postgres import postgres_cluster, postgres_url

__all__ = ["postgres_cluster", "postgres_url"]

NOW = datetime(2026, 3, 21, 9, 15, tzinfo=UTC)


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'ledger.sqlite'}"


def kept(url: str) -> dict[str, datetime]:
    database = Database(url, MetaData())
    try:
        with database.reading() as connection:
            return dict(successes(connection))
    finally:
        database.close()


def test_the_last_success_of_each_job_is_kept_in_utc(url: str) -> None:
    succeeded(url, "watch:vn", NOW - timedelta(hours=1))
    succeeded(url, "watch:vn", NOW.astimezone(timezone(timedelta(hours=7))))
    succeeded(url, "batch:nightly", NOW)
    assert kept(url) == {"batch:nightly": NOW, "watch:vn": NOW}


def test_in_a_transaction_it_counts_only_if_that_is_committed(url: str) -> None:
    database = Database(url, MetaData())
    with database.alone() as connection:
        succeeded(connection, "watch:vn", NOW)
    with suppress(RuntimeError), database.alone() as connection:
        succeeded(connection, "watch:vn", NOW + timedelta(hours=1))
        raise RuntimeError
    database.close()
    assert kept(url) == {"watch:vn": NOW}


def test_a_clock_set_back_is_followed(url: str) -> None:
    succeeded(url, "deliver", NOW + timedelta(days=300))
    succeeded(url, "deliver", NOW)
    assert kept(url) == {"deliver": NOW}


@pytest.mark.prove
def test_postgresql_keeps_and_reads_the_same(postgres_url: str) -> None:
    outbox = Outbox(postgres_url, clock=lambda: NOW)
    outbox.add([Message(key="k1", sink="desk", kind="alert", subject="s", text="t")])
    outbox.close()
    for hours in (2, 1):
        succeeded(postgres_url, "watch:vn", NOW - timedelta(hours=hours))
    database = Database(postgres_url, MetaData())
    with suppress(RuntimeError), database.alone() as connection:
        succeeded(connection, "batch:nightly", NOW)
        raise RuntimeError
    database.close()
    found = status(postgres_url, now=NOW)
    assert found.database == "postgresql"
    assert [(job.name, job.age_seconds) for job in found.jobs] == [("watch:vn", 3600)]
    assert [(line.sink, line.waiting_count) for line in found.outbox] == [("desk", 1)]
