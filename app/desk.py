"""Decides what the desk brings to a run: limits, holdings, what it said before and how it went.

Everything is as it stood at the run's date. What is damaged of an earlier run is passed over and
told; limits or holdings that cannot be read end the run.
"""

from collections.abc import Callable
from datetime import date, datetime
from typing import Final

import pandas as pd

from app.data import open_store
from app.files.holdings import load_holdings
from app.files.mandates import load_book, mandate_at
from app.journals.journal import Journal
from app.settings import Settings
from app.snapshots import predecessor
from core.errors import DataError
from core.history.track import report_card
from core.records.desk import Desk
from core.records.history import LoggedCalls, ReportCard, Snapshot
from core.records.universe import Horizon, Universe
from tools.storage.panels import market_panels, panels_known
from tools.storage.store import Store

NOTHING: Final = pd.DataFrame(index=pd.DatetimeIndex([]))
"""Closes where no call is due, so that prices need not be read."""


class DeskSource:
    """The desk of one home."""

    def __init__(
        self,
        settings: Settings,
        *,
        store: Store | None = None,
        before: datetime | None = None,
        tell: Callable[[str], None] | None = None,
    ) -> None:
        """Keep where things are.

        Args:
            settings: of the home.
            store: the tools' own, so that panels are built once.
            before: runs begun and calls logged from then on are not known; None: all are.
            tell: hears a sentence of each damaged file.
        """
        self._settings = settings
        self._store = store or open_store(settings)
        self._before = before
        self._tell = tell or _unheard

    def desk(self, universe: Universe, as_of: date, horizon: Horizon) -> Desk:
        """Return what the desk brings to a run of the universe at a date.

        Raises:
            MandateError: the limits cannot be read.
            DateError: the first version of the limits begins later.
            DataError: the stored holdings or the prices cannot be read.
        """
        home = self._settings.home_dir
        return Desk(
            mandate=mandate_at(load_book(self._settings.mandate), as_of, universe=universe.id),
            holdings=load_holdings(home, universe.id, as_of),
            predecessor=predecessor(
                home, universe.id, as_of, horizon, before=self._before, tell=self._tell
            ),
            report_card=self.report_card(universe, as_of, horizon),
        )

    def earlier(
        self, universe: Universe, as_of: date, horizon: Horizon, since: date
    ) -> Snapshot | None:
        """Return the kept report nearest to a day, before a run's own date."""
        home = self._settings.home_dir
        return predecessor(
            home,
            universe.id,
            as_of,
            horizon,
            before=self._before,
            since=since,
            tell=self._tell,
        )

    def report_card(self, universe: Universe, as_of: date, horizon: Horizon) -> ReportCard | None:
        """Return how the universe's logged calls turned out by a date.

        None without prices of our own, and where the log is damaged, which is told.

        Raises:
            DataError: the prices cannot be read.
        """
        calls = self._calls(universe)
        if calls is None or not self._store.sources(universe.id):
            return None
        due = any(row.made.horizon == horizon and row.made.settles <= as_of for row in calls)
        closes = self._closes(universe, as_of) if due else NOTHING
        return report_card(calls, closes, universe, as_of=as_of, horizon=horizon)

    def _calls(self, universe: Universe) -> tuple[LoggedCalls, ...] | None:
        try:
            journal = Journal(self._settings.database)
            try:
                calls = journal.calls(universe.id)
            finally:
                journal.close()
        except DataError as error:
            self._tell(str(error))
            return None
        if self._before is None:
            return calls
        second = self._before.replace(microsecond=0)  # as fine as the log tells time
        return tuple(row for row in calls if row.recorded_at < second)

    def _closes(self, universe: Universe, as_of: date) -> pd.DataFrame:
        """Return the sectors' closes as they were known at as_of."""
        store = self._store
        if store.has_late_rows(universe.id):
            return panels_known(store, universe, as_of).sectors.closes
        return market_panels(store, universe).until(as_of).sectors.closes


def _unheard(_: str) -> None:
    return None
