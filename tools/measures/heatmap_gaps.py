"""Decides why a cell of the heatmap is empty; which cells there are is the heatmap's."""

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Final

import numpy as np
import pandas as pd

from core.forecast.model import ForecastModel
from core.markets.benchmark import Measured
from core.panel import MarketPanels
from core.price_measures import MONTH, QUARTER, TREND_SESSIONS, WEEK, YEAR
from core.records.result import FactorValue, GapReason, MissingCell
from core.records.sectors import HeatmapRow
from core.records.universe import Frequency, Horizon, Sector
from tools.measures.turnover import SHARE_SESSIONS

WARM_UP_BARS: Final = 38
"""Bars the first quadrant needs (`core.rotation.rrg`)."""
SESSIONS_NEEDED: Final = {
    "excess_1w_pct": WEEK + 1,
    "excess_1m_pct": MONTH + 1,
    "excess_3m_pct": QUARTER + 1,
    "excess_12m_pct": YEAR + 1,
    "return_3m_pct": QUARTER + 1,
    "distance_200d_pct": TREND_SESSIONS,
    "weekly": WARM_UP_BARS * WEEK,
    "daily": WARM_UP_BARS,
    "turnover_share_pct": SHARE_SESSIONS,
    "turnover_share_change_pp": 2 * SHARE_SESSIONS,
}
"""Sessions a cell is made from, its own and the benchmark's."""
SESSIONS_OF_BAR: Final[dict[Frequency, int]] = {"daily": 1, "weekly": WEEK, "monthly": MONTH}


def empty_cells(
    panels: MarketPanels, against: Measured, rows: tuple[HeatmapRow, ...]
) -> Iterator[MissingCell]:
    """Yield the past's empty cells: returns, trend, rotations and turnover."""
    for row in rows:
        for measure, needed in SESSIONS_NEEDED.items():
            if getattr(row, measure) is None:
                sector = panels.universe.sector(row.sector)
                reason = _why_empty(panels, against, sector, needed)
                if measure.startswith("turnover") and _unpriced(panels, sector) is None:
                    reason = "not_covered" if reason == "no_data" else reason
                yield MissingCell(subject=row.sector, measure=measure, reason=reason)


def why_no_rotation(
    panels: MarketPanels, against: Measured, sector: Sector, frequency: Frequency
) -> GapReason:
    """Return why a sector has no quadrant at any bar told."""
    needed = WARM_UP_BARS * SESSIONS_OF_BAR[frequency]
    return _why_empty(panels, against, sector, needed)


def missing_rotations(
    panels: MarketPanels, against: Measured, sectors: Iterable[Sector], frequency: Frequency
) -> tuple[MissingCell, ...]:
    """Return a cell for each of the sectors, which have no quadrant at any bar told."""
    return tuple(
        MissingCell(
            subject=sector.id,
            measure="rotation",
            reason=why_no_rotation(panels, against, sector, frequency),
        )
        for sector in sectors
    )


def missing_forecasts(
    panels: MarketPanels,
    rows: tuple[HeatmapRow, ...],
    model: ForecastModel | None,
    factors: tuple[FactorValue, ...],
    as_of: date,
) -> Iterator[MissingCell]:
    """Yield a cell for each sector and horizon without a forecast."""
    for row in rows:
        present = {cell.horizon for cell in row.expected}
        sector = panels.universe.sector(row.sector)
        for horizon in panels.universe.horizons:
            if horizon not in present:
                yield MissingCell(
                    subject=row.sector,
                    measure=f"expected_{horizon.lower()}",
                    reason=why_no_forecast(panels, sector, horizon, model, factors, as_of),
                )


def why_no_forecast(
    panels: MarketPanels,
    sector: Sector,
    horizon: Horizon,
    model: ForecastModel | None,
    factors: tuple[FactorValue, ...],
    as_of: date,
) -> GapReason:
    """Return why a sector has no forecast at a horizon: no series, no model, or what it lacks."""
    return _unpriced(panels, sector) or _commonest(sector.id, horizon, model, factors, as_of)


def _why_empty(panels: MarketPanels, against: Measured, sector: Sector, needed: int) -> GapReason:
    unpriced = _unpriced(panels, sector)
    if unpriced is not None:
        return unpriced
    histories = (against.sectors[sector.id], against.level)
    return "too_short" if min(map(_length, histories)) < needed else "no_data"


def _length(closes: pd.Series) -> int:
    """Return the sessions from the first close to the end; 0 without one."""
    known = closes.notna().to_numpy()
    return len(known) - int(np.argmax(known)) if known.any() else 0


def _unpriced(panels: MarketPanels, sector: Sector) -> GapReason | None:
    """Return why a sector has no series at all by now, None when it has one."""
    if panels.sectors.closes[sector.id].notna().any():
        return None
    if panels.universe.built_from_members:
        return "no_data" if _has_members(panels, sector.id) else "too_few_members"
    listed = sector.listed_from
    return "no_data" if listed is not None and listed <= panels.last else "not_listed"


def _has_members(panels: MarketPanels, sector: str) -> bool:
    return panels.members is not None and bool((panels.members.rows["sector"] == sector).any())


def _commonest(
    sector: str,
    horizon: Horizon,
    model: ForecastModel | None,
    factors: tuple[FactorValue, ...],
    as_of: date,
) -> GapReason:
    """Return the commonest reason among the factors the fold weighs and the sector lacks."""
    fold = None if model is None else model.fold(horizon, as_of)
    if fold is None:
        return "model_not_fitted"
    weighed = {weight.factor for weight in fold.weights}
    reasons = Counter(
        value.reason
        for value in factors
        if value.sector == sector and value.factor in weighed and value.reason is not None
    )
    ordered = sorted(reasons, key=lambda reason: (-reasons[reason], reason))
    return ordered[0] if ordered else "no_data"
