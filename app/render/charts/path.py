"""A told path: every bar of one sector within the span, dates on the bars that tell it."""

from itertools import pairwise

from app.render.charts.labels import Label, label_layers
from app.render.charts.palette import INK
from app.render.charts.plane import Plane, Point, ground, plane, span
from app.render.charts.vega import Canvas, Json, given, layer, to_svg
from app.render.view import Picture
from app.render.words import Words
from core.records.sectors import RotationPath, RotationSpell, TailPoint

CANVAS = Canvas(width=560, height=420, left=33, right=8, top=8, bottom=32)
MAXIMUM_DATES = 12


def path_chart(
    path: RotationPath, spells: tuple[RotationSpell, ...], words: Words, *, colour: str, name: str
) -> Picture:
    """Return the path with a node a bar; dates at both ends, at each entry, peak and turn."""
    nodes = [_at(point) for point in path.tail]
    axes = plane(nodes, CANVAS)
    told = telling(path, spells)
    labels = [Label(words.day(point.period), _at(point), INK) for point in told]
    layers = [
        *ground(axes, words), *_line(nodes, axes, colour), *_dots(path, told, axes, colour, words),
        *label_layers(labels, [nodes], axes),
    ]  # fmt: skip
    first, last = words.day(path.tail[0].period), words.day(path.tail[-1].period)
    sector = words.entity(path.sector)
    return Picture(
        id=name,
        svg=to_svg(layers, CANVAS, language=words.language),
        alt=words.text("path_alt", sector=sector, first=first, last=last),
    )


def telling(path: RotationPath, spells: tuple[RotationSpell, ...]) -> list[TailPoint]:
    """Return the bars whose date is printed, oldest first: ends, entries, peaks, then turns."""
    own = [spell for spell in spells if spell.sector == path.sector]
    wanted = [path.tail[0].period, path.tail[-1].period]
    wanted += [spell.entered for spell in own]
    wanted += [spell.momentum_peak_period for spell in own if spell.bars_count > 1]
    wanted += [spell.momentum_turn_period for spell in own if spell.momentum_turn_period]
    kept = set(dict.fromkeys(wanted[:MAXIMUM_DATES]))
    return [point for point in path.tail if point.period in kept]


def _at(point: TailPoint) -> Point:
    return point.rs_ratio_index, point.rs_momentum_index


def _line(nodes: list[Point], axes: Plane, colour: str) -> list[Json]:
    steps = list(pairwise(nodes))
    rows = [
        span(start, end, opacity=round(0.3 + 0.6 * number / len(steps), 3))
        for number, (start, end) in enumerate(steps, start=1)
    ]
    style = {"strokeWidth": 1.8, "strokeCap": "round", "color": colour}
    return [layer(rows, "rule", style, axes.span(opacity=given("opacity")))]


def _dots(
    path: RotationPath, told: list[TailPoint], axes: Plane, colour: str, words: Words
) -> list[Json]:
    named = {point.period for point in told}
    rows: list[Json] = [
        {
            "x": point.rs_ratio_index,
            "y": point.rs_momentum_index,
            "size": 46 if point.period in named else 16,
            "hover": f"{words.day(point.period)} · RS-Ratio "
            f"{words.number(point.rs_ratio_index, 'index')} · RS-Momentum "
            f"{words.number(point.rs_momentum_index, 'index')}",
        }
        for point in path.tail
    ]
    head = path.tail[-1]
    drawn = axes.encoding(size=given("size"), description={"field": "hover"})
    end: Json = {"x": head.rs_ratio_index, "y": head.rs_momentum_index}
    ring = {"size": 90, "strokeWidth": 1.8, "filled": True, "fill": colour, "stroke": colour}
    return [
        layer(rows, "circle", {"fill": colour, "stroke": None, "opacity": 1}, drawn),
        layer([end], "point", {**ring, "opacity": 1}, axes.encoding()),
    ]
