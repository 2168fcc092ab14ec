import hashlib
import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from app.journals.journal import GENESIS, Journal
from core.errors import DataError
from core.history.calls import calls_made
from core.records.history import CallsMade
from core.records.report import Report
from tests.core.decisions import FRIDAY, report_of, taken

ROOT = Path(__file__).parents[3]
NOW = datetime(2024, 6, 21, 18, tzinfo=UTC)

WRITER = """
import sys
from datetime import UTC, datetime, timedelta
from app.journals.journal import Journal
from tests.core.decisions import FRIDAY, report_of, taken

url, first, last = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
journal, report = Journal(url), report_of(taken())
print("ready", flush=True)
for day in range(first, last):
    as_of = FRIDAY + timedelta(days=day)
    card = report.scorecards[0].model_copy(update={"as_of": as_of})
    made = report.model_copy(update={"scorecards": (card,)})
    journal.append(made, recorded_at=datetime.now(UTC))
"""


def url_of(folder: Path) -> str:
    return f"sqlite:///{folder / 'ledger.sqlite'}"


def raw(folder: Path) -> sqlite3.Connection:
    return sqlite3.connect(folder / "ledger.sqlite")


def report_on(day: date) -> Report:
    return report_of(taken(day))


@pytest.fixture
def journal(tmp_path: Path) -> Journal:
    """A log of three reports."""
    log = Journal(url_of(tmp_path))
    for step in range(3):
        moment = NOW + timedelta(days=step)
        log.append(report_on(FRIDAY + timedelta(days=step)), recorded_at=moment)
    return log


def body_of(connection: sqlite3.Connection) -> str:
    (body,) = connection.execute("SELECT body FROM calls_made WHERE seq = 3").fetchone()
    return str(body)


def forge(connection: sqlite3.Connection, *, seq: int, follows: str, body: str) -> None:
    """Insert an entry whose sha256 is its own."""
    moment = "2024-06-21T18:00:00+00:00"
    entry = {"seq": seq, "previous_sha256": follows, "recorded_at": moment, "body": body}
    text = json.dumps(entry, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    sha256 = hashlib.sha256(text.encode()).hexdigest()
    made = json.loads(body)
    row = (seq, follows, sha256, moment, made["report_sha256"], made["universe"], body)
    connection.execute("INSERT INTO calls_made VALUES (?, ?, ?, ?, ?, ?, ?)", row)


def writing(folder: Path, first: int, last: int) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", WRITER, url_of(folder), str(first), str(last)],
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
    )


def test_what_is_written_is_read_back_in_order(journal: Journal) -> None:
    entries = journal.calls("toy")
    assert [entry.seq for entry in entries] == [1, 2, 3]
    assert [entry.made.as_of for entry in entries] == [
        FRIDAY + timedelta(days=step) for step in range(3)
    ]
    assert entries[0].recorded_at == NOW
    assert journal.calls("us") == ()
    assert (journal.verify().entries_count, journal.verify().broken) == (3, None)


def test_a_report_is_written_down_once(journal: Journal) -> None:
    assert journal.append(report_on(FRIDAY), recorded_at=NOW + timedelta(days=9)) == 0
    assert journal.calls("toy")[0].recorded_at == NOW
    assert journal.verify().entries_count == 3


def test_an_empty_log_is_whole(tmp_path: Path) -> None:
    chain = Journal(url_of(tmp_path)).verify()
    assert (chain.entries_count, chain.last_sha256, chain.broken) == (0, GENESIS, None)


def test_a_report_without_calls_adds_nothing(tmp_path: Path) -> None:
    log = Journal(url_of(tmp_path))
    assert log.append(report_of(taken(), intent="what_if"), recorded_at=NOW) == 0
    assert log.verify().entries_count == 0


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE calls_made SET recorded_at = '2020' WHERE seq = 1",
        "DELETE FROM calls_made WHERE seq = 3",
        "INSERT OR REPLACE INTO calls_made SELECT seq, previous_sha256, sha256, '2020', "
        "report_sha256, universe, body FROM calls_made WHERE seq = 3",
        "INSERT INTO calls_made SELECT 9, previous_sha256, 'x', '2020', 'y', universe, body "
        "FROM calls_made WHERE seq = 3",
    ],
)
@pytest.mark.usefixtures("journal")
def test_sqlite_refuses_to_change_an_entry(statement: str, tmp_path: Path) -> None:
    with (
        raw(tmp_path) as connection,
        pytest.raises(sqlite3.IntegrityError, match="write-once"),
    ):
        connection.execute(statement)
    connection.close()


