"""Pictures of past rotations: how sectors moved between quadrants, and how long they stayed."""

from math import ceil, sqrt

from app.render.charts.palette import GRID, INK, QUADRANTS, SOFT
from app.render.charts.vega import Canvas, Json, given, layer, to_svg
from app.render.view import Picture
from app.render.words import Words
from core.records.rotation_statistics import MoveRow, QuadrantRow

NAMES = tuple(QUADRANTS)
MATRIX = Canvas(width=300, height=184, left=82, right=8, top=22, bottom=6)
BARS = Canvas(width=300, height=184, left=82, right=34, top=22, bottom=6)
STAYING = "#eceeef"
SHADES = ("#f6f8fb", "#dde8f4", "#b3cbe7", "#7ea6d6", "#2f67b1")
LIGHT_FROM = 4
"""The shade from which text on it is white."""
SHARE_PX, COUNT_PX, NAME_PX = 13, 10, 11
ROOM = 1.12
TICKS = (0.0, 0.5, 1.0)


def moves_chart(moves: tuple[MoveRow, ...], words: Words, *, name: str) -> Picture:
    """Return the share of bars of each quadrant (rows) by the next bar's (columns), and counts.

    Colour is the root of the share over the largest move to another quadrant, so that rare moves
    are told apart; staying is grey.
    """
    largest = max((m.move_fraction or 0.0 for m in moves if _leaves(m)), default=0.0)
    cells = [_cell(move, largest, words) for move in moves]
    x, y = _places(len(NAMES))
    square = {"x": x, "x2": {"field": "x2"}, "y": y, "y2": {"field": "y2"}}
    middle = {"x": {**x, "field": "mx"}, "y": {**y, "field": "my"}, "fill": given("ink")}
    drawn = {**square, "fill": given("fill"), "description": {"field": "hover"}}
    layers = [
        layer(cells, "rect", {"stroke": "#ffffff", "strokeWidth": 2}, drawn),
        layer(cells, "text", {"dy": -6, "fontSize": SHARE_PX},
              {**middle, "text": {"field": "share"}}),
        layer(cells, "text", {"dy": 9, "fontSize": COUNT_PX},
              {**middle, "text": {"field": "count"}}),
        *_row_names(words, x, y),
        _column_names(words, x, y),
    ]  # fmt: skip
    svg = to_svg(layers, MATRIX, language=words.language)
    notes = (words.text("moves_legend"),)
    return Picture(id=name, svg=svg, alt=words.text("moves_alt"), notes=notes)


def dwell_chart(rows: tuple[QuadrantRow, ...], words: Words, *, name: str) -> Picture:
    """Return the median, mean and longest completed stay in each quadrant, in bars."""
    told = [row for row in rows if row.spells_count]
    longest = max((row.dwell_longest_count or 0 for row in told), default=1)
    reach = ROOM * max(longest, 1)
    _, y = _places(len(NAMES))
    marks = [_stay(row, words) for row in told]
    scale = {"domain": [0, reach], "nice": False}
    ticks = sorted({ceil(longest * share) for share in TICKS})
    look = {"title": None, "domain": False, "ticks": False, "gridColor": GRID, "gridWidth": 0.5,
            "labelColor": SOFT, "labelFontSize": COUNT_PX, "orient": "top", "values": ticks,
            "labelOverlap": False}  # fmt: skip
    x = {"field": "x", "type": "quantitative", "scale": scale, "axis": look}
    at = {"x": x, "y": {**y, "field": "my"}}
    bar = {"x": {**x, "field": "zero"}, "x2": {"field": "median"}, "y": y, "y2": {"field": "y2"}}
    line = {"x": {**x, "field": "zero"}, "x2": {"field": "longest"}, "y": {**y, "field": "my"}}
    diamond = {"shape": "diamond", "size": 70, "fill": "#ffffff", "stroke": INK, "opacity": 1}
    layers = [
        layer(marks, "rule", {"color": SOFT, "strokeWidth": 1.2}, line),
        layer(marks, "rect", {"stroke": SOFT, "strokeWidth": 0.6},
              {**bar, "fill": given("fill"), "description": {"field": "hover"}}),
        layer(marks, "point", diamond,
              {**at, "x": {**x, "field": "mean"}, "description": {"field": "hover"}}),
        layer(marks, "text", {"align": "left", "dx": 5, "fontSize": NAME_PX, "color": INK},
              {**at, "x": {**x, "field": "longest"}, "text": {"field": "said"}}),
        *_row_names(words, {**x, "field": "zero"}, y),
    ]  # fmt: skip
    svg = to_svg(layers, BARS, language=words.language)
    notes = (words.text("dwell_legend"),)
    return Picture(id=name, svg=svg, alt=words.text("dwell_alt"), notes=notes)


