"""Decides what is known of one traded unit, a stock or a sector, from its own prices and trading.

Every value is of the unit's own trailing sessions; how units compare is decided by `units`.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.signals.trailing import Matrix
from core.windows import window_sums

Rows = NDArray[np.int64]

YEAR, QUARTER = 12, 3
"""In months, the unit all windows are counted in."""

SEASON_YEARS = 5
"""Years whose same month makes the seasonal mean (Heston and Sadka, 2008, use up to 20)."""

LOOKBACK_MONTHS = SEASON_YEARS * YEAR
"""The longest any feature looks back."""

KNOWN_SHARE = 0.7
"""Share of a window's bars that must be known."""


@dataclass(frozen=True, slots=True)
class Bars:
    """What a market's units did, bars x units, ascending; NaN where not known.

    closes: gaps already carried. values: traded, of the currency. nets: net foreign buying.
    inside: who counts in the units' mean on each bar; None: every unit with a return.
    month: bars a month, 21 for sessions and 1 for months; week: bars a week, 0 for months.
    """

    closes: Matrix
    month: int
    week: int
    values: Matrix | None = None
    nets: Matrix | None = None
    inside: NDArray[np.bool_] | None = None


def unit_features(bars: Bars, rows: Rows) -> dict[str, Matrix]:
    """Return each feature at these bars, rows x units, NaN where its window is not known.

        momentum_N        close now / close N months ago - 1      Jegadeesh and Titman (1993)
        momentum_12_1     close 1 month ago / 12 months ago - 1
        reversal_36_12    close 12 months ago / 36 months ago - 1  De Bondt and Thaler (1985)
        calm_momentum     momentum_12 / sd of 12 months           Barroso and Santa-Clara (2015)
        high_12           close / highest of 12 months            George and Hwang (2004)
        trend             mean of 1 month / mean of 12 (3 of months)
        volatility_N      sd of returns over N months (of months, volatility_3 is over 6)
                                                                  Ang and others (2006)
        own_volatility    sd of return less the units' mean, over 3 months (of months, 12)
        beta              slope on the units' mean over 12 months, without intercept
        season            mean return of the coming month in the last 5 years
                                                                  Heston and Sadka (2008)
        volume_anomaly    log of mean value of a week / of 3 months
        volume_trend      log of mean value of a month / of 12
        size              log of mean value of 3 months
        foreign_N         net foreign buying / value over N sessions, fraction

    Daily bars add momentum over a week. A window's sum is made from its own cells alone, so later
    bars change no bit.

    Args:
        bars: any span.
        rows: ascending bar numbers.
    """
    prices = _price_features(bars, rows)
    if bars.values is not None and bars.week:
        prices |= _trading_features(bars, bars.values, rows)
    return prices


def _price_features(bars: Bars, rows: Rows) -> dict[str, Matrix]:
    closes, month = bars.closes, bars.month
    before = _Before(closes, rows)
    now = before(0)
    year = YEAR * month
    returns = np.full(closes.shape, np.nan)
    returns[1:] = _change(closes[1:], closes[:-1])
    common = _row_mean(returns if bars.inside is None else np.where(bars.inside, returns, np.nan))
    own = returns - common[:, None]
    short = QUARTER * month if bars.week else QUARTER * 2
    features = {
        f"momentum_{months}": _change(now, before(months * month)) for months in (1, 3, 6, 12)
    }
    features["momentum_12_1"] = _change(before(month), before(year))
    features["reversal_36_12"] = _change(before(year), before(3 * year))
    if bars.week:
        features["momentum_week"] = _change(now, before(bars.week))
    yearly = _sd(returns, rows, year)
    features["volatility_12"] = yearly
    features["volatility_3"] = _sd(returns, rows, short)
    features["own_volatility"] = _sd(own, rows, short if bars.week else year)
    features["calm_momentum"] = _ratio(features["momentum_12"], yearly)
    features["high_12"] = _ratio(now, _highest(closes, rows, year))
    features["trend"] = _ratio(
        _mean(closes, rows, month if bars.week else QUARTER), _mean(closes, rows, year)
    )
    features["beta"] = _slope(returns, common, rows, year)
    features["season"] = _season(before, month, year)
    return features


