"""What may go, goes; what anything kept refers to, stays."""

import json
import os
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import MetaData, text

from agents.toolbox.database import Database
from app.chat.threads import KeptTurn, Threads
from app.upkeep.pruned import pruned
from app.upkeep.pruning import Going, Limits, going
from app.watching.memory import TABLES as WATCHED
from core.records.request import Request
from tests.app.command import sectorwise
from tests.app.upkeep.kept import UNFINISHED, clock, runs_of, settings_of

NOW = datetime.now(UTC) + timedelta(days=400)
BATCHED = "20260101-000000-000000-aaaaaa"
ALL = Limits(runs=timedelta(days=365), calls=timedelta(days=365), latest=0)


RECENT = Limits(runs=timedelta(days=30), calls=None, latest=10)
"""No run goes."""


def chosen(home: Path, limits: Limits = ALL, now: datetime = NOW) -> Going:
    return going(settings_of(home), limits, now=now)


def count(home: Path, query: str) -> int:
    database = Database(settings_of(home).database, MetaData())
    try:
        with database.reading() as connection:
            return int(connection.execute(text(query)).scalar_one())
    finally:
        database.close()


def changed(home: Path, query: str) -> None:
    database = Database(settings_of(home).database, MetaData())
    with database.writing() as connection:
        connection.execute(text(query))
    database.close()


def ask_in_a_thread(home: Path, run: str) -> None:
    threads = Threads(settings_of(home).database, clock=clock)
    record = json.loads((home / "runs" / run / "run.json").read_bytes())
    turn = KeptTurn(
        run=run, thread="thread-1", asked_at="2026-03-02T12:00:00+00:00", text="why?",
        request=Request.model_validate(record["request"]), follows=None,
    )  # fmt: skip
    threads.add(turn, title="why?")
    threads.close()


def test_young_things_stay(home: Path) -> None:
    assert chosen(home, now=datetime.now(UTC)).is_nothing
    assert chosen(home, Limits(runs=None, calls=None, latest=0)).is_nothing


def test_what_is_old_goes_and_the_room_comes_back(home: Path) -> None:
    runs = runs_of(home)
    found = chosen(home)
    assert found.runs == tuple(runs)
    assert set(found.calls_of) == set(runs)
    assert found.calls_count == count(home, "SELECT count(*) FROM calls")
    gone = pruned(settings_of(home), found, ALL, now=NOW)
    assert gone.freed_bytes > found.runs_bytes
    assert runs_of(home) == []
    assert not list(home.glob(".pruning-*"))
    assert count(home, "SELECT count(*) FROM calls") == 0
    assert chosen(home).is_nothing
    assert "2 entries, whole" in sectorwise("track", "--verify", home=home).out
    assert sectorwise("doctor", home=home).code == 0


def test_the_last_runs_of_a_universe_stay_with_their_calls(home: Path) -> None:
    earlier, later = runs_of(home)
    found = chosen(home, Limits(ALL.runs, ALL.calls, latest=1))
    assert (found.runs, found.calls_of) == ((earlier,), (earlier,))
    pruned(settings_of(home), found, ALL, now=NOW)
    assert runs_of(home) == [later]
    told = sectorwise("record", later, "--out", str(home / "later.json"), home=home)
    assert told.code == 0, told.error


def test_a_run_of_a_thread_stays(home: Path) -> None:
    earlier, later = runs_of(home)
    ask_in_a_thread(home, earlier)
    assert chosen(home).runs == (later,)


def test_calls_of_an_unfinished_run_and_of_strangers_stay(
    home: Path, checkpointed: Callable[[Path, str], None]
) -> None:
    earlier, later = runs_of(home)
    changed(home, f"UPDATE calls SET run = '{UNFINISHED}' WHERE run = '{earlier}'")  # noqa: S608
    changed(home, f"UPDATE calls SET kind = 'upstream' WHERE run = '{later}'")  # noqa: S608
    found = chosen(home)
    assert found.calls_of == ()
    changed(home, f"UPDATE calls SET run = '{BATCHED}' WHERE run = '{UNFINISHED}'")  # noqa: S608
    checkpointed(home, BATCHED)
    calls_only = Limits(runs=None, calls=ALL.calls, latest=0)
    assert chosen(home, calls_only).calls_of == (), "a batch may resume it, without a ticket"
    assert chosen(home).calls_of == (BATCHED,), "its checkpoints go as well"
    pruned(settings_of(home), found, ALL, now=NOW)
    assert count(home, "SELECT count(*) FROM calls") > 0


