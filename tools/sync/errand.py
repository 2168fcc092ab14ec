"""What one run is asked to fetch, and what it says it brought."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from core.records.record import Record
from core.records.result import Dataset
from core.records.universe import Universe
from tools.storage.findings import Finding, FindingCount
from tools.storage.store import Store
from tools.upstream.protocol import Upstream


class Absent(Record):
    """A name the source has nothing of, and why."""

    subject: str
    sentence: str


class Synced(Record):
    """What one run brought of one data set.

    asked_count names were asked for, the answers about resumed_count were there from a run that
    broke off. held_days are not stored since the names in waiting_for have no row of them yet.
    """

    universe: str
    source: str
    dataset: Dataset
    origin: str
    until: date
    asked_count: int
    resumed_count: int
    stored: bool = False
    rows_count: int = 0
    revised_count: int = 0
    rejected_count: int = 0
    first: date | None = None
    last: date | None = None
    held_days: tuple[date, ...] = ()
    waiting_for: tuple[str, ...] = ()
    ended: tuple[str, ...] = ()
    absent: tuple[Absent, ...] = ()
    finding_counts: tuple[FindingCount, ...] = ()
    findings: tuple[Finding, ...] = ()


def _unheard(done: int, of: int, what: str) -> None:
    del done, of, what


@dataclass(frozen=True, slots=True)
class Errand:
    """One data set of one universe to be fetched from one source.

    folder: where answers are kept until all are there. now: the moment of the sync. since, until:
    the user's own span. stocks: also of the present members. step: told what is done, of how many.
    """

    store: Store
    upstream: Upstream
    universe: Universe
    dataset: Dataset
    folder: Path
    now: datetime
    since: date | None = None
    until: date | None = None
    stocks: bool = True
    step: Callable[[int, int, str], None] = _unheard

    @property
    def today(self) -> date:
        """The calendar date where the universe trades."""
        return self.now.astimezone(ZoneInfo(self.universe.timezone)).date()
