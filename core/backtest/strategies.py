"""Decides what a signal's name means: scores a bar; what is held of them is `weighting`'s.

Months are 21 daily bars, 52/12 weekly ones or one monthly. A score uses no later bar than its own.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
import pandas as pd
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from core.backtest.quadrants import quadrant_distances
from core.backtest.return_panel import ReturnPanel
from core.errors import CallerError

Matrix = NDArray[np.float64]
Mask = NDArray[np.bool_]
Shape = Literal["ranked", "held", "weights"]

MONTHS_A_YEAR = 12
COMBO_MONTHS = (1, 3, 6, 9, 12)
"""Windows of the mean (Faber, 2010)."""

LEAST_VOLATILITY_BARS = 3

FRESH_SPACINGS = 2
LEAST_FRESH_DAYS = 15
"""A value from outside counts for twice its own spacing, and for at least so many days."""

MARKET = "market"
EQUAL_WEIGHT = "equal_weight"


@dataclass(frozen=True, slots=True)
class Scores:
    """What a signal says.

    values: bars x sectors; NaN: no score. `ranked`: more is better. `held`: what has a score is
        held, more is further inside. `weights`: fractions, NaN where it states nothing.
    known: bars, True where the signal could be worked out, whatever it said.
    """

    values: Matrix
    known: Mask
    shape: Shape = "ranked"


@dataclass(frozen=True, slots=True)
class Family:
    """One kind of signal: how it is written, what that means, and how it is worked out."""

    form: str
    meaning: str
    pattern: re.Pattern[str]
    build: Callable[[re.Match[str], ReturnPanel], Scores]


def signal_scores(signal: str, panel: ReturnPanel) -> Scores:
    """Return what the signal says at every bar of the panel.

    Raises:
        CallerError: no such signal, or the panel cannot work it out; the message says why.
    """
    family, match = _parsed(signal)
    scores = family.build(match, panel)
    if scores.shape == "weights":
        return scores
    unranked = np.isnan(panel.values)
    if panel.stale is not None:
        unranked = unranked | panel.stale.to_numpy(dtype=bool)
    return Scores(np.where(unranked, np.nan, scores.values), scores.known, scores.shape)


def require_signal(signal: str) -> None:
    """Check that a signal of that name exists.

    Raises:
        CallerError: it does not; the message lists those that do.
    """
    _parsed(signal)


def momentum(returns: Matrix, bars: int, skip: int = 0) -> Matrix:
    """Return close(t - skip) / close(t - bars) - 1, NaN before a sector's first `bars` returns."""
    n_bars = len(returns)
    found = np.full(returns.shape, np.nan)
    if bars > n_bars or skip >= bars:
        return found
    levels = np.vstack(
        [np.ones(returns.shape[1]), np.cumprod(1.0 + np.nan_to_num(returns), axis=0)]
    )
    rows = np.arange(bars - 1, n_bars)
    grown = levels[rows + 1 - skip] / levels[rows + 1 - bars] - 1.0
    found[rows] = np.where(np.isnan(returns[rows + 1 - bars]), np.nan, grown)
    return found


def volatility(returns: Matrix, bars: int) -> Matrix:
    """Return the sample deviation of the last `bars` returns, NaN before a sector has so many."""
    found = np.full(returns.shape, np.nan)
    if bars <= len(returns):
        found[bars - 1 :] = sliding_window_view(returns, bars, axis=0).std(axis=-1, ddof=1)
    return found


def _parsed(signal: str) -> tuple[Family, re.Match[str]]:
    for family in FAMILIES:
        match = family.pattern.fullmatch(signal)
        if match is not None:
            return family, match
    known = ", ".join(family.form for family in FAMILIES)
    raise CallerError(f"signal {signal!r} is unknown: use one of {known}")


def _bars(panel: ReturnPanel, months: str | int) -> int:
    return round(int(months) * panel.bars_a_year / MONTHS_A_YEAR)


def _some(values: Matrix) -> Mask:
    """Tell in which rows anything is known."""
    found: Mask = (~np.isnan(values)).max(axis=1, initial=False)
    return found


def _ranked(values: Matrix) -> Scores:
    return Scores(values, _some(values))


def _window(match: re.Match[str], panel: ReturnPanel) -> tuple[int, int]:
    bars, skip = _bars(panel, match["months"]), _bars(panel, match["skip"] or 0)
    if skip >= bars:
        raise CallerError(f"signal {match[0]!r}: must skip fewer months than it looks back")
    return bars, skip


def _momentum(match: re.Match[str], panel: ReturnPanel) -> Scores:
    bars, skip = _window(match, panel)
    return _ranked(momentum(panel.values, bars, skip))


