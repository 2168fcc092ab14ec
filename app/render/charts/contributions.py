"""The contributions picture: each score as a stacked bar, below zero drawn as large as above.

Factors are joined by family; fitted views, most of a learned score, stand each for itself; what
is too little to see is joined whatever its family.
"""

from dataclasses import dataclass
from math import ceil, fsum

from app.render.charts.palette import FAMILIES, GRID, INK, OTHER, SOFT, VIEWS
from app.render.charts.vega import Canvas, Json, given, layer, to_svg
from app.render.view import Legend, Picture
from app.render.words import Words
from core.records.decision import SectorScore

WIDTH_PX = 300
ROW_PX = 17
MARGIN_PX = 14
CHARACTER_PX = 8.0
"""Of a name's letters in the widest face a browser may have instead of ours: DejaVu Sans."""
MAXIMUM_NAME = 18
MINIMUM_REACH = 0.1
REACH_ROOM = 1.15
SEEN_FRACTION = 0.02
"""Pieces under this share of the longest bar in every score are joined."""
VIEW = "views"
JOINED = "other_factors"


@dataclass(frozen=True, slots=True)
class _Bar:
    sector: str
    piece: str
    start: float
    end: float


def contributions(scores: tuple[SectorScore, ...], words: Words, *, name: str) -> Picture:
    """Return one bar a scored sector, best first, in points of score by factor family."""
    scored = [score for score in scores if score.score is not None]
    pieces = [_pieces(score) for score in scored]
    colours = _colours(pieces)
    bars = [
        bar
        for score, own in zip(scored, pieces, strict=True)
        for bar in _bars(_name(score, words), own, colours)
    ]
    order = [_name(score, words) for score in scored]
    totals: list[Json] = [{"sector": _name(s, words), "x": s.score} for s in scored]
    canvas = Canvas(
        width=WIDTH_PX, height=max(1, len(order)) * ROW_PX, right=12, top=2, bottom=18,
        left=MARGIN_PX + ceil(CHARACTER_PX * max(map(len, order), default=0)),
    )  # fmt: skip
    drawn = {bar.piece for bar in bars}
    return Picture(
        id=name,
        svg=to_svg(_layers(bars, colours, totals, order), canvas, language=words.language),
        alt=words.text("contributions_alt"),
        legend=tuple(
            Legend(c, _label(piece, words)) for piece, c in colours.items() if piece in drawn
        ),
    )


def _pieces(score: SectorScore) -> dict[str, float]:
    """Return the score's parts by family, and by name those of fitted views."""
    sums: dict[str, float] = {}
    for part in score.contributions:
        if part.contribution is not None:
            piece = part.factor if part.family == VIEW else part.family
            sums[piece] = sums.get(piece, 0.0) + part.contribution
    return sums


def _colours(pieces: list[dict[str, float]]) -> dict[str, str]:
    """Return the pieces drawn apart in drawing order, each with its colour, the joined one last."""
    sizes: dict[str, float] = {}
    for own in pieces:
        for piece, value in own.items():
            sizes[piece] = max(sizes.get(piece, 0.0), abs(value))
    longest = max((sum(map(abs, own.values())) for own in pieces), default=0.0)
    seen = {piece for piece, size in sizes.items() if size > SEEN_FRACTION * longest}
    views = sorted(seen - set(FAMILIES), key=lambda piece: (-sizes[piece], piece))
    told = dict(zip(views, VIEWS, strict=False))
    told |= {family: colour for family, colour in FAMILIES.items() if family in seen}
    return told | {JOINED: OTHER}


def _bars(name: str, pieces: dict[str, float], colours: dict[str, str]) -> list[_Bar]:
    bars, above, below = [], 0.0, 0.0
    joined = fsum(value for piece, value in pieces.items() if piece not in colours)
    for piece in colours:
        value = joined if piece == JOINED else pieces.get(piece, 0.0)
        start = above if value > 0 else below
        if value > 0:
            above += value
        elif value < 0:
            below += value
        if value:
            bars.append(_Bar(name, piece, start, start + value))
    return bars


def _label(piece: str, words: Words) -> str:
    if piece == JOINED:
        return words.text(JOINED)
    return words.label("family" if piece in FAMILIES else "factor", piece)


def _name(score: SectorScore, words: Words) -> str:
    name = words.entity(score.sector)
    return name if len(name) <= MAXIMUM_NAME else words.short(score.sector)


def _layers(
    bars: list[_Bar], colours: dict[str, str], totals: list[Json], order: list[str]
) -> list[Json]:
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
    rows = [{"sector": b.sector, "x": b.start, "x2": b.end, "fill": colours[b.piece]} for b in bars]
    stacked = {"x": x, "x2": {"field": "x2"}, "y": y, "fill": given("fill")}
    diamond = {"shape": "diamond", "size": 55, "fill": "#ffffff", "stroke": INK, "opacity": 1}
    return [
        layer(rows, "bar", {"stroke": "#ffffff", "strokeWidth": 0.5}, stacked),
        layer([{"x": 0}], "rule", {"color": INK, "strokeWidth": 0.8}, {"x": x}),
        layer(totals, "point", {**diamond, "strokeWidth": 1.2}, {"x": x, "y": y}),
    ]
