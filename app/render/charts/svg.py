"""A drawing's SVG text made small and settled: what is drawn stays, how it is said gets short."""

import re

NUMBER = r"(-?[\d.]+)"
_LABELLED = re.compile(r'<path aria-label="([^"]*)"([^>]*)/>')
_NOISE = re.compile(r' (?:aria-[a-z]+|role|class|pointer-events|xmlns:xlink)="[^"]*"')
_PLACES = re.compile(r' (transform|d|x|y|x2|y2)="([^"]*)"')
_LONG = re.compile(r"-?\d+\.\d{2,}")
_TOLD = re.compile(r"x: |y: |sector: ")
"""How the converter's own labels begin, which only repeat coordinates."""
_REPEATED = re.compile(
    r' (?:font-family="[^"]*"|stroke-linecap="round"|opacity="1"|transform="translate\(0,0\)")'
)
_EMPTY = re.compile(r'<path d=""[^>]*/>|<path[^>]* d="M0,0h0v0h0Z"[^>]*/>')
_DOT = re.compile(
    rf'<path transform="translate\({NUMBER},{NUMBER}\)" d="M{NUMBER},0A[^"]*"([^>]*)/>'
)
_LINE = re.compile(
    rf'<line transform="translate\({NUMBER},{NUMBER}\)" x2="{NUMBER}" y2="{NUMBER}"([^>]*)/>'
)


def settled(svg: str, *, font: str) -> str:
    """Return the drawing with coordinates at a tenth of a pixel, one font, and no ids.

    A mark's own words become its title; circles and lines are written as such.
    """
    svg = _REPEATED.sub("", _LABELLED.sub(_titled, svg))
    svg = _PLACES.sub(_shortened, _EMPTY.sub("", _NOISE.sub("", svg)))
    svg = _LINE.sub(_stroke, _DOT.sub(_circle, svg))
    return svg.replace("<svg ", f'<svg role="img" font-family="{font}" stroke-linecap="round" ', 1)


def _titled(found: re.Match[str]) -> str:
    label, rest = found.groups()
    return f"<path{rest}/>" if _TOLD.match(label) else f"<path{rest}><title>{label}</title></path>"


def _circle(found: re.Match[str]) -> str:
    """Return a filled dot as a circle; an outlined one stays what it is."""
    x, y, radius, look = found.groups()
    if "stroke=" in look:
        return found.group()
    look = look.replace(' stroke-width="2"', "").replace(" opacity=", " fill-opacity=")
    return f'<circle cx="{x}" cy="{y}" r="{radius}"{look}/>'


def _stroke(found: re.Match[str]) -> str:
    """Return a line as a path; its own opacity needs no group of its own."""
    x, y, wide, high, rest = found.groups()
    return f'<path d="M{x},{y}l{wide},{high}"{rest.replace(" opacity=", " stroke-opacity=")}/>'


def _shortened(found: re.Match[str]) -> str:
    """Return a coordinate attribute at a tenth of a pixel."""
    name, value = found.groups()
    short = _LONG.sub(lambda long: f"{round(float(long.group()), 1):g}", value)
    return f' {name}="{short}"'
