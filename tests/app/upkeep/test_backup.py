"""A backup is whole or refused; a restored home answers the same."""

import io
import json
import sqlite3
import tarfile
from contextlib import ExitStack, closing
from pathlib import Path

import pytest

from app.upkeep.archive import MANIFEST, unpacked, writing
from app.upkeep.backup import backed_up, restored
from core.errors import CallerError, DataError
from tests.app.command import sectorwise
from tests.app.upkeep.damage import OF_FILES
from tests.app.upkeep.kept import clock, runs_of, settings_of


@pytest.fixture
def file(kept_home: Path, tmp_path: Path) -> Path:
    """Return a backup of the home."""
    path = tmp_path / "home.tar"
    backed_up(settings_of(kept_home), path, clock=clock)
    return path


def contents(home: Path) -> dict[str, bytes]:
    found = {}
    for path in home.rglob("*"):
        if path.is_file() and ".sqlite" not in path.name and not path.name.startswith("."):
            found[path.relative_to(home).as_posix()] = path.read_bytes()
    return found


def rows(home: Path) -> dict[str, list[tuple[object, ...]]]:
    with closing(sqlite3.connect(home / "ledger.sqlite")) as connection:
        names = [
            name
            for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        ]
        return {name: connection.execute(f"SELECT * FROM {name}").fetchall() for name in names}  # noqa: S608


def test_a_restored_home_answers_the_same_bytes(
    kept_home: Path, file: Path, tmp_path: Path
) -> None:
    home = tmp_path / "again"
    restored(file, home)
    assert contents(home) == contents(kept_home)
    assert rows(home) == rows(kept_home)
    assert home.stat().st_mode & 0o777 == 0o700
    assert file.stat().st_mode & 0o777 == 0o600
    assert sectorwise("doctor", home=home).code == 0
    run = runs_of(home)[1]
    told = []
    for place in (kept_home, home):
        out = tmp_path / "recording.json"
        assert sectorwise("record", run, "--out", str(out), home=place).code == 0
        told.append(out.read_bytes())
    assert told[0] == told[1]


def test_what_is_unfinished_or_set_aside_is_not_packed(home: Path, tmp_path: Path) -> None:
    for name in (
        "quarantine/20260302/x.json", "runs/half/report.json", "runs/half/.run.json",
        "store/demo/prices/000009-aaaaaaaaaaaa.parquet",
        "store/demo/prices/.writing-1/rows.parquet", "checkpoints.sqlite-journal",
    ):  # fmt: skip
        path = home / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"")
    (home / "away").symlink_to("/etc")
    manifest = backed_up(settings_of(home), tmp_path / "h.tar", clock=clock)
    names = {row.name for row in manifest.files}
    assert not {name for name in names if name.startswith(("quarantine", "runs/half", "away"))}
    assert not {name for name in names if "000009" in name or ".writing" in name}
    assert manifest.left_out == ("away",)
    assert {"ledger.sqlite", "checkpoints.sqlite", "models/demo.json"} <= names
    assert "checkpoints.sqlite-journal" not in names


def test_a_backup_sees_one_moment_of_a_ledger_others_write_to(home: Path, tmp_path: Path) -> None:
    with closing(sqlite3.connect(home / "ledger.sqlite")) as other:
        other.execute(
            "INSERT INTO threads VALUES ('half', '', 'demo', NULL, '2026-03-02 12:00:00.000000')"
        )
        backed_up(settings_of(home), tmp_path / "h.tar", clock=clock)
        other.rollback()
    restored(tmp_path / "h.tar", tmp_path / "again")
    assert [row[0] for row in rows(tmp_path / "again")["threads"]] == ["thread-1"]


def test_who_packs_second_to_one_name_is_refused_and_ends_nothing_of_the_first(
    tmp_path: Path,
) -> None:
    path = tmp_path / "h.tar"
    left = tmp_path / ".h.tar.partial"
    left.write_bytes(b"a killed one's")
    with ExitStack() as ending:
        second = ending.enter_context(writing(path))
        with writing(path) as first:
            first.add("a", left)
        packed = path.read_bytes()
        second.add("b", left)
        with pytest.raises(FileExistsError):
            ending.close()
    assert path.read_bytes() == packed
    assert {each.name for each in tmp_path.iterdir()} == {"h.tar", ".h.tar.partial"}


@pytest.mark.parametrize("damage", OF_FILES)
def test_a_damaged_backup_restores_nothing(file: Path, tmp_path: Path, damage: str) -> None:
    OF_FILES[damage](file)
    with pytest.raises(DataError, match=r"damaged|cut off|no backup|which no backup does"):
        restored(file, tmp_path / "again")
    assert not (tmp_path / "again").exists()
    assert not list(tmp_path.glob(".again*"))


def evil(path: Path, entry: tarfile.TarInfo) -> Path:
    with tarfile.open(path, "w") as tar:
        entry.size = 0 if entry.type != tarfile.REGTYPE else 4
        tar.addfile(entry, io.BytesIO(b"evil"))
        text = json.dumps({"contract": "1"}).encode()
        last = tarfile.TarInfo(MANIFEST)
        last.size = len(text)
        tar.addfile(last, io.BytesIO(text))
    return path


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("../out", tarfile.REGTYPE), ("/out", tarfile.REGTYPE), ("a/../../out", tarfile.REGTYPE),
        ("a//b", tarfile.REGTYPE), ("link", tarfile.SYMTYPE), ("hard", tarfile.LNKTYPE),
        ("pipe", tarfile.FIFOTYPE), ("folder", tarfile.DIRTYPE), ("device", tarfile.CHRTYPE),
        ("ok", tarfile.REGTYPE),
    ],
)  # fmt: skip
def test_nothing_but_plain_files_inside_is_ever_made(
    tmp_path: Path, name: str, kind: bytes
) -> None:
    entry = tarfile.TarInfo(name)
    entry.type, entry.linkname = kind, "/etc/passwd"
    target = tmp_path / "in" / "here"
    target.mkdir(parents=True)
    with pytest.raises(DataError):
        unpacked(evil(tmp_path / "evil.tar", entry), target)
    made = {path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*")}
    assert made <= {"in", "in/here", "in/here/ok", "evil.tar"}


def test_a_home_that_holds_something_is_not_restored_over(
    file: Path, home: Path, tmp_path: Path
) -> None:
    with pytest.raises(CallerError, match="holds something"):
        restored(file, home)
    for wrong in (file, home / "inside.tar", tmp_path / "nowhere" / "h.tar"):
        with pytest.raises(CallerError):
            backed_up(settings_of(home), wrong, clock=clock)
    assert not list(tmp_path.glob(".*partial"))


def test_the_commands_tell_what_they_packed_and_restored(home: Path, tmp_path: Path) -> None:
    file, again = tmp_path / "c.tar", tmp_path / "again"
    (home / "elsewhere").symlink_to("/etc")
    told = sectorwise("backup", str(file), home=home)
    assert told.code == 0, told.error
    assert f"wrote {file}:" in told.out
    assert "left out elsewhere: a link" in told.out
    back = sectorwise("restore", str(file), "--into", str(again), "--json", home=home)
    assert back.code == 0, back.error
    assert back.json()["database"] == "sqlite"  # type: ignore[index]  # parsed JSON
    assert runs_of(again) == runs_of(home)
