"""Vega-Lite layers to SVG text that is the same on every machine.

Layout never depends on the machine's fonts: size and padding are fixed, there are no automatic
titles or legends. Nothing is clipped: the converter numbers clip paths across a process, so their
ids would depend on what was drawn before.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import vl_convert as vlc

from core.records.request import Language

FONT = "Libertinus Serif"
SCHEMA_VERSION = "5.21"
VI_NUMBERS = {"decimal": ",", "thousands": ".", "grouping": [3], "currency": ["", ""]}
_LABELLED = re.compile(r'<path aria-label="([^"]*)"([^>]*)/>')
_NOISE = re.compile(r' (?:aria-[a-z]+|role|class|pointer-events|xmlns:xlink)="[^"]*"')
_PLACES = re.compile(r' (transform|d|x|y|x2|y2)="([^"]*)"')
_LONG = re.compile(r"-?\d+\.\d{3,}")
_EMPTY = re.compile(r'<path d=""[^>]*/>|<path[^>]* d="M0,0h0v0h0Z"[^>]*/>')

Json = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Canvas:
    """A plot's size and the room around it, in pixels."""

    width: int
    height: int
    left: int
    right: int
    top: int
    bottom: int


def layer(rows: Sequence[Json], mark: str, options: Json, encoding: Json) -> Json:
    """Return one layer: a mark for each row."""
    return {"data": {"values": list(rows)}, "mark": {"type": mark, **options}, "encoding": encoding}


def given(field: str) -> Json:
    """Return a channel that takes the row's value as it is: a colour, a width, an opacity."""
    return {"field": field, "type": "nominal", "scale": None, "legend": None}


def to_svg(layers: Sequence[Json], canvas: Canvas, *, language: Language) -> str:
    """Return the layers as SVG without ids, so that drawings on one page never meet."""
    chart = {
        "layer": list(layers),
        "width": canvas.width,
        "height": canvas.height,
        "padding": {side: getattr(canvas, side) for side in ("left", "right", "top", "bottom")},
        "autosize": {"type": "none"},
        "background": "transparent",
        "config": {"font": FONT, "view": {"stroke": None}},
    }
    numbers = VI_NUMBERS if language == "vi" else None
    return _settled(vlc.vegalite_to_svg(chart, vl_version=SCHEMA_VERSION, format_locale=numbers))


def _settled(svg: str) -> str:
    svg = _LABELLED.sub(r"<path\2><title>\1</title></path>", svg)
    svg = _PLACES.sub(_shortened, _EMPTY.sub("", _NOISE.sub("", svg)))
    return svg.replace("<svg ", '<svg role="img" ', 1)


def _shortened(found: re.Match[str]) -> str:
    """Return a coordinate attribute at a hundredth of a pixel."""
    name, value = found.groups()
    short = _LONG.sub(lambda long: f"{round(float(long.group()), 2):g}", value)
    return f' {name}="{short}"'
