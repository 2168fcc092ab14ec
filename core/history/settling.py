"""Decides how the scores, stances and forecasts of many reports turned out; it words no verdict."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import fsum
from typing import Final

import numpy as np
from numpy.typing import NDArray

from core.certainty import Vector, newey_west_lag, wilson
from core.estimates import LEAST_SPANS
from core.forecast.calibration import EDGES, place
from core.forecast.dataset import HORIZON_SESSIONS
from core.forecast.skill import Average, average, rank_ic
from core.history.realised import Realised
from core.history.track import SIGN
from core.records.history import CallsMade
from core.records.sectors import ChanceBin, Expectation
from core.records.settlement import HorizonSettled
from core.records.universe import Horizon
from core.signals.cross_section import DECIMALS

Matrix = NDArray[np.float64]

TWICE: Final = 2
"""Lags by overlap: up to the overlap alone Bartlett's weights keep two thirds of its variance."""


@dataclass(frozen=True, slots=True)
class Said:
    """What one report said: its calls, and its scores by sector, those without one left out."""

    made: CallsMade
    scores: Mapping[str, float]


def horizon_settled(said: Sequence[Said], known: Realised, horizon: Horizon) -> HorizonSettled:
    """Return how what the reports say of a horizon turned out.

    Hit rate and mean excess are over overweights and underweights; coverage, Brier score (Brier,
    1950) and bins over the forecasts of all sectors; rank ICs are Spearman's, a mean over dates.

    Args:
        said: reports of one universe and one horizon of their own, ascending dates, each once.
        known: closes to settle by.
        horizon: any of the universe's.
    """
    outcomes = {row.made.as_of: known.excess_pct(row.made.as_of, horizon) for row in said}
    ended = [(row, came) for row in said if (came := outcomes[row.made.as_of]) is not None]
    overlap = _overlap([known.row(row.made.as_of) for row, _ in ended], HORIZON_SESSIONS[horizon])
    own = [(row, came) for row, came in ended if row.made.horizon == horizon]
    return HorizonSettled(
        horizon=horizon,
        reports_count=len(said),
        settled_count=len(ended),
        **_ranked("score_ic", [(row.scores, came) for row, came in own], overlap),
        **_ranked("forecast_ic", [(_expected(row, horizon), came) for row, came in ended], overlap),
        **_momentum(ended),
        **_stances(own, overlap),
        **_forecasts(ended, horizon),
    )


def _overlap(rows: Sequence[int], sessions: int) -> int:
    """Return how many later dates begin within an outcome, at most."""
    return max(
        (sum(start < other < start + sessions for other in rows) for start in rows), default=0
    )


def _averaged(values: Vector, overlap: int) -> Average | None:
    """Return the mean over dates; no t on fewer than ten outcomes that do not overlap."""
    mean = average(values, overlap=newey_west_lag(len(values), TWICE * overlap))
    if mean is None or mean.dates_count >= LEAST_SPANS * (overlap + 1):
        return mean
    return mean._replace(t=None)


def _ranked(
    name: str, pairs: Sequence[tuple[Mapping[str, float], Mapping[str, float]]], overlap: int
) -> dict[str, float | None]:
    mean = _averaged(_ics(pairs), overlap)
    if mean is None:
        return {}
    return {
        f"{name}_index": mean.mean,
        f"{name}_t_index": mean.t,
        f"{name}_dates_count": mean.dates_count,
    }


def _ics(pairs: Sequence[tuple[Mapping[str, float], Mapping[str, float]]]) -> Vector:
    """Return each date's rank correlation, NaN with fewer than three sectors with both."""
    ics = []
    for told, came in pairs:
        both = sorted(set(told) & set(came))
        cells = [[float(side[sector]) for sector in both] for side in (told, came)]
        ics.append(float(rank_ic(*(np.array([row], dtype=np.float64) for row in cells))[0]))
    return np.array(ics, dtype=np.float64)


def _expected(row: Said, horizon: Horizon) -> dict[str, float]:
    told = {call.sector: _expectation(call.expected, horizon) for call in row.made.calls}
    return {sector: one.excess_pct for sector, one in told.items() if one is not None}


def _expectation(expected: Sequence[Expectation], horizon: Horizon) -> Expectation | None:
    return next((one for one in expected if one.horizon == horizon), None)


def _momentum(ended: Sequence[tuple[Said, Mapping[str, float]]]) -> dict[str, float | None]:
    """Return the IC of 12-month momentum's places, the first of them the strongest."""
    pairs = [
        (
            {
                call.sector: -float(call.momentum_rank)
                for call in row.made.calls
                if call.momentum_rank is not None
            },
            came,
        )
        for row, came in ended
    ]
    mean = average(_ics(pairs), overlap=0)
    return {} if mean is None else {"momentum_ic_index": mean.mean}


def _stances(own: Sequence[tuple[Said, Mapping[str, float]]], overlap: int) -> dict[str, object]:
    """Return how over- and underweights did: hits of each, the mean of the dates' means and its t.

    A stance is right where the excess is above 0 and it overweights, or is not and it underweights.
    """
    earned: list[list[float]] = []
    hits = 0
    for row, came in own:
        calls = [call for call in row.made.calls if call.stance in SIGN and call.sector in came]
        hits += sum((came[c.sector] > 0.0) == (c.stance == "overweight") for c in calls)
        if calls:
            earned.append([SIGN[c.stance] * came[c.sector] for c in calls])
    count = sum(map(len, earned))
    between = wilson(hits, count)
    if between is None:
        return {}
    by_date = np.array([fsum(row) / len(row) for row in earned], dtype=np.float64)
    mean = _averaged(by_date, overlap)
    return {
        "calls_count": count,
        "hit_fraction": round(hits / count, DECIMALS),
        "hit_low_fraction": round(between.low, DECIMALS),
        "hit_high_fraction": round(between.high, DECIMALS),
        "excess_mean_pct": round(fsum(x for row in earned for x in row) / count, DECIMALS),
        "excess_t_index": None if mean is None else mean.t,
    }


def _forecasts(
    ended: Sequence[tuple[Said, Mapping[str, float]]], horizon: Horizon
) -> dict[str, object]:
    """Return how honest intervals and probabilities were, over every sector's forecast."""
    pairs = [
        (one, came[call.sector])
        for row, came in ended
        for call in row.made.calls
        if (one := _expectation(call.expected, horizon)) is not None and call.sector in came
    ]
    if not pairs:
        return {}
    inside = [float(one.low_pct <= x <= one.high_pct) for one, x in pairs]
    missed = [(one.outperform_fraction - float(x > 0.0)) ** 2 for one, x in pairs]
    return {
        "forecasts_count": len(pairs),
        "covered_fraction": round(fsum(inside) / len(pairs), DECIMALS),
        "brier_index": round(fsum(missed) / len(pairs), DECIMALS),
        "bins": _bins([(one.outperform_fraction, x > 0.0) for one, x in pairs]),
    }


def _bins(told: Sequence[tuple[float, bool]]) -> tuple[ChanceBin, ...]:
    """Return the bins of probability that hold any forecast, ascending."""
    cells: list[list[tuple[float, bool]]] = [[] for _ in range(len(EDGES) + 1)]
    for chance, won in told:
        cells[place(chance)].append((chance, won))
    return tuple(
        ChanceBin(
            said_fraction=round(fsum(chance for chance, _ in cell) / len(cell), DECIMALS),
            came_fraction=round(sum(won for _, won in cell) / len(cell), DECIMALS),
            forecasts_count=len(cell),
        )
        for cell in cells
        if cell
    )
