"""Decides how strongly foreign investors buy a sector, and says when a full room hides it."""

import numpy as np
import pandas as pd

from core.panel import MarketPanels
from core.records.result import GapReason
from core.signals.factor import FactorFamily, FactorSpec, Frames, everywhere
from core.signals.membership import membership
from core.signals.trailing import Mask, Matrix, at, known_sum, matrix, ratio

WINDOW_SESSIONS, LONG_SESSIONS = 20, 60

CAP_PCT = 30.0
"""Intensity beyond which a figure is one block, not a flow (winsorised; 79 % has been seen)."""

ROOM_FULL_SHARE = 0.5
"""Share of member-sessions, or of their traded value, at the foreign room's cap from which net
buying says nothing."""


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
    censored = _censored(panels)
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
    censored = _censored(panels)
    traded = _net_and_traded(panels)[1]
    reasons: dict[str, GapReason] = {}
    for place, sector in enumerate(sectors):
        covered = bool(np.isfinite(traded[:, place]).any())
        known: GapReason = "too_short" if covered else "not_covered"
        reasons[sector] = "not_measurable" if censored[-1, place] else known
    return reasons


def room_hides_flow(room_full: Matrix, traded: Matrix) -> bool:
    """Return whether foreign net buying over a window is no measure: half of it had no room.

    Half of the member-sessions, or half of their traded value. A cell whose room is not known is
    left out, so without any known the room counts as open.

    Args:
        room_full: sessions x members, 1.0 where the room was full, 0.0 where open, NaN unknown.
        traded: sessions x members, traded value; NaN unknown.
    """
    full, known, full_traded, known_traded = (
        np.full((1, 1), np.nansum(part)) for part in _room_parts(room_full, traded)
    )
    return bool(_half_full(full, known, full_traded, known_traded)[0, 0])


def _room_parts(room: Matrix, traded: Matrix) -> tuple[Matrix, Matrix, Matrix, Matrix]:
    """Return full and known member-sessions, then the same in traded value; NaN where unknown."""
    known = np.where(np.isnan(room), np.nan, 1.0)
    return room, known, room * traded, known * traded


def _half_full(full: Matrix, known: Matrix, full_traded: Matrix, known_traded: Matrix) -> Mask:
    by_session, by_value = ratio(full, known), ratio(full_traded, known_traded)
    mask: Mask = (by_session >= ROOM_FULL_SHARE) | (by_value >= ROOM_FULL_SHARE)
    return mask


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


def _censored(panels: MarketPanels) -> Mask:
    """Return sessions x sectors: whether a full room hid what foreigners wanted in 20 sessions."""
    flows = panels.flows
    if flows is None:
        raise ValueError("flows: absent")
    index, symbols = pd.DatetimeIndex(flows.buys.index), list(flows.buys.columns)
    members = membership(panels, index, symbols, list(panels.sectors.closes.columns))
    parts = _room_parts(matrix(flows.room_full), matrix(flows.traded))
    sums = [known_sum(members.total(part), WINDOW_SESSIONS, 1) for part in parts]
    return _half_full(*sums)


_NAN = (
    "NaN where half or more of member-sessions, or of their traded value, are at the room's cap "
    "(unknown room counts as open), under half of the window is known, or the market publishes no "
    "such statistic"
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
