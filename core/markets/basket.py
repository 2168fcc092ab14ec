"""Decides how a sector's series is built from its members, with weights known the day before.

It refuses to drop a thin sector: too few members is for the reader to be told, not to be hidden.
"""

from dataclasses import dataclass, fields

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.errors import DataError
from core.panel import PricePanel, Table
from core.records.universe import Universe
from core.windows import window_sums

Matrix = NDArray[np.float64]
Mask = NDArray[np.bool_]

LIQUIDITY_SESSIONS = 20
"""Sessions of the mean traded value a weight is made from: about a month, as desks quote it."""

KNOWN_SESSIONS = 5
"""Sessions with a known value a weight needs: a week, so a listing day alone weighs nothing."""

REACH_SESSIONS = 2 * LIQUIDITY_SESSIONS
"""Sessions the last weights are made from, with room for a stock's own holidays."""

BASE_LEVEL = 100.0
"""Level of a basket before its first return."""

NO_SECTOR = -1
"""The code of a stock on a date it is no member."""


@dataclass(frozen=True, slots=True)
class Baskets:
    """Series built from members, on the dates of the stocks.

    sectors: one column a sector of the universe, in its order; all NaN without a member.
    benchmark: a column for each basket and ex_group of the universe, of all members but those it
        leaves out; `<universe>_basket` alone where the universe names none.
    weights: dates x stocks, fraction of the stock's sector; a row sums to 1 in each sector with a
        return, and is NaN where the stock had no part in it.
    """

    sectors: PricePanel
    benchmark: PricePanel
    weights: pd.DataFrame


def sector_baskets(stocks: PricePanel, members: Table, universe: Universe) -> Baskets:
    """Return liquidity-weighted sector baskets and the basket of all members.

        weight(i, t)  ~ mean of (value + put-through) of i over the 20 sessions before t
        return(s, t)  = sum over members of weight * (close / last known close - 1)
        level(s, t)   = level(s, t-1) * (1 + return(s, t)), from 100

    A stock takes part on day t when it is a member, has a close and an earlier one, and its value
    is known in at least 5 of the 20 sessions before t. A day without its close has no return; the
    return over the gap is counted on the day it trades again, if it still has a weight by then.
    A missing put-through is no put-through; a session with neither value is not in the mean.

    A basket's close is NaN on a day none of its members has a return, and the chain goes on from
    the last level. Values, put-throughs and volumes are sums over members, NaN where none is known.

    Args:
        stocks: dates x symbols; closes adjusted the way the baskets are meant to be.
        members: kind "members". A spell includes its start and excludes its end. Symbols without
            prices and sectors of another universe are left out.
        universe: its sector ids and its benchmarks of members are the columns.

    Raises:
        ValueError: the table is not of kind members.
        DataError: a stock belongs to two sectors on one day.
    """
    if members.kind != "members":
        raise ValueError(f"members: kind must be members, got {members.kind}")
    codes = _sector_codes(stocks, members.rows, universe.sector_ids)
    masks = {sector: codes == code for code, sector in enumerate(universe.sector_ids)}
    everyone = _wholes(universe, stocks, codes)
    returns, pull = _returns_and_pull(stocks)
    weights = np.full(pull.shape, np.nan)
    for mask in masks.values():
        shares = _shares(pull, mask)
        weights[shares > 0.0] = shares[shares > 0.0]
    return Baskets(
        sectors=_panel(stocks, masks, pull=pull, returns=returns),
        benchmark=_panel(stocks, everyone, pull=pull, returns=returns),
        weights=pd.DataFrame(weights, index=stocks.closes.index, columns=stocks.closes.columns),
    )


def sector_shares(
    stocks: PricePanel, members: Table, universe: Universe, *, without: tuple[str, ...] = ()
) -> dict[str, float]:
    """Return each sector's fraction of the basket of all members on the last session, by id.

    The weights are those of `sector_baskets`, known the day before; sectors without a share are
    left out, the rest sum to 1. Empty when no member had a return that day.

    Args:
        stocks: as in `sector_baskets`; the last 40 sessions count.
        members: as there.
        universe: its sector ids are those of the answer.
        without: symbols the basket leaves out.
    """
    recent = PricePanel(*(getattr(stocks, f.name).iloc[-REACH_SESSIONS:] for f in fields(stocks)))
    if recent.closes.empty:
        return {}
    codes = _sector_codes(recent, members.rows, universe.sector_ids)[-1]
    _, pull = _returns_and_pull(recent)
    inside = (codes != NO_SECTOR) & ~recent.closes.columns.isin(without)
    held = np.bincount(codes[inside], pull[-1, inside], minlength=len(universe.sector_ids))
    total = float(held.sum())
    return {
        sector: float(amount) / total
        for sector, amount in zip(universe.sector_ids, held, strict=True)
        if amount > 0.0
    }


