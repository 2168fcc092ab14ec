"""Decides which limits bound an allocation, with what was wanted and what was got."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from core.portfolio.limits import WHOLE, Bounds, Units, cap_of, units
from core.portfolio.optimiser import View, unlimited_active
from core.records.decision import LimitEvent, LimitKind, Scorecard
from core.records.mandate import Mandate
from core.records.result import GapReason
from core.records.universe import Universe

DECIMALS = 9


@dataclass(frozen=True, slots=True)
class Solved:
    """An allocation's problem and answer; `wished` is what sectors in the band would have got."""

    view: View
    limits: Bounds
    target: Units
    wished: dict[str, int]
    eligible: frozenset[str]
    movable: frozenset[str]


def limit_events(
    universe: Universe, card: Scorecard, solved: Solved, mandate: Mandate
) -> tuple[LimitEvent, ...]:
    """Return an event for each limit that binds, by sector id, then those of the portfolio.

    `wanted` is the weight without any limit but the sum: it may lie outside 0..1.
    """
    movable = np.array([float(name in solved.movable) for name in solved.limits.sectors])
    free = unlimited_active(solved.view, movable)
    wanted = solved.limits.benchmark / WHOLE + free
    reasons = {row.sector: row.reason for row in card.sectors}
    events: list[LimitEvent] = []
    for place, sector in enumerate(solved.limits.sectors):
        if sector in mandate.excluded:
            events.append(_event("excluded", sector, 0.0, float(wanted[place]), 0))
        elif sector not in solved.eligible:
            held = int(solved.target[place])
            kind = _unweighted(universe, reasons.get(sector))
            events.append(_event(kind, sector, held / WHOLE, None, held))
        else:
            events += _bound(solved, mandate, place, float(wanted[place]))
    bought = int(np.abs(solved.target - solved.limits.benchmark).sum()) // 2
    wish = float(np.abs(free).sum()) / 2
    if wish > mandate.turnover and bought > solved.limits.turnover - len(solved.target):
        events.append(_event("turnover", None, mandate.turnover, wish, bought))
    return tuple(events)


def _unweighted(universe: Universe, reason: GapReason | None) -> LimitKind:
    """Return why a sector has no covariance: what keeps it unscored, if that says so too.

    A scored one lacks members where sectors are built from them, and weeks where they are listed.
    """
    if reason == "not_listed" or reason == "too_short" or reason == "too_few_members":
        return reason
    return "too_few_members" if universe.built_from_members else "too_short"


def _bound(solved: Solved, mandate: Mandate, place: int, wanted: float) -> Iterator[LimitEvent]:
    """Yield the limits that hold one sector's target where it is."""
    limits, sector = solved.limits, solved.limits.sectors[place]
    benchmark, target = int(limits.benchmark[place]), int(solved.target[place])
    cap, active = cap_of(mandate, sector, benchmark), units(mandate.active_cap)
    if sector in solved.wished:
        wish = solved.wished[sector] / WHOLE
        yield _event("no_trade_band", sector, mandate.no_trade_band, wish, target)
    elif target == cap and wanted > cap / WHOLE:
        yield _event("sector_cap", sector, cap / WHOLE, wanted, target)
    elif target == 0 and wanted < 0.0:
        yield _event("long_only", sector, 0.0, wanted, target)
    elif abs(target - benchmark) == active and abs(wanted - benchmark / WHOLE) > active / WHOLE:
        yield _event("active_cap", sector, mandate.active_cap, wanted, target)


def _event(
    kind: LimitKind, sector: str | None, limit: float, wanted: float | None, got: int
) -> LimitEvent:
    return LimitEvent(
        kind=kind,
        sector=sector,
        limit=limit,
        wanted=None if wanted is None else round(wanted, DECIMALS) + 0.0,
        got=got / WHOLE,
    )
