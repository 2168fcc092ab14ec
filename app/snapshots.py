"""Keeps beside each run what a later one is compared with, and finds the one before.

A report's snapshots are found by their file names, so that looking for one reads only that one.
"""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Final

from pydantic import ValidationError

from core.errors import DataError
from core.history.calls import is_plain
from core.history.snapshot import snapshot
from core.records.history import Snapshot
from core.records.record import Record, Slug
from core.records.report import Report
from core.records.universe import Horizon

RUNS: Final = "runs"
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
    tell: Callable[[str], None],
) -> Snapshot | None:
    """Return the snapshot of the last kept report of an earlier date; of equal dates the last made.

    Damaged ones are passed over; `tell` hears a sentence of each.
    """
    for path in reversed(_kept(home, universe, horizon)):
        if _date(path) >= as_of:
            continue
        try:
            return Snapshot.model_validate_json(path.read_bytes())
        except (OSError, ValidationError):
            tell(f"run {path.parent.name} is damaged and was passed over: {path.name}")
    return None


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
    """Return the report of a run.

    Raises:
        DataError: it is missing or damaged.
    """
    try:
        return Report.model_validate_json((home / RUNS / run / "report.json").read_bytes())
    except (OSError, ValidationError) as error:
        raise DataError(f"the report of run {run} is missing or damaged") from error


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


def _date(path: Path) -> date:
    return date.fromisoformat(path.name.split(".")[2])


def _horizon(path: Path) -> str:
    return path.name.split(".")[1]


def _digest(report: Report, universe: str) -> Digest:
    allocation = next(row for row in report.allocations if row.universe == universe)
    over = [line for line in allocation.lines if line.stance == "overweight"]
    over.sort(key=lambda line: (line.benchmark_weight - line.target_weight, line.sector))
    return Digest(
        universe=universe,
        as_of=allocation.as_of,
        top_overweight=over[0].sector if over else None,
        since=next((row.since for row in report.changes if row.universe == universe), None),
    )


def _write(path: Path, record: Record) -> None:
    pending = path.with_name(f".{path.name}")
    pending.write_text(record.model_dump_json(), encoding="utf-8")
    pending.replace(path)
