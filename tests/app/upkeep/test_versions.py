"""Runs of earlier versions are listed, opened and exported, or it is said plainly why not."""

import hashlib
import json
from pathlib import Path

import pytest

from app.snapshots import kept_report, written_sha256
from app.upkeep.doctor import looked
from tests.app.command import sectorwise
from tests.app.upkeep.kept import clock, runs_of, settings_of

SINCE_THE_FIRST = (
    "before", "mandates", "portfolios", "trades", "changes", "report_cards", "signatures",
)  # fmt: skip
"""Fields a report gained after the first version wrote one; all may be absent."""


def rewritten(home: Path, run: str, *, first: bool) -> Path:
    """Leave a run as an earlier version did: the first one, or the one before this."""
    folder = home / "runs" / run
    report = json.loads((folder / "report.json").read_bytes())
    record = json.loads((folder / "run.json").read_bytes())
    del record["report_file_sha256"]
    if first:
        for name in SINCE_THE_FIRST:
            del report[name]
        for name in ("asked_on", "mandates", "signatures"):
            del record[name]
        for path in (
            *folder.glob("*.snapshot.json"),
            folder / "digest.json",
            folder / "desks.json",
        ):
            path.unlink()
    text = json.dumps(report, ensure_ascii=False, separators=(",", ":")).encode()
    (folder / "report.json").write_bytes(text)
    record["report_sha256"] = written_sha256(text)
    (folder / "run.json").write_text(json.dumps(record), encoding="utf-8")
    return folder


@pytest.mark.parametrize("first", [pytest.param(True, marks=pytest.mark.prove), False])
def test_a_report_of_an_earlier_version_is_opened_and_checked(home: Path, first: bool) -> None:
    run = runs_of(home)[0]
    folder = rewritten(home, run, first=first)
    report = kept_report(home, run)
    assert report.scorecards
    assert not [row for row in looked(settings_of(home), clock=clock).findings if row.mend]
    path = folder / "report.json"
    path.write_bytes(path.read_bytes().replace(b'"synthetic":true', b'"synthetic":false', 1))
    ran = sectorwise("runs", "--compare", *runs_of(home), home=home)
    assert ran.code == 3
    assert "is not what was written" in ran.error


@pytest.mark.prove
def test_a_run_of_the_version_before_is_listed_compared_and_exported(
    home: Path, tmp_path: Path
) -> None:
    earlier, later = runs_of(home)
    rewritten(home, earlier, first=False)
    listed = sectorwise("runs", "--json", home=home).json()
    assert isinstance(listed, list)
    assert [row["run"] for row in listed] == [earlier, later]
    assert sectorwise("runs", "--compare", earlier, later, home=home).code == 0
    out = tmp_path / "recording.json"
    assert sectorwise("record", earlier, "--out", str(out), home=home).code == 0
    replayed = sectorwise(
        "report", "--replay", str(out), "--formats", "json", "--out", str(tmp_path), home=home
    )
    assert replayed.code == 0, replayed.error
    kept = hashlib.sha256((home / "runs" / earlier / "report.json").read_bytes()).hexdigest()
    made = json.loads((tmp_path / "report.json").read_bytes())
    assert made == json.loads((home / "runs" / earlier / "report.json").read_bytes()), kept


def test_of_a_run_of_the_first_version_it_is_said_what_cannot_be_done(home: Path) -> None:
    earlier, later = runs_of(home)
    rewritten(home, earlier, first=True)
    listed = sectorwise("runs", home=home)
    assert f"run {earlier}: its record is damaged or of another version" in listed.out
    assert later in listed.out
    ran = sectorwise("record", earlier, "--out", str(home / "r.json"), home=home)
    assert ran.code == 3
    assert f"the record of run {earlier} is missing, damaged or of another version" in ran.error
    compared = sectorwise("runs", "--compare", earlier, later, home=home)
    assert compared.code == 2
    assert "holds no decision on demo that can be compared" in compared.error
    assert sectorwise("doctor", home=home).code == 0
