"""Labels beside points of the plane, placed so that none covers another, a head or a tail."""

from dataclasses import dataclass
from itertools import pairwise
from math import ceil, hypot

from app.render.charts import placement
from app.render.charts.plane import NAME_PX, Plane, Point, span
from app.render.charts.vega import Json, given, layer

LABEL_PX = 12
CHARACTER_PX = 6.2
NODE_PX = 3.0
EDGE_PX = 2.0
PIECE_PX, NAME_PIECES = 10.0, 8
"""A quadrant's name takes about eighty pixels."""
WHITE = "#ffffff"


@dataclass(frozen=True, slots=True)
class Label:
    """A text that belongs to a point."""

    text: str
    at: Point
    colour: str


def label_layers(labels: list[Label], tails: list[list[Point]], axes: Plane) -> list[Json]:
    """Return the labels with a halo, and a line to the point where one had to move away."""
    anchors = [
        placement.Anchor(*axes.pixel(x.at), len(x.text) * CHARACTER_PX, float(LABEL_PX))
        for x in labels
    ]
    taken = [*obstacles(tails, axes), *corner_names(axes)]
    placed = placement.boxes(anchors, taken, frame(axes))
    texts: list[Json] = []
    leaders: list[Json] = []
    for label, anchor, box in zip(labels, anchors, placed, strict=True):
        x, y = axes.point(*box.centre)
        texts.append({"x": x, "y": y, "text": label.text, "fill": label.colour})
        edge = box.nearest(anchor.x, anchor.y)
        if abs(edge[0] - anchor.x) + abs(edge[1] - anchor.y) > 2 * placement.RINGS_PX[0]:
            leaders.append(span(label.at, axes.point(*edge), colour=label.colour))
    style = {"fontSize": LABEL_PX, "fontWeight": "bold"}
    halo = {**style, "fill": WHITE, "stroke": WHITE, "strokeWidth": 2.5, "strokeJoin": "round"}
    text = {"field": "text"}
    return [
        layer(leaders, "rule", {"strokeWidth": 0.6}, axes.span(stroke=given("colour"))),
        layer(texts, "text", halo, axes.encoding(text=text)),
        layer(texts, "text", style, axes.encoding(text=text, fill=given("fill"))),
    ]


def frame(axes: Plane) -> placement.Box:
    """Return the room labels may take."""
    canvas = axes.canvas
    return placement.Box(EDGE_PX, EDGE_PX, canvas.width - EDGE_PX, canvas.height - EDGE_PX)


def corner_names(axes: Plane) -> list[placement.Box]:
    """Return, in small pieces, the room the quadrants' names take in the corners."""
    wide, high = axes.canvas.width, axes.canvas.height
    return [
        placement.Box(left, top, left + PIECE_PX, top + NAME_PX)
        for top in (6.0, high - NAME_PX - 5)
        for step in range(NAME_PIECES)
        for left in (6.0 + step * PIECE_PX, wide - 6.0 - (step + 1) * PIECE_PX)
    ]


def obstacles(tails: list[list[Point]], axes: Plane) -> list[placement.Box]:
    """Return boxes along the tails, no further apart than a mark is wide."""
    return [
        placement.Box(x - NODE_PX, y - NODE_PX, x + NODE_PX, y + NODE_PX)
        for tail in tails
        for x, y in _along([axes.pixel(node) for node in tail])
    ]


def _along(nodes: list[Point]) -> list[Point]:
    points = []
    for (a, b), (c, d) in pairwise(nodes):
        count = max(1, ceil(hypot(c - a, d - b) / (2 * NODE_PX)))
        points += [(a + (c - a) * i / count, b + (d - b) * i / count) for i in range(count)]
    return points