def _leaves(move: MoveRow) -> bool:
    return move.quadrant != move.next_quadrant


def _cell(move: MoveRow, largest: float, words: Words) -> Json:
    down, across = NAMES.index(move.quadrant), NAMES.index(move.next_quadrant)
    share = move.move_fraction
    step = 0 if not share or not largest else round(sqrt(share / largest) * LIGHT_FROM)
    step = min(step, LIGHT_FROM)
    dark = _leaves(move) and step == LIGHT_FROM
    printed = "–" if share is None else words.measured(share, "fraction")
    counted = words.measured(float(move.moves_count), "count")
    here, there = (words.label("quadrant", q) for q in (move.quadrant, move.next_quadrant))
    return {
        "x": across, "x2": across + 1, "y": down, "y2": down + 1,
        "mx": across + 0.5, "my": down + 0.5,
        "fill": SHADES[step] if _leaves(move) else STAYING,
        "ink": "#ffffff" if dark else INK,
        "share": printed, "count": counted,
        "hover": f"{here} → {there}: {printed}, {counted}",
    }  # fmt: skip


def _stay(row: QuadrantRow, words: Words) -> Json:
    place = NAMES.index(row.quadrant)
    median, mean = row.dwell_median_index or 0.0, row.dwell_mean_index or 0.0
    said = words.measured(float(row.dwell_longest_count or 0), "count")
    quadrant = words.label("quadrant", row.quadrant)
    return {
        "zero": 0.0, "median": median, "mean": mean, "longest": row.dwell_longest_count,
        "y": place + 0.28, "y2": place + 0.72, "my": place + 0.5, "said": said,
        "fill": QUADRANTS[row.quadrant],
        "hover": f"{quadrant}: {words.number(median, 'x')} / {words.number(mean, 'x')} / {said}",
    }  # fmt: skip


def _places(count: int) -> tuple[dict[str, object], dict[str, object]]:
    """Return the channels of a grid of so many cells, from the top left."""
    axis: Json = {"domain": [0, count], "nice": False, "zero": False}
    x: dict[str, object] = {
        "field": "x", "type": "quantitative", "scale": axis, "axis": None,
    }  # fmt: skip
    y: dict[str, object] = {**x, "field": "y", "scale": {**axis, "reverse": True}}
    return x, y


def _row_names(words: Words, x: Json, y: Json) -> list[Json]:
    rows = [
        {"x": 0, "zero": 0, "my": place + 0.5, "text": _name(words, quadrant)}
        for place, quadrant in enumerate(NAMES)
    ]
    style = {"align": "right", "dx": -6, "fontSize": NAME_PX, "color": SOFT}
    encoding = {"x": x, "y": {**y, "field": "my"}, "text": {"field": "text"}}
    return [layer(rows, "text", style, encoding)]


def _column_names(words: Words, x: Json, y: Json) -> Json:
    rows = [
        {"mx": place + 0.5, "y": 0, "text": _name(words, quadrant)}
        for place, quadrant in enumerate(NAMES)
    ]
    style = {"baseline": "bottom", "dy": -5, "fontSize": NAME_PX, "color": SOFT}
    encoding = {"x": {**x, "field": "mx"}, "y": y, "text": {"field": "text"}}
    return layer(rows, "text", style, encoding)


def _name(words: Words, quadrant: str) -> str:
    return words.label("quadrant", quadrant).capitalize()
