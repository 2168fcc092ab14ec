"""Charts of robustness: other rebalance days, later fills, and how much cost the excess bears."""

from collections.abc import Sequence

import numpy as np

from app.render.charts.palette import INK
from app.render.charts.vega import Canvas, Json, layer, to_svg
from app.render.tear.axes import BLUE, ORANGE, Plot, Scale, value_scale
from app.render.tear.series import EQUAL_WEIGHT
from app.render.tear.words import TearWords
from app.render.view import Legend, Picture
from core.records.backtest import Lagged, Offset

STRIP = Canvas(width=400, height=56, left=20, right=20, top=14, bottom=20)
LAGS = Canvas(width=394, height=130, left=34, right=12, top=10, bottom=22)
ROOM = 1.15


def offsets_strip(offsets: Sequence[Offset], reference: float, words: TearWords) -> Picture:
    """Return the growth of each rebalance day as a dot, beside equal weight's."""
    values = np.array([100.0 * offset.cagr for offset in offsets])
    plot = Plot(value_scale(np.r_[values, 100.0 * reference], zero=False), _flat(), STRIP)
    dots = [
        {"x": float(value), "y": 0.5,
         "hover": f"{offset.offset}: {words.percent(offset.cagr)}"}
        for offset, value in zip(offsets, values, strict=True)
    ]  # fmt: skip
    layers = [
        _axis(plot),
        layer([{"x": float(values.mean()), "y": 0.5}], "point",
              {"shape": "diamond", "size": 120, "fill": "#ffffff", "stroke": BLUE, "opacity": 1},
              _still(plot)),
        layer(dots, "circle", {"color": BLUE, "size": 46, "opacity": 0.45},
              {**_still(plot), "description": {"field": "hover"}}),
        plot.upright(100.0 * reference, strokeWidth=1.6),
    ]  # fmt: skip
    return Picture(
        id="offsets",
        svg=to_svg(layers, STRIP, language=words.language),
        alt=words.text("offsets_alt"),
        legend=(
            Legend(BLUE, words.text("offset_dot")),
            Legend(INK, words.strategy(EQUAL_WEIGHT)),
        ),
    )


def break_even_strip(charged_bps: float, break_even_bps: float, words: TearWords) -> Picture:
    """Return the cost a side that is charged beside the one that takes the excess."""
    high = ROOM * max(charged_bps, break_even_bps, 1.0)
    plot = Plot(value_scale(np.array([high])), _flat(), STRIP)
    room = [{"x": 0.0, "x2": break_even_bps, "y": 0.25, "y2": 0.75}]
    layers = [
        layer(room, "rect", {"color": BLUE, "opacity": 0.18}, _still(plot, span=True)),
        _axis(plot),
        plot.upright(charged_bps, color=ORANGE, strokeWidth=2.2),
        plot.upright(break_even_bps, color=BLUE, strokeWidth=2.2),
    ]
    return Picture(
        id="break_even",
        svg=to_svg(layers, STRIP, language=words.language),
        alt=words.text("break_even_alt"),
        legend=(
            Legend(ORANGE, words.text("charged", bps=words.number(charged_bps, 1))),
            Legend(BLUE, words.text("break_even", bps=words.number(break_even_bps, 1))),
        ),
    )


def decay_chart(decay: Sequence[Lagged], reference: float, words: TearWords) -> Picture:
    """Return the growth left when every order is filled so many bars later."""
    lags = np.array([float(row.lag_bars) for row in decay])
    values = np.array([100.0 * row.cagr for row in decay])
    ends = np.r_[values, 100.0 * reference]
    ticks = tuple(float(lag) for lag in lags)
    x = Scale(float(lags.min()) - 0.5, float(lags.max()) + 0.5, ticks, "d")
    plot = Plot(x, value_scale(ends, count=4, zero=False), LAGS)
    dots = [
        {"x": float(lag), "y": float(value), "hover": words.percent(float(value) / 100.0)}
        for lag, value in zip(lags, values, strict=True)
    ]
    layers = [
        plot.rule(100.0 * reference, strokeWidth=1.4),
        plot.line(lags, values, BLUE, 1.4),
        layer(dots, "circle", {"color": BLUE, "size": 46, "opacity": 1},
              plot.at(description={"field": "hover"})),
    ]  # fmt: skip
    return Picture(
        id="decay",
        svg=to_svg(layers, LAGS, language=words.language),
        alt=words.text("decay_alt"),
        legend=(
            Legend(BLUE, words.text("decay_dot")),
            Legend(INK, words.strategy(EQUAL_WEIGHT)),
        ),
    )


def _flat() -> Scale:
    return Scale(0.0, 1.0, (), "d")


def _still(plot: Plot, *, span: bool = False) -> Json:
    return plot.between() if span else plot.at()


def _axis(plot: Plot) -> Json:
    return plot.rule(0.0, color="#d5d9dd")
