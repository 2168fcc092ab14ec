"""Charts over time: wealth, falls from the peak, and the excess of the last years with its band."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from app.render.charts.palette import INK, SOFT
from app.render.charts.vega import Canvas, Json, layer, to_svg
from app.render.tear.axes import (
    BLUE,
    GREY,
    PALE_BLUE,
    Plot,
    decimal_years,
    log_scale,
    thinned,
    value_scale,
    year_scale,
)
from app.render.tear.series import EQUAL_WEIGHT, TearsheetSeries
from app.render.tear.words import TearWords
from app.render.view import Legend, Picture
from core.backtest.regimes import rolling_excess

WIDE = Canvas(width=916, height=290, left=46, right=18, top=10, bottom=24)
NARROW = Canvas(width=380, height=230, left=38, right=12, top=10, bottom=22)
HALF = Canvas(width=394, height=190, left=34, right=12, top=10, bottom=22)

COLOURS = {
    EQUAL_WEIGHT: INK, "market": SOFT, "momentum:12": "#d9601a", "momentum:12-1": "#e9a877",
    "momentum:1": "#7a7a1a", "leading": "#2e7d32", "improving": "#ad3b63",
}  # fmt: skip
"""Colours of the baselines that are told apart; all others share a grey."""

KEPT_BACK = "#f6e3cb"

Vector = NDArray[np.float64]


def wealth(series: TearsheetSeries, name: str, words: TearWords, *, wide: bool) -> Picture:
    """Return what 1 became, on a logarithmic axis; baselines thin, the strategy on top."""
    years, canvas = decimal_years(series.dates), WIDE if wide else NARROW
    own = _grown(series.strategy)
    others = {str(label): _grown(returns) for label, returns in series.baselines.items()}
    ends = np.concatenate([own, *others.values()])
    plot = Plot(
        year_scale(years[0], years[-1], room=14 if wide else 6),
        log_scale(ends[~np.isnan(ends)]),
        canvas,
    )
    kept = thinned(own)
    layers = _holdout(series, plot)
    for label, values in reversed(others.items()):
        look: dict[str, object] = {"strokeDash": [4, 3]} if label == "market" else {}
        colour, width = COLOURS.get(label, GREY), 1.4 if label == EQUAL_WEIGHT else 1.0
        layers.append(plot.line(years[kept], values[kept], colour, width, **look))
    layers.append(plot.line(years[kept], own[kept], BLUE, 2.2))
    return Picture(
        id="wealth",
        svg=to_svg(layers, canvas, language=words.language),
        alt=words.text("wealth_alt", strategy=name),
        legend=(Legend(BLUE, name), *_legend(others, words), *_holdout_legend(series, words)),
    )


def falls(series: TearsheetSeries, name: str, words: TearWords) -> Picture:
    """Return how far wealth stood below its peak, in percent; the strategy filled."""
    years = decimal_years(series.dates)
    own, base = (100.0 * _below_peak(each) for each in (series.strategy, series.equal_weight))
    plot = Plot(year_scale(years[0], years[-1], room=6), value_scale(np.r_[own, base]), HALF)
    kept, lows = thinned(own, lowest=True), thinned(base, lowest=True)
    area = [{"x": float(years[k]), "y": float(own[k]), "y2": 0.0} for k in kept]
    encoding = plot.at(y2={"field": "y2"})
    layers = [
        *_holdout(series, plot),
        layer(area, "area", {"color": BLUE, "opacity": 0.25}, encoding),
        plot.line(years[lows], base[lows], SOFT, 0.9),
        plot.line(years[kept], own[kept], BLUE, 1.1),
        plot.rule(0.0),
    ]
    return Picture(
        id="falls",
        svg=to_svg(layers, HALF, language=words.language),
        alt=words.text("falls_alt", strategy=name),
        legend=(
            Legend(BLUE, name),
            Legend(SOFT, words.strategy(EQUAL_WEIGHT)),
            *_holdout_legend(series, words),
        ),
    )


def rolling(series: TearsheetSeries, name: str, words: TearWords) -> Picture | None:
    """Return the excess over equal weight of the last three years with its 95 % band.

    None where there are fewer bars than that.
    """
    base = series.equal_weight
    known = base.notna()
    rows = rolling_excess(series.strategy[known], base[known], bars_a_year=series.bars_a_year)
    if len(rows) < 2:
        return None
    years = decimal_years(pd.DatetimeIndex(rows.index))
    mid, low, high = (100.0 * rows[key].to_numpy(np.float64) for key in ("excess", "low", "high"))
    plot = Plot(year_scale(years[0], years[-1], room=6), value_scale(np.r_[low, high]), HALF)
    kept = thinned(mid)
    band = [{"x": float(years[k]), "y": float(low[k]), "y2": float(high[k])} for k in kept]
    layers = [
        *_holdout(series, plot),
        layer(band, "area", {"color": PALE_BLUE, "opacity": 0.5}, plot.at(y2={"field": "y2"})),
        plot.rule(0.0),
        plot.line(years[kept], mid[kept], BLUE, 1.6),
    ]
    return Picture(
        id="rolling",
        svg=to_svg(layers, HALF, language=words.language),
        alt=words.text("rolling_alt", strategy=name),
        legend=(
            Legend(BLUE, words.text("rolling_excess")), Legend(PALE_BLUE, words.text("band")),
            *_holdout_legend(series, words),
        ),
    )  # fmt: skip


def _legend(others: dict[str, Vector], words: TearWords) -> list[Legend]:
    named = [Legend(COLOURS[label], words.strategy(label)) for label in others if label in COLOURS]
    rest = [words.strategy(label) for label in others if label not in COLOURS]
    return [*named, Legend(GREY, ", ".join(rest))] if rest else named


def _holdout(series: TearsheetSeries, plot: Plot) -> list[Json]:
    """Return the shade over the days kept back, where the chart has any."""
    if series.holdout is None:
        return []
    start = float(decimal_years(pd.DatetimeIndex([series.holdout]))[0])
    if start > plot.x.high:
        return []
    start = max(start, plot.x.low)
    row = {"x": start, "x2": plot.x.high, "y": plot.y.low, "y2": plot.y.high}
    return [layer([row], "rect", {"color": KEPT_BACK, "opacity": 0.7}, plot.between())]


def _holdout_legend(series: TearsheetSeries, words: TearWords) -> tuple[Legend, ...]:
    if series.holdout is None or series.holdout > series.dates[-1].date():
        return ()
    return (Legend(KEPT_BACK, words.text("holdout_mark", day=words.day(series.holdout))),)


def _grown(returns: pd.Series) -> Vector:
    """Return wealth from 1, NaN where the return is missing."""
    known = returns.notna()
    wealth = (1.0 + returns.where(known, 0.0)).cumprod().where(known)
    values = wealth.to_numpy(np.float64)
    return np.where(values > 0.0, values, np.nan)


def _below_peak(returns: pd.Series) -> Vector:
    wealth = (1.0 + returns.fillna(0.0)).cumprod().to_numpy(np.float64)
    below: Vector = wealth / np.maximum(np.maximum.accumulate(wealth), 1.0) - 1.0
    return below
