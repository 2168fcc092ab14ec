"""Keeps beside each run what a later one is compared with, and finds the one before.

A report's snapshots are found by their file names, so that looking for one reads only that one.
"""

import hashlib
import json
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Final

from pydantic import ValidationError

from app.writing import write_whole
from core.errors import DataError
from core.history.calls import is_plain
from core.history.snapshot import snapshot
from core.portfolio.precedence import scores_of, top_call
from core.records.history import Snapshot
from core.records.record import Record, Slug
from core.records.report import Report
from core.records.universe import Horizon

RUNS: Final = "runs"
REPORT: Final = "report.json"
SUFFIX: Final = ".snapshot.json"
DIGEST: Final = "digest.json"


class Digest(Record):
    """What a list of runs says of one universe of a run."""

    universe: Slug
    as_of: date
    top_overweight: Slug | None
    since: date | None


class Digests(Record):
    """One a universe the run decided on."""

    rows: tuple[Digest, ...]


def last_run(home: Path) -> str | None:
    """Return the run that was kept last; runs of one batch began together, and end one by one."""
    kept = (home / RUNS).glob("*/run.json")
    ends = ((p.parent.name.rpartition("-")[0], p.stat().st_mtime_ns, p.parent.name) for p in kept)
    return max(ends, default=(None, 0, None))[2]


def keep_snapshots(folder: Path, report: Report) -> None:
    """Write a run's digest, and a plain report's snapshots, into its folder.

    Only a plain report becomes a predecessor.
    """
    digests = Digests(rows=tuple(_digest(report, row.universe) for row in report.allocations))
    _write(folder / DIGEST, digests)
    request = report.request
    if not is_plain(request):
        return
    for name in request.universes:
        found = snapshot(report, name)
        if found is not None:
            _write(folder / f"{name}.{found.horizon}.{found.as_of}{SUFFIX}", found)


def predecessor(
    home: Path,
    universe: str,
    as_of: date,
    horizon: Horizon,
    *,
    before: datetime | None = None,
    since: date | None = None,
    tell: Callable[[str], None],
) -> Snapshot | None:
    """Return the snapshot of the last kept report of an earlier date; of equal dates the last made.

    With `since` it is the last one up to that day, without any the first one after it. Damaged ones
    are passed over; `tell` hears a sentence of each. Runs begun at `before` or later are not looked
    at.
    """
    end = None if before is None else run_prefix(before)
    for path in _nearest(_kept(home, universe, horizon), since or as_of):
        if _date(path) >= as_of or (end is not None and path.parent.name >= end):
            continue
        try:
            return Snapshot.model_validate_json(path.read_bytes())
        except (OSError, ValidationError):
            tell(f"run {path.parent.name} is damaged and was passed over: {path.name}")
    return None


def run_prefix(begun_at: datetime) -> str:
    """Return what the name of a run begun then starts with: names sort by when runs began."""
    return f"{begun_at.astimezone(UTC):%Y%m%d-%H%M%S-%f}"


def last_two(home: Path, universe: str, horizon: Horizon | None = None) -> tuple[str, str]:
    """Return the runs of the last kept report of a universe and of the one before it.

    Args:
        home: with the runs.
        universe: of both.
        horizon: of both; None: that of the last report.

    Raises:
        DataError: there are no two reports of different dates.
    """
    kept = _kept(home, universe, horizon)
    last = kept[-1] if kept else None
    earlier = [
        path
        for path in kept
        if last is not None and _date(path) < _date(last) and _horizon(path) == _horizon(last)
    ]
    if last is None or not earlier:
        raise DataError(
            f"{universe} has no two kept reports of different dates: run `sectorwise report "
            f"-u {universe} --as-of DATE` for an earlier date, or name two runs"
        )
    return earlier[-1].parent.name, last.parent.name


def kept_report(home: Path, run: str) -> Report:
    """Return the report of a run, as it was written.

    Raises:
        DataError: it is missing, damaged, altered or of another version's form.
    """
    folder = home / RUNS / run
    try:
        text = (folder / REPORT).read_bytes()
        if not is_as_written(folder, text):
            raise DataError(
                f"the report of run {run} is not what was written: `sectorwise doctor` tells what "
                "else is"
            )
        return Report.model_validate_json(text)
    except (OSError, ValueError) as error:
        raise DataError(f"the report of run {run} is missing or damaged") from error


def written_sha256(text: bytes) -> str:
    """Return a report's content hash from its file's bytes, whatever version wrote them.

    Raises:
        ValueError: it is no JSON.
    """
    told = json.dumps(
        json.loads(text),
        sort_keys=True,
        ensure_ascii=False,
        separators=(",", ":"),
        allow_nan=False,
    )
    return hashlib.sha256(told.encode()).hexdigest()


def is_as_written(folder: Path, text: bytes) -> bool:
    """Tell whether a report's bytes are those its record notes; so they are without a record.

    Raises:
        ValueError: report or record is no JSON, or the record notes no report.
    """
    try:
        record = json.loads((folder / "run.json").read_bytes())
    except FileNotFoundError:
        return True
    if not isinstance(record, dict) or not isinstance(record.get("report_sha256"), str):
        raise ValueError(f"{folder.name}/run.json notes no report")
    whole = record.get("report_file_sha256")
    if whole is not None:
        return bool(hashlib.sha256(text).hexdigest() == whole)
    return bool(written_sha256(text) == record["report_sha256"])  # of an earlier version


def kept_digests(home: Path, run: str) -> tuple[Digest, ...]:
    """Return what a list says of a run; nothing where it left none."""
    try:
        return Digests.model_validate_json((home / RUNS / run / DIGEST).read_bytes()).rows
    except (OSError, ValidationError):
        return ()


def _kept(home: Path, universe: str, horizon: Horizon | None) -> list[Path]:
    """Return the snapshot files of finished runs, by date, then by run."""
    found = (home / RUNS).glob(f"*/{universe}.{horizon or '*'}.*{SUFFIX}")
    whole = [path for path in found if (path.parent / "run.json").exists()]
    return sorted(whole, key=lambda path: (_date(path), path.parent.name))


def _nearest(kept: list[Path], day: date) -> list[Path]:
    """Return the files up to a day, the last first, then the later ones, the first date first."""
    later = sorted((path for path in kept if _date(path) > day), key=_date)
    return [*reversed([path for path in kept if _date(path) <= day]), *later]


def _date(path: Path) -> date:
    return date.fromisoformat(path.name.split(".")[2])


def _horizon(path: Path) -> str:
    return path.name.split(".")[1]


def top_overweight(report: Report, universe: str) -> str | None:
    """Return the overweight a report tells first; None without one."""
    card = next((row for row in report.scorecards if row.universe == universe), None)
    lines = [line for row in report.allocations if row.universe == universe for line in row.lines]
    return top_call(lines, scores_of(card), "overweight")


def _digest(report: Report, universe: str) -> Digest:
    allocation = next(row for row in report.allocations if row.universe == universe)
    return Digest(
        universe=universe,
        as_of=allocation.as_of,
        top_overweight=top_overweight(report, universe),
        since=next((row.since for row in report.changes if row.universe == universe), None),
    )


def _write(path: Path, record: Record) -> None:
    write_whole(path, record.model_dump_json().encode())