@pytest.mark.parametrize(
    ("statement", "whole", "said"),
    [
        ("UPDATE calls_made SET body = replace(body, '0.6', '0.9') WHERE seq = 2", 1, "entry 2"),
        ("UPDATE calls_made SET recorded_at = '2020-01-01' WHERE seq = 3", 2, "entry 3"),
        ("UPDATE calls_made SET universe = 'us' WHERE seq = 1", 0, "entry 1"),
        ("DELETE FROM calls_made WHERE seq = 1", 0, "entry 2"),
        ("DELETE FROM calls_made WHERE seq = 2", 1, "entry 3"),
    ],
)
def test_the_chain_breaks_where_an_entry_was_changed_by_force(
    journal: Journal, statement: str, whole: int, said: str, tmp_path: Path
) -> None:
    with raw(tmp_path) as connection:
        for name in ("update", "delete"):
            connection.execute(f"DROP TRIGGER calls_made_refuses_{name}")
        connection.execute(statement)
    connection.close()
    chain = journal.verify()
    assert chain.entries_count == whole
    assert chain.broken is not None
    assert said in chain.broken


@pytest.mark.parametrize(
    ("seq", "previous", "said"),
    [(4, "f" * 64, "entry 4: it does not follow"), (9, None, "entry 9: it stands where entry 4")],
)
def test_a_forged_entry_that_is_whole_in_itself_breaks_the_chain(
    journal: Journal, seq: int, previous: str | None, said: str, tmp_path: Path
) -> None:
    follows = previous or journal.verify().last_sha256
    with raw(tmp_path) as connection:
        made = json.loads(body_of(connection)) | {"report_sha256": "e" * 64}
        body = CallsMade.model_validate(made).canonical_json()
        forge(connection, seq=seq, follows=follows, body=body)
    connection.close()
    chain = journal.verify()
    assert chain.entries_count == 3
    assert said in str(chain.broken)


def test_a_changed_entry_is_not_read(journal: Journal, tmp_path: Path) -> None:
    with raw(tmp_path) as connection:
        connection.execute("DROP TRIGGER calls_made_refuses_update")
        connection.execute("UPDATE calls_made SET body = '{}' WHERE seq = 2")
    connection.close()
    with pytest.raises(DataError, match="entry 2"):
        journal.calls("toy")


def test_the_last_sha256_depends_on_every_entry(journal: Journal, tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    other = Journal(url_of(tmp_path / "other"))
    other.append(report_on(FRIDAY + timedelta(days=5)), recorded_at=NOW)
    for step in (1, 2):
        moment = NOW + timedelta(days=step)
        other.append(report_on(FRIDAY + timedelta(days=step)), recorded_at=moment)
    assert other.verify().last_sha256 != journal.verify().last_sha256


def test_a_writer_killed_at_any_moment_leaves_a_whole_chain(tmp_path: Path) -> None:
    log = Journal(url_of(tmp_path))
    for attempt, pause in enumerate((0.0, 0.02, 0.05)):
        there = log.verify().entries_count
        writer = writing(tmp_path, 1000 * attempt, 1000 * attempt + 1000)
        assert writer.stdout is not None
        assert writer.stdout.readline() == "ready\n"
        while writer.poll() is None and log.verify().entries_count < there + 3:
            time.sleep(0.01)
        time.sleep(pause)
        os.kill(writer.pid, signal.SIGKILL)
        writer.wait()
        writer.stdout.close()
    before = log.verify()
    assert before.broken is None
    assert before.entries_count >= 9
    assert log.append(report_on(FRIDAY - timedelta(days=1)), recorded_at=NOW) == 1
    assert log.verify().entries_count == before.entries_count + 1


def test_an_append_that_comes_second_follows_the_one_that_came_first(tmp_path: Path) -> None:
    """The other writer inserts after this one has read the end of the log."""
    log, other = Journal(url_of(tmp_path)), raw(tmp_path)
    (made,) = calls_made(report_on(FRIDAY + timedelta(days=1)))
    other.execute("BEGIN IMMEDIATE")
    forge(other, seq=1, follows=GENESIS, body=made.canonical_json())
    with ThreadPoolExecutor(1) as pool:
        added = pool.submit(log.append, report_on(FRIDAY), recorded_at=NOW)
        time.sleep(0.3)
        other.commit()
        assert added.result(timeout=30) == 1
    other.close()
    assert (log.verify().entries_count, log.verify().broken) == (2, None)


@pytest.mark.prove
def test_two_processes_write_one_chain(tmp_path: Path) -> None:
    writers = [writing(tmp_path, 0, 40), writing(tmp_path, 20, 60)]
    for writer in writers:
        writer.communicate(timeout=60)
        assert writer.returncode == 0
    chain = Journal(url_of(tmp_path)).verify()
    assert (chain.entries_count, chain.broken) == (60, None)


def test_a_damaged_database_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "ledger.sqlite").write_bytes(b"not a database at all" * 100)
    with pytest.raises(DataError, match="cannot be used"):
        Journal(url_of(tmp_path))
