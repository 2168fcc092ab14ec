"""Decides what a question asks for, at every door: its words, then the limits stated beside them.

Limits come in closed terms and only ever tighten what the words state.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from core.errors import CallerError, DateError
from core.records.mandate import MandatePatch, SectorCap, SectorFloor
from core.records.request import Request
from core.records.universe import Universe
from core.request import parse_request
from tools.scope import sectors_named


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as a client puts it.

    question: words; empty asks for the plain report of the universe. universe: id of a question
    that names none; as_of: date of one that names none. mandate: limits in closed terms.
    """

    question: str
    universe: str
    as_of: date | None = None
    mandate: MandatePatch | None = None


def understood(
    asked: Asked,
    universes: Mapping[str, Universe],
    *,
    today: date,
    latest: date | None = None,
    previous: Request | None = None,
) -> Request:
    """Return the question in closed terms.

    Args:
        asked: what the client put.
        universes: those there are.
        today: no question may be dated later than the day after.
        latest: no answer knows anything later, whatever is asked.
        previous: the question whose thread it continues.

    Raises:
        RequestError: the words are no question of ours.
        CallerError: a date yet to come, a sector none of the universes has, limits at odds.
    """
    request = _plain(asked) if not asked.question.strip() else _worded(asked, universes, previous)
    if request.as_of is None and asked.as_of is not None:
        request = request.model_copy(update={"as_of": asked.as_of})
    if request.as_of is not None and request.as_of > today + timedelta(days=1):
        raise DateError(f"date {request.as_of} is yet to come: ask as of a day up to today")
    if latest is not None:
        request = request.model_copy(update={"as_of": min(request.as_of or latest, latest)})
    if asked.mandate is None:
        return request
    stated = _in(tuple(universes[name] for name in request.universes), asked.mandate)
    patch = tightened(request.patch or MandatePatch(), stated)
    return request.model_copy(update={"patch": None if patch == MandatePatch() else patch})


def tightened(words: MandatePatch, stated: MandatePatch) -> MandatePatch:
    """Return both patches' limits, the tighter of each.

    Raises:
        CallerError: a sector is to be left out and to have a weight at once.
    """
    caps: dict[str, float] = {}
    for bound in (*words.caps, *stated.caps):
        caps[bound.sector] = min(bound.cap, caps.get(bound.sector, 1.0))
    floors: dict[str, float] = {}
    for least in (*words.floors, *stated.floors):
        floors[least.sector] = max(least.floor, floors.get(least.sector, 0.0))
    excluded = {*words.excluded, *stated.excluded}
    if both := sorted(excluded & floors.keys()):
        raise CallerError(f"{', '.join(both)}: excluded, and held to a floor at once")
    turnovers = [row.turnover for row in (words, stated) if row.turnover is not None]
    return MandatePatch(
        caps=tuple(SectorCap(sector=name, cap=caps[name]) for name in sorted(caps)),
        floors=tuple(SectorFloor(sector=name, floor=floors[name]) for name in sorted(floors)),
        excluded=tuple(sorted(excluded)),
        turnover=min(turnovers, default=None),
    )


def _plain(asked: Asked) -> Request:
    """Return the request of a plain report, as the command line's is."""
    return Request(
        text="", language="en", intent="report", universes=(asked.universe,), as_of=asked.as_of
    )


def _worded(asked: Asked, universes: Mapping[str, Universe], previous: Request | None) -> Request:
    return parse_request(
        asked.question,
        tuple(universes.values()),
        default_universe=asked.universe,
        previous=previous,
    )


def _in(universes: tuple[Universe, ...], patch: MandatePatch) -> MandatePatch:
    """Return the patch with every sector by its id."""
    return patch.model_copy(
        update={
            "caps": tuple(
                SectorCap(sector=sector, cap=row.cap)
                for row in patch.caps
                for sector in _one(universes, row.sector)
            ),
            "floors": tuple(
                SectorFloor(sector=sector, floor=row.floor)
                for row in patch.floors
                for sector in _one(universes, row.sector)
            ),
            "excluded": tuple(
                sector for name in patch.excluded for sector in _meant(universes, name)
            ),
        }
    )


def _one(universes: tuple[Universe, ...], name: str) -> tuple[str, ...]:
    """Return the sector a bound is on, one a universe at most: a bound on several is another."""
    found = _meant(universes, name)
    if len(found) > len(universes):
        raise CallerError(f"{name} stands for {', '.join(found)}: bound one of them")
    return found


def _meant(universes: tuple[Universe, ...], name: str) -> tuple[str, ...]:
    found: dict[str, None] = {}
    refused: list[CallerError] = []
    for universe in universes:
        try:
            found |= {sector.id: None for sector in sectors_named(universe, name)}
        except CallerError as error:
            refused.append(error)
    if not found:
        raise refused[0]
    return tuple(found)
