"""Decides what unusual trades say of a sector: volume spikes and negotiated blocks.

It counts events; who stood behind one is not in the data.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from core.panel import MarketPanels, PricePanel
from core.records.result import GapReason
from core.signals.factor import FactorFamily, FactorSpec, Frames, everywhere, few_or_short
from core.signals.manager_filings import SPEC as FILINGS_SPEC
from core.signals.manager_filings import filings_absence, manager_changes
from core.signals.membership import Membership, membership
from core.signals.trailing import (
    CARRY_SESSIONS,
    Mask,
    Matrix,
    at,
    carried,
    known_sum,
    lagged,
    matrix,
    ratio,
)

WINDOW_SESSIONS = 20
REACH_SESSIONS = 2 * WINDOW_SESSIONS + CARRY_SESSIONS + 1
"""A window of events, each against the window before it, with a carried close and its change."""

SPIKE = 2.0
"""Multiple of the mean volume of the 20 sessions before that counts as an event."""


def history(panels: MarketPanels, dates: pd.DatetimeIndex) -> Frames:
    """Return signed volume events, block share and managers' changes, percent, dates x sectors."""
    columns = panels.sectors.closes.columns
    empty = np.full((len(dates), len(columns)), np.nan)
    spikes, blocks = empty, empty
    if panels.stocks is not None and panels.members is not None:
        index = pd.DatetimeIndex(panels.stocks.closes.index)
        members = membership(panels, index, list(panels.stocks.closes.columns), list(columns))
        least = panels.universe.min_members
        spikes = at(_signed_spikes(panels.stocks, members, least), index, dates)
        blocks = at(_block_share(panels.stocks, members), index, dates)
    parts = {
        "whale_volume_20d": spikes,
        "block_share_20d": blocks,
        "manager_change_13f": manager_changes(panels, dates),
    }
    return {
        name: pd.DataFrame(values, index=dates, columns=columns) for name, values in parts.items()
    }


def absence(panels: MarketPanels, factor: str) -> dict[str, GapReason]:
    """Return not_published without block figures, too_few_members where a share says nothing."""
    if factor == FILINGS_SPEC.id:
        return filings_absence(panels)
    if panels.stocks is None:
        return everywhere(panels, "no_data")
    if factor == "block_share_20d" and bool(panels.stocks.put_throughs.isna().all(axis=None)):
        return everywhere(panels, "not_published")
    return few_or_short(panels, factor)


@dataclass(frozen=True, slots=True)
class VolumeEvents:
    """Sessions x stocks: where volume was unusual for the stock itself.

    watched: volume, its usual level and the change of the close are known.
    event: watched, and over twice the mean of the 20 sessions before.
    signs: the sign of the change at an event, 0 at other watched cells, NaN elsewhere.
    multiple: volume over the usual; NaN where not watched, or where the usual is zero.
    """

    watched: Mask
    event: Mask
    signs: Matrix
    multiple: Matrix


def volume_events(stocks: PricePanel) -> VolumeEvents:
    """Return the events of every session; the first ten have too little history to be watched."""
    volumes, closes = matrix(stocks.volumes), carried(stocks.closes)
    known = np.where(np.isnan(volumes), np.nan, 1.0)
    half = WINDOW_SESSIONS // 2
    base = ratio(*(lagged(known_sum(part, WINDOW_SESSIONS, half), 1) for part in (volumes, known)))
    change = closes - lagged(closes, 1)
    watched: Mask = ~np.isnan(base) & ~np.isnan(volumes) & ~np.isnan(change)
    event: Mask = watched & (volumes > SPIKE * base)
    signs = np.where(watched, np.where(event, np.sign(change), 0.0), np.nan)
    return VolumeEvents(watched, event, signs, np.where(watched, ratio(volumes, base), np.nan))


def _signed_spikes(stocks: PricePanel, members: Membership, least: int) -> Matrix:
    """Return 100 * (up - down) events / watched member-sessions over 20 sessions."""
    events = volume_events(stocks)
    counts = members.count(events.watched)
    signed = known_sum(members.total(events.signs), WINDOW_SESSIONS, WINDOW_SESSIONS)
    sessions = known_sum(counts, WINDOW_SESSIONS, WINDOW_SESSIONS)
    return np.where(counts >= least, 100.0 * ratio(signed, sessions), np.nan)


def _block_share(stocks: PricePanel, members: Membership) -> Matrix:
    """Return 100 * put-through / (matched + put-through) over 20 sessions.

    A stock without a put-through on a day the market published some has had none.
    """
    matched, blocks = matrix(stocks.values), matrix(stocks.put_throughs)
    published = ~np.isnan(blocks).all(axis=1, keepdims=True)
    known = ~np.isnan(matched) & published
    block = members.total(np.where(known, np.nan_to_num(blocks), np.nan))
    whole = members.total(np.where(known, matched + np.nan_to_num(blocks), np.nan))
    any_known = members.count(known) > 0
    sums = [
        known_sum(np.where(any_known, part, np.nan), WINDOW_SESSIONS, WINDOW_SESSIONS // 2)
        for part in (block, whole)
    ]
    return 100.0 * ratio(sums[0], sums[1])


FAMILY = FactorFamily(
    specs=(
        FactorSpec(
            id="whale_volume_20d",
            family="whales",
            dataset="members",
            formula=(
                "100 * (up - down) member-sessions with volume > 2 * its mean of the 20 before, "
                "over member-sessions watched in 20 sessions"
            ),
            unit="% of member-sessions",
            lag="none",
            nan_policy="NaN with fewer watched members than min_members",
            source="after Gervais, Kaniel and Mingelgrin (2001)",
            positive="unusual volume comes on rising days",
        ),
        FactorSpec(
            id="block_share_20d",
            family="whales",
            dataset="members",
            formula="100 * put-through value / (matched + put-through), 20 sessions",
            unit="% of traded value",
            lag="published after the close of the session",
            nan_policy="NaN where the market publishes no negotiated trades",
            source="market practice",
            positive="much changes hands in negotiated blocks",
        ),
        FILINGS_SPEC,
    ),
    history=history,
    absence=absence,
    reach_sessions=REACH_SESSIONS,
)
