"""A database of an earlier version is brought up to this one; one of a later version is refused."""

import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Connection

from agents.toolbox.ledger import Ledger
from app.state.schema import MIGRATIONS, Migration, migrated, schema_version
from core.errors import DataError
from tests.app.command import sectorwise

OLD_CALLS = (
    "CREATE TABLE calls (id INTEGER NOT NULL, request_hash VARCHAR(64) NOT NULL, "
    "kind VARCHAR(8) NOT NULL, server VARCHAR(64) NOT NULL, name VARCHAR(128) NOT NULL, "
    "schema_hash VARCHAR(64) NOT NULL, as_of DATE, fetched_at DATETIME NOT NULL, "
    "response TEXT NOT NULL, run VARCHAR(128) NOT NULL, PRIMARY KEY (id))"
)
"""The ledger's table as the first version made it: no arguments, no hash of the answer."""


def clock() -> datetime:
    return datetime(2026, 3, 2, tzinfo=UTC)


def later(connection: Connection) -> None:
    connection.exec_driver_sql("CREATE TABLE later (a)")


def indexes(path: Path) -> set[str]:
    with closing(sqlite3.connect(path)) as connection:
        query = "SELECT name FROM sqlite_master WHERE type = 'index'"
        return {name for (name,) in connection.execute(query)}


def test_every_migration_has_its_place() -> None:
    assert [row.version for row in MIGRATIONS] == list(range(1, len(MIGRATIONS) + 1))


def test_a_database_of_the_first_version_keeps_its_rows_and_gains_what_is_new(
    tmp_path: Path,
) -> None:
    path = tmp_path / "ledger.sqlite"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(OLD_CALLS)
        connection.execute(
            "INSERT INTO calls VALUES (1, 'aa', 'tool', 's', 'n', 'bb', NULL, "
            "'2026-01-01 00:00:00.000000', '{\"failed\":null,\"text\":\"1\"}', 'run')"
        )
        connection.commit()
    url = f"sqlite:///{path}"
    assert migrated(url, clock=clock) == len(MIGRATIONS)
    assert migrated(url, clock=clock) == 0
    assert schema_version(url) == len(MIGRATIONS)
    assert "ix_calls_fetched_at" in indexes(path)
    ledger = Ledger(url, clock=clock)
    ledger.close()
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("SELECT id, response_sha256 FROM calls").fetchall() == [(1, None)]


def test_steps_are_taken_once_and_all_or_none(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'x.sqlite'}"

    def failing(connection: Connection) -> None:
        later(connection)
        raise OSError("pulled the plug")

    assert migrated(url, clock=clock, migrations=MIGRATIONS) == len(MIGRATIONS)
    place = len(MIGRATIONS) + 1
    with pytest.raises(OSError, match="plug"):
        migrated(url, clock=clock, migrations=(*MIGRATIONS, Migration(place, "x", failing)))
    assert schema_version(url) == len(MIGRATIONS)
    assert migrated(url, clock=clock, migrations=(*MIGRATIONS, Migration(place, "x", later))) == 1


def test_a_database_of_a_later_version_is_refused_in_a_sentence(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir(mode=0o700)
    more = (*MIGRATIONS, Migration(len(MIGRATIONS) + 1, "later", later))
    migrated(f"sqlite:///{home / 'ledger.sqlite'}", clock=clock, migrations=more)
    with pytest.raises(DataError, match="later version of sectorwise"):
        migrated(f"sqlite:///{home / 'ledger.sqlite'}", clock=clock)
    for command in (("prune", "--older-than", "30d"), ("doctor",)):
        ran = sectorwise(*command, home=home)
        assert ran.code == 3
        assert f"schema {len(more)}, this one knows {len(MIGRATIONS)}" in ran.error
