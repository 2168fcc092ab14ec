"""What is damaged is told at the start or when it is read, and mended without a loss."""

import json
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory, gettempdir

import pytest
from _pytest.mark import ParameterSet

from app.state.opening import require_usable
from app.upkeep.doctor import looked, repaired
from app.upkeep.finding import Finding, Health
from core.errors import DataError
from tests.app.command import sectorwise
from tests.app.upkeep.damage import OF_DATABASES, OF_FILES, flipped_heads, truncated
from tests.app.upkeep.kept import UNFINISHED, clock, runs_of, settings_of

DATABASES = ("ledger.sqlite", "checkpoints.sqlite")
FILES = {
    "rows": "store/demo/prices/*.parquet",
    "what is noted of rows": "store/demo/prices/*.json",
    "forecast": "models/demo.json",
    "holdings": "holdings/demo/*.json",
    "question": f"research/{UNFINISHED}.jsonl",
    "report": "runs/*/report.json",
    "record": "runs/*/run.json",
    "digest": "runs/*/digest.json",
    "snapshot": "runs/*/*.snapshot.json",
    "desks": "runs/*/desks.json",
}


def health(home: Path) -> Health:
    return looked(settings_of(home), clock=clock)


def mend(home: Path) -> Health:
    return repaired(settings_of(home), clock=clock)


def told(found: Health) -> list[Finding]:
    """Return what is not a matter of the machine's own free room."""
    return [row for row in found.findings if "MB are free" not in row.what]


def wrong(found: Health) -> list[str]:
    """Return what is wrong but for the message that waits."""
    return [row.what for row in told(found) if "messages wait" not in row.what]


def rows(file: Path, table: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(file)) as connection:
        return connection.execute(f"SELECT * FROM {table} ORDER BY 1").fetchall()  # noqa: S608


def test_nothing_is_wrong_with_a_whole_home(home: Path) -> None:
    found = health(home)
    assert wrong(found) == []
    assert not found.is_broken
    assert found.checked == {
        "databases": 2, "partitions": 6, "models": 1, "holdings": 1, "runs": 2,
        "unfinished runs": 1,
    }  # fmt: skip


def _matrix(files: Iterable[str], damages: Iterable[str], every: int) -> list[ParameterSet]:
    """Return every pair; one of each so many files is quick, with another damage each time."""
    kinds = list(damages)
    return [
        pytest.param(
            file,
            kind,
            marks=[]
            if place == row // every % len(kinds) and row % every == 0
            else [pytest.mark.prove],
        )
        for row, file in enumerate(files)
        for place, kind in enumerate(kinds)
    ]


@pytest.mark.parametrize(("file", "damage"), _matrix(FILES, OF_FILES, 3))
def test_every_damaged_file_is_told_and_mended(home: Path, file: str, damage: str) -> None:
    path = sorted(home.glob(FILES[file]))[0]
    OF_FILES[damage](path)
    content = path.read_bytes()
    before = [row for row in told(health(home)) if "messages wait" not in row.what]
    assert len(before) == 1, before
    assert before[0].mend is not None
    assert path.parent.name in before[0].where or path.name in before[0].where
    after = mend(home)
    assert wrong(after) == []
    assert after.mended
    aside = {kept.read_bytes() for kept in home.glob("quarantine/**/*") if kept.is_file()}
    assert content in aside, "a repair never ends an only copy"


@pytest.mark.parametrize(("file", "damage"), _matrix(DATABASES, OF_DATABASES, 1))
def test_a_damaged_database_is_told_at_the_start_and_mended(
    home: Path, file: str, damage: str
) -> None:
    path = home / file
    OF_DATABASES[damage](path)
    if damage == "flipped":
        flipped_heads(path)
    content = path.read_bytes()
    with pytest.raises(DataError, match=rf"{file} is damaged .*`sectorwise doctor --repair`"):
        require_usable(settings_of(home), clock)
    assert path.read_bytes() == content, "looking at it changes nothing"
    after = mend(home)
    log = [what for what in wrong(after) if what.startswith("the log of calls is broken")]
    assert wrong(after) == (log if damage == "flipped" else []), "a log is never mended to fit"
    assert [kept.read_bytes() for kept in home.glob(f"quarantine/*/{file}")] == [content]
    require_usable(settings_of(home), clock)


def test_a_damaged_ledger_is_told_before_a_report_is_begun(home: Path) -> None:
    truncated(home / "ledger.sqlite")
    ran = sectorwise("report", "-u", "demo", "--formats", "json", home=home)
    assert ran.code == 3
    assert "ledger.sqlite is damaged" in ran.error
    assert "doctor --repair" in ran.error
    assert len(runs_of(home)) == 2


def test_a_ledger_whose_head_is_gone_loses_no_row_that_can_be_read(home: Path) -> None:
    path = home / "ledger.sqlite"
    tables = ("calls", "calls_made", "threads", "outbox")
    before = {name: rows(path, name) for name in tables}
    content = path.read_bytes()
    path.write_bytes(bytes(4096) + content[4096:])
    mend(home)
    assert {name: rows(path, name) for name in tables} == before
    refused = pytest.raises(sqlite3.IntegrityError, match="write-once")
    with closing(sqlite3.connect(path)) as connection, refused:
        connection.execute("DELETE FROM calls_made")


