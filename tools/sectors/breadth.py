"""Decides what get_sector_breadth prints: how many of a sector's members take part in its moves."""

from datetime import date
from typing import Final

import numpy as np
import pandas as pd

from core.panel import MarketPanels
from core.price_measures import YEAR
from core.records.result import MissingCell
from core.records.sector_readings import BreadthResult, BreadthRow
from core.signals import breadth
from core.signals.factor import few_or_short
from core.signals.membership import members_at_end, membership
from core.signals.trailing import Mask, Matrix, at, carried, lagged
from tools.context import ToolContext
from tools.measures.common import number

TOOL: Final = "get_sector_breadth"
CHANGE_SESSIONS: Final = 20
LEAST_OF_YEAR: Final = YEAR - YEAR // 5
"""Known closes a year's high needs: four in five, as the catalogue's."""
CATALOGUE: Final = {"above_50d": "breadth_50d", "above_200d": "breadth_200d"}
"""Measures that are factors of the catalogue."""
MEASURES: Final = (*CATALOGUE, "at_52w_high", "advancing")


def sector_breadth(
    context: ToolContext,
    *,
    sector: str | None = None,
    region: str | None = None,
    as_of: date | None = None,
) -> BreadthResult:
    """Return a row a sector, of the members of the day; changes are over 20 sessions.

    Raises:
        CallerError: the universe has no such sector.
    """
    scope = context.scope(region, as_of)
    wanted = [row.id for row in scope.sectors(sector)]
    panels = scope.panels
    if panels is None:
        return BreadthResult(**scope.envelope(TOOL))
    if panels.stocks is None or panels.members is None:
        return BreadthResult(**scope.absent(TOOL, "no_data", "members"))
    shares, counts = _shares_pct(panels), members_at_end(panels)
    rows = tuple(_row(sector, counts[sector], shares) for sector in wanted)
    rows = tuple(row for row in rows if row.members_count)
    if not rows:
        return BreadthResult(**scope.absent(TOOL, "not_covered", "members"))
    return BreadthResult(
        **scope.envelope(TOOL, ("prices", "members"), known_at=panels.last),
        rows=rows,
        missing=_missing(panels, wanted, rows),
    )


def _row(sector: str, members_count: int, shares: dict[str, pd.DataFrame]) -> BreadthRow:
    cells: dict[str, float | None] = {}
    for name, frame in shares.items():
        values = frame[sector].to_numpy()
        cells[f"{name}_pct"] = number(values[-1])
        cells[f"{name}_change_pp"] = number(values[-1] - values[0]) if len(values) > 1 else None
    return BreadthRow(sector=sector, members_count=members_count, **cells)


def _shares_pct(panels: MarketPanels) -> dict[str, pd.DataFrame]:
    """Return shares of members, percent, at the last session and 20 before: dates x sectors."""
    index = pd.DatetimeIndex(panels.sectors.closes.index)
    dates = index[[-1 - CHANGE_SESSIONS, -1]] if len(index) > CHANGE_SESSIONS else index[-1:]
    reach = breadth.REACH_SESSIONS + CHANGE_SESSIONS + 1
    factors = breadth.history(panels.since(index[-reach:][0]), dates)
    frames = {name: factors[factor] for name, factor in CATALOGUE.items()}
    return {**frames, **_highs_and_advances(panels, dates)}


def _highs_and_advances(panels: MarketPanels, dates: pd.DatetimeIndex) -> dict[str, pd.DataFrame]:
    if panels.stocks is None:
        return {}
    columns = panels.sectors.closes.columns
    frame = panels.stocks.closes.iloc[-YEAR - CHANGE_SESSIONS - 1 :]
    index, closes = pd.DatetimeIndex(frame.index), carried(frame)
    members = membership(panels, dates, list(frame.columns), list(columns))
    least = panels.universe.min_members
    last, before = (at(cells, index, dates) for cells in (closes, lagged(closes, 1)))
    high = np.vstack([_highest(closes, int(row)) for row in index.get_indexer(dates)])
    shares: dict[str, tuple[Mask, Mask]] = {
        "at_52w_high": (last >= high, ~np.isnan(high) & ~np.isnan(last)),
        "advancing": (last > before, ~np.isnan(before) & ~np.isnan(last)),
    }
    return {
        name: pd.DataFrame(100.0 * members.share(mask, known, least), dates, columns)
        for name, (mask, known) in shares.items()
    }


def _highest(closes: Matrix, row: int) -> Matrix:
    """Return each stock's highest close of the year to the row, NaN with a fifth unknown."""
    window = closes[max(row + 1 - YEAR, 0) : row + 1]
    known = (~np.isnan(window)).sum(axis=0)
    highest: Matrix = np.where(known >= LEAST_OF_YEAR, np.fmax.reduce(window, axis=0), np.nan)
    return highest


def _missing(
    panels: MarketPanels, wanted: list[str], rows: tuple[BreadthRow, ...]
) -> tuple[MissingCell, ...]:
    reasons = few_or_short(panels, TOOL)
    row_of = {row.sector: row for row in rows}
    return tuple(
        MissingCell(subject=sector, measure=f"{measure}_pct", reason=reasons[sector])
        for sector in wanted
        for measure in MEASURES
        if getattr(row_of.get(sector), f"{measure}_pct", None) is None
    )
