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
from core.remembered import Remembered

if TYPE_CHECKING:
    from app.compose import Composition
    from app.research import RunRecord

RECORD: Final = "run.json"
"""Of a run's folder: what is written last."""
REPORTS_HELD: Final = 24
"""Read reports kept in memory: an answer is told from its own, and the one before it."""
FOUND_HELD, ANSWERS_HELD = 256, 512
"""Runs whose answers are kept for those that follow, and different answers: most are shared."""
_Stand = tuple[str, int, int]
"""A run, and which of its report's files stands: when it was written, how long it is."""


class KeptRuns:
    """The runs of one home that have their report."""

    def __init__(
        self, home: Path, composition: "Callable[[], Composition]", *, latest: date | None
    ) -> None:
        """Keep where they are; reports that know anything later than `latest` are not told."""
        from app.snapshots import RUNS

        self.latest, self.folder = latest, home / RUNS
        self._home, self._composed = home, composition
        self._read: Remembered[_Stand, Report] = Remembered(REPORTS_HELD)
        self._found: Remembered[_Stand, tuple[Evidence, ...]] = Remembered(FOUND_HELD)
        self._answers: Remembered[tuple[str, ...], Evidence] = Remembered(ANSWERS_HELD)

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
        report = self._whole(self.record(run_id).run)
        if self.latest is not None and max(report.as_of) > self.latest:
            raise DataError(f"run {run_id} knows more than {self.latest}: ask again here")
        return report

    def _whole(self, run_id: str) -> Report:
        """Return the report as its file stands: one that was changed is read again."""
        from app.snapshots import kept_report

        stand = self._stand(run_id)
        if stand is None:
            return kept_report(self._home, run_id)
        return self._read.get(stand, lambda: kept_report(self._home, run_id))

    def _stand(self, run_id: str) -> _Stand | None:
        from app.snapshots import REPORT

        try:
            file = (self.folder / run_id / REPORT).stat()
        except OSError:
            return None
        return (run_id, file.st_mtime_ns, file.st_size)

    def _evidence(self, run_id: str) -> tuple[Evidence, ...]:
        """Return what a run found; an answer that several runs used is held once."""
        stand = self._stand(run_id)
        if stand is None:
            return self.report(run_id).evidence
        return self._found.get(stand, lambda: tuple(map(self._one, self.report(run_id).evidence)))

    def _one(self, item: Evidence) -> Evidence:
        key = (item.id, item.server, item.sha256, item.arguments.model_dump_json())
        return self._answers.get(key, lambda: item)

    def evidence_for(self, ticket: Ticket) -> tuple[Evidence, ...]:
        """Return what earlier runs found, the latest last, so that no call is made twice.

        Raises:
            DataError: there is no report of the run it follows up, or none that may be told.
        """
        found: list[Evidence] = []
        for run_id in ticket.knows:
            with suppress(DataError):
                found += self._evidence(run_id)
        if ticket.follows is not None:
            found += self._evidence(ticket.follows)
        return tuple(found)