def _reversal(match: re.Match[str], panel: ReturnPanel) -> Scores:
    bars, skip = _window(match, panel)
    return _ranked(-momentum(panel.values, bars, skip))


def _combo(_: re.Match[str], panel: ReturnPanel) -> Scores:
    parts = [momentum(panel.values, _bars(panel, months)) for months in COMBO_MONTHS]
    return _ranked(sum(parts[1:], parts[0]) / len(parts))


def _volatility(match: re.Match[str], panel: ReturnPanel) -> Scores:
    bars = _bars(panel, match["months"])
    if bars < LEAST_VOLATILITY_BARS:
        raise CallerError(
            f"signal {match[0]!r}: {bars} {panel.frequency} bars do not tell a volatility; "
            f"take at least {LEAST_VOLATILITY_BARS}"
        )
    return _ranked(-volatility(panel.values, bars))


def _equal_weight(_: re.Match[str], panel: ReturnPanel) -> Scores:
    listed = ~np.isnan(panel.values)
    return Scores(np.where(listed, 0.0, np.nan), _some(panel.values), "held")


def _market(match: re.Match[str], panel: ReturnPanel) -> Scores:
    if panel.market is None:
        raise CallerError(f"signal {match[0]!r}: there is no market series; name one by --market")
    empty = np.full(panel.values.shape, np.nan)
    return Scores(empty, np.ones(len(empty), dtype=bool), "held")


def _quadrant(match: re.Match[str], panel: ReturnPanel) -> Scores:
    distances, known = quadrant_distances(panel)
    values = next(cells for name, cells in distances.items() if name.lower() == match[0])
    return Scores(values, _some(np.where(known, 0.0, np.nan)), "held")


def _given(shape: Shape) -> Callable[[re.Match[str], ReturnPanel], Scores]:
    """Return the builder of a signal whose values come from outside."""

    def build(match: re.Match[str], panel: ReturnPanel) -> Scores:
        frame = panel.given.get(match[0])
        if frame is None:
            raise CallerError(f"signal {match[0]!r}: nothing gave its values for these data")
        kept = shape == "weights"
        values = _placed(frame.reindex(columns=panel.returns.columns), panel.dates, kept=kept)
        return Scores(values, _some(values), shape)

    return build


def _placed(frame: pd.DataFrame, dates: pd.DatetimeIndex, *, kept: bool) -> Matrix:
    """Return at each bar the last row dated at or before it, if `kept` or fresh; else NaN."""
    given = pd.DatetimeIndex(frame.index)
    spacing = np.median(np.diff(given.to_numpy())) if len(given) > 1 else np.timedelta64(0, "D")
    fresh = max(FRESH_SPACINGS * spacing, np.timedelta64(LEAST_FRESH_DAYS, "D"))
    rows = given.searchsorted(dates, side="right") - 1
    found = np.full((len(dates), frame.shape[1]), np.nan)
    usable = rows >= 0
    ages = dates[usable].to_numpy() - given[rows[usable]].to_numpy()
    usable[usable] = kept | (ages <= fresh)
    found[usable] = frame.to_numpy(dtype=np.float64)[rows[usable]]
    return found


_MONTHS = r"(?P<months>[1-9]\d?)(?:-(?P<skip>\d{1,2}))?"


def _family(
    form: str, meaning: str, pattern: str, build: Callable[[re.Match[str], ReturnPanel], Scores]
) -> Family:
    return Family(form, meaning, re.compile(pattern), build)


FAMILIES: Final[tuple[Family, ...]] = (
    _family(
        "momentum:12 (or 12-1)", "return of so many months, the last ones left out",
        f"momentum:{_MONTHS}", _momentum,
    ),
    _family("combo", "mean of the returns of 1, 3, 6, 9 and 12 months", "combo", _combo),
    _family("reversal:1", "the same, upside down", f"reversal:{_MONTHS}", _reversal),
    _family(
        "volatility:3", "low deviation of so many months", r"volatility:(?P<months>[1-9]\d?)",
        _volatility,
    ),
    _family(EQUAL_WEIGHT, "every sector in equal parts", EQUAL_WEIGHT, _equal_weight),
    _family(MARKET, "the market series", MARKET, _market),
    *(
        _family(name, f"sectors in the quadrant {name.upper()}, weekly bars", name, _quadrant)
        for name in ("leading", "weakening", "lagging", "improving")
    ),
    _family(
        "model (or model:1w)", "the forecast for a horizon, as it was made out of sample",
        r"model(:[a-z0-9_]+(\+[0-9a-f]+)?)?", _given("ranked"),
    ),
    _family("own:FILE", "your scores: a date, one column a sector", r"own:.+", _given("ranked")),
    _family("weights:FILE", "your target weights", r"weights:.+", _given("weights")),
)  # fmt: skip
"""Every signal; an entry more is a signal more."""
