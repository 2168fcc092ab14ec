"""Decides which limits bound an allocation, with what was wanted, what was got, what it cost."""

from collections.abc import Iterator

import numpy as np

from core.portfolio.grid import WHOLE
from core.portfolio.lifting import Case, case_of
from core.portfolio.limits import LONG_ONLY, Limit, stated
from core.portfolio.problem import Problem
from core.portfolio.targets import Targets
from core.records.decision import LimitEvent, LimitKind, Scorecard
from core.records.result import GapReason
from core.records.universe import Universe

DECIMALS = 9

TOUCH = 1e-5
"""Fraction of a portfolio by which an exact weight may miss the limit it is held at."""

LEAST_COST_BPS = 1e-3
"""Gain a year below which lifting a limit of the whole portfolio changes nothing."""


def limit_events(
    universe: Universe, card: Scorecard, problem: Problem, found: Targets
) -> tuple[LimitEvent, ...]:
    """Return an event for each limit that binds, by sector id, then those of the portfolio.

    `wanted` is the weight without any limit but the sum: it may lie outside 0..1. `cost_bps` is the
    expected excess a year, net of the price of risk, that lifting that limit alone would gain; None
    for a sector no view is taken on. Tracking error counts as a fraction, as weights do.
    """
    case = case_of(problem, found)
    reasons = {row.sector: row.reason for row in card.sectors}
    events: list[LimitEvent] = []
    for place, sector in enumerate(problem.start.sectors):
        if sector not in problem.eligible and sector not in problem.mandate.excluded:
            held = int(found.units[place]) / WHOLE
            kind = _unweighted(universe, reasons.get(sector))
            events.append(LimitEvent(kind=kind, sector=sector, limit=held, got=held))
        else:
            events += _of_sector(case, place)
    for limit in problem.limits:
        events += _of_portfolio(case, limit)
    return tuple(events)


def _unweighted(universe: Universe, reason: GapReason | None) -> LimitKind:
    """Return why a sector has no covariance: what keeps it unscored, if that says so too.

    A scored one lacks members where sectors are built from them, and weeks where they are listed.
    """
    if reason == "not_listed" or reason == "too_short" or reason == "too_few_members":
        return reason
    return "too_few_members" if universe.built_from_members else "too_short"


def _of_sector(case: Case, place: int) -> Iterator[LimitEvent]:
    """Yield the limit that holds one sector's target where it is, if one does."""
    if place in case.found.wished:
        wish = case.found.wished[place] / WHOLE
        band = case.problem.mandate.no_trade_band
        cost = case.cost_of_band(place)
        yield _about(case, place, "no_trade_band", band, wish, cost)
        return
    limit = _holding(case, place)
    if limit is not None:
        cost = case.cost_at(place, limit)
        value = _value_at(case, place, limit)
        yield _about(case, place, limit.kind, value, float(case.wanted[place]), cost)


def _holding(case: Case, place: int) -> Limit | None:
    """Return the limit at whose edge the weight lies, with the wish beyond it."""
    name = case.problem.start.sectors[place]
    limits = case.problem.limits
    for limit in limits:
        if limit.kind == "excluded" and limit.key == name:
            return limit
    boxes = [limit for limit in limits if limit.key in {None, name}]
    caps = [limit for limit in boxes if limit.kind == "sector_cap"]
    tightest = min(reversed(caps), key=lambda limit: _edge(limit.high, place))
    order = [tightest, *(limit for limit in boxes if limit.kind == "sector_floor")]
    order += [limit for limit in boxes if limit.field == LONG_ONLY]
    order += [limit for limit in boxes if limit.kind == "active_cap"]
    return next((limit for limit in order if _binds(case, place, limit)), None)


def _edge(bound: np.ndarray | None, place: int) -> int:
    return WHOLE if bound is None else int(bound[place])


def _binds(case: Case, place: int, limit: Limit) -> bool:
    exact, wanted = float(case.found.exact[place]), float(case.wanted[place])
    if limit.high is not None and limit.field != LONG_ONLY:
        high = int(limit.high[place]) / WHOLE
        if exact >= high - TOUCH and wanted > high:
            return True
    if limit.low is None:
        return False
    low = int(limit.low[place]) / WHOLE
    return exact <= low + TOUCH and wanted < low


def _value_at(case: Case, place: int, limit: Limit) -> float:
    if limit.kind == "sector_cap":
        return _edge(limit.high, place) / WHOLE
    if limit.kind in {"excluded", "long_only"}:
        return 0.0
    return stated(case.problem.mandate, limit) or 0.0


def _of_portfolio(case: Case, limit: Limit) -> Iterator[LimitEvent]:
    """Yield the limit if it is about the whole portfolio, is met with no room, and costs."""
    measured = case.measured(limit)
    if measured is None or measured.slack > TOUCH:
        return
    cost = case.cost_without(limit)
    if cost is not None and cost >= LEAST_COST_BPS:
        yield LimitEvent(
            kind=limit.kind,
            sector=None,
            name=limit.key,
            limit=stated(case.problem.mandate, limit) or 0.0,
            wanted=round(measured.wanted, DECIMALS) + 0.0,
            got=round(measured.got, DECIMALS) + 0.0,
            cost_bps=cost,
        )


def _about(
    case: Case, place: int, kind: LimitKind, limit: float, wanted: float, cost: float | None
) -> LimitEvent:
    return LimitEvent(
        kind=kind,
        sector=case.problem.start.sectors[place],
        limit=limit,
        wanted=round(wanted, DECIMALS) + 0.0,
        got=int(case.found.units[place]) / WHOLE,
        cost_bps=cost,
    )
