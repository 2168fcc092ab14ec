"""REST of the desk: a market's decision, its limits and holdings, and what drafts of them mean."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Path, Query

from app.chat.records import Turn
from app.files.universes import one_of
from app.web.api.reports import ID, Run
from app.web.asked import Asked, held_of, market_of, words_of
from app.web.desk.drafts import Draft, tried
from app.web.desk.holdings import (
    HeldForm,
    HoldingsView,
    PastedTable,
    ReadTable,
    StoredAnswer,
    holdings_view,
    kept,
    pasted,
)
from app.web.desk.mandates import (
    MandateCheck,
    MandateDraft,
    MandateView,
    mandate_check,
    mandate_view,
)
from app.web.house import House
from app.web.reports.allocation import AllocationView, allocation_view
from app.web.reports.kept import KeptReports
from app.web.reports.retold import retold
from app.web.worded import Gapped, gap_said
from core.errors import CallerError
from core.records.request import Language
from core.records.universe import Horizon

UniverseId = Annotated[str, Path(pattern=ID)]
PLACE = "/api/universes/{universe}"


def add_allocation_api(router: APIRouter, house: House) -> None:
    """Register them."""
    reports = KeptReports(house)
    _add_decision(router, house, reports)
    _add_mandate(router, house)
    _add_holdings(router, house)
    _add_drafts(router, house)


def _add_decision(router: APIRouter, house: House, reports: KeptReports) -> None:
    universes = house.universes

    @router.get(f"{PLACE}/allocation", tags=["allocation"], response_model_exclude_defaults=True)
    def allocation(
        universe: UniverseId,
        as_of: date | None = None,
        horizon: Horizon | None = None,
        run: Annotated[Run | None, Query()] = None,
        lang: Language = "en",
    ) -> AllocationView:
        """Return a market's decision: of the latest plain report up to a date, or of a run."""
        world = one_of(universes, universe)
        name = run or reports.latest(universe, as_of=as_of, horizon=horizon)
        if name is None:
            return AllocationView(gap=_gap(house, Asked(world.id, as_of, lang, None)))
        report = retold(reports.report(name), lang, universes)
        if universe not in report.request.universes:
            raise CallerError(f"report {name} is not about {universe}")
        return allocation_view(report, world, reports.row(name, lang), universes)


def _gap(house: House, asked: Asked) -> Gapped | None:
    """Return why a market has nothing to make a report from."""
    world = market_of(house, asked)
    gap = house.tools.scope(world.id, asked.as_of, advice=True).gap
    if gap is None:
        return None
    return gap_said(gap, words_of(world, asked), held=held_of(house, world))


def _add_mandate(router: APIRouter, house: House) -> None:
    @router.get(f"{PLACE}/mandate", tags=["allocation"])
    def mandate(universe: UniverseId, as_of: date | None = None) -> MandateView:
        """Return the versions of the limits in force for a market: who, when, why."""
        return mandate_view(house, one_of(house.universes, universe), as_of)

    @router.post(f"{PLACE}/mandate/check", tags=["allocation"])
    def check(universe: UniverseId, draft: MandateDraft) -> MandateCheck:
        """Tell whether a draft's limits can all hold, and write the file that would state them."""
        return mandate_check(house, one_of(house.universes, universe), draft)


def _add_holdings(router: APIRouter, house: House) -> None:
    @router.get(f"{PLACE}/holdings", tags=["allocation"])
    def holdings(universe: UniverseId, as_of: date | None = None) -> HoldingsView:
        """Return what was held at a date, valued."""
        return holdings_view(house, one_of(house.universes, universe), as_of)

    @router.post(f"{PLACE}/holdings/read", tags=["allocation"])
    def read(universe: UniverseId, table: PastedTable) -> ReadTable:
        """Tell how a pasted table of holdings reads; nothing is kept."""
        return pasted(house, one_of(house.universes, universe), table)

    @router.post(f"{PLACE}/holdings", tags=["allocation"])
    def keep(universe: UniverseId, form: HeldForm) -> StoredAnswer:
        """Keep holdings under their date, in the home."""
        return kept(house, one_of(house.universes, universe), form)


def _add_drafts(router: APIRouter, house: House) -> None:
    @router.post(f"{PLACE}/drafts", status_code=201, tags=["allocation"])
    async def draft(universe: UniverseId, draft: Draft) -> Turn:
        """Try limits and holdings in a thread; the run is followed by its events."""
        return await tried(house, one_of(house.universes, universe), draft)
