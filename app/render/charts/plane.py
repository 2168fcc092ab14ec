"""The plane of RS-Ratio and RS-Momentum: equal scales, the cross at 100, tinted named quadrants."""

from dataclasses import dataclass
from math import floor, log10

from app.render.charts.palette import GRID, QUADRANTS, SOFT
from app.render.charts.vega import Canvas, Json, given, layer
from app.render.words import Words

Point = tuple[float, float]
CENTRE = 100.0
MINIMUM_REACH = 0.5
REACH_ROOM = 1.12
TICKS = 5
"""About how many ticks stand on each side of the cross on the longer axis."""
NAME_PX = 12


@dataclass(frozen=True, slots=True)
class Plane:
    """Equal scales on both axes: `reach` is in points of the index, upwards from 100."""

    reach: float
    canvas: Canvas

    @property
    def per_point(self) -> float:
        """Pixels of one point of the index, on either axis."""
        return self.canvas.height / (2 * self.reach)

    @property
    def across(self) -> float:
        """How far the plane reaches to each side of 100."""
        return self.canvas.width / (2 * self.per_point)

    def pixel(self, point: Point) -> Point:
        """Return a point's place in pixels from the top left."""
        x = (point[0] - CENTRE + self.across) * self.per_point
        return x, (CENTRE + self.reach - point[1]) * self.per_point

    def point(self, x: float, y: float) -> Point:
        """Return the point at a place in pixels."""
        per = self.per_point
        return CENTRE - self.across + x / per, CENTRE + self.reach - y / per

    def encoding(self, **more: object) -> Json:
        """Return the channels of a mark at (x, y)."""
        step = _step(max(self.across, self.reach))
        look = {
            "title": None, "gridColor": GRID, "gridWidth": 0.5, "domain": False, "ticks": False,
            "labelColor": SOFT, "labelFontSize": 10, "labelOverlap": False,
        }  # fmt: skip
        found: dict[str, object] = {}
        for name, reach in (("x", self.across), ("y", self.reach)):
            scale = {"domain": [CENTRE - reach, CENTRE + reach], "nice": False, "zero": False}
            axis = {**look, "values": _ticks(reach, step)}
            found[name] = {"field": name, "type": "quantitative", "scale": scale, "axis": axis}
        return found | more

    def span(self, **more: object) -> Json:
        """Return the channels of a mark from (x, y) to (x2, y2)."""
        return self.encoding(x2={"field": "x2"}, y2={"field": "y2"}, **more)


def plane(points: list[Point], canvas: Canvas) -> Plane:
    """Return the smallest plane that holds the points, with some room."""
    wide = canvas.width / canvas.height
    away = [max(abs(y - CENTRE), abs(x - CENTRE) / wide) for x, y in points]
    return Plane(REACH_ROOM * max(MINIMUM_REACH, *away, 0.0), canvas)


def span(start: Point, end: Point, **more: object) -> Json:
    """Return the row of a mark between two points."""
    return {"x": start[0], "y": start[1], "x2": end[0], "y2": end[1], **more}


def ground(axes: Plane, words: Words) -> list[Json]:
    """Return the tints, the cross, the quadrants' names and the axes' names."""
    left, right = CENTRE - axes.across, CENTRE + axes.across
    low, high = CENTRE - axes.reach, CENTRE + axes.reach
    corners = {
        "IMPROVING": (left, high), "LEADING": (right, high),
        "LAGGING": (left, low), "WEAKENING": (right, low),
    }  # fmt: skip
    tints = [span((CENTRE, CENTRE), end, fill=QUADRANTS[name]) for name, end in corners.items()]
    cross = [span((CENTRE, low), (CENTRE, high)), span((left, CENTRE), (right, CENTRE))]
    layers = [
        layer(tints, "rect", {}, axes.span(fill=given("fill"))),
        layer(cross, "rule", {"color": SOFT, "strokeWidth": 1}, axes.span()),
    ]
    for name, (x, y) in corners.items():
        first, top = x == left, y == high
        style = {
            "align": "left" if first else "right", "baseline": "top" if top else "bottom",
            "dx": 6 if first else -6, "dy": 6 if top else -5, "color": SOFT,
            "fontSize": NAME_PX, "fontStyle": "italic",
        }  # fmt: skip
        layers.append(text_at(axes, (x, y), words.label("quadrant", name), style))
    style = {"align": "right", "baseline": "top", "dy": 17, "color": SOFT, "fontSize": 10}
    upward = {**style, "baseline": "bottom", "angle": 270, "dy": -22}
    layers.append(text_at(axes, (right, low), "RS-Ratio →", style))
    layers.append(text_at(axes, (left, high), "RS-Momentum →", upward))
    return layers


def text_at(axes: Plane, at: Point, text: str, style: Json) -> Json:
    """Return one text at a point."""
    row = {"x": at[0], "y": at[1], "text": text}
    return layer([row], "text", style, axes.encoding(text={"field": "text"}))


def _step(reach: float) -> float:
    """Return a round distance between ticks: 1, 2 or 5 times a power of ten."""
    rough = reach / TICKS
    power = 10.0 ** floor(log10(rough))
    return power * next(factor for factor in (1, 2, 5, 10) if factor * power >= rough)


def _ticks(reach: float, step: float) -> list[float]:
    count = int(reach / step)
    return [round(CENTRE + number * step, 9) for number in range(-count, count + 1)]
