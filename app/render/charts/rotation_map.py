"""The rotation map: weekly tails around the benchmark; decides what is drawn, not where it is."""

from dataclasses import dataclass
from itertools import pairwise
from math import ceil, hypot

from app.render.charts import placement
from app.render.charts.palette import GRID, QUADRANTS, SOFT
from app.render.charts.vega import Canvas, Json, given, layer, to_svg
from app.render.view import Picture
from app.render.words import Words
from core.records.sectors import Rotation

SIZE_PX = 360
CANVAS = Canvas(width=SIZE_PX, height=SIZE_PX, left=30, right=8, top=8, bottom=30)
MAXIMUM_ALL = 12
MAXIMUM_FAR = 8
TAIL_NODES = 8
MINIMUM_REACH = 0.5
REACH_ROOM = 1.12
CENTRE = 100.0
LABEL_PX = 11
CHARACTER_PX = 5.8
NODE_PX = 3.0
WHITE = "#ffffff"


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

    @property
    def nodes(self) -> list[tuple[float, float]]:
        """The tail's last points and the head, oldest first."""
        tail = [
            (point.rs_ratio_index, point.rs_momentum_index)
            for point in self.rotation.tail
            if point.period < self.rotation.period
        ]
        return [*tail[-TAIL_NODES:], self.head]

    @property
    def head(self) -> tuple[float, float]:
        """Where the sector is."""
        return self.rotation.rs_ratio_index, self.rotation.rs_momentum_index

    @property
    def distance(self) -> float:
        """How far the head is from the benchmark, quantised so that ties are ties."""
        x, y = self.head
        return round(float(((x - CENTRE) ** 2 + (y - CENTRE) ** 2) ** 0.5), 9)


def rotation_map(trails: list[Trail], words: Words, *, name: str) -> Picture:
    """Return the map of the trails; above twelve, the furthest eight and the recommended."""
    shown = _shown(trails)
    notes = []
    if len(shown) < len(trails):
        notes.append(words.text("map_cut", shown=str(len(shown)), all=str(len(trails))))
    away = [abs(value - CENTRE) for trail in shown for node in trail.nodes for value in node]
    axes = _Axes(REACH_ROOM * max(MINIMUM_REACH, *away))
    layers = [
        *_ground(axes, words),
        *_tails(shown, axes),
        *_heads(shown, axes),
        *_names(shown, axes),
    ]
    return Picture(
        id=name,
        svg=to_svg(layers, CANVAS, language=words.language),
        alt=words.text("map_alt", sectors=", ".join(trail.label for trail in shown)),
        notes=tuple(notes),
    )


def _shown(trails: list[Trail]) -> list[Trail]:
    if len(trails) <= MAXIMUM_ALL:
        return trails
    far = sorted(trails, key=lambda trail: (-trail.distance, trail.sector))[:MAXIMUM_FAR]
    keep = {trail.sector for trail in far}
    return [trail for trail in trails if trail.sector in keep or trail.recommended]


@dataclass(frozen=True, slots=True)
class _Axes:
    """Equal axes: the same reach, in points of the index, on both."""

    reach: float

    @property
    def low(self) -> float:
        return CENTRE - self.reach

    @property
    def high(self) -> float:
        return CENTRE + self.reach

    def pixel(self, point: tuple[float, float]) -> tuple[float, float]:
        per_point = SIZE_PX / (2 * self.reach)
        return (point[0] - self.low) * per_point, (self.high - point[1]) * per_point

    def point(self, x: float, y: float) -> tuple[float, float]:
        per_pixel = 2 * self.reach / SIZE_PX
        return self.low + x * per_pixel, self.high - y * per_pixel

    def encoding(self, **more: object) -> Json:
        axis = {
            "title": None, "tickCount": 6, "gridColor": GRID, "gridWidth": 0.5, "domain": False,
            "ticks": False, "labelColor": SOFT, "labelFontSize": 9, "labelOverlap": False,
        }  # fmt: skip
        scale = {"domain": [self.low, self.high], "nice": False, "zero": False}
        return {
            name: {"field": name, "type": "quantitative", "scale": scale, "axis": axis}
            for name in ("x", "y")
        } | more

    def span(self, **more: object) -> Json:
        return self.encoding(x2={"field": "x2"}, y2={"field": "y2"}, **more)


def _span(start: tuple[float, float], end: tuple[float, float], **more: object) -> Json:
    return {"x": start[0], "y": start[1], "x2": end[0], "y2": end[1], **more}


