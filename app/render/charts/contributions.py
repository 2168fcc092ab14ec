"""The contributions picture: each score as a stacked bar, below zero drawn as large as above."""

from dataclasses import dataclass
from math import ceil

from app.render.charts.palette import FAMILIES, GRID, INK, SOFT
from app.render.charts.vega import Canvas, Json, given, layer, to_svg
from app.render.view import Legend, Picture
from app.render.words import Words
from core.records.decision import SectorScore

WIDTH_PX = 300
ROW_PX = 17
MARGIN_PX = 14
CHARACTER_PX = 6.5
MAXIMUM_NAME = 18
MINIMUM_REACH = 0.1
REACH_ROOM = 1.15


@dataclass(frozen=True, slots=True)
class _Bar:
    sector: str
    family: str
    start: float
    end: float


def contributions(scores: tuple[SectorScore, ...], words: Words, *, name: str) -> Picture:
    """Return one bar a scored sector, best first, in points of score by factor family."""
    scored = [score for score in scores if score.score is not None]
    bars = [bar for score in scored for bar in _bars(score, words)]
    order = [_name(score, words) for score in scored]
    totals: list[Json] = [{"sector": _name(s, words), "x": s.score} for s in scored]
    canvas = Canvas(
        width=WIDTH_PX, height=max(1, len(order)) * ROW_PX, right=12, top=2, bottom=18,
        left=MARGIN_PX + ceil(CHARACTER_PX * max(map(len, order), default=0)),
    )  # fmt: skip
    families = [family for family in FAMILIES if any(bar.family == family for bar in bars)]
    return Picture(
        id=name,
        svg=to_svg(_layers(bars, totals, order), canvas, language=words.language),
        alt=words.text("contributions_alt"),
        legend=tuple(Legend(FAMILIES[f], words.label("family", f)) for f in families),
    )


def _bars(score: SectorScore, words: Words) -> list[_Bar]:
    sums: dict[str, float] = {}
    for part in score.contributions:
        if part.contribution is not None:
            sums[part.family] = sums.get(part.family, 0.0) + part.contribution
    bars, above, below = [], 0.0, 0.0
    for family in FAMILIES:
        value = sums.get(family, 0.0)
        start = above if value > 0 else below
        if value > 0:
            above += value
        elif value < 0:
            below += value
        if value:
            bars.append(_Bar(_name(score, words), family, start, start + value))
    return bars


def _name(score: SectorScore, words: Words) -> str:
    name = words.entity(score.sector)
    return name if len(name) <= MAXIMUM_NAME else words.short(score.sector)


def _layers(bars: list[_Bar], totals: list[Json], order: list[str]) -> list[Json]:
    edges = [abs(edge) for bar in bars for edge in (bar.start, bar.end)]
    reach = REACH_ROOM * max(MINIMUM_REACH, *edges, 0.0)
    axis = {"title": None, "domain": False, "ticks": False, "labelOverlap": False}
    x = {
        "field": "x", "type": "quantitative", "scale": {"domain": [-reach, reach], "nice": False},
        "axis": {**axis, "tickCount": 5, "gridColor": GRID, "gridWidth": 0.5, "labelColor": SOFT,
                 "labelFontSize": 11},
    }  # fmt: skip
    y = {
        "field": "sector", "type": "nominal", "sort": None,
        "scale": {"domain": order, "paddingInner": 0.3, "paddingOuter": 0.15},
        "axis": {**axis, "labelColor": INK, "labelFontSize": 13, "labelLimit": 0},
    }  # fmt: skip
    rows = [
        {"sector": b.sector, "x": b.start, "x2": b.end, "fill": FAMILIES[b.family]} for b in bars
    ]
    stacked = {"x": x, "x2": {"field": "x2"}, "y": y, "fill": given("fill")}
    diamond = {"shape": "diamond", "size": 55, "fill": "#ffffff", "stroke": INK, "opacity": 1}
    return [
        layer(rows, "bar", {"stroke": "#ffffff", "strokeWidth": 0.5}, stacked),
        layer([{"x": 0}], "rule", {"color": INK, "strokeWidth": 0.8}, {"x": x}),
        layer(totals, "point", {**diamond, "strokeWidth": 1.2}, {"x": x, "y": y}),
    ]
