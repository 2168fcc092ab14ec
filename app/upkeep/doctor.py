"""Looks through a home, and mends what it finds; what each file must be is its own module's."""

import sqlite3
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

from app.settings import Settings
from app.state.opening import local_files
from app.upkeep.databases import database_findings
from app.upkeep.finding import Finding, Health, Mended
from app.upkeep.folders import folder_findings
from app.upkeep.mending import mended
from app.upkeep.runs import run_findings, ticket_findings
from app.upkeep.stored import holdings_findings, model_findings, partition_findings
from core.errors import DataError

Clock = Callable[[], datetime]


def looked(settings: Settings, *, clock: Clock) -> Health:
    """Return what is not as it should be in a home, the worst first."""
    order = ("broken", "warning", "note")
    found = sorted(
        _findings(settings, clock), key=lambda row: (order.index(row.severity), row.where)
    )
    return Health(checked=_checked(settings), findings=tuple(found))


def repaired(settings: Settings, *, clock: Clock) -> Health:
    """Mend what can be mended without ending an only copy, and look again.

    A thing that cannot be mended, as a database another process uses, keeps no other from it.
    """
    before = looked(settings, clock=clock)
    stamp = clock().astimezone(UTC).strftime("%Y%m%d-%H%M%S")
    done: list[Mended] = []
    left: list[Mended] = []
    for finding in before.findings:
        try:
            for step in mended(finding, settings, stamp=stamp, clock=clock):
                done.append(step)  # noqa: PERF402 - a later step may fail
        except (DataError, OSError, sqlite3.Error) as error:
            left.append(Mended(where=finding.where, what=str(error)))
    after = looked(settings, clock=clock)
    return after.model_copy(update={"mended": tuple(done), "unmended": tuple(left)})


def _findings(settings: Settings, clock: Clock) -> Iterator[Finding]:
    home = settings.home_dir
    yield from folder_findings(settings)
    yield from database_findings(settings, clock)
    yield from partition_findings(home)
    yield from model_findings(home)
    yield from holdings_findings(home)
    yield from run_findings(home)
    yield from ticket_findings(home)


def _checked(settings: Settings) -> dict[str, int]:
    """Return how many of each there were to look at."""
    home = settings.home_dir
    return {
        "databases": sum(path.is_file() for path in local_files(settings)),
        "partitions": _count(home, "store/*/*/*.json"),
        "models": _count(home, "models/*.json"),
        "holdings": _count(home, "holdings/*/*.json"),
        "runs": _count(home, "runs/*/run.json"),
        "unfinished runs": _count(home, "research/*.jsonl"),
    }


def _count(home: Path, pattern: str) -> int:
    return sum(1 for _ in home.glob(pattern))
