"""Counts every strategy ever tried on a data set, so that none can be forgotten when one shines.

Whoever runs a backtest writes it down here before its result is shown. Each run is an entry; a
study's trials are its distinct specifications, whatever state the data were in.
"""

from collections.abc import Mapping
from contextlib import closing
from datetime import date, datetime
from typing import Final

from app.journals.chain_table import Layout
from app.journals.logbook import Logbook
from core.records.backtest import Trial
from core.records.record import Record


def _filing(body: str) -> Mapping[str, str]:
    trial = Trial.model_validate_json(body)
    return {"study": trial.study, "spec_sha256": trial.spec_sha256}


_LAYOUT: Final = Layout(
    table="trials",
    called="registry of trials",
    check="sectorwise trials --verify",
    keys=("study", "spec_sha256"),
    filing=_filing,
    once=False,
)


class LoggedTrial(Record):
    """A run of a strategy and when it was written down."""

    seq: int
    recorded_at: datetime
    trial: Trial


class Trials(Logbook):
    """The registry on any SQLAlchemy URL.

    Raises:
        DataError: the database cannot be used, or an entry is not what was written; so do all its
            methods.
    """

    def __init__(self, url: str) -> None:
        super().__init__(url, _LAYOUT)

    def add(self, trial: Trial, *, recorded_at: datetime) -> int:
        """Write a run down and return how many distinct trials its study has with it.

        Args:
            trial: to be recorded before its result is shown.
            recorded_at: now, with a time zone.
        """
        self._log.append([trial.canonical_json()], recorded_at=recorded_at)
        return self.count(trial.study)

    def count(self, study: str) -> int:
        """Return how many distinct specifications were ever run on a study."""
        return len(self.of_study(study))

    def of_study(self, study: str) -> tuple[Trial, ...]:
        """Return each distinct specification's latest run, in the order they were first tried."""
        return tuple({row.trial.spec_sha256: row.trial for row in self.runs(study)}.values())

    def opened(self, study: str | None, first_day: date) -> tuple[LoggedTrial, ...]:
        """Return every run, of a study or of all, that saw a bar on or after this day.

        With the first day of a holdout: each time it was opened.
        """
        return tuple(row for row in self.runs(study) if row.trial.last >= first_day)

    def runs(self, study: str | None = None) -> tuple[LoggedTrial, ...]:
        """Return every run of a study, or of all, in the order they were written."""
        return tuple(
            LoggedTrial(
                seq=entry.seq,
                recorded_at=entry.recorded_at,
                trial=Trial.model_validate_json(entry.body),
            )
            for entry in self._log.written({} if study is None else {"study": study})
        )


def written_down(url: str, trial: Trial, *, recorded_at: datetime) -> tuple[Trial, ...]:
    """Write a run down before its result is shown; return the distinct trials of its study.

    Raises:
        DataError: as of `Trials`.
    """
    with closing(Trials(url)) as registry:
        registry.add(trial, recorded_at=recorded_at)
        return registry.of_study(trial.study)
