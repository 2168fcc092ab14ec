"""Decides what is said of kept runs and of unfinished ones, and writes again what a report gives.

A run's report is its only copy; its record, its digest and its snapshots follow from it.
"""

import hashlib
import json
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

from pydantic import ValidationError

from app.running.tickets import FOLDER as TICKETS
from app.running.tickets import SUFFIX as TICKET
from app.running.tickets import Tickets
from app.snapshots import DIGEST, REPORT, RUNS, SUFFIX, Digests, is_as_written, keep_snapshots
from app.upkeep.finding import Finding
from core.errors import DataError
from core.records.history import Snapshot
from core.records.report import Report

if TYPE_CHECKING:
    from app.research import RunRecord

RECORD: Final = "run.json"
DESKS: Final = "desks.json"
UNDER_WAY_SECONDS: Final = 600.0
"""A younger folder without a record may be one that is being written."""
STAMP: Final = "%Y%m%d-%H%M%S"
"""How a run's name begins: when it was asked."""


def run_findings(home: Path, *, now: float | None = None) -> Iterator[Finding]:
    """Yield what is wrong with kept runs."""
    moment = time.time() if now is None else now
    for folder in sorted(path for path in (home / RUNS).glob("*") if path.is_dir()):
        if (folder / RECORD).exists():
            yield from _kept_findings(home, folder)
        elif moment - folder.stat().st_mtime > UNDER_WAY_SECONDS and not _is_open(home, folder):
            yield _orphan(home, folder)


def ticket_findings(home: Path) -> Iterator[Finding]:
    """Yield what is wrong with the files of unfinished runs."""
    tickets = Tickets(home)
    for run in tickets.listed():
        try:
            tickets.standing(run)
        except (DataError, UnicodeDecodeError):
            yield Finding(
                severity="broken",
                what=f"the question of unfinished run {run} is damaged",
                where=f"{TICKETS}/{run}{TICKET}",
                do="--repair moves it aside; ask again",
                mend="aside",
            )


def record_made(folder: Path) -> "RunRecord":
    """Write a run's record again from its report, and return it.

    Seconds are those its course tells of, 0 where it tells nothing.

    Raises:
        ValueError: the report is damaged.
    """
    from app.research import RunRecord

    text = (folder / REPORT).read_bytes()
    report = Report.model_validate_json(text)
    begun = _begun(folder)
    record = RunRecord(
        run=folder.name,
        asked_on=begun.date(),
        started_at=begun.isoformat(timespec="seconds"),
        seconds=0.0,
        request=report.request,
        mandates=report.mandates,
        signatures=report.signatures,
        model=report.provenance.model,
        evidence_count=len(report.evidence),
        gaps_count=len(report.gaps),
        report_sha256=report.content_hash(),
        report_file_sha256=hashlib.sha256(text).hexdigest(),
    )
    pending = folder / f".{RECORD}"
    pending.write_text(json.dumps(record.model_dump(mode="json"), indent=1), encoding="utf-8")
    keep_snapshots(folder, report)
    pending.replace(folder / RECORD)
    return record


def derived_made(folder: Path) -> None:
    """Write a run's digest and snapshots again from its report.

    Raises:
        ValueError: the report is damaged.
    """
    keep_snapshots(folder, Report.model_validate_json((folder / REPORT).read_bytes()))


def damaged_derived(folder: Path) -> tuple[Path, ...]:
    """Return the digest and the snapshots that cannot be read."""
    paths = (folder / DIGEST, *sorted(folder.glob(f"*{SUFFIX}")))
    return tuple(path for path in paths if path.exists() and not _is_readable(path))


def _kept_findings(home: Path, folder: Path) -> Iterator[Finding]:
    where = str(folder.relative_to(home))
    problem = _record_problem(folder)
    if problem is None:
        yield from _beside_findings(home, folder)
        return
    whole = _holds_report(folder) and problem == RECORD
    if whole:
        yield Finding(
            severity="broken",
            what=f"the record of run {folder.name} is damaged; its report is whole",
            where=f"{where}/{RECORD}",
            do="--repair writes it again from the report",
            mend="record",
        )
        return
    yield Finding(
        severity="broken",
        what=f"the report of run {folder.name} is not what was written",
        where=where,
        do="--repair moves it aside; ask again: what was called is still in the ledger",
        mend="aside",
    )


def _beside_findings(home: Path, folder: Path) -> Iterator[Finding]:
    """Yield what is wrong beside a whole report."""
    for path in damaged_derived(folder):
        yield Finding(
            severity="warning",
            what=f"{path.name} of run {folder.name} is damaged",
            where=str(path.relative_to(home)),
            do="--repair writes it again from the report",
            mend="derived",
        )
    desks = folder / DESKS
    if desks.exists() and not _is_json(desks):
        yield Finding(
            severity="warning",
            what=f"what run {folder.name} knew of limits and holdings is damaged",
            where=str(desks.relative_to(home)),
            do="--repair moves it aside; the report stands, but cannot be recorded for a replay",
            mend="aside",
        )


def _record_problem(folder: Path) -> str | None:
    """Return the file of a kept run that is damaged: record or report; None where neither is."""
    try:
        record = json.loads((folder / RECORD).read_bytes())
        named = isinstance(record, dict) and record.get("run") == folder.name
    except (OSError, ValueError):
        named = False
    if not named:
        return RECORD
    try:
        text = (folder / REPORT).read_bytes()
        return None if is_as_written(folder, text) else REPORT
    except OSError:
        return REPORT
    except ValueError:
        return REPORT if not _is_json(folder / REPORT) else RECORD


def _orphan(home: Path, folder: Path) -> Finding:
    whole = _holds_report(folder)
    return Finding(
        severity="warning" if whole else "note",
        what=f"run {folder.name} was broken off as its report was "
        + ("kept: the report is whole" if whole else "written"),
        where=str(folder.relative_to(home)),
        do="--repair " + ("writes its record" if whole else "moves the folder aside"),
        mend="record" if whole else "aside",
    )


def _is_open(home: Path, folder: Path) -> bool:
    """Tell whether the run is still to be resumed."""
    return (home / TICKETS / f"{folder.name}{TICKET}").exists()


def _holds_report(folder: Path) -> bool:
    try:
        Report.model_validate_json((folder / REPORT).read_bytes())
    except (OSError, ValidationError):
        return False
    return True


def _is_readable(path: Path) -> bool:
    kind = Digests if path.name == DIGEST else Snapshot
    try:
        kind.model_validate_json(path.read_bytes())
    except (OSError, ValidationError):
        return False
    return True


def _is_json(path: Path) -> bool:
    try:
        json.loads(path.read_bytes())
    except (OSError, ValueError):
        return False
    return True


def _begun(folder: Path) -> datetime:
    """Return when a run was asked, as its name says; else when its folder was last changed."""
    try:
        return datetime.strptime(folder.name[:15], STAMP).replace(tzinfo=UTC)
    except ValueError:
        return datetime.fromtimestamp(folder.stat().st_mtime, UTC)
