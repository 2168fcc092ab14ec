"""Decides how strongly foreign investors buy a sector, and says when a full room hides it."""

import numpy as np
import pandas as pd

from core.panel import MarketPanels
from core.records.result import GapReason
from core.signals.factor import FactorFamily, FactorSpec, Frames, everywhere
from core.signals.membership import membership
from core.signals.trailing import Matrix, at, known_sum, matrix, ratio

WINDOW_SESSIONS, LONG_SESSIONS = 20, 60

CAP_PCT = 30.0
"""Intensity beyond which a figure is one block, not a flow (winsorised; 79 % has been seen)."""

ROOM_FULL_SHARE = 0.5
"""Share of member-sessions at the foreign room's cap above which net buying says nothing."""


def history(panels: MarketPanels, dates: pd.DatetimeIndex) -> Frames:
    """Return 20-session intensity and its change against 60 sessions, percent of traded value."""
    columns = panels.sectors.closes.columns
    names = ("foreign_intensity_20d", "foreign_intensity_change")
    if panels.flows is None or panels.members is None:
        return {name: pd.DataFrame(np.nan, index=dates, columns=columns) for name in names}
    index = pd.DatetimeIndex(panels.flows.buys.index)
    net, traded = _net_and_traded(panels)
    short = _intensity(net, traded, WINDOW_SESSIONS)
    long = _intensity(net, traded, LONG_SESSIONS)
    censored = _room_full(panels) > ROOM_FULL_SHARE
    frames = (short, short - long)
    return {
        name: pd.DataFrame(
            at(np.where(censored, np.nan, values), index, dates), index=dates, columns=columns
        )
        for name, values in zip(names, frames, strict=True)
    }


def absence(panels: MarketPanels, factor: str) -> dict[str, GapReason]:
    """Return not_measurable where the room was full, not_covered where no member has a figure."""
    del factor
    if panels.flows is None or panels.members is None:
        return everywhere(panels, "no_data")
    sectors = list(panels.sectors.closes.columns)
    full = _room_full(panels)
    traded = _net_and_traded(panels)[1]
    reasons: dict[str, GapReason] = {}
    for place, sector in enumerate(sectors):
        covered = bool(np.isfinite(traded[:, place]).any())
        known: GapReason = "too_short" if covered else "not_covered"
        reasons[sector] = "not_measurable" if full[-1, place] > ROOM_FULL_SHARE else known
    return reasons


def _intensity(net: Matrix, traded: Matrix, window: int) -> Matrix:
    sums = [known_sum(part, window, window // 2) for part in (net, traded)]
    return np.clip(100.0 * ratio(sums[0], sums[1]), -CAP_PCT, CAP_PCT)


def _net_and_traded(panels: MarketPanels) -> tuple[Matrix, Matrix]:
    """Return sessions x sectors, over members with buys, sells and traded value all known."""
    flows = panels.flows
    if flows is None:
        raise ValueError("flows: absent")
    index, symbols = pd.DatetimeIndex(flows.buys.index), list(flows.buys.columns)
    members = membership(panels, index, symbols, list(panels.sectors.closes.columns))
    net, traded = matrix(flows.buys) - matrix(flows.sells), matrix(flows.traded)
    known = ~np.isnan(net) & ~np.isnan(traded)
    any_known = members.count(known) > 0
    parts = (members.total(np.where(known, part, np.nan)) for part in (net, traded))
    net_of, traded_of = (np.where(any_known, part, np.nan) for part in parts)
    return net_of, traded_of


def _room_full(panels: MarketPanels) -> Matrix:
    """Return the share of member-sessions at the cap over 20 sessions, 0 where room is unknown."""
    flows = panels.flows
    if flows is None:
        raise ValueError("flows: absent")
    index, symbols = pd.DatetimeIndex(flows.buys.index), list(flows.buys.columns)
    members = membership(panels, index, symbols, list(panels.sectors.closes.columns))
    room = matrix(flows.room_full)
    full, known = members.total(room), members.count(~np.isnan(room))
    share = ratio(known_sum(full, WINDOW_SESSIONS, 1), known_sum(known, WINDOW_SESSIONS, 1))
    return np.nan_to_num(share)


_NAN = (
    "NaN where over half of member-sessions are at the room's cap, under half of the window is "
    "known, or the market publishes no such statistic"
)
_SOURCE = "Froot, O'Connell and Seasholes (2001)"

FAMILY = FactorFamily(
    specs=(
        FactorSpec(
            id="foreign_intensity_20d",
            family="foreign_flow",
            dataset="flows",
            formula="100 * sum(buys - sells) / sum(matched + put-through), 20 days, within +-30",
            unit="% of traded value",
            lag="published after the close of the session",
            nan_policy=_NAN,
            source=_SOURCE,
            positive="foreigners are net buyers",
        ),
        FactorSpec(
            id="foreign_intensity_change",
            family="foreign_flow",
            dataset="flows",
            formula="intensity over 20 sessions - intensity over 60",
            unit="percentage points",
            lag="published after the close of the session",
            nan_policy=_NAN,
            source=_SOURCE,
            positive="foreigners buy more, or sell less, than before",
        ),
    ),
    history=history,
    absence=absence,
)