def _ground(axes: _Axes, words: Words) -> list[Json]:
    low, high = axes.low, axes.high
    corners = {
        "IMPROVING": (low, high), "LEADING": (high, high),
        "LAGGING": (low, low), "WEAKENING": (high, low),
    }  # fmt: skip
    tints = [_span((CENTRE, CENTRE), end, fill=QUADRANTS[name]) for name, end in corners.items()]
    cross = [_span((CENTRE, low), (CENTRE, high)), _span((low, CENTRE), (high, CENTRE))]
    layers = [
        layer(tints, "rect", {}, axes.span(fill=given("fill"))),
        layer(cross, "rule", {"color": SOFT, "strokeWidth": 1}, axes.span()),
    ]
    for name, (x, y) in corners.items():
        left, top = x == low, y == high
        style = {
            "align": "left" if left else "right", "baseline": "top" if top else "bottom",
            "dx": 6 if left else -6, "dy": 6 if top else -5, "color": SOFT, "fontSize": 11,
            "fontStyle": "italic",
        }  # fmt: skip
        layers.append(_text(axes, (x, y), words.label("quadrant", name), style))
    across = {"align": "right", "baseline": "top", "dy": 16, "color": SOFT, "fontSize": 10}
    upward = {**across, "baseline": "bottom", "angle": 270, "dy": -19}
    layers.append(_text(axes, (high, low), "RS-Ratio →", across))
    layers.append(_text(axes, (low, high), "RS-Momentum →", upward))
    return layers


def _text(axes: _Axes, at: tuple[float, float], text: str, style: Json) -> Json:
    row = {"x": at[0], "y": at[1], "text": text}
    return layer([row], "text", style, axes.encoding(text={"field": "text"}))


def _tails(trails: list[Trail], axes: _Axes) -> list[Json]:
    segments: list[Json] = []
    nodes: list[Json] = []
    for trail in trails:
        steps = list(pairwise(trail.nodes))
        for index, (start, end) in enumerate(steps, start=1):
            age = index / len(steps)
            opacity = round(0.2 + 0.7 * age, 3)
            width = round(0.8 + 1.7 * age, 3)
            segments.append(_span(start, end, colour=trail.colour, opacity=opacity, width=width))
            nodes.append({"x": start[0], "y": start[1], "colour": trail.colour,
                          "opacity": opacity, "size": round(6 + 14 * age, 3)})  # fmt: skip
    fade = {"opacity": given("opacity")}
    lines = axes.span(stroke=given("colour"), strokeWidth=given("width"), **fade)
    dots = axes.encoding(fill=given("colour"), size=given("size"), **fade)
    return [
        layer(segments, "rule", {"strokeCap": "round"}, lines),
        layer(nodes, "circle", {"stroke": None}, dots),
    ]


def _heads(trails: list[Trail], axes: _Axes) -> list[Json]:
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


def _names(trails: list[Trail], axes: _Axes) -> list[Json]:
    anchors = [
        placement.Anchor(*axes.pixel(trail.head), len(trail.label) * CHARACTER_PX, float(LABEL_PX))
        for trail in trails
    ]
    obstacles = [
        placement.Box(x - NODE_PX, y - NODE_PX, x + NODE_PX, y + NODE_PX)
        for trail in trails
        for x, y in _along([axes.pixel(node) for node in trail.nodes])
    ]
    frame = placement.Box(2, 2, SIZE_PX - 2, SIZE_PX - 2)
    texts: list[Json] = []
    leaders: list[Json] = []
    for trail, anchor, box in zip(
        trails, anchors, placement.boxes(anchors, obstacles, frame), strict=True
    ):
        x, y = axes.point(*box.centre)
        texts.append({"x": x, "y": y, "text": trail.label, "fill": trail.colour})
        edge = box.nearest(anchor.x, anchor.y)
        if abs(edge[0] - anchor.x) + abs(edge[1] - anchor.y) > 2 * placement.RINGS_PX[0]:
            leaders.append(_span(trail.head, axes.point(*edge), colour=trail.colour))
    style = {"fontSize": LABEL_PX, "fontWeight": "bold"}
    halo = {**style, "fill": WHITE, "stroke": WHITE, "strokeWidth": 2.5, "strokeJoin": "round"}
    text = {"field": "text"}
    return [
        layer(leaders, "rule", {"strokeWidth": 0.6}, axes.span(stroke=given("colour"))),
        layer(texts, "text", halo, axes.encoding(text=text)),
        layer(texts, "text", style, axes.encoding(text=text, fill=given("fill"))),
    ]


def _along(nodes: list[tuple[float, float]]) -> list[tuple[float, float]]:
    """Return points on the way through the nodes, no further apart than a mark is wide."""
    points = []
    for (a, b), (c, d) in pairwise(nodes):
        count = max(1, ceil(hypot(c - a, d - b) / (2 * NODE_PX)))
        points += [(a + (c - a) * i / count, b + (d - b) * i / count) for i in range(count)]
    return points
