"""Decides which factor families of a date are still to be computed; the values are the core's."""

import threading
from datetime import date
from typing import Final, get_args

from core.panel import MarketPanels
from core.records.result import FactorValue, Family
from core.signals.catalogue import factor_values

FAMILIES: Final[tuple[Family, ...]] = get_args(Family)


class FactorTable:
    """The factors of one date, each family computed when first asked for and then kept."""

    def __init__(self, panels: MarketPanels, as_of: date) -> None:
        """Compute nothing yet.

        Args:
            panels: what was known at as_of.
            as_of: the date.
        """
        self._panels, self._as_of = panels, as_of
        self._lock = threading.Lock()
        self._held: dict[Family, tuple[FactorValue, ...]] = {}

    def of(self, families: tuple[Family, ...]) -> tuple[FactorValue, ...]:
        """Return the factors of these families, in the catalogue's order."""
        wanted = [family for family in FAMILIES if family in families]
        with self._lock:
            absent = tuple(family for family in wanted if family not in self._held)
            if absent:
                values = factor_values(self._panels, as_of=self._as_of, families=absent)
                for family in absent:
                    self._held[family] = tuple(v for v in values if v.family == family)
            return tuple(value for family in wanted for value in self._held[family])
