"""Decides what is said about the health of a store: each partition, and what is wrong with it."""

from datetime import date

from core.errors import DataError
from core.records.record import Record
from core.records.result import Dataset
from tools.storage.findings import REJECTED, Finding, FindingCount
from tools.storage.store import Store


class StatusLine(Record):
    """One imported file as one data set; `problem` is a sentence when it cannot be read."""

    dataset: Dataset
    origin: str
    first: date
    last: date
    rows_count: int
    symbols_count: int
    rejected_count: int
    flagged_count: int
    assumed_known_at: bool
    finding_counts: tuple[FindingCount, ...]
    findings: tuple[Finding, ...]
    problem: str | None = None

    def sentences(self) -> tuple[str, ...]:
        """Return one sentence a kind of finding, commonest first, with the first row it touches."""
        ordered = sorted(self.finding_counts, key=lambda count: (-count.rows_count, count.kind))
        return tuple(self._sentence(count) for count in ordered)

    def _sentence(self, count: FindingCount) -> str:
        verb = "left out" if count.kind in REJECTED else "marked"
        return f"{count.rows_count} {verb}: {count.sentence(self.findings)}"


def doctor(store: Store, universe: str) -> tuple[StatusLine, ...]:
    """Return one line a partition, after reading its bytes against its sidecar.

    Raises:
        DataError: a sidecar itself cannot be read.
    """
    lines = []
    for part in store.partitions(universe):
        problem = None
        try:
            store.verify(universe, part)
        except DataError as error:
            problem = str(error)
        rejected = sum(n.rows_count for n in part.finding_counts if n.kind in REJECTED)
        lines.append(
            StatusLine(
                dataset=part.dataset,
                origin=part.origin,
                first=part.first,
                last=part.last,
                rows_count=part.rows_count,
                symbols_count=part.symbols_count,
                rejected_count=rejected,
                flagged_count=part.flagged_count,
                assumed_known_at=part.assumed_known_at,
                finding_counts=part.finding_counts,
                findings=part.findings,
                problem=problem,
            )
        )
    return tuple(lines)
