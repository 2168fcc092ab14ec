"""Decides what get_sector_heatmap prints: where each sector is, what it did, what is expected.

Expectations are the fitted model's or absent; a tool never fits.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

import pandas as pd

from core.forecast.model import ForecastModel, expectations
from core.panel import MarketPanels
from core.portfolio.scoring import FULL_TRUST_T
from core.records.plan import SignalType
from core.records.result import FactorValue, Family, Flag
from core.records.sectors import Expectation, HeatmapResult, HeatmapRow, Rotation, Skill
from core.records.universe import Horizon, Sector
from core.rotation.quadrants import rotations
from tools.context import ToolContext
from tools.measures.common import (
    MONTH,
    QUARTER,
    WEEK,
    YEAR,
    distance_200d_pct,
    member_weights,
    number,
    returns_pct,
    sector_of_member,
    thin_flags,
)
from tools.measures.factor_table import FAMILIES as ALL_FAMILIES
from tools.measures.heatmap_gaps import empty_cells, missing_forecasts
from tools.scope import Scope

TOOL = "get_sector_heatmap"
FAMILIES: Final[tuple[Family, ...]] = (
    "relative_strength",
    "momentum",
    "volatility",
    "volume",
    "breadth",
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
) -> HeatmapResult:
    """Return a row a sector with all its horizons and their records.

    `horizon` decides whether the forecast is marked as one without skill.
    """
    scope = context.scope(region, as_of)
    benchmark = scope.universe.benchmark
    if scope.panels is None:
        return HeatmapResult(
            **scope.envelope(TOOL), benchmark=benchmark.id, treatment=benchmark.treatment
        )
    predictive = signal_type == "predictive_performance"
    model = context.model(scope.universe) if predictive else None
    seen = () if model is None else context.factors(scope, ALL_FAMILIES)
    rows = _rows(scope.panels, scope.as_of, _expected(scope, model, seen))
    skill = () if model is None else _records(model, scope)
    proven = any(
        row.horizon == horizon and (row.ic_t_index or 0.0) >= FULL_TRUST_T for row in skill
    )
    missing = [*empty_cells(scope.panels, rows)]
    if predictive:
        missing += missing_forecasts(scope.panels, rows, model, seen, scope.as_of)
    return HeatmapResult(
        **scope.envelope(TOOL, ("prices", "members", "model"), known_at=scope.panels.last),
        benchmark=benchmark.id,
        treatment=benchmark.treatment,
        rows=rows if proven else tuple(_without_skill(row) for row in rows),
        skill=skill,
        missing=tuple(missing),
        factors=context.factors(scope, FAMILIES),
    )


@dataclass(frozen=True, slots=True)
class _Pictures:
    """By sector id: rotations at both frequencies, and the members with prices."""

    weekly: dict[str, Rotation | None]
    daily: dict[str, Rotation | None]
    members: dict[str, list[str]]
    weights: pd.Series


def _expected(
    scope: Scope, model: ForecastModel | None, factors: tuple[FactorValue, ...]
) -> dict[str, tuple[Expectation, ...]]:
    if model is None:
        return {}
    return expectations(model, factors, universe=scope.universe, as_of=scope.as_of)


def _records(model: ForecastModel, scope: Scope) -> tuple[Skill, ...]:
    """Return the model's own record at each horizon that has one."""
    found = (model.skill(horizon, scope.as_of) for horizon in scope.universe.horizons)
    return tuple(record for record in found if record is not None)


def _rows(
    panels: MarketPanels, as_of: date, expected: dict[str, tuple[Expectation, ...]]
) -> tuple[HeatmapRow, ...]:
    pictures = _pictures(panels, as_of)
    measures = _measures(panels)
    return tuple(
        _row(
            panels,
            sector,
            as_of=as_of,
            pictures=pictures,
            cells={str(name): number(measures.at[sector.id, name]) for name in measures},
            expected=expected.get(sector.id, ()),
        )
        for sector in panels.universe.sectors
    )


def _pictures(panels: MarketPanels, as_of: date) -> _Pictures:
    closes = panels.sectors.closes
    benchmark = panels.benchmark.closes[panels.universe.benchmark.id]
    weights = member_weights(panels)
    return _Pictures(
        weekly=rotations(
            closes, benchmark, frequency="weekly", as_of=as_of, tail_bars=WEEKLY_TAIL_BARS
        ),
        daily=rotations(
            closes, benchmark, frequency="daily", as_of=as_of, tail_bars=DAILY_TAIL_BARS
        ),
        members=_priced_members(panels, weights),
        weights=weights,
    )


def _priced_members(panels: MarketPanels, weights: pd.Series) -> dict[str, list[str]]:
    """Return by sector the members that make its series, or that have prices beside it."""
    if panels.stocks is None:
        return {}
    priced = weights.index if len(weights) else panels.stocks.closes.columns
    members: dict[str, list[str]] = {}
    for symbol, sector in sector_of_member(panels).items():
        if symbol in priced:
            members.setdefault(sector, []).append(symbol)
    return members


def _measures(panels: MarketPanels) -> pd.DataFrame:
    """Return percent returns and distances, sectors x measures; excess is over the benchmark."""
    closes = panels.sectors.closes
    benchmark = panels.benchmark.closes[[panels.universe.benchmark.id]].reindex(closes.index)
    windows = {"1w": WEEK, "1m": MONTH, "3m": QUARTER, "12m": YEAR}
    table = {
        f"excess_{name}_pct": returns_pct(closes, n) - returns_pct(benchmark, n).iloc[0]
        for name, n in windows.items()
    }
    table["return_3m_pct"] = returns_pct(closes, QUARTER)
    table["distance_200d_pct"] = distance_200d_pct(closes)
    return pd.DataFrame(table)


def _row(
    panels: MarketPanels,
    sector: Sector,
    *,
    as_of: date,
    pictures: _Pictures,
    cells: dict[str, float | None],
    expected: tuple[Expectation, ...],
) -> HeatmapRow:
    members = pictures.members.get(sector.id, [])
    weights = pictures.weights.reindex(members).dropna().sort_values(ascending=False, kind="stable")
    weekly, daily = pictures.weekly[sector.id], pictures.daily[sector.id]
    return HeatmapRow(
        sector=sector.id,
        ticker=sector.ticker,
        weekly=weekly,
        daily=daily,
        excess_1w_pct=cells["excess_1w_pct"],
        excess_1m_pct=cells["excess_1m_pct"],
        excess_3m_pct=cells["excess_3m_pct"],
        excess_12m_pct=cells["excess_12m_pct"],
        return_3m_pct=cells["return_3m_pct"],
        distance_200d_pct=cells["distance_200d_pct"],
        expected=expected,
        members_count=None if panels.members is None else len(members),
        top_member=str(weights.index[0]) if len(weights) else None,
        top_member_pct=number(100.0 * weights.iloc[0]) if len(weights) else None,
        flags=(
            *_listing_flags(panels, sector, len(members)),
            *_rotation_flags(weekly, daily),
            *_reclassified(panels, sector, as_of),
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
