"""Decides what daily sector returns, written down day by day, say of a rotation; invents no day.

Only an unbroken run of sessions that ends at the last recorded one counts: a return over a day
nobody recorded is unknown, and so is everything before it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np
import pandas as pd

from core.errors import DataError
from core.markets.sessions import next_session
from core.price_measures import MONTH, QUARTER, WEEK, YEAR
from core.records.sectors import Rotation
from core.records.universe import Universe
from core.rotation.quadrants import rotations

EXCESS_SESSIONS: Final = {
    "excess_1w_pct": WEEK,
    "excess_1m_pct": MONTH,
    "excess_3m_pct": QUARTER,
    "excess_12m_pct": YEAR,
}
RETURN_SESSIONS: Final = {"return_3m_pct": QUARTER}
WEEKLY_TAIL_BARS: Final = 52
DAILY_TAIL_BARS: Final = 20


@dataclass(frozen=True, slots=True)
class RecordedRotation:
    """What the run of sessions tells of one sector; None and absent keys are too short a run."""

    daily: Rotation | None
    weekly: Rotation | None
    returns_pct: Mapping[str, float]


def recorded_rotation(
    returns_pct: Mapping[date, Mapping[str, float]], universe: Universe, *, as_of: date
) -> dict[str, RecordedRotation]:
    """Return each sector's rotation against all its peers in equal parts, from recorded days alone.

    Args:
        returns_pct: session to sector to its return of that session, percent.
        universe: whose calendar says which session follows which.
        as_of: later days are not seen.

    Returns:
        Sectors with a return on every day of the run, in the universe's order; the benchmark is
        their equal-weighted mean each day. `returns_pct` holds the measures of `EXCESS_SESSIONS`
        and `RETURN_SESSIONS` the run is long enough for.
    """
    run = unbroken_run([day for day in returns_pct if day <= as_of], universe)
    sectors = [
        name for name in universe.sector_ids if run and all(name in returns_pct[day] for day in run)
    ]
    if not sectors:
        return {}
    changes = pd.DataFrame(
        {name: [returns_pct[day][name] / 100.0 for day in run] for name in sectors},
        index=pd.DatetimeIndex([pd.Timestamp(day) for day in run]),
    )
    growth, peers = (1.0 + changes).cumprod(), (1.0 + changes.mean(axis=1)).cumprod()
    weekly = rotations(
        growth,
        peers,
        frequency="weekly",
        as_of=as_of,
        tail_bars=WEEKLY_TAIL_BARS,
        universe=universe,
    )
    daily = rotations(growth, peers, frequency="daily", as_of=as_of, tail_bars=DAILY_TAIL_BARS)
    return {
        name: RecordedRotation(daily[name], weekly[name], _measures(changes, name))
        for name in sectors
    }


def unbroken_run(days: list[date], universe: Universe) -> tuple[date, ...]:
    """Return the longest run of sessions without a gap that ends at the last of the days."""
    found: list[date] = []
    for day in sorted(set(days), reverse=True):
        if found and _after(universe, day) != found[-1]:
            break
        found.append(day)
    return tuple(reversed(found))


def _after(universe: Universe, day: date) -> date | None:
    try:
        return next_session(universe, day)
    except DataError:
        return None


def _measures(changes: pd.DataFrame, name: str) -> dict[str, float]:
    found: dict[str, float] = {}
    own, peers = changes[name].to_numpy(), changes.mean(axis=1).to_numpy()
    for measure, sessions in (EXCESS_SESSIONS | RETURN_SESSIONS).items():
        if len(changes) < sessions:
            continue
        grown = float(np.prod(1.0 + own[-sessions:]))
        base = float(np.prod(1.0 + peers[-sessions:])) if measure in EXCESS_SESSIONS else 1.0
        found[measure] = 100.0 * (grown - base)
    return found
