"""Measures a typeset sheet: where the ink of every glyph is, and which text run it belongs to."""

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from xml.etree import ElementTree

from app.render.pdf import _compiled
from app.render.view import Page

SVG = "{http://www.w3.org/2000/svg}"
HREF = "{http://www.w3.org/1999/xlink}href"
CELL_PT = 12.0
_STEP = re.compile(r"([MmLlHhVvCcQqZz])|(-?[\d.]+(?:e-?\d+)?)")
_COUNTS = {"m": 2, "l": 2, "h": 1, "v": 1, "c": 6, "q": 4}

Matrix = tuple[float, float, float, float, float, float]
Ink = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Glyph:
    """A drawn glyph: its run and the box of its ink, in points from the sheet's top left."""

    run: int
    left: float
    top: float
    right: float
    bottom: float

    def covered(self, other: "Glyph") -> float:
        """Return the share of the smaller box that both have."""
        wide = min(self.right, other.right) - max(self.left, other.left)
        high = min(self.bottom, other.bottom) - max(self.top, other.top)
        smaller = min(self.area, other.area)
        return wide * high / smaller if wide > 0 and high > 0 and smaller > 0 else 0.0

    @property
    def area(self) -> float:
        return (self.right - self.left) * (self.bottom - self.top)


@dataclass(frozen=True, slots=True)
class Sheet:
    """The first sheet as measured."""

    width: float
    height: float
    glyphs: tuple[Glyph, ...]

    def clashes(self, least: float) -> list[tuple[Glyph, Glyph]]:
        """Return glyphs of different runs that share at least this much of the smaller's box."""
        places: dict[tuple[int, int], list[Glyph]] = defaultdict(list)
        for glyph in self.glyphs:
            for x in range(int(glyph.left / CELL_PT), int(glyph.right / CELL_PT) + 1):
                for y in range(int(glyph.top / CELL_PT), int(glyph.bottom / CELL_PT) + 1):
                    places[x, y].append(glyph)
        return [
            (one, other)
            for near in places.values()
            for i, one in enumerate(near)
            for other in near[i + 1 :]
            if one.run != other.run and one.covered(other) > least
        ]


def first_sheets(page: Page) -> list[Sheet]:
    """Return every sheet the first page takes; pictures are left out."""
    return [_measured(svg.decode()) for svg in _compiled(page, form="svg", part="first")]


def _measured(svg: str) -> Sheet:
    root = ElementTree.fromstring(svg)  # noqa: S314 - our own drawing
    shapes = {
        symbol.get("id", ""): path.get("d", "")
        for symbol in root.iter(f"{SVG}symbol")
        for path in symbol.iter(f"{SVG}path")
    }
    wide, high = (float(root.get(side, "0").removesuffix("pt")) for side in ("width", "height"))
    runs = iter(range(10**6))
    return Sheet(wide, high, tuple(_glyphs(root, (1, 0, 0, 1, 0, 0), shapes, runs)))


def _glyphs(
    node: ElementTree.Element, matrix: Matrix, shapes: dict[str, str], runs: Iterator[int]
) -> Iterator[Glyph]:
    run = next(runs)
    for child in node:
        if child.tag == f"{SVG}use":
            drawn = _ink(shapes.get(child.get(HREF, "").removeprefix("#"), ""))
            if drawn is not None:
                x, y = float(child.get("x", "0")), float(child.get("y", "0"))
                yield _placed(run, drawn, x, y, matrix)
        elif child.tag == f"{SVG}g":
            yield from _glyphs(child, _times(matrix, child.get("transform")), shapes, runs)


def _placed(run: int, ink: Ink, x: float, y: float, matrix: Matrix) -> Glyph:
    a, b, c, d, e, f = matrix
    corners = [
        (a * (x + u) + c * (y + v) + e, b * (x + u) + d * (y + v) + f)
        for u in (ink[0], ink[2])
        for v in (ink[1], ink[3])
    ]
    xs, ys = [p for p, _ in corners], [q for _, q in corners]
    return Glyph(run, min(xs), min(ys), max(xs), max(ys))


def _times(matrix: Matrix, transform: str | None) -> Matrix:
    if transform is None:
        return matrix
    name, _, rest = transform.partition("(")
    numbers = [float(n) for n in re.split(r"[ ,]+", rest.removesuffix(")").strip())]
    moved = {"translate": (1.0, 0.0, 0.0, 1.0, *(*numbers, 0.0)[:2])}
    a, b, c, d, e, f = matrix
    p, q, r, s, t, u = moved.get(name) or numbers
    return (a * p + c * q, b * p + d * q, a * r + c * s, b * r + d * s,
            a * t + c * u + e, b * t + d * u + f)  # fmt: skip


@cache
def _ink(path: str) -> Ink | None:
    """Return the box around a glyph's outline and its control points; None without ink."""
    x = y = 0.0
    points: list[tuple[float, float]] = []
    for command, numbers in _steps(path):
        kind, absolute = command.lower(), command.isupper()
        for at in range(0, len(numbers), _COUNTS[kind]):
            part = numbers[at : at + _COUNTS[kind]]
            base_x, base_y = (0.0, 0.0) if absolute else (x, y)
            if kind == "h":
                pairs = [(base_x + part[0], y)]
            elif kind == "v":
                pairs = [(x, base_y + part[0])]
            else:
                pairs = [(base_x + part[i], base_y + part[i + 1]) for i in range(0, len(part), 2)]
            x, y = pairs[-1]
            points += pairs if kind != "m" else []
    if not points:
        return None
    xs, ys = [p for p, _ in points], [q for _, q in points]
    return min(xs), min(ys), max(xs), max(ys)


def _steps(path: str) -> Iterator[tuple[str, list[float]]]:
    command = ""
    numbers: list[float] = []
    for letter, number in _STEP.findall(path):
        if letter:
            if numbers:
                yield command, numbers
            command, numbers = letter, []
        else:
            numbers.append(float(number))
    if numbers:
        yield command, numbers
