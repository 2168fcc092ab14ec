"""Decides when a declared rule would leave the market, and what following it would have done.

It suggests: no allocation follows it. Its numbers are declared, none is fitted.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.backtest.metrics import against, performance
from core.market_state.warning import STATES, UNKNOWN, WarningStates
from core.records.rotation_statistics import SwitchRow
from core.records.universe import Universe
from core.rotation.bars import to_bars

Vector = NDArray[np.float64]

TREND_MONTHS: Final = 10
BAND: Final = 0.01
"""How far beyond its mean the benchmark must close: one close at the line changes nothing."""
COST_BPS: Final = 10.0
FILL_LAG: Final = 1
"""Sessions from a decision at the close to its fill at a close."""
YEAR: Final = 252
LEAST_SESSIONS: Final = 252
DECIMALS: Final = 9


@dataclass(frozen=True, slots=True)
class _Decided:
    """Month's ends with a decision: session places, out of the market or not, trend distance."""

    places: NDArray[np.int64]
    out: NDArray[np.bool_]
    distances: Vector


def de_risking(
    states: WarningStates, benchmark: pd.Series, universe: Universe | None = None
) -> SwitchRow | None:
    """Return what the rule says at the last finished month's end, and its record until now.

    At each month's end: out when the benchmark closes more than 1 % below its mean of ten month's
    ends (Faber, 2007) while the market is in watch or warning; in again when it closes more than
    1 % above that mean, whatever the warnings say. Filled a session later, 10 bp a switch; cash
    earns nothing.

    Args:
        states: of `warning_states`, by session.
        benchmark: close by session, positive, NaN where unknown.
        universe: whose calendar says when a month is over; None: weekdays.

    Returns:
        None with less than a year since the first decision.
    """
    sessions = states.sessions
    level = benchmark.reindex(sessions)
    decided = _decided(level, states, universe)
    if decided is None or len(sessions) - decided.places[0] <= LEAST_SESSIONS:
        return None
    first = int(decided.places[0]) + FILL_LAG
    out = _held_out(decided, len(sessions))[first:-1]
    switched = np.concatenate([[out[0]], out[1:] != out[:-1]])
    plain = level.ffill().pct_change().iloc[first + 1 :]
    ruled = plain.where(~out, 0.0) - switched * COST_BPS / 1e4
    since = sessions[decided.places[len(decided.out) - _run(decided.out)]]
    return SwitchRow(
        switch_state="de_risk" if decided.out[-1] else "invested",
        switch_since=since.date(),
        trend_distance_pct=round(float(decided.distances[-1]), DECIMALS),
        record_since=sessions[first].date(),
        record_sessions=len(plain),
        **_record(ruled, plain),
        switches_count=int(switched.sum()),
        switches_a_year_index=round(float(switched.sum()) * YEAR / len(plain), DECIMALS),
        time_out_fraction=round(float(out.mean()), DECIMALS),
        switch_cost_bps=COST_BPS,
    )


def _record(ruled: pd.Series, plain: pd.Series) -> dict[str, float | None]:
    """Return the fields that compare the benchmark with and without the rule."""
    with_rule, without = (
        performance(returns, name, bars_a_year=YEAR)
        for name, returns in (("ruled", ruled), ("plain", plain))
    )
    beside = against(ruled, plain, "plain", bars_a_year=YEAR)
    return {
        "cagr_with_pct": _pct(with_rule.cagr),
        "cagr_without_pct": _pct(without.cagr),
        "cagr_difference_pp": _pct(beside.excess),
        "cagr_t_index": beside.ratio_t,
        "volatility_with_pct": _pct(with_rule.volatility),
        "volatility_without_pct": _pct(without.volatility),
        "drawdown_with_pct": _pct(with_rule.max_drawdown),
        "drawdown_without_pct": _pct(without.max_drawdown),
    }


def _pct(fraction: float) -> float:
    return round(100.0 * fraction, DECIMALS)


def _decided(level: pd.Series, states: WarningStates, universe: Universe | None) -> _Decided | None:
    """Return the decisions, from the first month's end with a trend and a warning state on."""
    if len(level) == 0:
        return None
    bars = to_bars(level.to_frame(), "monthly", as_of=states.sessions[-1].date(), universe=universe)
    ends = bars.closes.iloc[: len(bars.closes) - int(bars.provisional), 0]
    means = ends.rolling(TREND_MONTHS).mean().to_numpy()
    places = states.sessions.get_indexer(pd.DatetimeIndex(ends.index))
    distances = 100.0 * (ends.to_numpy(dtype=np.float64) / means - 1.0)
    codes = states.codes[places]
    usable = np.flatnonzero(~np.isnan(distances) & (codes != UNKNOWN))
    if len(usable) == 0:
        return None
    kept = slice(int(usable[0]), None)
    out = _with_memory(distances[kept], codes[kept])
    return _Decided(places[kept], out, distances[kept])


def _with_memory(distances: Vector, codes: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Return whether each month ends out of the market; between the lines the last answer stays."""
    out, found = False, np.zeros(len(distances), dtype=bool)
    for place, (distance, code) in enumerate(zip(distances, codes, strict=True)):
        if distance > 100.0 * BAND:
            out = False
        elif distance < -100.0 * BAND and code > STATES.index("calm"):
            out = True
        found[place] = out
    return found


def _held_out(decided: _Decided, n_sessions: int) -> NDArray[np.bool_]:
    """Return whether each session's close is left without the benchmark, filled a session later."""
    held = np.zeros(n_sessions, dtype=bool)
    for place, out in zip(decided.places + FILL_LAG, decided.out, strict=True):
        held[place:] = out
    return held


def _run(flags: NDArray[np.bool_]) -> int:
    """Return how many flags at the end are as the last."""
    return int(np.cumprod((flags == flags[-1])[::-1]).sum())
