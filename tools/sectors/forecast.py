"""Decides what get_sector_forecast prints: what is expected of each sector at one horizon, and why.

The figures are the heatmap's own.
"""

from datetime import date
from functools import partial
from typing import Final

from core.records.result import MissingCell
from core.records.sector_readings import SectorForecastResult, SectorForecastRow
from core.records.sectors import Expectation
from core.records.universe import Horizon
from tools.context import ToolContext
from tools.measures.heatmap_gaps import why_no_forecast
from tools.scope import Scope
from tools.sectors.outlook import Outlook, outlook

TOOL: Final = "get_sector_forecast"


def sector_forecast(
    context: ToolContext,
    *,
    horizon: Horizon = "1M",
    sector: str | None = None,
    region: str | None = None,
    as_of: date | None = None,
) -> SectorForecastResult:
    """Return a row a sector with a forecast, highest expected excess first.

    The rank is among all sectors, whichever are asked for.

    Raises:
        CallerError: the universe has no such sector.
    """
    scope = context.scope(region, as_of, advice=True)
    wanted = [row.id for row in scope.sectors(sector)]
    answer = partial(SectorForecastResult, horizon=horizon)
    if scope.panels is None:
        return answer(**scope.envelope(TOOL))
    said = outlook(context, scope, horizon)
    fold = None if said.model is None else said.model.fold(horizon, scope.as_of)
    if fold is None:
        return answer(**scope.absent(TOOL, "model_not_fitted", "model"))
    rows = tuple(row for row in _rows(said, horizon) if row.sector in wanted)
    return answer(
        **scope.envelope(TOOL, ("prices", "members", "model"), known_at=scope.panels.last),
        trained_until=fold.trained_until,
        rows=rows,
        skill=tuple(row for row in said.skill if row.horizon == horizon),
        missing=_missing(scope, said, horizon, set(wanted) - {row.sector for row in rows}),
    )


def _rows(said: Outlook, horizon: Horizon) -> list[SectorForecastRow]:
    found: dict[str, Expectation] = {
        sector: cell
        for sector, cells in said.expected.items()
        for cell in cells
        if cell.horizon == horizon
    }
    ordered = sorted(found, key=lambda sector: -found[sector].excess_pct)
    return [
        SectorForecastRow(
            sector=sector,
            rank=place,
            expected=found[sector],
            reasons=said.reasons.get(sector, ()),
            flags=() if said.proven else ("no_skill",),
        )
        for place, sector in enumerate(ordered, start=1)
    ]


def _missing(
    scope: Scope, said: Outlook, horizon: Horizon, absent: set[str]
) -> tuple[MissingCell, ...]:
    if scope.panels is None:
        return ()
    return tuple(
        MissingCell(
            subject=sector.id,
            measure=f"expected_{horizon.lower()}",
            reason=why_no_forecast(
                scope.panels, sector, horizon, said.model, said.seen, scope.as_of
            ),
        )
        for sector in scope.universe.sectors
        if sector.id in absent
    )
