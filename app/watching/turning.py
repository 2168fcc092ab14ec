"""Decides when a sector has firmly left its quadrant: beyond a band, so that none flips to and fro.

An axis changes sides once it is the band's width beyond 100; until then it counts as where it was.
"""

from collections.abc import Iterator
from datetime import date
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from app.alerting.records import Alert
from app.watching.records import Look
from core.markets.benchmark import measured
from core.panel import MarketPanels
from core.records.sectors import Quadrant
from core.rotation.bars import to_bars
from core.rotation.quadrants import DECIMALS
from core.rotation.rrg import CENTRE, relative_rotation

OF_SIDES: Final[dict[tuple[bool, bool], Quadrant]] = {
    (True, True): "LEADING",
    (True, False): "WEAKENING",
    (False, False): "LAGGING",
    (False, True): "IMPROVING",
}
"""By RS-Ratio at or above 100, and RS-Momentum."""


def firm_turns(panels: MarketPanels, *, as_of: date, look: Look, band: float) -> Iterator[Alert]:
    """Yield the sectors whose firm quadrant changed at the last finished bar.

    With a band of 0 these are the changes of quadrant that reports tell.

    Args:
        panels: cut at as_of.
        as_of: a running week's bar is not seen.
        look: length of the bars.
        band: index points beyond 100.
    """
    universe = panels.universe
    against = measured(panels, universe.benchmark)
    if isinstance(against, str):
        return
    bars = to_bars(against.sectors, look, as_of=as_of, universe=universe)
    level = to_bars(against.level.to_frame(), look, as_of=as_of).closes.iloc[:, 0]
    frames = relative_rotation(bars.closes, level)
    end = len(bars.closes) - int(bars.provisional)
    if end < len(("before", "now")):
        return
    right, up = (sides(axis.iloc[:end], band) for axis in (frames.rs_ratio, frames.rs_momentum))
    period: pd.Timestamp = bars.closes.index[end - 1]
    for column, sector in enumerate(map(str, bars.closes.columns)):
        before, now = (_quadrant(right[row, column], up[row, column]) for row in (-2, -1))
        if before is not None and now is not None and before != now:
            yield Alert(
                kind="quadrant_change",
                concern="other",
                universe=universe.id,
                period=period.date(),
                frequency=look,
                benchmark=universe.benchmark.id,
                sector=sector,
                quadrant_before=before,
                quadrant=now,
            )


def _quadrant(right: float, up: float) -> Quadrant | None:
    """Return the quadrant of two sides; None where one is unknown."""
    return None if np.isnan(right) or np.isnan(up) else OF_SIDES[bool(right > 0.0), bool(up > 0.0)]


def sides(axis: pd.DataFrame, band: float) -> NDArray[np.float64]:
    """Return on which side of 100 each bar counts, 1 or -1, bars x sectors; NaN where unknown.

    A side is that of the last bar at or beyond the band; before any such bar, the bar's own.
    """
    values = (axis.to_numpy(dtype=np.float64).round(DECIMALS) - CENTRE).round(DECIMALS)
    own = np.where(values >= 0.0, 1.0, -1.0)
    firm = np.where((values >= band) | (values < -band), own, np.nan)
    carried = pd.DataFrame(firm).ffill().to_numpy()
    held = np.where(np.isnan(carried), own, carried)
    return np.where(np.isnan(values), np.nan, held)