def _returns_and_pull(stocks: PricePanel) -> tuple[Matrix, Matrix]:
    """Return dates x stocks: returns, and the liquidity of those that take part, 0 for others."""
    returns = _matrix(stocks.closes / stocks.closes.ffill().shift() - 1.0)
    pull = _liquidity(stocks)
    pull[np.isnan(returns) | ~(pull > 0.0)] = 0.0
    return returns, pull


def _matrix(frame: pd.DataFrame) -> Matrix:
    """Return a copy in row order."""
    rows: Matrix = np.array(frame, dtype=np.float64, order="C")
    return rows


def _row_sums(cells: Matrix) -> Matrix:
    """Return each row's sum, added from the first column to the last.

    So it depends neither on the rows around it nor on columns of nothing: a stock that lists later
    changes no bit of an earlier day.
    """
    sums: Matrix = np.cumsum(cells, axis=1)[:, -1] if cells.shape[1] else np.zeros(len(cells))
    return sums


def _wholes(universe: Universe, stocks: PricePanel, codes: NDArray[np.int64]) -> dict[str, Mask]:
    """Return dates x stocks: who is in each benchmark of members."""
    member = codes != NO_SECTOR
    marks = [mark for mark in universe.benchmarks if mark.kind in ("basket", "ex_group")]
    if not marks:
        return {f"{universe.id}_basket": member}
    return {mark.id: member & ~stocks.closes.columns.isin(mark.without) for mark in marks}


def _sector_codes(
    stocks: PricePanel, rows: pd.DataFrame, sectors: tuple[str, ...]
) -> NDArray[np.int64]:
    """Return dates x stocks: the place of the stock's sector in `sectors`, or NO_SECTOR."""
    dates = stocks.closes.index.to_numpy()
    codes = np.full(stocks.closes.shape, NO_SECTOR)
    column_of = {symbol: column for column, symbol in enumerate(stocks.closes.columns)}
    code_of = {sector: code for code, sector in enumerate(sectors)}
    starts = dates.searchsorted(pd.DatetimeIndex(rows["start"]).to_numpy())
    ends = dates.searchsorted(pd.DatetimeIndex(rows["end"]).to_numpy())  # NaT sorts last
    for symbol, sector, start, end in zip(
        rows["symbol"], rows["sector"], starts, ends, strict=True
    ):
        if symbol not in column_of or sector not in code_of:
            continue
        spell = codes[start:end, column_of[symbol]]
        if ((spell != NO_SECTOR) & (spell != code_of[sector])).any():
            raise DataError(f"members: {symbol} is in {sector} and in another sector on one day")
        spell[:] = code_of[sector]
    return codes


def _liquidity(stocks: PricePanel) -> Matrix:
    """Return the mean traded value of the sessions before each date, NaN with too few known."""
    values, put_throughs = _matrix(stocks.values), _matrix(stocks.put_throughs)
    known = ~(np.isnan(values) & np.isnan(put_throughs))
    traded = np.nan_to_num(values) + np.nan_to_num(put_throughs)
    counts = _sums_before(known.astype(np.float64))
    means = np.full(counts.shape, np.nan)
    np.divide(_sums_before(traded), counts, out=means, where=counts >= KNOWN_SESSIONS)
    return means


def _sums_before(cells: Matrix) -> Matrix:
    """Return the sum over the sessions before each date; before the first date nothing counts."""
    padded = np.pad(cells.T, ((0, 0), (LIQUIDITY_SESSIONS, 0)))
    return window_sums(padded, LIQUIDITY_SESSIONS)[:, :-1].T.copy()


def _shares(pull: Matrix, mask: Mask) -> Matrix:
    """Return each stock's fraction of the pull within the mask, 0 outside; rows sum to 1 or 0."""
    within = np.where(mask, pull, 0.0)
    totals = _row_sums(within)[:, None]
    shares = np.zeros(pull.shape)
    np.divide(within, totals, out=shares, where=totals > 0.0)
    return shares


def _panel(
    stocks: PricePanel, masks: dict[str, Mask], *, pull: Matrix, returns: Matrix
) -> PricePanel:
    """Return one basket a mask, columns in the order of the masks."""
    changes = np.nan_to_num(returns)
    closes = {name: _level(_shares(pull, mask), changes) for name, mask in masks.items()}
    sums = [
        {name: _sum(cells, mask) for name, mask in masks.items()}
        for cells in map(_matrix, (stocks.volumes, stocks.values, stocks.put_throughs))
    ]
    return PricePanel(*(pd.DataFrame(of, index=stocks.closes.index) for of in (closes, *sums)))


def _level(shares: Matrix, changes: Matrix) -> Matrix:
    """Return the chained level, NaN on dates nobody has a share."""
    chained = BASE_LEVEL * np.cumprod(1.0 + _row_sums(shares * changes))
    return np.where(shares.any(axis=1), chained, np.nan)


def _sum(cells: Matrix, mask: Mask) -> Matrix:
    """Return the sum of known cells within the mask by date, NaN when none is known."""
    known = mask & ~np.isnan(cells)
    return np.where(known.any(axis=1), _row_sums(np.where(known, cells, 0.0)), np.nan)
