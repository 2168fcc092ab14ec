"""Charts of amounts: each year, each sector's and each factor's share of the excess."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil

import numpy as np

from app.render.charts.palette import INK, SOFT
from app.render.charts.vega import Canvas, Json, given, layer, to_svg
from app.render.tear.axes import (
    BLUE,
    FONT_PX,
    GREY,
    ORANGE,
    PALE_BLUE,
    Plot,
    value_scale,
    year_scale,
)
from app.render.tear.words import TearWords
from app.render.view import Legend, Picture
from core.backtest.factor_bets import LIMITS
from core.records.backtest import Effect, FactorEffect, Span

YEARS = Canvas(width=394, height=190, left=34, right=12, top=10, bottom=22)
ROWS_WIDTH_PX = 440
ROW_PX = 17
NUMBER_PX = 44
CHARACTER_PX = 5.9
MAXIMUM_NAME = 24
TICKED_YEARS = 40
"""Up to so many years equal weight's return is marked too."""

BAR_HALF = 0.38
"""Half a year's bar, in years."""

PARTS = {"static": BLUE, "timing": PALE_BLUE, "selection": "#2e7d32", "cost": ORANGE}


@dataclass(frozen=True, slots=True)
class _Row:
    """One bar of stacked parts, each an amount a year and its colour."""

    name: str
    parts: tuple[tuple[float, str], ...]

    @property
    def total(self) -> float:
        return sum(amount for amount, _ in self.parts)


def yearly(years: Sequence[Span], words: TearWords) -> Picture:
    """Return each year's return, blue where ahead of equal weight; a tick is equal weight."""
    values = [span.strategy for span in years]
    values += [span.reference for span in years if span.reference is not None]
    first, last = years[0].first.year, years[-1].first.year
    across = year_scale(first - 0.5, last + 0.5, room=6)
    plot = Plot(across, value_scale(100.0 * np.array(values)), YEARS)
    ticked = len(years) <= TICKED_YEARS
    ticks = [_tick(span) for span in years if ticked and span.reference is not None]
    layers = [
        layer([_bar(span, words) for span in years], "rect", {"opacity": 0.8},
              plot.between(fill=given("fill"), description={"field": "hover"})),
        layer(ticks, "rule", {"color": INK, "strokeWidth": 1.6}, plot.between()),
        plot.rule(0.0),
    ]  # fmt: skip
    legend = [Legend(BLUE, words.text("year_ahead")), Legend(ORANGE, words.text("year_behind"))]
    if ticks:
        legend.append(Legend(INK, words.text("year_tick")))
    svg = to_svg(layers, YEARS, language=words.language)
    return Picture("yearly", svg, words.text("yearly_alt"), tuple(legend))


def _bar(span: Span, words: TearWords) -> Json:
    behind = span.reference is not None and span.strategy < span.reference
    return {
        "x": span.first.year - BAR_HALF, "x2": span.first.year + BAR_HALF,
        "y": 0.0, "y2": 100.0 * span.strategy, "fill": ORANGE if behind else BLUE,
        "hover": f"{span.first.year}: {words.percent(span.strategy)}",
    }  # fmt: skip


def _tick(span: Span) -> Json:
    level = 100.0 * (span.reference or 0.0)
    year = span.first.year
    return {"x": year - BAR_HALF, "x2": year + BAR_HALF, "y": level, "y2": level}


def by_sector(effects: Sequence[Effect], words: TearWords) -> Picture:
    """Return each sector's effects stacked, largest sum first, in percent a year."""
    rows = sorted((_sector_row(effect, words) for effect in effects), key=lambda row: -row.total)
    used = {colour for row in rows for amount, colour in row.parts if amount}
    if all(effect.static is None for effect in effects):
        kinds = {"allocation": BLUE, "selection": PARTS["selection"], "cost": ORANGE}
    else:
        kinds = PARTS
    legend = tuple(
        Legend(colour, words.label("effect", kind)) for kind, colour in kinds.items()
        if colour in used
    )  # fmt: skip
    alt = words.text("by_sector_alt")
    return Picture("by_sector", _stacked(rows, words), alt, legend)