def _trading_features(bars: Bars, values: Matrix, rows: Rows) -> dict[str, Matrix]:
    month, week = bars.month, bars.week
    quarter = _mean(values, rows, QUARTER * month, share=0.3)
    features = {
        "volume_anomaly": _log_ratio(_mean(values, rows, week), quarter),
        "volume_trend": _log_ratio(
            _mean(values, rows, month), _mean(values, rows, YEAR * month, share=0.5)
        ),
        "size": _log_ratio(quarter, np.ones(quarter.shape)),
    }
    if bars.nets is not None:
        for sessions in (week, month, QUARTER * month):
            bought = _mean(bars.nets, rows, sessions)
            features[f"foreign_{sessions}"] = _ratio(bought, _mean(values, rows, sessions))
    return features


class _Before:
    """The closes so many bars before the rows."""

    def __init__(self, closes: Matrix, rows: Rows) -> None:
        self._closes, self._rows = closes, rows

    def __call__(self, bars: int) -> Matrix:
        places = self._rows - bars
        found = self._closes[np.maximum(places, 0)]
        return np.where((places >= 0)[:, None], found, np.nan)


def _windows(values: Matrix, rows: Rows, window: int) -> Matrix:
    """Return the sums of the windows that end at these rows, rows x units; short ones count."""
    padded = np.zeros((values.shape[1], window - 1 + len(values)))
    padded[:, window - 1 :] = values.T
    return np.asarray(window_sums(padded, window)[:, rows].T)


def _counts(known: NDArray[np.bool_], rows: Rows, window: int) -> Matrix:
    """Return how many cells of the windows that end at these rows are known."""
    so_far = np.zeros((len(known) + 1, known.shape[1]))
    np.cumsum(known, axis=0, out=so_far[1:])
    counts: Matrix = so_far[rows + 1] - so_far[np.maximum(rows + 1 - window, 0)]
    return counts


def _mean(values: Matrix, rows: Rows, window: int, *, share: float = KNOWN_SHARE) -> Matrix:
    if len(rows) == 0:
        return np.empty((0, values.shape[1]))
    first = max(int(rows[0]) - window + 1, 0)
    part = values[first : int(rows[-1]) + 1]
    known = ~np.isnan(part)
    counts = _counts(known, rows - first, window)
    sums = _windows(np.where(known, part, 0.0), rows - first, window)
    return np.where(counts >= share * window, sums / np.maximum(counts, 1.0), np.nan)


def _sd(values: Matrix, rows: Rows, window: int) -> Matrix:
    square = _mean(values * values, rows, window) - _mean(values, rows, window) ** 2
    return np.sqrt(np.where(square > 0.0, square, np.nan))


def _slope(returns: Matrix, common: Matrix, rows: Rows, window: int) -> Matrix:
    against = np.where(np.isnan(returns), np.nan, common[:, None])
    products = _mean(returns * against, rows, window)
    return _ratio(products, _mean(against * against, rows, window))


def _highest(closes: Matrix, rows: Rows, window: int) -> Matrix:
    """Return the highest close of each window, by doubling spans; NaN before half a window."""
    low = np.where(np.isnan(closes), -np.inf, closes)
    spans, width = low, 1
    while 2 * width <= window:
        later = spans[width:]
        spans = np.vstack([spans[:width], np.maximum(later, spans[:-width])])
        width *= 2
    shifted = np.maximum(rows - (window - width), 0)
    found = np.maximum(spans[rows], spans[shifted])
    enough = rows + 1 >= window // 2
    return np.where(enough[:, None] & np.isfinite(found), found, np.nan)


def _season(before: _Before, month: int, year: int) -> Matrix:
    """Return the mean return of the coming month a year ago, two years ago and so on."""
    past = [_change(before(k * year - month), before(k * year)) for k in range(1, SEASON_YEARS + 1)]
    stacked = np.stack(past)
    counts = (~np.isnan(stacked)).sum(axis=0)
    return np.where(counts > 0, np.nansum(stacked, axis=0) / np.maximum(counts, 1), np.nan)


def _row_mean(values: Matrix) -> Matrix:
    counts = (~np.isnan(values)).sum(axis=1)
    sums = np.cumsum(np.nan_to_num(values), axis=1)[:, -1] if values.shape[1] else 0.0 * counts
    return np.where(counts > 0, sums / np.maximum(counts, 1), np.nan)


def _change(now: Matrix, then: Matrix) -> Matrix:
    return _ratio(now, then) - 1.0


def _ratio(above: Matrix, below: Matrix) -> Matrix:
    positive = below > 0.0
    return np.where(positive, above / np.where(positive, below, 1.0), np.nan)


def _log_ratio(above: Matrix, below: Matrix) -> Matrix:
    usable = (above > 0.0) & (below > 0.0)
    return np.where(
        usable, np.log(np.where(usable, above, 1.0) / np.where(usable, below, 1.0)), np.nan
    )
