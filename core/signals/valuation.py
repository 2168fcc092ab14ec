"""Decides how dear a sector is against its own last five years."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.panel import MarketPanels
from core.records.result import GapReason
from core.signals import fundamentals
from core.signals.factor import FactorFamily, FactorSpec, Frames, everywhere
from core.signals.membership import membership
from core.signals.releases import known_values
from core.signals.trailing import Matrix, at, carried, ratio

WINDOW_WEEKS, LEAST_WEEKS = 260, 104
STRIDE_SESSIONS = 5
MIDDLE_PCT = 50.0
STALE_DAYS = fundamentals.STALE_DAYS["Q"]


def history(panels: MarketPanels, dates: pd.DatetimeIndex) -> Frames:
    """Return the percentile of the sector's P/E in its own five years, less 50; dates x sectors.

    The distribution is the date's own and every fifth session before it, up to 260 of them.
    """
    columns = panels.sectors.closes.columns
    ranks = np.full((len(dates), len(columns)), np.nan)
    multiples = sector_pe(panels)
    if multiples is not None:
        index = pd.DatetimeIndex(multiples.index)
        rows = np.maximum(index.searchsorted(dates, side="right") - 1, 0)
        ranks = _percentiles(multiples.to_numpy(), rows)
        ranks = ranks + at(np.zeros((len(index), 1)), index, dates)
    return {"pe_percentile_5y": pd.DataFrame(ranks - MIDDLE_PCT, index=dates, columns=columns)}


def absence(panels: MarketPanels, factor: str) -> dict[str, GapReason]:
    """Return too_short where a fresh P/E lacks history, else what holds for the fundamentals."""
    multiples = sector_pe(panels)
    if multiples is None:
        return everywhere(panels, "no_data")
    reasons = fundamentals.absence(panels, factor)
    known = multiples.iloc[-1].notna()
    return {sector: "too_short" if bool(known[sector]) else reasons[sector] for sector in reasons}


def sector_pe(panels: MarketPanels) -> pd.DataFrame | None:
    """Return sessions x sectors: sum of market value / sum of earnings; None without the data.

    A member's P/E is the last published one, moved with its price since the period's end; a loss
    (P/E not positive) adds value and no earnings. Market values are the published ones, moved from
    the end of their own period; a member without one is left out.
    """
    if panels.fundamentals is None or panels.members is None or panels.stocks is None:
        return None
    rows = panels.fundamentals.rows
    rows = rows[(rows["kind"] == "Q") & rows["line"].isin(("pe", "market_cap"))]
    frame = panels.stocks.closes
    symbols = sorted(set(rows.loc[rows["line"] == "pe", "symbol"]) & set(frame.columns))
    if not symbols:
        return None
    index = pd.DatetimeIndex(frame.index)
    columns = panels.sectors.closes.columns
    members = membership(panels, index, symbols, list(columns))
    published = {
        line: known_values(rows[rows["line"] == line], "symbol", symbols, index).fresh(STALE_DAYS)
        for line in ("pe", "market_cap")
    }
    pe, cap = published["pe"], published["market_cap"]
    closes = carried(frame[symbols])
    multiple_now = pe.value * _moved(closes, index, pe.age_days)
    value = cap.value * _moved(closes, index, cap.age_days)
    known = ~np.isnan(multiple_now) & ~np.isnan(value)
    profit = known & (multiple_now > 0.0)
    earnings = np.where(profit, value / np.where(profit, multiple_now, 1.0), 0.0)
    enough = members.count(known) >= max(panels.universe.min_members, 1)
    totals = [members.total(np.where(known, part, np.nan)) for part in (value, earnings)]
    multiple = np.where(enough, ratio(totals[0], totals[1]), np.nan)
    return pd.DataFrame(multiple, index=index, columns=columns)


def _moved(closes: Matrix, index: pd.DatetimeIndex, ages: Matrix) -> Matrix:
    """Return close / close at the last session on or before the period's end, NaN without both."""
    days = index.to_numpy().astype("datetime64[D]").astype(np.int64)
    ends = np.where(np.isnan(ages), -1.0, days[:, None] - ages)
    rows = np.searchsorted(days, ends, side="right") - 1
    then = np.take_along_axis(closes, np.maximum(rows, 0), axis=0)
    return ratio(closes, np.where(rows >= 0, then, np.nan))


def _percentiles(values: Matrix, rows: NDArray[np.int64]) -> Matrix:
    """Return the share of known values below the row's own, ties by half, percent."""
    back = rows[:, None] - STRIDE_SESSIONS * np.arange(WINDOW_WEEKS)[None, :]
    window = np.where((back >= 0)[:, :, None], values[np.maximum(back, 0)], np.nan)
    own = window[:, :1]
    known = (~np.isnan(window)).sum(axis=1)
    below = (window < own).sum(axis=1) + 0.5 * (window == own).sum(axis=1)
    usable = (known >= LEAST_WEEKS) & ~np.isnan(own[:, 0])
    return np.where(usable, 100.0 * below / np.maximum(known, 1), np.nan)


FAMILY = FactorFamily(
    specs=(
        FactorSpec(
            id="pe_percentile_5y",
            family="valuation",
            dataset="fundamentals",
            formula="percentile of the sector's P/E among its last 260 five-session steps, - 50",
            unit="percentile points",
            lag="the report's publication date; prices without lag",
            nan_policy="NaN under 104 known steps, under min_members P/Es, or when all are stale",
            source="after Campbell and Shiller (1998)",
            positive="dear against its own past; negative is cheap",
        ),
    ),
    history=history,
    absence=absence,
)
