"""Decides which numbers no market shows, by the measure's name and unit; a wrong unit lands there.

Wide on purpose: what lies within may still be wrong, what lies outside cannot be right.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache

Range = tuple[float, float]

FAR = 1e12
"""No measure of any unit lies beyond."""
RANGES: tuple[tuple[str, Range], ...] = (
    (r"(return|momentum)_\w+_pct", (-100.0, 1e5)),
    (r"drawdown_pct", (-100.0, 0.0)),
    (r"(breadth|valuation_percentile|room_full|limit_up|limit_down)\w*_pct", (0.0, 100.0)),
    (r"\w*percentile_pct", (0.0, 100.0)),
    (r"(winsorised_)?intensity_pct", (-100.0, 100.0)),
    (r"(weight|top_member|turnover_share|volatility)_pct", (0.0, 1e4)),
    (r"(buy|sell|traded)\w*_bn", (0.0, 1e8)),
    (r"\w+_bn", (-1e8, 1e8)),
    (r"volume_ratio_x", (0.0, 1e6)),
    (r"(close|open|high|low|price)_level", (0.0, FAR)),
    (r"\w+_(pct|pp|bps|x)", (-1e6, 1e6)),
    (r"\w+_z", (-1e3, 1e3)),
    (r"\w+_deg", (-360.0, 360.0)),
    (r"\w+_fraction", (0.0, 1.0)),
    (r"\w+_count", (0.0, 1e9)),
    (r"\w+_(days|weeks|sessions)", (-1e5, 1e5)),
    (r"weights?", (-1e3, 1e3)),
)
"""The first pattern that fits a field's name; money is in billions of the universe's currency."""


def implausible(content: Mapping[str, object]) -> str | None:
    """Return the name of a number no market shows; None when all may be."""
    for name, number in _numbers("", content):
        low, high = _range(name)
        if not low <= number <= high:
            return name
    return None


@cache
def _range(name: str) -> Range:
    return next((span for pattern, span in RANGES if re.fullmatch(pattern, name)), (-FAR, FAR))


def _numbers(name: str, value: object) -> Iterator[tuple[str, float]]:
    if isinstance(value, bool):
        return
    if isinstance(value, int | float):
        yield name, value
    elif isinstance(value, Mapping):
        for key, inner in value.items():
            yield from _numbers(key, inner)
    elif isinstance(value, Sequence) and not isinstance(value, str):
        for inner in value:
            yield from _numbers(name, inner)
