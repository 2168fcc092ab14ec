"""Decides what get_sector_momentum prints: how far each sector has outrun the others, in order.

The figures are the catalogue's factors, before any cross-sectional step.
"""

from datetime import date
from functools import partial
from typing import Final, get_args

from core.records.result import FactorValue, MissingCell
from core.records.sector_readings import (
    MomentumMeasure,
    SectorMomentumResult,
    SectorMomentumRow,
)
from tools.context import ToolContext

TOOL: Final = "get_sector_momentum"
FACTORS: Final[tuple[str, ...]] = (*get_args(MomentumMeasure), "high_52w")


def sector_momentum(
    context: ToolContext,
    *,
    rank_by: MomentumMeasure = "momentum_12_1",
    sector: str | None = None,
    region: str | None = None,
    as_of: date | None = None,
) -> SectorMomentumResult:
    """Return a row a sector by rank; the rank is among all sectors, whichever are asked for.

    Raises:
        CallerError: the universe has no such sector.
    """
    scope = context.scope(region, as_of)
    wanted = {row.id for row in scope.sectors(sector)}
    answer = partial(SectorMomentumResult, ranked_by=rank_by)
    if scope.panels is None:
        return answer(**scope.envelope(TOOL))
    values = [row for row in context.factors(scope, ("momentum",)) if row.factor in FACTORS]
    if all(row.value is None for row in values):
        return answer(**scope.absent(TOOL, "too_short", "prices"))
    rows = _rows(values, rank_by, scope.universe.sector_ids)
    return answer(
        **scope.envelope(TOOL, ("prices", "members"), known_at=scope.panels.last),
        rows=tuple(row for row in rows if row.sector in wanted),
        missing=tuple(
            MissingCell(subject=row.sector, measure=f"{row.factor}_pct", reason=row.reason)
            for row in values
            if row.reason is not None and row.sector in wanted
        ),
    )


def _rows(
    values: list[FactorValue], rank_by: MomentumMeasure, sectors: tuple[str, ...]
) -> list[SectorMomentumRow]:
    """Return the sectors, strongest first; those without the ranked value last, unranked."""
    cells = {(row.sector, row.factor): row.value for row in values}
    known = [name for name in sectors if cells.get((name, rank_by)) is not None]
    known.sort(key=lambda name: -(cells[name, rank_by] or 0.0))
    ranks = {name: place for place, name in enumerate(known, start=1)}
    ordered = [*known, *(name for name in sectors if name not in ranks)]
    return [
        SectorMomentumRow(
            sector=name,
            rank=ranks.get(name),
            **{f"{factor}_pct": cells.get((name, factor)) for factor in FACTORS},
        )
        for name in ordered
    ]
