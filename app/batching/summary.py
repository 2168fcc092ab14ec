"""What became of a batch, as one record for programs; it alone holds clocks and seconds."""

from datetime import datetime
from pathlib import Path
from typing import Final

from pydantic import ValidationError

from app.batching.records import Absence, BatchPlan, Engine, Estimate, Outcome, State
from app.writing import write_whole
from core.errors import NothingMadeError, PartialError, SectorwiseError
from core.records.record import Record

SUMMARY: Final = "summary.json"
STATES: Final[tuple[State, ...]] = ("made", "kept", "failed", "left")


class Totals(Record):
    """Reports by what became of them."""

    made: int
    kept: int
    failed: int
    left: int


class Summary(Record):
    """A batch, whole or as far as it came. `workers` None: as many as the cluster has."""

    plan: BatchPlan
    begun_at: datetime
    ended_at: datetime
    seconds: float
    engine: Engine
    workers: int | None
    estimate: Estimate
    totals: Totals
    reports: tuple[Outcome, ...]
    ran_without: tuple[Absence, ...] = ()
    settlement: dict[str, object] | None = None


def totals(reports: tuple[Outcome, ...]) -> Totals:
    """Return how many reports came to each state."""
    states = [row.state for row in reports]
    return Totals(**{state: states.count(state) for state in STATES})


def write_summary(summary: Summary, out: Path) -> None:
    """Write the summary into the batch's folder, whole or not at all."""
    write_whole(out / SUMMARY, f"{summary.model_dump_json(indent=1)}\n".encode())


def read_summary(out: Path) -> Summary | None:
    """Return the summary of the batch before; None where there is none that can be read."""
    try:
        return Summary.model_validate_json((out / SUMMARY).read_bytes())
    except (OSError, ValidationError):
        return None


def shortfall(summary: Summary) -> SectorwiseError | None:
    """Return the error that tells what is not there; None where every report is."""
    total, absent = len(summary.reports), summary.totals.failed + summary.totals.left
    if not absent:
        return None
    first = next((row for row in summary.reports if row.error is not None), None)
    why = "" if first is None else f"; the first, {first.name}: {first.error}"
    if absent == total:
        return NothingMadeError(f"none of {total} reports could be made{why}")
    return PartialError(f"{absent} of {total} reports could not be made{why}")
