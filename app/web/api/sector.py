"""One sector: place and forecast, members and screen, accounts, flows, rotation, score."""

from collections.abc import Callable
from typing import Annotated

from fastapi import APIRouter, Depends
from fastapi.params import Path, Query

from app.web.asked import Asked, InMarket
from app.web.house import House
from app.web.sector.accounts import sector_accounts
from app.web.sector.flows import sector_flows
from app.web.sector.members import screened, sector_members
from app.web.sector.records import (
    Screened,
    SectorAccounts,
    SectorFlows,
    SectorMembers,
    SectorRotation,
    SectorScoreParts,
    SectorSummary,
)
from app.web.sector.rotation import sector_rotation
from app.web.sector.screen import ScreenAsked
from app.web.sector.sheets import SectorAsked, sector_asked
from app.web.sector.summary import score_parts, sector_summary
from core.records.universe import Horizon

ADDRESS = "/api/universes/{universe}/sectors/{sector}"
Decided = Annotated[Horizon, Query(description="of scores, confidence and reasons")]


Subject = Callable[[Asked, str], SectorAsked]


def add_sector_api(router: APIRouter, house: House) -> None:
    """Register the page's parts: each is asked for by itself, so that none waits for another."""

    def subject(
        asked: InMarket, sector: Annotated[str, Path(max_length=64, description="its id")]
    ) -> SectorAsked:
        return sector_asked(house, asked, sector)

    _add_forecast(router, subject)
    _add_facts(router, subject)


def _add_forecast(router: APIRouter, subject: Subject) -> None:
    """Register what is said of the sector."""
    subject_of = Depends(subject)

    @router.get(ADDRESS, tags=["sector"])
    def summary(asked: SectorAsked = subject_of, horizon: Decided = "1M") -> SectorSummary:
        """Where the sector is, its score and forecast with their record, what argues against."""
        return sector_summary(asked, horizon)

    @router.get(f"{ADDRESS}/score", tags=["sector"])
    def score(asked: SectorAsked = subject_of, horizon: Decided = "1M") -> SectorScoreParts:
        """Its score, split into its factors."""
        return score_parts(asked, horizon)

    @router.get(f"{ADDRESS}/rotation", tags=["sector"])
    def rotation(asked: SectorAsked = subject_of) -> SectorRotation:
        """Where it has been for three years, stay by stay, and where it went from there."""
        return sector_rotation(asked)


def _add_facts(router: APIRouter, subject: Subject) -> None:
    """Register what the sector is made of and who trades it."""
    subject_of = Depends(subject)

    @router.get(f"{ADDRESS}/members", tags=["sector"])
    def members(asked: SectorAsked = subject_of) -> SectorMembers:
        """Its largest members, how many take part in its moves, and its industries."""
        return sector_members(asked)

    @router.get(f"{ADDRESS}/screen", tags=["sector"])
    def screen(
        bounds: Annotated[ScreenAsked, Query()], asked: SectorAsked = subject_of
    ) -> Screened:
        """Its stocks that keep every bound; a stock without the value does not pass."""
        return screened(asked, bounds.screen())

    @router.get(f"{ADDRESS}/accounts", tags=["sector"])
    def accounts(asked: SectorAsked = subject_of) -> SectorAccounts:
        """What its companies report, and its valuation against its own five years."""
        return sector_accounts(asked)

    @router.get(f"{ADDRESS}/flows", tags=["sector"])
    def flows(asked: SectorAsked = subject_of) -> SectorFlows:
        """Who buys and sells: foreigners and their room, desks, funds, unusual activity."""
        return sector_flows(asked)
