"""Decides when the market as a whole is under strain, and what has followed such times.

The thresholds are declared, not fitted: a sign is lit in the worst fifth of its own past.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
import pandas as pd
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from core.estimates import Gap, gap
from core.market_state.readings import Readings
from core.records.rotation_statistics import MarketStateRow, WarningOutcomeRow, WarningState
from core.records.universe import Horizon

Vector = NDArray[np.float64]
Sign = Literal["correlation", "dispersion", "breadth"]

LIT_HIGH_PCT: Final = 80.0
LIT_LOW_PCT: Final = 20.0
LIT: Final[Mapping[Sign, tuple[float, float]]] = {
    "correlation": (LIT_HIGH_PCT, 100.0),
    "dispersion": (LIT_HIGH_PCT, 100.0),
    "breadth": (0.0, LIT_LOW_PCT),
}
"""Percentiles of its own past, both ends counted, at which a sign is lit."""
LEAST_KNOWN: Final = 2
"""Readings with a percentile a state needs."""

LEAST_EPISODES: Final = 10
"""Runs of a state a t needs: sessions of one run are one event, however many they are."""

STATES: Final[tuple[WarningState, ...]] = ("calm", "watch", "warning")
UNKNOWN: Final = -1
SESSIONS: Final[dict[Horizon, int]] = {"1M": 21, "3M": 63}


@dataclass(frozen=True, slots=True)
class WarningStates:
    """At each session: the place of its state in STATES (UNKNOWN without one), and signs lit."""

    codes: NDArray[np.int64]
    signs: NDArray[np.int64]
    sessions: pd.DatetimeIndex


def warning_states(readings: Readings) -> WarningStates:
    """Return the state at every session: calm without a sign, watch with one, else warning.

    A sign: correlation or dispersion at the 80th percentile of its own past or above, breadth at
    the 20th or below. A state needs two readings with a percentile.
    """
    table = readings.percentiles
    lit = np.stack([table[sign].between(low, high).to_numpy() for sign, (low, high) in LIT.items()])
    signs = lit.sum(axis=0)
    known = table.notna().to_numpy().sum(axis=1) >= LEAST_KNOWN
    codes = np.where(known, np.minimum(signs, len(STATES) - 1), UNKNOWN)
    return WarningStates(codes, signs, pd.DatetimeIndex(table.index))


def state_row(readings: Readings, states: WarningStates) -> MarketStateRow | None:
    """Return the state of the last session with its readings; None without a state."""
    if len(states.codes) == 0 or states.codes[-1] == UNKNOWN:
        return None
    run = int(np.cumprod(states.codes[::-1] == states.codes[-1]).sum())
    since: pd.Timestamp = states.sessions[-run]
    value, place = readings.values.iloc[-1], readings.percentiles.iloc[-1]
    return MarketStateRow(
        market_warning=STATES[states.codes[-1]],
        warning_since=since.date(),
        signs_count=int(states.signs[-1]),
        correlation_index=_known(value["correlation"]),
        correlation_percentile_pct=_known(place["correlation"]),
        dispersion_pct=_known(value["dispersion"]),
        dispersion_percentile_pct=_known(place["dispersion"]),
        breadth_pct=_known(value["breadth"]),
        breadth_percentile_pct=_known(place["breadth"]),
        breadth_of=readings.breadth_of,
    )


def outcomes(states: WarningStates, benchmark: pd.Series) -> tuple[WarningOutcomeRow, ...]:
    """Return what the benchmark did after each state, against all sessions with a state.

        return(t)   = benchmark(t + h) / benchmark(t) - 1, in %
        drawdown(t) = min(0, min over the next h of benchmark / benchmark(t) - 1), in %

    Only outcomes that ended by the last session count. The t is of the difference of the means
    (`core.estimates.gap`).

    Args:
        states: of `warning_states`.
        benchmark: close by session, positive, NaN where unknown.
    """
    level = benchmark.reindex(states.sessions).ffill(limit=5).to_numpy(dtype=np.float64)
    known = states.codes != UNKNOWN
    rows = []
    for horizon, sessions in SESSIONS.items():
        earned, fallen = (np.where(known, values, np.nan) for values in _ahead(level, sessions))
        for code, state in enumerate(STATES):
            chosen = (states.codes == code) & ~np.isnan(earned)
            rows.append(
                _row(
                    state,
                    horizon,
                    chosen,
                    earned=gap(earned, chosen, overlap=sessions - 1),
                    fallen=gap(fallen, chosen, overlap=sessions - 1),
                )
            )
    return tuple(rows)


def _row(
    state: WarningState,
    horizon: Horizon,
    chosen: NDArray[np.bool_],
    *,
    earned: Gap,
    fallen: Gap,
) -> WarningOutcomeRow:
    episodes = int((chosen & ~np.concatenate([[False], chosen[:-1]])).sum())
    enough = episodes >= LEAST_EPISODES
    return WarningOutcomeRow(
        kind=state,
        horizon=horizon,
        sessions=int(chosen.sum()),
        episodes_count=episodes,
        return_after_pct=earned.chosen,
        return_always_pct=earned.always,
        return_difference_pp=_difference(earned),
        return_t_index=earned.t if enough else None,
        drawdown_after_pct=fallen.chosen,
        drawdown_always_pct=fallen.always,
        drawdown_difference_pp=_difference(fallen),
        drawdown_t_index=fallen.t if enough else None,
    )


def _ahead(level: Vector, sessions: int) -> tuple[Vector, Vector]:
    """Return each session's return and deepest fall over the next ones, percent."""
    earned, fallen = np.full(len(level), np.nan), np.full(len(level), np.nan)
    if len(level) > sessions:
        start = level[:-sessions]
        lowest = sliding_window_view(level[1:], sessions).min(axis=1)
        earned[:-sessions] = 100.0 * (level[sessions:] / start - 1.0)
        fallen[:-sessions] = 100.0 * np.minimum(lowest / start - 1.0, 0.0)
    return earned, fallen


def _difference(found: Gap) -> float | None:
    if found.chosen is None or found.always is None:
        return None
    return round(found.chosen - found.always, 9)


def _known(value: object) -> float | None:
    number = float(value) if isinstance(value, (int, float)) else np.nan
    return None if np.isnan(number) else number