def by_factor(effects: Sequence[FactorEffect], words: TearWords) -> Picture:
    """Return each factor's effect, largest first, what no factor asked for last."""
    ordered = sorted(effects, key=lambda found: (found.factor == LIMITS, -found.effect))
    rows = [
        _Row(_cut(words.factor(found.factor)),
             ((100.0 * found.effect, GREY if found.factor == LIMITS else BLUE),))
        for found in ordered
    ]  # fmt: skip
    return Picture("by_factor", _stacked(rows, words), words.text("by_factor_alt"))


def _sector_row(effect: Effect, words: TearWords) -> _Row:
    static = effect.allocation if effect.static is None else effect.static
    amounts = {
        "static": static, "timing": effect.allocation - static, "selection": effect.selection,
        "cost": effect.cost,
    }  # fmt: skip
    parts = tuple((100.0 * amount, PARTS[kind]) for kind, amount in amounts.items())
    return _Row(_cut(words.sector(effect.sector)), parts)


def _cut(name: str) -> str:
    return name if len(name) <= MAXIMUM_NAME else name[: MAXIMUM_NAME - 1].rstrip() + "…"


def _stacked(rows: Sequence[_Row], words: TearWords) -> str:
    """Return horizontal bars, what is below zero drawn as large as above; the sum beside each."""
    names = [row.name for row in rows]
    left = 8 + ceil(CHARACTER_PX * max(map(len, names), default=0))
    canvas = Canvas(
        width=ROWS_WIDTH_PX - left - NUMBER_PX, height=ROW_PX * max(1, len(rows)), left=left,
        right=NUMBER_PX, top=2, bottom=18,
    )  # fmt: skip
    pieces = [piece for row in rows for piece in _pieces(row)]
    edges = np.array([edge for _, start, end, _ in pieces for edge in (start, end)])
    x = value_scale(edges, count=4).channel("x")
    y = {
        "field": "name", "type": "nominal", "sort": None,
        "scale": {"domain": names, "paddingInner": 0.3, "paddingOuter": 0.15},
        "axis": {"title": None, "domain": False, "ticks": False, "labelColor": INK,
                 "labelFontSize": FONT_PX, "labelLimit": 0, "labelOverlap": False},
    }  # fmt: skip
    bars = [{"name": n, "x": start, "x2": end, "fill": fill} for n, start, end, fill in pieces]
    sums = [{"name": row.name, "x": row.total} for row in rows if len(row.parts) > 1]
    told = [{"name": r.name, "text": words.number(r.total, 2, signed=True)} for r in rows]
    encoding = {"x": x, "x2": {"field": "x2"}, "y": y, "fill": given("fill")}
    mark = {"shape": "diamond", "size": 34, "fill": "#ffffff", "stroke": INK, "strokeWidth": 1.1}
    beside = {"x": {"value": canvas.width + 6}, "y": y, "text": {"field": "text"}}
    layers = [
        layer(bars, "bar", {"stroke": "#ffffff", "strokeWidth": 0.4}, encoding),
        layer([{"x": 0}], "rule", {"color": SOFT, "strokeWidth": 0.8}, {"x": x}),
        layer(sums, "point", {**mark, "opacity": 1}, {"x": x, "y": y}),
        layer(told, "text", {"align": "left", "color": INK, "fontSize": FONT_PX}, beside),
    ]
    return to_svg(layers, canvas, language=words.language)


def _pieces(row: _Row) -> list[tuple[str, float, float, str]]:
    found, above, below = [], 0.0, 0.0
    for amount, colour in row.parts:
        start = above if amount > 0 else below
        if amount > 0:
            above += amount
        elif amount < 0:
            below += amount
        if amount:
            found.append((row.name, start, start + amount, colour))
    return found
