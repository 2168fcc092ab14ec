"""A home whose shared database is PostgreSQL: looked through, pruned, packed and brought back."""

import asyncio
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import MetaData, text

from agents.toolbox.calls import CallRequest, Outcome
from agents.toolbox.database import Database
from agents.toolbox.ledger import Ledger
from app.delivery.outbox import Message, Outbox
from app.settings import Settings
from app.upkeep.pruned import pruned
from app.upkeep.pruning import Limits, going
from tests.app.command import Ran, sectorwise
from tests.app.upkeep.kept import UNFINISHED, clock, leave_checkpoint, runs_of

NOW = datetime.now(UTC) + timedelta(days=400)
YEAR = timedelta(days=365)
NOBODY = "postgresql+psycopg://desk:a-word@127.0.0.1:1/none"
"""Where no server listens."""


@dataclass(frozen=True)
class Served:
    """A home whose database a server keeps."""

    home: Path
    url: str

    def ran(self, *arguments: str, url: str | None = None, home: Path | None = None) -> Ran:
        """Run a command in it."""
        env = {"SECTORWISE_DATABASE_URL": url or self.url}
        return sectorwise(*arguments, home=home or self.home, env=env)

    def changed(self, query: str) -> None:
        """Change rows behind everybody's back."""
        database = Database(self.url, MetaData())
        with database.writing() as connection:
            connection.execute(text(query))
        database.close()

    def count(self, name: str) -> int:
        """Return how many rows a table has."""
        database = Database(self.url, MetaData())
        try:
            with database.reading() as connection:
                return int(connection.execute(text(f"SELECT count(*) FROM {name}")).scalar_one())  # noqa: S608
        finally:
            database.close()


@pytest.fixture
def served(home: Path, postgres_url: str) -> Served:
    """Return a home with two finished runs and one that is not, and what a server keeps of them."""
    (home / "ledger.sqlite").unlink()
    ledger = Ledger(postgres_url, clock=clock)
    for run in (*runs_of(home), UNFINISHED):
        arguments = {"as_of": "2024-12-20", "run": run}
        request = CallRequest(
            kind="tool", server="s", name="n", arguments=arguments, schema_hash="x"
        )
        asyncio.run(ledger.outcome(request, run=run, call=_brought))
        leave_checkpoint(postgres_url, run)
    ledger.close()
    outbox = Outbox(postgres_url, clock=clock)
    outbox.add([Message(key="a", sink="desk", kind="alert", subject="s", text="t")])
    outbox.close()
    return Served(home, postgres_url)


async def _brought() -> Outcome:
    return Outcome(text='"word"')


@pytest.mark.prove
def test_old_rows_go_and_what_may_be_resumed_stays(served: Served) -> None:
    settings = Settings(home=served.home, database_url=served.url)
    limits = Limits(runs=YEAR, calls=YEAR, latest=1)
    earlier, later = runs_of(served.home)
    found = going(settings, limits, now=NOW)
    assert (found.runs, found.calls_of, found.calls_count) == ((earlier,), (earlier,), 1)
    assert set(found.checkpoints_of) == {earlier, later}
    pruned(settings, found, limits, now=NOW)
    assert (served.count("calls"), served.count("checkpoints"), served.count("outbox")) == (2, 1, 1)
    assert going(settings, limits, now=NOW).is_nothing
    assert runs_of(served.home) == [later]


@pytest.mark.prove
def test_what_other_homes_keep_on_the_same_server_stays(served: Served) -> None:
    ledger = Ledger(served.url, clock=clock)
    request = CallRequest(
        kind="tool", server="s", name="n", arguments={"run": "elsewhere"}, schema_hash="x"
    )
    asyncio.run(ledger.outcome(request, run="elsewhere", call=_brought))
    ledger.close()
    leave_checkpoint(served.url, "elsewhere")
    settings = Settings(home=served.home, database_url=served.url)
    limits = Limits(runs=YEAR, calls=YEAR, latest=0)
    found = going(settings, limits, now=NOW)
    assert set(found.calls_of) == set(runs_of(served.home))
    assert "elsewhere" not in found.checkpoints_of
    pruned(settings, found, limits, now=NOW)
    assert served.count("calls WHERE run = 'elsewhere'") == 1
    assert served.count("checkpoints") == 2


def test_the_commands_work_and_say_what_is_not_in_the_file(served: Served, tmp_path: Path) -> None:
    file, again = tmp_path / "home.tar", tmp_path / "again"
    looked = served.ran("doctor")
    assert (looked.code, looked.error) == (0, ""), looked
    gone = served.ran("prune", "--older-than", "3650d")
    assert (gone.code, "checkpoints of 2 runs" in gone.out) == (0, True), gone
    packed = served.ran("backup", str(file))
    assert (packed.code, "pg_dump" in packed.out) == (0, True), packed
    back = served.ran("restore", str(file), "--into", str(again))
    assert (back.code, "pg_restore" in back.out, "pg_dump" in back.out) == (0, True, False), back
    assert runs_of(again) == runs_of(served.home)
    assert not list(again.glob("ledger*"))
    assert served.ran("doctor", home=again).code == 0


def test_a_call_that_is_not_what_was_written_is_told_and_left(served: Served) -> None:
    served.changed("UPDATE calls SET response = '\"other\"' WHERE id = 1")
    for command in (("doctor",), ("doctor", "--repair")):
        looked = served.ran(*command)
        assert looked.code == 3
        assert "the database: 1 recorded calls are not what was written; take" in looked.error
    assert served.count("calls") == 3


def test_a_server_that_does_not_answer_is_one_sentence(served: Served, tmp_path: Path) -> None:
    for command in (("doctor",), ("doctor", "--repair"), ("prune", "--older-than", "9d")):
        ran = served.ran(*command, url=NOBODY)
        assert (ran.code, ran.error.count("\n")) == (3, 1), ran.error
        assert "SECTORWISE_DATABASE_URL" in ran.error
        assert "a-word" not in ran.out + ran.error
    packed = served.ran("backup", str(tmp_path / "home.tar"), url=NOBODY)
    assert (packed.code, "not in this file" in packed.out) == (0, True), packed
    assert len(runs_of(served.home)) == 2
