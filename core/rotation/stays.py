"""Decides how often a stay as long as the running one had ended a few bars later.

It counts stays of the whole universe; one sector alone has too few.
"""

from dataclasses import dataclass

from core.estimates import Share, share
from core.rotation.transitions import Path


@dataclass(frozen=True, slots=True)
class Stay:
    """A stay whose first bar was seen; `ended` tells whether its last was too."""

    code: int
    bars: int
    ended: bool


def stays(paths: list[list[Path]]) -> tuple[Stay, ...]:
    """Return the stays of all sectors whose entry was seen, ended or not.

    Args:
        paths: of `spell_paths`, one list a sector.
    """
    return tuple(
        Stay(code, bars, ended=place < len(path) - 1)
        for found in paths
        for path in found
        for place, (code, bars) in enumerate(path)
        if place > 0
    )


def leaving(past: tuple[Stay, ...], code: int, bars: int, *, within: int) -> Share:
    """Return the share of stays of at least `bars` that ended before `bars + within`.

    Stays that were still running, or cut by a gap, before their fate was known are not counted: the
    estimate of Kaplan and Meier (1958) for one step without its censored cases.

    Args:
        past: of `stays`.
        code: place of the quadrant in `QUADRANTS`.
        bars: length reached, at least 1.
        within: bars ahead, at least 1.
    """
    told = [
        stay
        for stay in past
        if stay.code == code and stay.bars >= bars and (stay.ended or stay.bars >= bars + within)
    ]
    return share(sum(stay.bars < bars + within for stay in told), len(told))
