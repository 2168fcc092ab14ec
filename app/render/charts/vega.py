"""Vega-Lite layers to SVG text that is the same on every machine.

Layout never depends on the machine's fonts: size and padding are fixed, there are no automatic
titles or legends. Nothing is clipped: the converter numbers clip paths across a process, so their
ids would depend on what was drawn before.
"""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from app.render.charts.svg import settled
from core.records.request import Language

FONT = "Libertinus Serif"
SCHEMA_VERSION = "5.21"
KEPT_DRAWINGS = 64
VI_NUMBERS = {"decimal": ",", "thousands": ".", "grouping": [3], "currency": ["", ""]}
Json = Mapping[str, object]
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


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
    return _drawn(json.dumps(_drawable(chart)), language)


def _drawable(value: object) -> object:
    """Return a part of a chart without the characters XML has no place for.

    The converter does not refuse them: it ends the process.
    """
    if isinstance(value, str):
        return _FORBIDDEN.sub("", value)
    if isinstance(value, Mapping):
        return {key: _drawable(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_drawable(item) for item in value]
    return value


@lru_cache(maxsize=KEPT_DRAWINGS)
def _drawn(chart: str, language: Language) -> str:
    """Return the drawing of a chart; the forms of one report draw it once."""
    import vl_convert as vlc

    numbers = VI_NUMBERS if language == "vi" else None
    made = vlc.vegalite_to_svg(chart, vl_version=SCHEMA_VERSION, format_locale=numbers)
    return settled(made, font=FONT)
