"""Decides what a factor must declare about itself; it computes nothing."""

from collections.abc import Callable
from dataclasses import dataclass

import pandas as pd

from core.panel import MarketPanels
from core.records.result import Dataset, Family, GapReason
from core.signals.membership import members_at_end

Frames = dict[str, pd.DataFrame]
"""By factor id: dates x sector ids, NaN where the factor has no value."""


@dataclass(frozen=True, slots=True)
class FactorSpec:
    """One factor's declaration; `positive` says what a high value means, not that it pays."""

    id: str
    family: Family
    dataset: Dataset
    formula: str
    unit: str
    lag: str
    nan_policy: str
    source: str
    positive: str


@dataclass(frozen=True, slots=True)
class FactorFamily:
    """Factors computed together.

    history: panels and session dates to frames; a row depends on nothing known after its date.
    absence: panels cut at a date and a factor id to each sector's reason, were its value missing;
        asked only when the factor's data set is there.
    reach_sessions: sessions of stocks and flows a row is made from, its own included; older ones
        are not handed over. None: all of them.
    """

    specs: tuple[FactorSpec, ...]
    history: Callable[[MarketPanels, pd.DatetimeIndex], Frames]
    absence: Callable[[MarketPanels, str], dict[str, GapReason]]
    reach_sessions: int | None = None


def too_short(panels: MarketPanels, factor: str) -> dict[str, GapReason]:
    """Return the reason of a factor that only ever lacks history."""
    del factor
    return everywhere(panels, "too_short")


def everywhere(panels: MarketPanels, reason: GapReason) -> dict[str, GapReason]:
    """Return one reason for all sectors."""
    return dict.fromkeys(panels.universe.sector_ids, reason)


def few_or_short(panels: MarketPanels, factor: str) -> dict[str, GapReason]:
    """Return too_few_members under the universe's least number of members, else too_short."""
    del factor
    least = panels.universe.min_members
    return {
        sector: "too_few_members" if count < least else "too_short"
        for sector, count in members_at_end(panels).items()
    }
