"""Decides the figures read from one basket's foreign flow over its last sessions.

Frames are sessions x names of the basket, billions of the currency, NaN where no figure is known.
"""

import numpy as np
import pandas as pd

from core.panel import FlowPanel, MarketPanels
from core.signals.foreign_flow import FlowParts, winsorised_intensity
from core.signals.trailing import Matrix, matrix
from tools.measures.blocks import BASE_SESSIONS
from tools.measures.common import exact_total, number


def share_pct(parts: pd.DataFrame, wholes: pd.DataFrame) -> float | None:
    """Return the sum of parts over the sum of wholes, percent, over cells where both are known."""
    known = parts.notna() & wholes.notna()
    whole = exact_total(wholes.where(known))
    return 100.0 * exact_total(parts.where(known)) / whole if whole > 0.0 else None


def known_total(values: pd.DataFrame) -> float | None:
    """Return the sum of the known cells, None when there is none."""
    cells = values.to_numpy()
    return None if np.isnan(cells).all() else exact_total(cells)


def streak(net: pd.DataFrame) -> int:
    """Return the sessions to the last one with the sign of its net, negative for selling.

    Sessions are counted, so closed weeks break nothing; a session without any figure does.
    """
    sign = np.sign(net.sum(axis=1, min_count=1).to_numpy())
    if len(sign) == 0 or np.isnan(sign[-1]) or sign[-1] == 0.0:
        return 0
    breaks = np.flatnonzero(sign != sign[-1])
    length = len(sign) - (int(breaks[-1]) + 1 if len(breaks) else 0)
    return int(sign[-1]) * length


def matched_and_negotiated(
    flows: FlowPanel, window: pd.DataFrame
) -> tuple[float | None, float | None]:
    """Return the matched and the put-through part of the window's net.

    Both are None unless the source splits every known cell: matched flow is never guessed.

    Args:
        flows: whose matched_net is read.
        window: net by session and name.
    """
    if flows.matched_net is None:
        return None, None
    part = flows.matched_net.loc[window.index, window.columns]
    if bool((window.notna() & part.isna()).any(axis=None)):
        return None, None
    told = exact_total(part)
    return told, exact_total(window) - told


def winsorised_pct(panels: MarketPanels, net: pd.DataFrame, n_sessions: int) -> float | None:
    """Return what the foreign-flow factor makes of the names together over the last sessions.

    Args:
        panels: whose flows tell all that traded, and whose stocks the put-through of it.
        net: all sessions of the flows; the 60 before the window tell the usual put-through.
        n_sessions: of the window.
    """
    if panels.flows is None:
        return None
    recent = net.iloc[-n_sessions - BASE_SESSIONS - 1 :]
    traded = panels.flows.traded.loc[recent.index, recent.columns]
    negotiated = np.full(recent.shape, np.nan)
    if panels.stocks is not None:
        through = panels.stocks.put_throughs
        negotiated = matrix(through.reindex(index=recent.index, columns=recent.columns))
    known = (recent.notna() & traded.notna()).to_numpy()
    cells = (np.where(known, part, np.nan) for part in (matrix(recent), matrix(traded), negotiated))
    return number(winsorised_intensity(FlowParts(*map(_together, cells)), n_sessions)[-1, 0])


def _together(cells: Matrix) -> Matrix:
    """Return each session's sum over the names, sessions x 1, NaN where none is known."""
    known = ~np.isnan(cells)
    total = np.where(known, cells, 0.0).sum(axis=1, keepdims=True)
    return np.where(known.any(axis=1, keepdims=True), total, np.nan)
