"""The rotation map: tails around the benchmark; decides what is drawn, not where it is."""

from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from math import hypot

from app.render.charts.labels import WHITE, Label, label_layers
from app.render.charts.plane import CENTRE, Plane, Point, ground, plane, span
from app.render.charts.vega import Canvas, Json, given, layer, to_svg
from app.render.view import Picture
from app.render.words import Words
from core.records.sectors import Rotation

CANVAS = Canvas(width=430, height=350, left=33, right=8, top=8, bottom=32)
SMALL = Canvas(width=330, height=290, left=33, right=8, top=8, bottom=32)
MAXIMUM_ALL = 12
MAXIMUM_FAR = 8
TAIL_NODES = 8
MARK_PX = 6.0
"""Half the length of the mark across a tail where a sector's members changed."""


@dataclass(frozen=True, slots=True)
class Trail:
    """A sector's rotation with what identifies it on the map."""

    sector: str
    label: str
    colour: str
    rotation: Rotation
    hover: str
    single_stock: bool = False
    recommended: bool = False
    reclassified: tuple[date, ...] = ()

    @property
    def dated(self) -> list[tuple[date, Point]]:
        """The tail's last points and the head with their periods, oldest first."""
        tail = [
            (point.period, (point.rs_ratio_index, point.rs_momentum_index))
            for point in self.rotation.tail
            if point.period < self.rotation.period
        ]
        return [*tail[-TAIL_NODES:], (self.rotation.period, self.head)]

    @property
    def nodes(self) -> list[Point]:
        """The tail's last points and the head, oldest first."""
        return [point for _, point in self.dated]

    @property
    def head(self) -> Point:
        """Where the sector is."""
        return self.rotation.rs_ratio_index, self.rotation.rs_momentum_index

    @property
    def distance(self) -> float:
        """How far the head is from the benchmark, quantised so that ties are ties."""
        x, y = self.head
        return round(float(((x - CENTRE) ** 2 + (y - CENTRE) ** 2) ** 0.5), 9)

    @property
    def breaks(self) -> list[tuple[Point, Point]]:
        """The steps of the tail within which the sector's members changed."""
        return [
            (start, end)
            for (before, start), (after, end) in pairwise(self.dated)
            if any(before < day <= after for day in self.reclassified)
        ]


def rotation_map(
    trails: list[Trail], words: Words, *, name: str, canvas: Canvas = CANVAS, cut: bool = True
) -> Picture:
    """Return the map of the trails; where `cut`, above twelve the furthest and the recommended."""
    shown = shown_trails(trails) if cut else trails
    notes = []
    if len(shown) < len(trails):
        notes.append(words.text("map_cut", shown=str(len(shown)), all=str(len(trails))))
    axes = plane([node for trail in shown for node in trail.nodes], canvas)
    labels = [Label(trail.label, trail.head, trail.colour) for trail in shown]
    layers = [
        *ground(axes, words),
        *_tails(shown, axes),
        _breaks(shown, axes),
        *_heads(shown, axes),
        *label_layers(labels, [trail.nodes for trail in shown], axes),
    ]
    return Picture(
        id=name,
        svg=to_svg(layers, canvas, language=words.language),
        alt=words.text("map_alt", sectors=", ".join(trail.label for trail in shown)),
        notes=tuple(notes),
    )


def shown_trails(trails: list[Trail]) -> list[Trail]:
    """Return the trails that are drawn."""
    if len(trails) <= MAXIMUM_ALL:
        return trails
    far = sorted(trails, key=lambda trail: (-trail.distance, trail.sector))[:MAXIMUM_FAR]
    keep = {trail.sector for trail in far}
    return [trail for trail in trails if trail.sector in keep or trail.recommended]


def _tails(trails: list[Trail], axes: Plane) -> list[Json]:
    segments: list[Json] = []
    nodes: list[Json] = []
    for trail in trails:
        steps = list(pairwise(trail.nodes))
        for index, (start, end) in enumerate(steps, start=1):
            age = index / len(steps)
            opacity = round(0.2 + 0.7 * age, 3)
            width = round(0.8 + 1.7 * age, 3)
            segments.append(span(start, end, colour=trail.colour, opacity=opacity, width=width))
            nodes.append({"x": start[0], "y": start[1], "colour": trail.colour,
                          "opacity": opacity, "size": round(6 + 14 * age, 3)})  # fmt: skip
    fade = {"opacity": given("opacity")}
    lines = axes.span(stroke=given("colour"), strokeWidth=given("width"), **fade)
    dots = axes.encoding(fill=given("colour"), size=given("size"), **fade)
    return [
        layer(segments, "rule", {"strokeCap": "round"}, lines),
        layer(nodes, "circle", {"stroke": None}, dots),
    ]


def _breaks(trails: list[Trail], axes: Plane) -> Json:
    rows: list[Json] = []
    for trail in trails:
        for start, end in trail.breaks:
            (a, b), (c, d) = axes.pixel(start), axes.pixel(end)
            length = hypot(c - a, d - b) or 1.0
            across, up = (b - d) / length * MARK_PX, (c - a) / length * MARK_PX
            x, y = (a + c) / 2, (b + d) / 2
            first, last = axes.point(x - across, y - up), axes.point(x + across, y + up)
            rows.append(span(first, last, colour=trail.colour))
    return layer(rows, "rule", {"strokeWidth": 1.6}, axes.span(stroke=given("colour")))


def _heads(trails: list[Trail], axes: Plane) -> list[Json]:
    rows: list[Json] = [
        {
            "x": trail.head[0],
            "y": trail.head[1],
            "stroke": trail.colour,
            "fill": WHITE if trail.rotation.provisional else trail.colour,
            "shape": "square" if trail.single_stock else "circle",
            "hover": trail.hover,
        }
        for trail in trails
    ]
    warned = [row for row, t in zip(rows, trails, strict=True) if t.rotation.early_warning]
    ring = {"size": 190, "strokeWidth": 1, "fill": None}
    head = {"size": 70, "strokeWidth": 1.8, "opacity": 1}
    drawn = axes.encoding(
        stroke=given("stroke"), fill=given("fill"), shape=given("shape"),
        description={"field": "hover"},
    )  # fmt: skip
    return [
        layer(warned, "point", ring, axes.encoding(stroke=given("stroke"))),
        layer(rows, "point", head, drawn),
    ]
