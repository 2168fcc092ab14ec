"""Decides which mandate the limits of one question make, and what is held, in the core's records.

A general limit nobody asked for stays an assumed one, which gives way to those that were.
"""

from typing import Final

from core.errors import CallerError
from core.records.holdings import Holdings, Position
from core.records.mandate import Mandate, MandatePatch, SectorCap, SectorFloor
from core.records.served_decisions import AskedLimits, HeldWeights
from tools.scope import Scope

ASKED: Final = "asked"
"""Id of a mandate with limits of its own; one with sectors' limits and turnover alone is the
built-in one, patched, as it is where they are asked for in words."""
PATCHED: Final = frozenset({"caps", "floors", "excluded", "turnover"})
SOURCE: Final = "asked"


def asked_mandate(scope: Scope, limits: AskedLimits | None) -> Mandate:
    """Return the built-in mandate under the limits asked for.

    Raises:
        CallerError: a name means no sector, or several.
    """
    if limits is None:
        return Mandate()
    own = {
        name: getattr(limits, name)
        for name in AskedLimits.model_fields
        if name not in PATCHED and getattr(limits, name) is not None
    }
    base = Mandate.model_validate({"id": ASKED, "version": 1, **own}) if own else Mandate()
    return base.patched(
        MandatePatch(
            caps=tuple(
                SectorCap(sector=_sector(scope, row.sector), cap=row.cap) for row in limits.caps
            ),
            floors=tuple(
                SectorFloor(sector=_sector(scope, row.sector), floor=row.floor)
                for row in limits.floors
            ),
            excluded=tuple(sorted({_sector(scope, name) for name in limits.excluded})),
            turnover=limits.turnover,
        )
    )


def asked_holdings(scope: Scope, held: HeldWeights | None) -> Holdings | None:
    """Return what is held; what the weights leave is cash.

    Raises:
        CallerError: a name means no sector, or several, or a sector stands twice.
    """
    if held is None:
        return None
    weights = {_sector(scope, row.sector): row.weight for row in held.weights}
    if len(weights) < len(held.weights):
        raise CallerError("holdings: name each sector once")
    return Holdings(
        universe=scope.universe.id,
        dated=None,
        source=SOURCE,
        positions=tuple(
            Position(sector=sector, weight=weight) for sector, weight in weights.items()
        ),
    )


def _sector(scope: Scope, name: str) -> str:
    found = scope.sectors(name)
    if len(found) > 1:
        choices = ", ".join(one.id for one in found)
        raise CallerError(f"{name!r} is {len(found)} sectors: name one of {choices}")
    return found[0].id