def test_an_altered_call_is_told_when_it_is_read_and_left_behind_by_a_repair(home: Path) -> None:
    path = home / "ledger.sqlite"
    count = len(rows(path, "calls"))
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("UPDATE calls SET response = replace(response, '1', '2') WHERE id = 1")
        connection.commit()
    run = runs_of(home)[0]
    ran = sectorwise("record", run, "--out", str(home / "r.json"), home=home)
    assert ran.code == 3
    assert f"call 1 of run {run} in the ledger is not what was written" in ran.error
    assert wrong(health(home)) == ["1 recorded calls are not what was written"]
    assert wrong(mend(home)) == []
    assert len(rows(path, "calls")) == count - 1


def test_an_altered_report_is_told_when_it_is_read(home: Path) -> None:
    run = runs_of(home)[0]
    path = home / "runs" / run / "report.json"
    path.write_bytes(path.read_bytes().replace(b'"synthetic":true', b'"synthetic":false', 1))
    ran = sectorwise("runs", "--compare", *runs_of(home), home=home)
    assert ran.code == 3
    assert f"the report of run {run} is not what was written" in ran.error


def test_a_record_is_written_again_from_its_report(home: Path) -> None:
    run = runs_of(home)[1]
    path = home / "runs" / run / "run.json"
    before = json.loads(path.read_bytes())
    path.unlink()
    os.utime(path.parent, (0, 0))
    assert wrong(health(home)) == [
        f"run {run} was broken off as its report was kept: the report is whole"
    ]
    assert wrong(mend(home)) == []
    after = json.loads(path.read_bytes())
    differing = {name for name in before if before[name] != after[name]}
    assert differing <= {"started_at", "seconds"}


def test_a_home_others_may_enter_is_closed_to_them(home: Path) -> None:
    home.chmod(0o755)
    assert wrong(health(home)) == [f"the home {home} can be entered by others than its owner"]
    assert wrong(mend(home)) == []
    assert home.stat().st_mode & 0o777 == 0o700


def test_a_damaged_database_in_use_is_not_moved(home: Path) -> None:
    path = home / "ledger.sqlite"
    code = (
        f"import sqlite3; c = sqlite3.connect({str(path)!r}); c.execute('BEGIN IMMEDIATE'); "
        "print('held', flush=True); input()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == b"held\n"
        truncated(path)
        home.chmod(0o755)
        after = mend(home)
        other.kill()
    assert [row.what for row in after.mended] == ["others have no rights on the home any more"]
    assert [row.where for row in after.unmended] == ["ledger.sqlite"]
    assert "is in use: end every other sectorwise first" in after.unmended[0].what
    assert not (home / "quarantine").exists()


def another_disk(home: Path) -> str:
    """Return a folder on another disk than the home's: in memory, or on the disk if that is."""
    own = home.stat().st_dev
    for folder in ("/dev/shm", gettempdir()):  # noqa: S108 - a folder of its own is made in it
        if Path(folder).stat().st_dev != own:
            return folder
    pytest.skip("there is no other disk")


def test_a_database_on_another_disk_is_mended_and_who_held_it_open_writes_to_no_old_one(
    home: Path,
) -> None:
    with TemporaryDirectory(dir=another_disk(home)) as folder:
        path = Path(folder) / "ledger.sqlite"
        shutil.move(home / "ledger.sqlite", path)
        settings = settings_of(home).model_copy(update={"database_url": f"sqlite:///{path}"})
        with closing(sqlite3.connect(path)) as idle:
            before = idle.execute("SELECT * FROM threads").fetchall()
            flipped_heads(path)
            content = path.read_bytes()
            after = repaired(settings, clock=clock)
            assert after.unmended == ()
            with pytest.raises(sqlite3.DatabaseError):
                idle.execute("DELETE FROM threads")
        assert [kept.read_bytes() for kept in home.glob("quarantine/*/ledger.sqlite")] == [content]
        assert rows(path, "threads") == before
        assert {file.name for file in path.parent.iterdir()} == {"ledger.sqlite"}


def test_the_command_tells_and_mends(home: Path) -> None:
    assert sectorwise("doctor", home=home).code == 0
    shutil.copyfile(home / "models" / "demo.json", home / "models" / "us.json")
    truncated(home / "models" / "us.json")
    ran = sectorwise("doctor", home=home)
    assert ran.code == 3
    assert "models/us.json" in ran.error
    assert "`sectorwise fit --universe us`" in ran.error
    mended = sectorwise("doctor", "--repair", "--json", home=home)
    assert mended.code == 0
    found = mended.json()
    assert isinstance(found, dict)
    assert [row["where"] for row in found["mended"]] == ["models/us.json"]
    for wrongly in (("--as-of", "2024-01-01"), ("-u", "demo", "--repair")):
        assert sectorwise("doctor", *wrongly, home=home).code == 2
