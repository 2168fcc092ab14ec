"""Decides what a series from outside, a user's or a server's, says of each sector.

It takes the numbers as they come: whether a high one is good is for the fit to find out.
"""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.panel import MarketPanels, Table
from core.records.result import GapReason
from core.signals.factor import FactorFamily, FactorSpec, Frames, everywhere
from core.signals.macro_readings import STALE_DAYS, STALE_DAYS_ELSE, WINSOR_Z
from core.signals.membership import membership
from core.signals.releases import known_values, whole_days
from core.signals.sensitivity import NOISE
from core.signals.trailing import Matrix, at, known_sum, ratio

PREFIX = "alt_"

WINDOW_SESSIONS, LEAST_SESSIONS = 1260, 126
"""Five years a level is held against, and the half year of them it needs."""


def family(panels: MarketPanels) -> FactorFamily | None:
    """Return the factors of the panels' own series, by series id; None without any."""
    names = series_names(panels.series)
    specs = tuple(map(_spec, names))
    return FactorFamily(specs, history=history, absence=absence) if specs else None


def series_names(table: Table | None) -> tuple[str, ...]:
    """Return the ids of the series, in order."""
    return () if table is None else tuple(sorted(map(str, table.rows["series"].unique())))


def history(panels: MarketPanels, dates: pd.DatetimeIndex) -> Frames:
    """Return by factor the z-score of the level against its own five years; dates x sectors.

    A sector's own rows count; where it has none, the mean z-score of the members that have one,
    all alike, of at least min_members. A stock counts while it is a member.
    """
    columns = panels.sectors.closes.columns
    frames: Frames = {}
    for name in series_names(panels.series):
        found = _by_sector(panels, _rows_of(panels, name), dates)
        frames[PREFIX + name] = pd.DataFrame(found, index=dates, columns=columns)
    return frames


def absence(panels: MarketPanels, factor: str) -> dict[str, GapReason]:
    """Return not_covered without a row, stale with none recent, too_few_members, or too_short."""
    rows = _rows_of(panels, factor.removeprefix(PREFIX))
    sectors = list(panels.sectors.closes.columns)
    last = pd.DatetimeIndex([pd.Timestamp(panels.last)])
    subjects = _subjects(rows)
    fresh = ~np.isnan(_levels(rows, subjects, last)[0])
    codes = membership(panels, last, subjects, sectors).codes[0]
    reasons = everywhere(panels, "not_covered")
    for place, sector in enumerate(sectors):
        own = [sector] if sector in subjects else []
        about = np.isin(subjects, own) if own else codes == place
        needed = 1 if own else max(panels.universe.min_members, 1)
        if about.any():
            recent = int((about & fresh).sum())
            short: GapReason = "too_short" if recent >= needed else "too_few_members"
            reasons[sector] = short if recent else "stale"
    return reasons


def _rows_of(panels: MarketPanels, name: str) -> pd.DataFrame:
    if panels.series is None:
        raise ValueError("series: absent")
    rows = panels.series.rows
    return rows[(rows["series"] == name) & rows["value"].notna()]


def _subjects(rows: pd.DataFrame) -> list[str]:
    return sorted(map(str, rows["subject"].unique()))


def _by_sector(panels: MarketPanels, rows: pd.DataFrame, dates: pd.DatetimeIndex) -> Matrix:
    sectors = list(panels.sectors.closes.columns)
    subjects = _subjects(rows)
    z = _own_z(rows, subjects, pd.DatetimeIndex(panels.sectors.closes.index), dates)
    members = membership(panels, dates, subjects, sectors)
    counts = members.count(~np.isnan(z))
    enough = counts >= max(panels.universe.min_members, 1)
    found = np.where(enough, ratio(members.total(z), counts), np.nan)
    for place, sector in enumerate(sectors):
        if sector in subjects:
            found[:, place] = z[:, subjects.index(sector)]
    return found


def _own_z(
    rows: pd.DataFrame, subjects: list[str], sessions: pd.DatetimeIndex, dates: pd.DatetimeIndex
) -> Matrix:
    """Return dates x subjects: the level less its five years' mean, over their sd, within +-3."""
    ends = sessions.searchsorted(dates, side="right")
    if not len(ends) or not ends[-1]:
        return np.full((len(dates), len(subjects)), np.nan)
    index = sessions[max(int(ends[0]) - WINDOW_SESSIONS, 0) : int(ends[-1])]
    first = rows.drop_duplicates("subject").set_index("subject")["value"].reindex(subjects)
    levels = _levels(rows, subjects, index) - first.to_numpy(dtype=np.float64)
    known = np.where(np.isnan(levels), np.nan, 1.0)
    count, total, squares = (
        known_sum(part, WINDOW_SESSIONS, LEAST_SESSIONS) for part in (known, levels, levels**2)
    )
    mean = total / count
    variance = squares / count - mean**2
    moved = variance > NOISE * squares / count
    z = (levels - mean) / np.sqrt(np.where(moved, variance, 1.0))
    flat = ~moved & ~np.isnan(variance) & ~np.isnan(levels)
    return at(np.where(flat, 0.0, np.clip(z, -WINSOR_Z, WINSOR_Z)), index, dates)


def _levels(rows: pd.DataFrame, subjects: list[str], dates: pd.DatetimeIndex) -> Matrix:
    """Return dates x subjects: what was last said of the newest period, NaN once it is stale."""
    lasting = rows.assign(value=_stale_after(rows))
    said, limits = (
        known_values(part, "subject", subjects, dates, year_ago=False) for part in (rows, lasting)
    )
    return np.where(said.age_days <= limits.value, said.value, np.nan)


def _stale_after(rows: pd.DataFrame) -> Matrix:
    """Return for each row the days its period speaks, by the mean spacing of the periods till then.

    The bounds are those of macro series; the first period of a subject has no spacing.
    """
    periods = pd.Series(whole_days(pd.DatetimeIndex(rows["period"])), rows.index)
    newest = periods.groupby(rows["subject"]).cummax()
    told = (~pd.DataFrame({"subject": rows["subject"], "newest": newest}).duplicated()).astype(int)
    gaps = told.groupby(rows["subject"]).cumsum().to_numpy() - 1.0
    oldest = newest.groupby(rows["subject"]).transform("first")
    span = (newest - oldest).to_numpy(dtype=np.float64)
    spacing = np.where(gaps > 0.0, span / np.maximum(gaps, 1.0), np.inf)
    bounds: list[NDArray[np.bool_]] = [spacing < below for below, _ in STALE_DAYS]
    return np.select(bounds, [float(days) for _, days in STALE_DAYS], float(STALE_DAYS_ELSE))


def _spec(name: str) -> FactorSpec:
    return FactorSpec(
        id=PREFIX + name,
        family="alternative",
        dataset="series",
        formula=(
            f"({name} - mean) / sd of its last 1260 sessions, within +-3; where only stocks have "
            "it, the mean of that over a sector's members, all alike"
        ),
        unit="sd of its own five years",
        lag="the day each value became known, from the file or a declared lag",
        nan_policy=(
            "NaN under 126 sessions with a value, under min_members stocks, or when the newest "
            "period is stale by the spacing of its periods (14, 30, 100, 200 or 500 days)"
        ),
        source="the series' own maker; the reading is ours",
        positive="the series is high against its own past",
    )
