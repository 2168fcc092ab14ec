"""Decides how dear a sector is against its own last five years."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.panel import MarketPanels, Table
from core.records.result import GapReason
from core.signals import fundamentals
from core.signals.factor import FactorFamily, FactorSpec, Frames, everywhere
from core.signals.membership import membership
from core.signals.releases import known_values
from core.signals.trailing import CARRY_SESSIONS, Matrix, at, carried, ratio

WINDOW_WEEKS, LEAST_WEEKS = 260, 104
STRIDE_SESSIONS = 5
MIDDLE_PCT = 50.0
STALE_DAYS = fundamentals.STALE_DAYS["Q"]
REACH_SESSIONS = WINDOW_WEEKS * STRIDE_SESSIONS + STALE_DAYS + CARRY_SESSIONS
"""Every step back, and from the last one to its report's period end and a close carried there."""


def history(panels: MarketPanels, dates: pd.DatetimeIndex) -> Frames:
    """Return the percentile of the sector's P/E in its own five years, less 50; dates x sectors.

    The distribution is the date's own and every fifth session before it, up to 260 of them.
    """
    columns = panels.sectors.closes.columns
    ranks = np.full((len(dates), len(columns)), np.nan)
    if panels.stocks is not None and len(dates):
        index = pd.DatetimeIndex(panels.stocks.closes.index)
        rows = np.maximum(index.searchsorted(dates, side="right") - 1, 0)
        steps = rows[:, None] - STRIDE_SESSIONS * np.arange(WINDOW_WEEKS)[None, :]
        needed, place = np.unique(np.maximum(steps, 0), return_inverse=True)
        multiples = sector_pe(panels, rows=needed)
        if multiples is not None:
            window = multiples.to_numpy()[place.reshape(steps.shape)]
            ranks = _percentiles(np.where((steps >= 0)[:, :, None], window, np.nan))
            ranks = ranks + at(np.zeros((len(index), 1)), index, dates)
    return {"pe_percentile_5y": pd.DataFrame(ranks - MIDDLE_PCT, index=dates, columns=columns)}


def absence(panels: MarketPanels, factor: str) -> dict[str, GapReason]:
    """Return too_short where a fresh P/E lacks history, else what holds for the fundamentals."""
    last = None if panels.stocks is None else np.array([len(panels.stocks.closes) - 1])
    multiples = sector_pe(panels, rows=last)
    if multiples is None:
        return everywhere(panels, "no_data")
    reasons = fundamentals.absence(panels, factor)
    known = multiples.iloc[-1].notna()
    return {sector: "too_short" if bool(known[sector]) else reasons[sector] for sector in reasons}


def sector_pe(
    panels: MarketPanels, *, rows: NDArray[np.int64] | None = None
) -> pd.DataFrame | None:
    """Return sessions x sectors: sum of market value / sum of earnings; None without the data.

    `rows` are the sessions wanted, all by default; what a session says does not depend on them.

    A member's P/E is the last published one, moved with its price since the period's end; a loss
    (P/E not positive) adds value and no earnings. Market values are the published ones, moved from
    the end of their own period; a member without one is left out.
    """
    if panels.fundamentals is None or panels.members is None or panels.stocks is None:
        return None
    frame = panels.stocks.closes
    every = pd.DatetimeIndex(frame.index)
    index = every if rows is None else every[rows]
    columns = panels.sectors.closes.columns
    reports = {line: _reported(panels.fundamentals, line, index) for line in ("pe", "market_cap")}
    symbols = sorted(set(reports["pe"]["symbol"].unique()) & set(frame.columns))
    if not symbols:
        ever = bool((panels.fundamentals.rows["line"] == "pe").any())
        return pd.DataFrame(np.nan, index=index, columns=columns) if ever else None
    members = membership(panels, index, symbols, list(columns))
    pe, cap = (
        known_values(reports[line], "symbol", symbols, index, year_ago=False).fresh(STALE_DAYS)
        for line in ("pe", "market_cap")
    )
    closes = carried(frame[symbols])
    multiple_now = pe.value * _moved(closes, every, index, pe.age_days)
    value = cap.value * _moved(closes, every, index, cap.age_days)
    known = ~np.isnan(multiple_now) & ~np.isnan(value)
    profit = known & (multiple_now > 0.0)
    earnings = np.where(profit, value / np.where(profit, multiple_now, 1.0), 0.0)
    enough = members.count(known) >= max(panels.universe.min_members, 1)
    totals = [members.total(np.where(known, part, np.nan)) for part in (value, earnings)]
    multiple = np.where(enough, ratio(totals[0], totals[1]), np.nan)
    return pd.DataFrame(multiple, index=index, columns=columns)


def _reported(fundamentals: Table, line: str, dates: pd.DatetimeIndex) -> pd.DataFrame:
    """Return the quarters' rows of one line that are not stale at the first date already."""
    rows = fundamentals.rows
    if not dates.empty:
        rows = rows[rows["period"] >= dates[0] - pd.Timedelta(days=STALE_DAYS + 1)]
    rows = rows[rows["line"] == line]
    return rows[rows["kind"] == "Q"]


def _moved(
    closes: Matrix, every: pd.DatetimeIndex, index: pd.DatetimeIndex, ages: Matrix
) -> Matrix:
    """Return close / close at the last session on or before the period's end, NaN without both.

    Args:
        closes: every session x symbols.
        every: their sessions.
        index: the sessions asked for, each one of them.
        ages: sessions asked for x symbols, days since the period's end.
    """
    days, today = (
        dates.to_numpy().astype("datetime64[D]").astype(np.int64) for dates in (every, index)
    )
    session_of = np.searchsorted(days, np.arange(days[0], days[-1] + 1), side="right") - 1
    since_first = today[:, None] - np.nan_to_num(ages) - days[0]
    inside = ~np.isnan(ages) & (since_first >= 0.0)
    rows = np.where(inside, session_of[np.where(inside, since_first, 0.0).astype(np.int64)], -1)
    then = np.take_along_axis(closes, np.maximum(rows, 0), axis=0)
    now = closes[every.get_indexer(index)]
    return ratio(now, np.where(rows >= 0, then, np.nan))


def _percentiles(window: Matrix) -> Matrix:
    """Return the share of known values below the first, ties by half, percent.

    `window` is dates x steps back x sectors.
    """
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
    reach_sessions=REACH_SESSIONS,
)
