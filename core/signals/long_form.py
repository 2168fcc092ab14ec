"""Decides how factors are laid out as a table for others: one row a date, sector and signal."""

import numpy as np
import pandas as pd

from core.errors import CallerError
from core.panel import MarketPanels
from core.signals.catalogue import factor_history, specs
from core.signals.cross_section import standardised
from core.signals.factor import FactorSpec
from core.signals.trailing import week_ends

COLUMNS = ("date", "sector", "signal", "family", "value", "z", "unit", "known_at")


def decision_dates(panels: MarketPanels) -> pd.DatetimeIndex:
    """Return the last session of each ISO week; the last week may still be running."""
    index = pd.DatetimeIndex(panels.sectors.closes.index)
    return index[week_ends(index)]


def long_form(
    panels: MarketPanels, dates: pd.DatetimeIndex, *, signals: tuple[str, ...] = ()
) -> pd.DataFrame:
    """Return COLUMNS by date, sector and signal; a missing value has no row.

    z is the value's z-score over the date's sectors within +-3, NaN under three; known_at the
    session at whose close the value was known.

    Args:
        panels: any span; nothing after a date enters its rows.
        dates: ascending.
        signals: ids wanted, all by default.

    Raises:
        CallerError: an id that is no factor of the universe; the message lists those there are.
    """
    chosen = _chosen(specs(panels), signals)
    families = tuple(dict.fromkeys(spec.family for spec in chosen))
    frames = factor_history(panels, dates, families=families)
    index = pd.DatetimeIndex(panels.sectors.closes.index)
    sessions = index[np.maximum(index.searchsorted(dates, side="right") - 1, 0)]
    parts = [_rows(spec, frames[spec.id], sessions) for spec in chosen]
    table: pd.DataFrame = pd.concat(parts, ignore_index=True)
    return table.sort_values(["date", "sector", "signal"], ignore_index=True)


def _chosen(known: tuple[FactorSpec, ...], signals: tuple[str, ...]) -> tuple[FactorSpec, ...]:
    ids = [spec.id for spec in known]
    unknown = [name for name in signals if name not in ids]
    if unknown:
        raise CallerError(f"signal {unknown[0]!r} is unknown: use one of {', '.join(ids)}")
    return tuple(spec for spec in known if not signals or spec.id in signals)


def _rows(spec: FactorSpec, frame: pd.DataFrame, sessions: pd.DatetimeIndex) -> pd.DataFrame:
    ordered = frame[sorted(frame.columns)]
    values = ordered.to_numpy(dtype=np.float64)
    rows, columns = np.nonzero(~np.isnan(values))
    names = ordered.columns.to_numpy()
    return pd.DataFrame(
        {
            "date": pd.DatetimeIndex(frame.index)[rows],
            "sector": pd.Series(names[columns], dtype="str"),
            "signal": pd.Series(spec.id, range(len(rows)), dtype="str"),
            "family": pd.Series(spec.family, range(len(rows)), dtype="str"),
            "value": values[rows, columns],
            "z": standardised(values)[rows, columns],
            "unit": pd.Series(spec.unit, range(len(rows)), dtype="str"),
            "known_at": sessions[rows],
        }
    )[list(COLUMNS)]
