"""Decides how strongly foreign investors buy a sector, and says when a full room hides it."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from core.panel import FlowPanel, MarketPanels
from core.records.result import GapReason
from core.signals.blocks import BASE_SESSIONS, block_sessions
from core.signals.factor import FactorFamily, FactorSpec, Frames, everywhere
from core.signals.membership import membership
from core.signals.trailing import Mask, Matrix, at, known_sum, matrix, ratio

WINDOW_SESSIONS, LONG_SESSIONS = 20, 60

FLOW_REACH_SESSIONS = LONG_SESSIONS + BASE_SESSIONS
"""A window of sessions, each against the sessions before it that tell its usual put-through."""

CAP_PCT = 30.0
"""Intensity beyond which a figure is no flow, even after blocks are cut (79 % has been seen)."""

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
    parts = traded_parts(panels, _foreign_net(panels.flows))
    short = winsorised_intensity(parts, WINDOW_SESSIONS)
    long = winsorised_intensity(parts, LONG_SESSIONS)
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
    traded = traded_parts(panels, _foreign_net(panels.flows)).traded
    reasons: dict[str, GapReason] = {}
    for place, sector in enumerate(sectors):
        covered = bool(np.isfinite(traded[:, place]).any())
        known: GapReason = "too_short" if covered else "not_covered"
        reasons[sector] = "not_measurable" if censored[-1, place] else known
    return reasons


@dataclass(frozen=True, slots=True)
class FlowParts:
    """Sessions x sectors (or one basket): a group's net, all that traded, and its put-through.

    Over members whose net and traded value are both known; NaN where no member's are.
    """

    net: Matrix
    traded: Matrix
    put_through: Matrix


def winsorised_intensity(parts: FlowParts, window: int) -> Matrix:
    """Return a group's net over all that traded, percent, with blocks cut and within +-30.

        100 * sum(kept * net) / sum(kept * traded), over the window's sessions

    `kept` is 1 but at block sessions, where put-through is cut to its usual share of trading and
    the net with it, since most sources do not tell which part of the net was put through. So a
    block session counts for what it usually trades, not for the block (`core.signals.blocks`).

    Args:
        parts: ascending; the usual share is read from the 60 sessions before each.
        window: sessions summed; under half of them known makes NaN.
    """
    kept = block_sessions(parts.traded - np.nan_to_num(parts.put_through), parts.put_through).kept
    sums = [known_sum(kept * part, window, window // 2) for part in (parts.net, parts.traded)]
    return np.clip(100.0 * ratio(sums[0], sums[1]), -CAP_PCT, CAP_PCT)


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


def _foreign_net(flows: FlowPanel) -> Matrix:
    return matrix(flows.buys) - matrix(flows.sells)


def _put_through(panels: MarketPanels, flows: FlowPanel) -> Matrix:
    """Return put-through value at the flows' sessions and symbols, NaN where none is known."""
    if panels.stocks is None:
        return np.full(flows.buys.shape, np.nan)
    negotiated = panels.stocks.put_throughs
    return matrix(negotiated.reindex(index=flows.buys.index, columns=flows.buys.columns))


def traded_parts(panels: MarketPanels, net: Matrix) -> FlowParts:
    """Return the parts of every sector.

    Args:
        panels: with flows and members.
        net: sessions x symbols of the flows, an investor group's buys less its sells.
    """
    flows = panels.flows
    if flows is None:
        raise ValueError("flows: absent")
    index, symbols = pd.DatetimeIndex(flows.buys.index), list(flows.buys.columns)
    members = membership(panels, index, symbols, list(panels.sectors.closes.columns))
    traded = matrix(flows.traded)
    known = ~np.isnan(net) & ~np.isnan(traded)
    any_known = members.count(known) > 0
    parts = (members.total(np.where(known, part, np.nan)) for part in (net, traded))
    net_of, traded_of = (np.where(any_known, part, np.nan) for part in parts)
    blocks = members.total(np.where(known, _put_through(panels, flows), np.nan))
    return FlowParts(net_of, traded_of, blocks)


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
            formula=(
                "100 * sum(k * (buys - sells)) / sum(k * (matched + put-through)), 20 sessions, "
                "within +-30; k = (1 - p) / (1 - u) at block sessions, whose put-through share p "
                "is >= 5 % and > 3 * its mean u of the 60 sessions before, else 1"
            ),
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
            formula="intensity over 20 sessions - intensity over 60, blocks cut in both",
            unit="percentage points",
            lag="published after the close of the session",
            nan_policy=_NAN,
            source=_SOURCE,
            positive="foreigners buy more, or sell less, than before",
        ),
    ),
    history=history,
    absence=absence,
    reach_sessions=FLOW_REACH_SESSIONS,
)
