"""Decides which factors exist; every caller, fit or tool, gets its values here.

It refuses to weigh or to rank them.
"""

from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd

from core.errors import DateError
from core.panel import MarketPanels
from core.records.result import Dataset, FactorValue, Family, GapReason
from core.signals import (
    alternative,
    breadth,
    foreign_flow,
    fundamentals,
    highs,
    intermarket,
    lead_lag,
    macro,
    market_model,
    momentum,
    proprietary_flow,
    relative_strength,
    seasonality,
    valuation,
    volatility,
    volume,
    whales,
)
from core.signals.factor import FactorFamily, FactorSpec, Frames, everywhere
from core.signals.membership import members_at_end
from core.signals.trailing import carried

_FAMILIES: tuple[FactorFamily, ...] = (
    relative_strength.FAMILY,
    momentum.FAMILY,
    highs.FAMILY,
    seasonality.FAMILY,
    volatility.FAMILY,
    market_model.FAMILY,
    volume.FAMILY,
    breadth.FAMILY,
    foreign_flow.FAMILY,
    whales.FAMILY,
    proprietary_flow.FAMILY,
    fundamentals.FAMILY,
    valuation.FAMILY,
    macro.FAMILY,
    intermarket.FAMILY,
    lead_lag.FAMILY,
)

FACTORS: tuple[FactorSpec, ...] = tuple(spec for family in _FAMILIES for spec in family.specs)
"""The factors every universe has; `specs` adds those of a universe's own series."""


def specs(panels: MarketPanels) -> tuple[FactorSpec, ...]:
    """Return the declarations of all factors `factor_history` computes on these panels."""
    return tuple(spec for family in _chosen(panels, None) for spec in family.specs)


def factor_history(
    panels: MarketPanels,
    dates: pd.DatetimeIndex,
    *,
    families: tuple[Family, ...] | None = None,
) -> Frames:
    """Return every factor at every date: by id, dates x sector ids in the universe's order.

    A row holds what was known at the close of the last session at or before its date. Adding later
    sessions or releases changes no row by a bit; relabelling sectors relabels columns.

    Args:
        panels: any span; nothing after a date enters its row.
        dates: ascending.
        families: those wanted, all by default.
    """
    sectors = list(panels.universe.sector_ids)
    ordered = _in_id_order(panels)
    frames: Frames = {}
    for family in _chosen(panels, families):
        near = _within_reach(ordered, family, dates)
        for name, frame in family.history(near, dates).items():
            frames[name] = frame[sectors]
    return frames


def factor_values(
    panels: MarketPanels, *, as_of: date, families: tuple[Family, ...] | None = None
) -> tuple[FactorValue, ...]:
    """Return each factor of each sector as known at the close of the last session by as_of.

    Raises:
        DateError: the data begin after as_of.
    """
    sessions = pd.DatetimeIndex(panels.sectors.closes.index)
    place = int(sessions.searchsorted(pd.Timestamp(as_of) + pd.Timedelta(days=1))) - 1
    if place < 0:
        raise DateError(f"as_of {as_of}: the data of {panels.universe.id} begin later")
    ordered = _in_id_order(panels.until(sessions[place].date()))
    session = pd.DatetimeIndex(ordered.sectors.closes.index[-1:])
    frames = factor_history(ordered, session, families=families)
    unlisted = _unlisted(ordered)
    values: list[FactorValue] = []
    for family in _chosen(ordered, families):
        near = _within_reach(ordered, family, session)
        for spec in family.specs:
            frame = frames[spec.id]
            holes = bool(frame.isna().any(axis=None))
            values += _values(spec, frame, _absence(near, family, spec) | unlisted if holes else {})
    return tuple(values)


def _values(
    spec: FactorSpec, frame: pd.DataFrame, reasons: dict[str, GapReason]
) -> list[FactorValue]:
    return [
        FactorValue(
            sector=str(sector),
            family=spec.family,
            factor=spec.id,
            value=None if np.isnan(value) else float(value),
            reason=reasons[str(sector)] if np.isnan(value) else None,
        )
        for sector, value in zip(frame.columns, frame.to_numpy(dtype=np.float64)[0], strict=True)
    ]


def _chosen(panels: MarketPanels, families: tuple[Family, ...] | None) -> tuple[FactorFamily, ...]:
    own = alternative.family(panels)
    present = _FAMILIES if own is None else (*_FAMILIES, own)
    if families is None:
        return present
    return tuple(family for family in present if family.specs[0].family in families)


def _within_reach(
    panels: MarketPanels, family: FactorFamily, dates: pd.DatetimeIndex
) -> MarketPanels:
    """Return the panels without sessions of stocks and flows older than any row is made from."""
    reach, stocks, flows = family.reach_sessions, panels.stocks, panels.flows
    if reach is None or dates.empty:
        return panels
    frames = [] if stocks is None else [stocks.closes]
    frames += [] if flows is None else [flows.buys]
    indices = [pd.DatetimeIndex(frame.index) for frame in frames]
    starts = [max(int(index.searchsorted(dates[0], side="right")) - reach, 0) for index in indices]
    if not any(starts):
        return panels
    first = min(index[start] for index, start in zip(indices, starts, strict=True))
    return replace(
        panels,
        stocks=None if stocks is None else stocks.since(first),
        flows=None if flows is None else flows.since(first),
    )


def _in_id_order(panels: MarketPanels) -> MarketPanels:
    """Return the panels with columns in id order, so no sum depends on the caller's order."""
    stocks, flows = panels.stocks, panels.flows
    if stocks is not None and not stocks.closes.columns.is_monotonic_increasing:
        stocks = stocks.only(sorted(stocks.closes.columns))
    if flows is not None and not flows.buys.columns.is_monotonic_increasing:
        flows = flows.each(lambda frame: frame.sort_index(axis=1))
    sectors = panels.sectors.only(sorted(panels.universe.sector_ids))
    return replace(panels, sectors=sectors, stocks=stocks, flows=flows)


def _unlisted(panels: MarketPanels) -> dict[str, GapReason]:
    """Return the reason of each sector without a close at the panels' end."""
    closes = carried(panels.sectors.closes)
    counts = members_at_end(panels)
    reasons: dict[str, GapReason] = {}
    for place, sector in enumerate(panels.sectors.closes.columns):
        if pd.isna(closes[-1, place]):
            empty = panels.universe.built_from_members and counts[sector] == 0
            reasons[sector] = "too_few_members" if empty else "not_listed"
    return reasons


def _absence(panels: MarketPanels, family: FactorFamily, spec: FactorSpec) -> dict[str, GapReason]:
    """Return each sector's reason, were its value missing."""
    present: dict[Dataset, object | None] = {
        "members": panels.members,
        "flows": panels.flows,
        "fundamentals": panels.fundamentals,
        "macro": panels.macro,
        "positions": panels.positions,
        "series": panels.series,
    }
    if spec.dataset == "flows" and not panels.universe.foreign_flow:
        return everywhere(panels, "not_published")
    if present.get(spec.dataset, panels.sectors) is None:
        return everywhere(panels, "no_data")
    return family.absence(panels, spec.id)
