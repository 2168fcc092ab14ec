"""Decides what a company's reports say at a date: value, earnings, growth; it ranks nothing."""

from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.panel import MarketPanels
from core.signals.fundamentals import QUARTERS_A_YEAR, STALE_DAYS
from core.signals.releases import Known, known_values
from core.signals.trailing import carried

Vector = NDArray[np.float64]
REVENUE_LINES: Final = ("revenue", "total_operating_income", "net_interest_income")
"""A bank sells no goods: without revenue its operating income, else its interest income."""
PRICED: Final = ("market_cap", "pe")
"""Lines that hold a price, so that they move with it."""
LINES: Final = (*REVENUE_LINES, *PRICED, "net_profit", "total_equity", "roe")
COLUMNS: Final = ("market_cap_bn", "pe_x", "roe_pct", "revenue_growth_pct")


def company_values(panels: MarketPanels, symbols: list[str], as_of: date) -> pd.DataFrame:
    """Return what the last reports known at as_of say, quarters before years.

    Market value and P/E are the last published ones, moved with the adjusted close since their
    period's end; return on equity is a year's profit (a quarter's times four) over equity, else the
    published one; growth is over the period a year before. Stale reports (a quarter 200 days, a
    year 500) say nothing.

    Returns:
        symbols x (market_cap_bn, pe_x, roe_pct, revenue_growth_pct, age_days of the newest period
        used); NaN where not known.
    """
    if panels.fundamentals is None or not symbols:
        return pd.DataFrame(np.nan, index=symbols, columns=[*COLUMNS, "age_days"])
    rows = panels.fundamentals.rows
    rows = rows[rows["symbol"].isin(symbols) & rows["line"].isin(LINES)]
    quarters, years = (
        _Reports.of(rows[rows["kind"] == kind], symbols, as_of, STALE_DAYS[kind])
        for kind in ("Q", "A")
    )
    whole = _of_kind(panels, quarters, as_of, QUARTERS_A_YEAR)
    return whole.combine_first(_of_kind(panels, years, as_of, 1.0))[[*COLUMNS, "age_days"]]


@dataclass(frozen=True, slots=True)
class _Reports:
    """What each line said of each symbol, at one date."""

    symbols: list[str]
    known: dict[str, Known]

    @classmethod
    def of(cls, rows: pd.DataFrame, symbols: list[str], as_of: date, stale_days: int) -> "_Reports":
        dates = pd.DatetimeIndex([pd.Timestamp(as_of)])
        known = {
            line: known_values(rows[rows["line"] == line], "symbol", symbols, dates)
            for line in LINES
        }
        return cls(symbols, {line: found.fresh(stale_days) for line, found in known.items()})

    def value(self, line: str) -> Vector:
        said: Vector = self.known[line].value[0]
        return said

    def growth_pct(self, line: str) -> Vector:
        now, then = self.known[line].value[0], self.known[line].year_ago[0]
        base = np.where(then > 0.0, then, np.nan)
        growth: Vector = 100.0 * (now / base - 1.0)
        return growth

    def age_days(self) -> Vector:
        ages = np.array([found.age_days[0] for found in self.known.values()])
        told = ~np.isnan(ages)
        newest = np.where(told, ages, np.inf).min(axis=0)
        return np.where(told.any(axis=0), newest, np.nan)


def _of_kind(panels: MarketPanels, told: _Reports, as_of: date, periods: float) -> pd.DataFrame:
    equity = told.value("total_equity")
    own = periods * told.value("net_profit") / np.where(equity > 0.0, equity, np.nan)
    growth = told.growth_pct(REVENUE_LINES[0])
    for line in REVENUE_LINES[1:]:
        growth = np.where(np.isnan(growth), told.growth_pct(line), growth)
    columns = {
        "market_cap_bn": told.value("market_cap") * _moved(panels, told, "market_cap", as_of),
        "pe_x": told.value("pe") * _moved(panels, told, "pe", as_of),
        "roe_pct": 100.0 * np.where(np.isnan(own), told.value("roe"), own),
        "revenue_growth_pct": growth,
        "age_days": told.age_days(),
    }
    return pd.DataFrame(columns, index=told.symbols)


def _moved(panels: MarketPanels, told: _Reports, line: str, as_of: date) -> Vector:
    """Return close / close at the last session of the line's period, NaN without both."""
    if panels.stocks is None:
        return np.full(len(told.symbols), np.nan)
    frame = panels.stocks.closes
    closes, index = carried(frame.reindex(columns=told.symbols)), pd.DatetimeIndex(frame.index)
    ages = told.known[line].age_days[0]
    ends = pd.Timestamp(as_of) - pd.to_timedelta(np.nan_to_num(ages), unit="D")
    rows = index.searchsorted(ends, side="right") - 1
    places = np.arange(len(ages))
    inside = ~np.isnan(ages) & (rows >= 0)
    then = np.where(inside, closes[np.maximum(rows, 0), places], np.nan)
    moved: Vector = closes[-1] / then
    return moved
