"""Which rows answer a question about an end of a ranking; how a row is told is others' to say."""

from collections.abc import Sequence
from typing import Final, TypeVar

from agents.claims.leaders import LED_CAP, Placed, led, viewed_rows
from agents.claims.maker import Maker
from core.records.request import Side
from core.records.sectors import Quadrant, Rotation

Row = TypeVar("Row")

FURTHEST_CAP: Final = 3
"""Sectors told of an end whose quadrant is empty."""


def sides(maker: Maker) -> tuple[Side, ...]:
    """Return the ends asked for; the strongest where none is named."""
    return maker.material.request.sides or ("strongest",)


def is_low(side: Side) -> bool:
    """Tell whether an end is the lower one of a ranking."""
    return side in {"weakest", "weakening"}


def ends(maker: Maker, rows: Sequence[Row], cap: int) -> list[Row]:
    """Return the rows of each end asked for, from its outermost, each once; `rows` best first."""
    low = dict.fromkeys(is_low(side) for side in sides(maker))
    places = [
        at
        for lower in low
        for at in (range(len(rows) - 1, -1, -1) if lower else range(len(rows)))[:cap]
    ]
    return [rows[at] for at in dict.fromkeys(places)]


def only_low(maker: Maker) -> bool:
    """Tell whether nothing but the lower end is asked for."""
    return all(is_low(side) for side in sides(maker))


def standing(maker: Maker, side: Side) -> tuple[Placed, ...]:
    """Return the sectors in the quadrant of an end; the leaders may be none.

    Where another quadrant is empty, those nearest to it: a reader is told of the end itself.
    """
    if side not in _OF:
        return led(maker)
    rows = [
        (_depth(side, row.weekly), row.sector, (item, place, row))
        for item, place, row in viewed_rows(maker)
        if row.weekly is not None
    ]
    ordered = [placed for _, _, placed in sorted(rows, key=lambda entry: entry[:2])]
    within = [
        placed for placed in ordered if placed[2].weekly and placed[2].weekly.quadrant == _OF[side]
    ]
    return tuple(within[:LED_CAP] or ordered[:FURTHEST_CAP])


def _depth(side: Side, weekly: Rotation) -> float:
    """Return by what the sectors of an end with a quadrant are ordered, the outermost first."""
    if side == "weakest":
        return weekly.rs_ratio_index
    return weekly.rs_momentum_index if side == "weakening" else -weekly.rs_momentum_index


VALUED: Final[frozenset[Side]] = frozenset({"cheapest", "dearest"})
_OF: Final[dict[Side, Quadrant]] = {
    "weakest": "LAGGING",
    "improving": "IMPROVING",
    "weakening": "WEAKENING",
}
