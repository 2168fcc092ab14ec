"""Decides how strongly securities firms' own desks buy a sector."""

import numpy as np
import pandas as pd

from core.panel import MarketPanels
from core.records.result import GapReason
from core.signals.factor import FactorFamily, FactorSpec, Frames, everywhere
from core.signals.foreign_flow import FLOW_REACH_SESSIONS, traded_parts, winsorised_intensity
from core.signals.trailing import at, matrix

WINDOW_SESSIONS = 20


def history(panels: MarketPanels, dates: pd.DatetimeIndex) -> Frames:
    """Return the desks' net over all that traded, 20 sessions, percent; dates x sectors."""
    columns = panels.sectors.closes.columns
    found = np.full((len(dates), len(columns)), np.nan)
    if panels.flows is not None and panels.members is not None:
        parts = traded_parts(panels, matrix(panels.flows.proprietary_net))
        index = pd.DatetimeIndex(panels.flows.buys.index)
        found = at(winsorised_intensity(parts, WINDOW_SESSIONS), index, dates)
    return {SPEC.id: pd.DataFrame(found, index=dates, columns=columns)}


def absence(panels: MarketPanels, factor: str) -> dict[str, GapReason]:
    """Return not_published where no desk's figure is known, not_covered where no member's is."""
    del factor
    if panels.flows is None or panels.members is None:
        return everywhere(panels, "no_data")
    net = matrix(panels.flows.proprietary_net)
    if bool(np.isnan(net).all()):
        return everywhere(panels, "not_published")
    traded = traded_parts(panels, net).traded
    return {
        str(sector): "too_short" if bool(np.isfinite(traded[:, place]).any()) else "not_covered"
        for place, sector in enumerate(panels.sectors.closes.columns)
    }


SPEC = FactorSpec(
    id="proprietary_intensity_20d",
    family="whales",
    dataset="flows",
    formula=(
        "100 * sum(k * desks' net) / sum(k * (matched + put-through)), 20 sessions, within +-30; "
        "k as in foreign_intensity_20d"
    ),
    unit="% of traded value",
    lag="published after the close of the session",
    nan_policy=(
        "NaN where under half of the window is known, or the market publishes no such statistic "
        "(Vietnam: from 2022-11)"
    ),
    source="ours, after Froot, O'Connell and Seasholes (2001)",
    positive="securities firms buy for their own account",
)

FAMILY = FactorFamily(
    specs=(SPEC,), history=history, absence=absence, reach_sessions=FLOW_REACH_SESSIONS
)