def test_checkpoints_go_with_what_could_resume_from_them(
    home: Path, checkpointed: Callable[[Path, str], None]
) -> None:
    finished = runs_of(home)[0]
    for run in (finished, UNFINISHED, BATCHED):
        checkpointed(home, run)
    assert chosen(home, now=datetime.now(UTC)).checkpoints_of == (finished,)
    found = chosen(home)
    assert set(found.checkpoints_of) == {finished, BATCHED}
    pruned(settings_of(home), found, ALL, now=NOW)
    assert chosen(home).checkpoints_of == ()


def test_delivered_messages_go_and_waiting_ones_stay(home: Path) -> None:
    file = home / "letters" / "abc" / "report.pdf"
    file.parent.mkdir(parents=True)
    file.write_bytes(b"%PDF")
    os.utime(file.parent, (0, 0))
    (home / "letters" / "young").mkdir()
    changed(home, f"UPDATE outbox SET attachments = '[\"{file}\"]'")  # noqa: S608
    assert chosen(home, now=datetime.now(UTC)).letters == ()
    changed(home, "UPDATE outbox SET state = 'dead'")
    assert chosen(home, now=datetime.now(UTC)).letters == (), "it may be tried again"
    changed(
        home,
        "UPDATE outbox SET state = 'delivered', attachments = NULL,"
        " done_at = '2026-03-02 12:00:00.000000'",
    )
    found = chosen(home, RECENT, datetime.now(UTC))
    assert (found.letters, found.letters_bytes) == (("abc",), 4)
    gone = pruned(settings_of(home), found, RECENT, now=datetime.now(UTC))
    assert gone.rows_count >= 1
    assert count(home, "SELECT count(*) FROM outbox") == 0
    assert [path.name for path in (home / "letters").iterdir()] == ["young"]


def test_alerts_no_cool_down_reaches_go_and_what_waits_stays(home: Path) -> None:
    settings = settings_of(home)
    Database(settings.database, WATCHED).close()
    for name, seen, fate, told in (
        ("old", "2024-01-01", "push", "'2024-01-01 00:00:00.000000'"),
        ("cooled", "2024-01-01", "cooled", "NULL"),
        ("waits", "2024-01-01", "digest", "NULL"),
        ("young", "2026-01-01", "push", "'2026-01-01 00:00:00.000000'"),
    ):
        changed(
            home,
            "INSERT INTO alerts_told (universe, id, kind, subject, fate, seen, told, alert) VALUES "  # noqa: S608
            f"('demo', '{name}', 'k', 's', '{fate}', '{seen} 00:00:00.000000', {told}, '')",
        )
    for slot in (1, 2):
        changed(
            home,
            "INSERT INTO watch_slots VALUES "  # noqa: S608
            f"('demo', '2024-01-0{slot} 00:00:00.000000', 'done', 1, '2024-01-02 00:00:00.000000')",
        )
    changed(home, "INSERT INTO silences (universe, until) VALUES ('demo', '2024-01-01')")
    gone = pruned(settings, Going(), RECENT, now=datetime(2026, 3, 2, tzinfo=UTC))
    assert gone.rows_count == 4
    assert count(home, "SELECT count(*) FROM alerts_told WHERE id IN ('waits', 'young')") == 2
    assert count(home, "SELECT count(*) FROM alerts_told") == 2
    assert count(home, "SELECT count(*) FROM watch_slots") == 1


def test_the_command_says_first_what_would_go(home: Path) -> None:
    ran = sectorwise("prune", home=home)
    assert ran.code == 2
    assert "--older-than 365d" in ran.error
    assert sectorwise("prune", "--older-than", "soon", home=home).code == 2
    told = sectorwise("prune", "--dry-run", home=home, env={"SECTORWISE_KEEP_RUNS_DAYS": "30"})
    assert told.out.startswith("would go: nothing\n")
    assert len(runs_of(home)) == 2
