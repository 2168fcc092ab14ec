"""Decides what get_sector_heatmap prints: where each sector is, what it did, what is expected.

Expectations are the fitted model's or absent; a tool never fits.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from typing import Final

import pandas as pd

from core.markets.benchmark import Measured, measured, named_benchmark
from core.panel import MarketPanels
from core.price_measures import MONTH, QUARTER, WEEK, YEAR, distance_200d_pct, returns_pct
from core.records.plan import SignalType
from core.records.result import Family, Flag
from core.records.sectors import (
    Expectation,
    HeatmapResult,
    HeatmapRow,
    MemberBuilt,
    Rotation,
)
from core.records.universe import Horizon, Sector
from core.rotation.quadrants import rotations
from tools.context import ToolContext
from tools.measures.common import member_weights, number, priced_members, thin_flags
from tools.measures.heatmap_gaps import empty_cells, missing_forecasts
from tools.measures.turnover import turnover_shares
from tools.scope import Scope
from tools.sectors.outlook import Outlook, outlook

TOOL = "get_sector_heatmap"
FAMILIES: Final[tuple[Family, ...]] = (
    "relative_strength",
    "momentum",
    "volatility",
    "volume",
    "breadth",
    "lead_lag",
    "alternative",
)
WEEKLY_TAIL_BARS: Final = 52
DAILY_TAIL_BARS: Final = 20
"""A year of weeks and a month of days: the longest tails the map draws."""
OPPOSITE: Final = {
    "LEADING": "LAGGING",
    "LAGGING": "LEADING",
    "WEAKENING": "IMPROVING",
    "IMPROVING": "WEAKENING",
}
RECLASSIFIED_FOR: Final = timedelta(days=366)
"""As long as a weekly tail reaches back over a change of who belongs to a sector."""


def sector_heatmap(
    context: ToolContext,
    *,
    region: str | None = None,
    horizon: Horizon = "1M",
    signal_type: SignalType = "predictive_performance",
    as_of: date | None = None,
    benchmark: str | None = None,
) -> HeatmapResult:
    """Return a row a sector with all its horizons and their records.

    `horizon` decides whether the forecast is marked as one without skill. Factors are always over
    the universe's default benchmark: an answer with another one has none.

    Raises:
        CallerError: the universe has no such benchmark.
    """
    scope = context.scope(region, as_of, advice=True)
    mark = named_benchmark(scope.universe, benchmark)
    answer = partial(HeatmapResult, benchmark=mark.id, treatment=mark.treatment)
    if scope.panels is None:
        return answer(**scope.envelope(TOOL))
    against = measured(scope.panels, mark)
    if isinstance(against, str):
        return answer(**scope.absent(TOOL, against, "prices"))
    predictive = signal_type == "predictive_performance"
    said = outlook(context, scope, horizon, predictive=predictive)
    rows = _rows(_pictures(context, scope, scope.panels, against), said)
    missing = [*empty_cells(scope.panels, against, rows)]
    if predictive:
        missing += missing_forecasts(scope.panels, rows, said.model, said.seen, scope.as_of)
    return answer(
        **scope.envelope(TOOL, ("prices", "members", "model"), known_at=scope.panels.last),
        rows=rows if said.proven else tuple(_without_skill(row) for row in rows),
        skill=said.skill,
        missing=tuple(missing),
        factors=(*context.factors(scope, FAMILIES), *said.views)
        if mark == scope.universe.benchmark
        else (),
    )


@dataclass(frozen=True, slots=True)
class _Pictures:
    """What rows are made from; by sector id but for the panels, their date and the weights."""

    panels: MarketPanels
    as_of: date
    measures: pd.DataFrame
    weekly: dict[str, Rotation | None]
    daily: dict[str, Rotation | None]
    members: dict[str, list[str]]
    weights: pd.Series
    built: dict[str, MemberBuilt]


def _rows(pictures: _Pictures, said: Outlook) -> tuple[HeatmapRow, ...]:
    return tuple(
        _row(pictures, sector, said.expected.get(sector.id, ())).model_copy(
            update={"reasons": said.reasons.get(sector.id, ())}
        )
        for sector in pictures.panels.universe.sectors
    )


def _pictures(
    context: ToolContext, scope: Scope, panels: MarketPanels, against: Measured
) -> _Pictures:
    place = partial(
        rotations, against.sectors, against.level, as_of=scope.as_of, universe=scope.universe
    )
    weights = member_weights(panels)
    measures = [_measures(against), turnover_shares(panels.sectors)]
    return _Pictures(
        panels=panels,
        as_of=scope.as_of,
        measures=pd.concat(measures, axis=1),
        weekly=place(frequency="weekly", tail_bars=WEEKLY_TAIL_BARS),
        daily=place(frequency="daily", tail_bars=DAILY_TAIL_BARS),
        members=priced_members(panels, weights),
        weights=weights,
        built=context.member_built(scope),
    )


def _measures(against: Measured) -> pd.DataFrame:
    """Return percent returns and distances, sectors x measures; excess is over the benchmark."""
    closes, level = against.sectors, against.level.to_frame()
    windows = {"1w": WEEK, "1m": MONTH, "3m": QUARTER, "12m": YEAR}
    table = {
        f"excess_{name}_pct": returns_pct(closes, n) - returns_pct(level, n).iloc[0]
        for name, n in windows.items()
    }
    table["return_3m_pct"] = returns_pct(closes, QUARTER)
    table["distance_200d_pct"] = distance_200d_pct(closes)
    return pd.DataFrame(table)


def _row(pictures: _Pictures, sector: Sector, expected: tuple[Expectation, ...]) -> HeatmapRow:
    panels, members = pictures.panels, pictures.members.get(sector.id, [])
    weights = pictures.weights.reindex(members).dropna().sort_values(ascending=False, kind="stable")
    weekly, daily = pictures.weekly[sector.id], pictures.daily[sector.id]
    cells = {str(name): number(value) for name, value in pictures.measures.loc[sector.id].items()}
    return HeatmapRow(
        sector=sector.id,
        ticker=sector.ticker,
        weekly=weekly,
        daily=daily,
        **cells,
        expected=expected,
        members_count=None if panels.members is None else len(members),
        top_member=str(weights.index[0]) if len(weights) else None,
        top_member_pct=number(100.0 * weights.iloc[0]) if len(weights) else None,
        member_built=pictures.built.get(sector.id),
        flags=(
            *_listing_flags(panels, sector, len(members)),
            *_rotation_flags(weekly, daily),
            *_reclassified(panels, sector, pictures.as_of),
        ),
    )


def _listing_flags(panels: MarketPanels, sector: Sector, members_count: int) -> tuple[Flag, ...]:
    if panels.universe.built_from_members:
        return thin_flags(members_count, panels.universe)
    unpriced = bool(panels.sectors.closes[sector.id].isna().all())
    return ("not_listed",) if unpriced else ()


def _rotation_flags(weekly: Rotation | None, daily: Rotation | None) -> tuple[Flag, ...]:
    flags: list[Flag] = []
    if weekly is not None and weekly.provisional:
        flags.append("provisional")
    if weekly is not None and daily is not None and OPPOSITE[weekly.quadrant] == daily.quadrant:
        flags.append("frequency_conflict")
    return tuple(flags)


def _reclassified(panels: MarketPanels, sector: Sector, as_of: date) -> tuple[Flag, ...]:
    recent = any(
        sector.id in change.sectors and as_of - RECLASSIFIED_FOR <= change.effective <= as_of
        for change in panels.universe.reclassifications
    )
    return ("reclassified",) if recent else ()


def _without_skill(row: HeatmapRow) -> HeatmapRow:
    """Return the row, its forecast marked as one without a record distinct from chance."""
    return row.model_copy(update={"flags": (*row.flags, "no_skill")}) if row.expected else row
