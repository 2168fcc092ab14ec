"""Which features speak for a sector's forecast and which against; says nothing of factors."""

from collections.abc import Iterable

from app.render.words import Words
from core.records.sectors import HeatmapRow, Reason

POINTS = "index"
"""Parts of a forecast are printed as the score is, with two decimals and no unit."""
SMALLEST_PRINTED = 0.005
"""Half of the last printed decimal of a part."""


def sided(row: HeatmapRow, *, raising: bool) -> list[tuple[int, Reason]]:
    """Return the row's reasons on one side with their places, the strongest first."""
    found = [
        (place, reason)
        for place, reason in enumerate(row.reasons)
        if reason.contribution_pct and (reason.contribution_pct > 0) == raising
    ]
    return sorted(found, key=lambda item: (-abs(item[1].contribution_pct), item[0]))


def printed(reasons: Iterable[tuple[int, Reason]]) -> list[tuple[int, Reason]]:
    """Return the reasons that do not print as nothing, in their order."""
    return [item for item in reasons if abs(item[1].contribution_pct) >= SMALLEST_PRINTED]


def hover(row: HeatmapRow, words: Words) -> str:
    """Return both sides in one line of plain text; empty without reasons."""
    sides = (("for", True), ("against", False))
    said = [
        f"{words.label('column', key)}: {_listed(row, words, raising=raising)}"
        for key, raising in sides
        if printed(sided(row, raising=raising))
    ]
    return " · ".join(said)


def _listed(row: HeatmapRow, words: Words, *, raising: bool) -> str:
    return ", ".join(
        f"{words.label('factor', reason.feature)} "
        f"{words.number(reason.contribution_pct, POINTS, signed=True)}"
        for _, reason in printed(sided(row, raising=raising))
    )
