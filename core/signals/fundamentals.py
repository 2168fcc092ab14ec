"""Decides what a sector's companies earn and how it grows, from reports public at the date."""

import numpy as np
import pandas as pd

from core.panel import MarketPanels
from core.records.result import GapReason
from core.signals.factor import FactorFamily, FactorSpec, Frames, everywhere
from core.signals.membership import NO_SECTOR, Membership, membership
from core.signals.releases import YEAR_DAYS, YEAR_TOLERANCE_DAYS, Known, known_values
from core.signals.trailing import Mask, Matrix, ratio

STALE_DAYS = {"Q": 200, "A": 500}
"""Age of the newest period beyond which a report no longer speaks: two periods and the deadline."""

LINES = ("revenue", "net_profit", "total_equity", "roe")
QUARTERS_A_YEAR = 4.0

NAMES = ("revenue_growth", "net_profit_growth", "net_profit_margin", "roe")


def history(panels: MarketPanels, dates: pd.DatetimeIndex) -> Frames:
    """Return aggregates over members with a fresh report, percent; quarters before years."""
    columns = panels.sectors.closes.columns
    quarterly = _of_kind(panels, dates, "Q")
    annual = _of_kind(panels, dates, "A")
    return {
        name: pd.DataFrame(
            np.where(np.isnan(quarterly[name]), annual[name], quarterly[name]),
            index=dates,
            columns=columns,
        )
        for name in NAMES
    }


def absence(panels: MarketPanels, factor: str) -> dict[str, GapReason]:
    """Return not_covered, stale or too_few_members, by what each sector's members have on file."""
    del factor
    if panels.fundamentals is None or panels.members is None:
        return everywhere(panels, "no_data")
    last = pd.DatetimeIndex([pd.Timestamp(panels.last)])
    rows = panels.fundamentals.rows
    symbols, sectors = sorted(rows["symbol"].unique()), list(panels.sectors.closes.columns)
    codes = membership(panels, last, symbols, sectors).codes[0]
    recent = _recent(rows, last)
    limits = recent["kind"].map(STALE_DAYS).to_numpy(dtype=np.float64)
    fresh = (last[0] - recent["period"]).dt.days.to_numpy(dtype=np.float64) <= limits
    reported = set(recent.loc[fresh, "symbol"].unique())
    reasons = everywhere(panels, "not_covered")
    for symbol, code in zip(symbols, codes, strict=True):
        if code != NO_SECTOR and reasons[sectors[code]] != "too_few_members":
            reasons[sectors[code]] = "too_few_members" if symbol in reported else "stale"
    return reasons


def _of_kind(panels: MarketPanels, dates: pd.DatetimeIndex, kind: str) -> dict[str, Matrix]:
    columns = list(panels.sectors.closes.columns)
    if panels.fundamentals is None or panels.members is None:
        return {name: np.full((len(dates), len(columns)), np.nan) for name in NAMES}
    rows = _recent(panels.fundamentals.rows, dates)
    rows = rows[(rows["kind"] == kind) & rows["line"].isin(LINES)]
    symbols = sorted(rows["symbol"].unique())
    members = membership(panels, dates, symbols, columns)
    known = {
        line: known_values(rows[rows["line"] == line], "symbol", symbols, dates).fresh(
            STALE_DAYS[kind]
        )
        for line in LINES
    }
    least = panels.universe.min_members
    return {
        "revenue_growth": _growth(known["revenue"], members, least),
        "net_profit_growth": _growth(known["net_profit"], members, least),
        "net_profit_margin": _aggregate(
            known["net_profit"].value, known["revenue"].value, members, least
        ),
        "roe": _roe(known, members, least, QUARTERS_A_YEAR if kind == "Q" else 1.0),
    }


def _recent(rows: pd.DataFrame, dates: pd.DatetimeIndex) -> pd.DataFrame:
    """Return rows of periods no date finds too old to speak, or to be the year before one."""
    if dates.empty:
        return rows
    oldest = max(STALE_DAYS.values()) + YEAR_DAYS + YEAR_TOLERANCE_DAYS
    return rows[rows["period"] >= dates[0] - pd.Timedelta(days=oldest + 1)]


def _growth(line: Known, members: Membership, least: int) -> Matrix:
    """Return 100 * (sum now - sum a year ago) / |sum a year ago|, over members with both."""
    both = ~np.isnan(line.value) & ~np.isnan(line.year_ago)
    now, then = (_total(part, both, members, least) for part in (line.value, line.year_ago))
    return 100.0 * ratio(now - then, np.abs(then))


def _aggregate(above: Matrix, below: Matrix, members: Membership, least: int) -> Matrix:
    both = ~np.isnan(above) & ~np.isnan(below)
    sums = [_total(part, both, members, least) for part in (above, below)]
    return 100.0 * ratio(sums[0], sums[1])


def _roe(known: dict[str, Known], members: Membership, least: int, periods: float) -> Matrix:
    """Return profit a year over equity; the mean published ratio where equity is not on file."""
    own = periods * _aggregate(
        known["net_profit"].value, known["total_equity"].value, members, least
    )
    published = known["roe"].value
    has = ~np.isnan(published)
    mean = 100.0 * ratio(_total(published, has, members, least), members.count(has))
    return np.where(np.isnan(own), mean, own)


def _total(values: Matrix, known: Mask, members: Membership, least: int) -> Matrix:
    enough = members.count(known) >= max(least, 1)
    return np.where(enough, members.total(np.where(known, values, np.nan)), np.nan)


_NAN = "NaN with fewer fresh reports than min_members; stale: a quarter 200 days, a year 500"


def _spec(name: str, formula: str, source: str, positive: str) -> FactorSpec:
    return FactorSpec(
        id=name,
        family="fundamentals",
        dataset="fundamentals",
        formula=formula,
        unit="%",
        lag="the report's publication date",
        nan_policy=_NAN,
        source=source,
        positive=positive,
    )


FAMILY = FactorFamily(
    specs=(
        _spec(
            "revenue_growth",
            "sum of revenue / sum a year ago - 1, members with both periods",
            "market practice",
            "sales grow",
        ),
        _spec(
            "net_profit_growth",
            "(sum of net profit - sum a year ago) / |sum a year ago|",
            "Ball and Brown (1968)",
            "profits grow",
        ),
        _spec(
            "net_profit_margin",
            "sum of net profit / sum of revenue",
            "market practice",
            "much of sales is kept",
        ),
        _spec(
            "roe",
            "net profit a year / total equity (a quarter times 4); else the mean published ratio",
            "Haugen and Baker (1996)",
            "equity earns much",
        ),
    ),
    history=history,
    absence=absence,
)
