"""Decides what screen_stocks prints: the members that keep every bound; it scores none."""

from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Final, get_args

import numpy as np
import pandas as pd

from core.errors import CallerError
from core.panel import MarketPanels
from core.price_measures import MONTH, YEAR, distance_200d_pct, returns_pct, volume_ratio_x
from core.records.result import Dataset, GapReason, MissingCell
from core.records.sector_readings import ScreenFilter, ScreenMeasure, ScreenResult, ScreenRow
from tools.context import ToolContext
from tools.measures.common import number, sector_of_member
from tools.measures.company_values import company_values
from tools.measures.foreign_net import foreign_net_bn

TOOL: Final = "screen_stocks"
LIMIT: Final = 20
MEASURES: Final[tuple[ScreenMeasure, ...]] = get_args(ScreenMeasure)
OF_REPORTS: Final = ("pe_x", "roe_pct", "revenue_growth_pct")


@dataclass(frozen=True, slots=True)
class Screen:
    """What is asked of a stock. above_200d: True above its 200-session mean, False not above."""

    filters: tuple[ScreenFilter, ...] = ()
    above_200d: bool | None = None
    sort_by: ScreenMeasure = "return_12m_pct"
    lowest_first: bool = False
    limit: int = LIMIT


def screened_stocks(
    context: ToolContext,
    screen: Screen,
    *,
    sector: str | None = None,
    region: str | None = None,
    as_of: date | None = None,
) -> ScreenResult:
    """Return the members of the sectors that pass, sorted, those without the value last.

    A stock without a value a filter asks for does not pass and is counted apart.

    Raises:
        CallerError: no such sector, a filter without a bound, or one whose bounds exclude all.
    """
    _check(screen.filters)
    scope = context.scope(region, as_of)
    wanted = {row.id for row in scope.sectors(sector)}
    answer = partial(ScreenResult, sorted_by=screen.sort_by)
    panels = scope.panels
    if panels is None:
        return answer(**scope.envelope(TOOL))
    if panels.stocks is None or panels.members is None:
        return answer(**scope.absent(TOOL, "no_data", "members"))
    table = _table(panels, wanted, scope.as_of)
    if table.empty:
        return answer(**scope.absent(TOOL, "not_covered", "members"))
    known, passed = _passed(table, screen)
    kept = table[passed].sort_values(
        screen.sort_by, ascending=screen.lowest_first, na_position="last", kind="stable"
    )
    datasets: tuple[Dataset, ...] = ("prices", "members", "flows", "fundamentals")
    return answer(
        **scope.envelope(TOOL, datasets, known_at=panels.last),
        screened_count=len(table),
        passed_count=len(kept),
        unknown_count=int((~known).sum()),
        rows=tuple(_row(str(name), kept) for name in kept.index[: screen.limit]),
        missing=_missing(panels, table),
    )


def _check(filters: tuple[ScreenFilter, ...]) -> None:
    for rule in filters:
        low, high = rule.at_least, rule.at_most
        if low is None and high is None:
            raise CallerError(f"filter {rule.measure}: give at_least, at_most or both")
        if low is not None and high is not None and low > high:
            raise CallerError(f"filter {rule.measure}: no value is at least {low}, at most {high}")


def _table(panels: MarketPanels, sectors: set[str], as_of: date) -> pd.DataFrame:
    """Return the priced members of these sectors: symbols x measures, sector and above_200d."""
    if panels.stocks is None:
        return pd.DataFrame()
    sector_of = sector_of_member(panels)
    priced = panels.stocks.closes.columns[panels.stocks.closes.iloc[-1].notna()]
    names = sorted(str(name) for name in priced if sector_of.get(str(name)) in sectors)
    prices = panels.stocks.only(names)
    trend = distance_200d_pct(prices.closes)
    reported = company_values(panels, names, as_of)
    return pd.DataFrame(
        {
            "sector": pd.Series({name: sector_of[name] for name in names}, dtype="str"),
            "return_1m_pct": returns_pct(prices.closes, MONTH),
            "return_12m_pct": returns_pct(prices.closes, YEAR),
            **{name: reported[name] for name in OF_REPORTS},
            "volume_ratio_x": volume_ratio_x(prices.volumes),
            "foreign_net_1m_bn": foreign_net_bn(panels, names),
            "above_200d": (trend > 0.0).astype(np.float64).where(trend.notna()),
        },
        index=names,
    )


def _passed(table: pd.DataFrame, screen: Screen) -> tuple[pd.Series, pd.Series]:
    """Return which stocks have every value asked for, and which of them keep every bound."""
    known = pd.Series(True, index=table.index)
    passed = pd.Series(True, index=table.index)
    for rule in screen.filters:
        values = table[rule.measure]
        known &= values.notna()
        if rule.at_least is not None:
            passed &= values >= rule.at_least
        if rule.at_most is not None:
            passed &= values <= rule.at_most
    if screen.above_200d is not None:
        known &= table["above_200d"].notna()
        passed &= table["above_200d"] == float(screen.above_200d)
    return known, passed & known


def _row(name: str, table: pd.DataFrame) -> ScreenRow:
    above = number(table.at[name, "above_200d"])
    return ScreenRow(
        symbol=name,
        sector=str(table.at[name, "sector"]),
        above_200d=None if above is None else bool(above),
        **{measure: number(table.at[name, measure]) for measure in MEASURES},
    )


def _missing(panels: MarketPanels, table: pd.DataFrame) -> tuple[MissingCell, ...]:
    """Return a cell for each measure that no stock screened has."""
    reports: GapReason = "no_data" if panels.fundamentals is None else "not_covered"
    flows: GapReason = "no_data" if panels.universe.foreign_flow else "not_published"
    why: dict[str, GapReason] = {
        **dict.fromkeys(OF_REPORTS, reports),
        "foreign_net_1m_bn": flows if panels.flows is None else "not_covered",
    }
    return tuple(
        MissingCell(
            subject=panels.universe.id, measure=measure, reason=why.get(measure, "too_short")
        )
        for measure in MEASURES
        if bool(table[measure].isna().all())
    )
