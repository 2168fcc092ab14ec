"""Decides what get_rotation_history tells: the stays of sectors in quadrants between two dates."""

from datetime import date, timedelta
from functools import partial
from typing import Final

from core.errors import CallerError
from core.markets.benchmark import measured, named_benchmark
from core.records.sectors import RotationHistoryResult, RotationPath
from core.records.universe import Frequency, Sector
from core.rotation.spells import RotationTale, rotation_tales
from tools.context import ToolContext
from tools.measures.heatmap_gaps import missing_rotations

TOOL = "get_rotation_history"
SPAN: Final[dict[Frequency, timedelta]] = {
    "daily": timedelta(days=60),
    "weekly": timedelta(days=182),
    "monthly": timedelta(days=731),
}
"""The span told without `since`: about 26 weeks, and bars of like number at other frequencies."""
POINTS_MAX: Final = 2_500
"""Path points of one answer: 300 KB of the 512 KB our gateway accepts."""


def rotation_history(
    context: ToolContext,
    *,
    region: str | None = None,
    sector: str | None = None,
    since: date | None = None,
    as_of: date | None = None,
    frequency: Frequency = "weekly",
    benchmark: str | None = None,
) -> RotationHistoryResult:
    """Return the stays in quadrants and the path of the sectors asked for.

    Raises:
        CallerError: an unknown sector or benchmark, a span that ends before it begins or holds more
            bars than an answer may, or bars a daily store does not have.
    """
    if frequency == "15min":
        raise CallerError("frequency '15min': a told rotation is of daily, weekly or monthly bars")
    scope = context.scope(region, as_of)
    mark = named_benchmark(scope.universe, benchmark)
    start = scope.since(since, SPAN[frequency])
    wanted = scope.sectors(sector)
    answer = partial(
        RotationHistoryResult,
        benchmark=mark.id,
        treatment=mark.treatment,
        frequency=frequency,
        since=start,
    )
    if scope.panels is None:
        return answer(**scope.envelope(TOOL))
    against = measured(scope.panels, mark)
    if isinstance(against, str):
        return answer(**scope.absent(TOOL, against, "prices"))
    tales = rotation_tales(
        against.sectors[[item.id for item in wanted]],
        against.level,
        frequency=frequency,
        since=start,
        as_of=scope.as_of,
    )
    _refuse_long(tales)
    told = [item for item in wanted if tales[item.id].path]
    untold = [item for item in wanted if item not in told]
    return answer(
        **scope.envelope(TOOL, ("prices", "members"), known_at=scope.panels.last),
        rows=tuple(spell for item in told for spell in tales[item.id].spells),
        paths=tuple(_path(item, tales[item.id]) for item in told),
        missing=missing_rotations(scope.panels, against, untold, frequency),
    )


def _path(sector: Sector, tale: RotationTale) -> RotationPath:
    return RotationPath(sector=sector.id, ticker=sector.ticker, tail=tale.path)


def _refuse_long(tales: dict[str, RotationTale]) -> None:
    points = sum(len(tale.path) for tale in tales.values())
    if points > POINTS_MAX:
        raise CallerError(
            f"the span holds {points} bars and {POINTS_MAX} are the most of one answer: name one "
            "sector, a later `since` or a longer frequency"
        )
