"""Decides which runs of a home are finished, and which of them may be told of."""

from collections.abc import Callable
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Final

from app.running.records import Ticket
from core.errors import DataError
from core.records.evidence import Evidence
from core.records.report import Report
from core.records.request import Request

if TYPE_CHECKING:
    from app.compose import Composition
    from app.research import RunRecord

RECORD: Final = "run.json"
"""Of a run's folder: what is written last."""


class KeptRuns:
    """The runs of one home that have their report."""

    def __init__(
        self, home: Path, composition: "Callable[[], Composition]", *, latest: date | None
    ) -> None:
        """Keep where they are; reports that know anything later than `latest` are not told."""
        from app.snapshots import RUNS

        self.latest, self.folder = latest, home / RUNS
        self._home, self._composed = home, composition

    def has_report(self, run_id: str) -> bool:
        """Tell whether the run is finished."""
        return (self.folder / run_id / RECORD).exists()

    def is_told(self, request: Request) -> bool:
        """Tell whether what answers the question can know nothing later than `latest`."""
        return self.latest is None or (request.as_of or date.max) <= self.latest

    def finished(self, limit: int) -> "tuple[RunRecord, ...]":
        """Return the last whole records of runs with a report, whoever asked for them."""
        found = self.folder.glob(f"*/{RECORD}")
        records: list[RunRecord] = []
        for name in sorted((path.parent.name for path in found), reverse=True):
            with suppress(DataError):
                record = self.record(name)
                if self.is_told(record.request):
                    records.append(record)
            if len(records) == limit:
                break
        return tuple(records)

    def record(self, run_id: str) -> "RunRecord":
        """Return the record of a finished run.

        Raises:
            DataError: there is no such run, or it is damaged.
        """
        from app.research import kept_run

        return kept_run(self._composed(), run_id)

    def report(self, run_id: str) -> Report:
        """Return the report of a finished run.

        Raises:
            DataError: there is no such run, it is damaged, or it knows more than this server.
        """
        from app.snapshots import kept_report

        report = kept_report(self._home, self.record(run_id).run)
        if self.latest is not None and max(report.as_of) > self.latest:
            raise DataError(f"run {run_id} knows more than {self.latest}: ask again here")
        return report

    def evidence_for(self, ticket: Ticket) -> tuple[Evidence, ...]:
        """Return what earlier runs found, the latest last, so that no call is made twice.

        Raises:
            DataError: there is no report of the run it follows up, or none that may be told.
        """
        found: list[Evidence] = []
        for run_id in ticket.knows:
            with suppress(DataError):
                found += self.report(run_id).evidence
        if ticket.follows is not None:
            found += self.report(ticket.follows).evidence
        return tuple(found)
