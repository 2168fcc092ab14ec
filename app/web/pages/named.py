"""Decides what the address of a page names, and with which sentence there is no such page."""

import re
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Final

from app.web.house import House
from app.web.reports.kept import KeptReports
from core.errors import DataError, UnknownIdError
from core.records.universe import Universe

RUN: Final = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")


class UnshownError(Exception):
    """The address names what there is not.

    status: of the answer. key: of the sentence among the words of `door`, with its slots.
    """

    def __init__(self, status: int, key: str, **slots: str) -> None:
        super().__init__(key)
        self.status, self._key, self._slots = status, key, slots

    def told(self, words: Mapping[str, str]) -> str:
        """Return the sentence."""
        return words[self._key].format(**self._slots)


def market_named(house: House, wanted: str | None) -> str:
    """Return the universe a page shows; unnamed, the operator's, or the first that has data.

    Raises:
        UnshownError: there is none of that id.
    """
    if wanted and wanted not in house.universes:
        raise UnshownError(404, "none_universe", name=wanted, choices=", ".join(house.universes))
    usual, store = house.settings.universe, house.tools.store
    names = (usual, *house.universes)
    return wanted or next((name for name in names if store.sources(name)), usual)


def named_day(wanted: str | None) -> date | None:
    """Return the date a page is of, None for the last session.

    Raises:
        UnshownError: it is no date.
    """
    try:
        return date.fromisoformat(wanted) if wanted else None
    except ValueError as error:
        raise UnshownError(422, "none_date", name=str(wanted)) from error


def last_day(house: House) -> date:
    """Return the last day a page may be of: where it is tomorrow already, that too."""
    return house.latest or house.tools.today() + timedelta(days=1)


def require_subject(
    universe: Universe, reports: KeptReports, parameters: Mapping[str, object]
) -> None:
    """Refuse a page of a sector or a report there is not.

    Raises:
        UnshownError: the universe has no such sector, or no such report is kept.
    """
    sector, run = parameters.get("sector"), parameters.get("run")
    if sector is not None and sector not in universe.sector_ids:
        choices = ", ".join(universe.sector_ids)
        raise UnshownError(
            404, "none_sector", name=str(sector), market=universe.id, choices=choices
        )
    if run is None:
        return
    if not RUN.fullmatch(str(run)):
        raise UnshownError(404, "none_report", name=str(run)[:64])
    try:
        reports.row(str(run), "en")
    except UnknownIdError as error:
        raise UnshownError(404, "none_report", name=str(run)) from error
    except DataError:
        """The page tells what is wrong with it."""
