"""Axes of the sheet's charts: years across, round ticks, and no more points than pixels."""

from dataclasses import dataclass
from math import ceil, floor, log10

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from app.render.charts.palette import GRID, INK, SOFT
from app.render.charts.vega import Canvas, Json, layer

FONT_PX = 11
POINTS = 360
"""Points a line keeps; the plots are that wide or less."""

DAYS_A_YEAR = 365.25
STEPS = (1.0, 2.0, 5.0, 10.0)
DECADES_ONLY, FINE_BELOW = 200.0, 4.0
"""Ranges, highest over lowest, that take powers of ten alone, or ticks finer than 1, 2, 5."""

BLUE, ORANGE = "#1f4e9c", "#d9601a"
PALE_BLUE, PALE_ORANGE, GREY = "#9db8dc", "#f0c19e", "#9fb0b9"

Vector = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Scale:
    """One axis: its ends, its ticks and how they are written."""

    low: float
    high: float
    ticks: tuple[float, ...]
    form: str
    log: bool = False

    def channel(self, field: str, *, grid: bool = True) -> Json:
        """Return the channel of a field on this axis."""
        scale: dict[str, object] = {
            "domain": [self.low, self.high], "nice": False, "zero": False,
            "type": "log" if self.log else "linear",
        }  # fmt: skip
        axis = {
            "title": None, "grid": grid, "gridColor": GRID, "gridWidth": 0.5, "domain": False,
            "ticks": False, "labelColor": SOFT, "labelFontSize": FONT_PX, "labelOverlap": False,
            "labelPadding": 4, "values": list(self.ticks), "format": self.form,
        }  # fmt: skip
        return {"field": field, "type": "quantitative", "scale": scale, "axis": axis}


@dataclass(frozen=True, slots=True)
class Plot:
    """Two axes and the room they are drawn in."""

    x: Scale
    y: Scale
    canvas: Canvas

    def at(self, **more: object) -> Json:
        """Return the channels of a mark at (x, y)."""
        return {"x": self.x.channel("x", grid=False), "y": self.y.channel("y")} | more

    def between(self, **more: object) -> Json:
        """Return the channels of a mark from (x, y) to (x2, y2)."""
        return self.at(x2={"field": "x2"}, y2={"field": "y2"}, **more)

    def line(self, xs: Vector, ys: Vector, colour: str, width: float, **look: object) -> Json:
        """Return a line; it breaks where a value is missing."""
        rows = [
            {"x": float(x), "y": None if np.isnan(y) else float(y)}
            for x, y in zip(xs, ys, strict=True)
        ]
        style = {
            "color": colour,
            "strokeWidth": width,
            "strokeJoin": "round",
            "invalid": "break-paths-show-domains",
        }
        return layer(rows, "line", {**style, **look}, self.at())

    def rule(self, y: float, **look: object) -> Json:
        """Return a line across the plot."""
        row = {"x": self.x.low, "x2": self.x.high, "y": y, "y2": y}
        return layer([row], "rule", {"color": INK, "strokeWidth": 0.8, **look}, self.between())

    def upright(self, x: float, **look: object) -> Json:
        """Return a line from the bottom to the top of the plot."""
        row = {"x": x, "x2": x, "y": self.y.low, "y2": self.y.high}
        return layer([row], "rule", {"color": INK, "strokeWidth": 0.8, **look}, self.between())

    def text(self, x: float, y: float, text: str, **look: object) -> Json:
        """Return a text at a point."""
        style = {"color": SOFT, "fontSize": FONT_PX, **look}
        row = {"x": x, "y": y, "text": text}
        return layer([row], "text", style, self.at(text={"field": "text"}))


def decimal_years(dates: pd.DatetimeIndex) -> Vector:
    """Return dates as years with their share of the year passed."""
    days = dates.day_of_year.to_numpy(np.float64)
    years: Vector = dates.year.to_numpy(np.float64) + days / DAYS_A_YEAR
    return years


def year_scale(first: float, last: float, *, room: int = 7) -> Scale:
    """Return the axis of years, with at most about `room` ticks."""
    step = _step(max(1.0, (last - first) / room))
    start = ceil(first / step) * step
    ticks = tuple(float(year) for year in np.arange(start, last + 1e-9, step))
    return Scale(first, max(last, first + 0.1), ticks, "d")


def value_scale(values: Vector, *, count: int = 5, zero: bool = True) -> Scale:
    """Return the axis that holds the values (and zero), ends and ticks at round numbers."""
    known = values[~np.isnan(values)]
    ends = [*known, 0.0] if zero or len(known) == 0 else list(known)
    low, high = float(min(ends)), float(max(ends))
    step = _step((high - low) / count or 1.0)
    low = floor(low / step + 1e-9) * step
    high = max(ceil(high / step - 1e-9) * step, low + step)
    ticks = tuple(round(float(tick), 9) for tick in np.arange(low, high + step / 2, step))
    decimals = max(0, -floor(log10(step)))
    return Scale(low, high, ticks, f",.{decimals}f")


def log_scale(values: Vector) -> Scale:
    """Return the logarithmic axis of positive values: ticks at 1, 2, 5 or at powers of ten."""
    low, high = float(np.nanmin(values)), float(np.nanmax(values))
    powers = range(floor(log10(low)) - 1, ceil(log10(high)) + 1)
    steps: tuple[float, ...] = (1.0, 2.0, 5.0)
    if high / low > DECADES_ONLY:
        steps = (1.0,)
    elif high / low < FINE_BELOW:
        steps = (1.0, 1.5, 2.0, 3.0, 5.0, 7.0)
    ticks = [round(step * 10.0**power, 12) for power in powers for step in steps]
    room = (high / low) ** 0.03
    low, high = low / room, high * room
    return Scale(low, high, tuple(tick for tick in ticks if low <= tick <= high), ",~r", log=True)


def thinned(values: Vector, *, lowest: bool = False) -> NDArray[np.intp]:
    """Return the places of at most 360 values: the last of each stretch, or its lowest."""
    if len(values) <= POINTS:
        return np.arange(len(values))
    stretches = np.array_split(np.arange(len(values)), POINTS - 1)
    if not lowest:
        return np.array([0, *(stretch[-1] for stretch in stretches)])
    lows = [stretch[int(np.nanargmin(values[stretch]))] for stretch in stretches]
    return np.unique([0, *lows, len(values) - 1])


def _step(rough: float) -> float:
    power = 10.0 ** floor(log10(rough))
    return power * next(step for step in STEPS if step * power >= rough * (1.0 - 1e-9))
