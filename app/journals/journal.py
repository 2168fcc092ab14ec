"""Writes down every recommendation and forecast once, in a chain that shows any later change."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from app.journals.chain import GENESIS as GENESIS
from app.journals.chain import Chain as Chain
from app.journals.chain_table import Layout
from app.journals.logbook import Logbook
from core.history.calls import calls_made
from core.records.history import CallsMade, LoggedCalls
from core.records.report import Report


def _filing(body: str) -> Mapping[str, str]:
    made = CallsMade.model_validate_json(body)
    return {"report_sha256": made.report_sha256, "universe": made.universe}


_LAYOUT: Final = Layout(
    table="calls_made",
    called="log of calls",
    check="sectorwise track --verify",
    keys=("report_sha256", "universe"),
    filing=_filing,
    once=True,
)


class Journal(Logbook):
    """The log on any SQLAlchemy URL.

    Raises:
        DataError: the database cannot be used; so do all its methods.
    """

    def __init__(self, url: str) -> None:
        super().__init__(url, _LAYOUT)

    def append(self, report: Report, *, recorded_at: datetime) -> int:
        """Write down a report's calls and return how many entries were added.

        One entry a universe, all or none; a report already written down adds nothing.

        Args:
            report: a finished one.
            recorded_at: now, with a time zone.
        """
        bodies = [made.canonical_json() for made in calls_made(report)]
        return self._log.append(bodies, recorded_at=recorded_at)

    def calls(self, universe: str) -> tuple[LoggedCalls, ...]:
        """Return a universe's entries, in the order they were written.

        Raises:
            DataError: one of them is not what was written.
        """
        return tuple(
            LoggedCalls(
                seq=entry.seq,
                recorded_at=entry.recorded_at,
                made=CallsMade.model_validate_json(entry.body),
            )
            for entry in self._log.written({"universe": universe})
        )
