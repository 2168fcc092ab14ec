"""Decides from typed heatmap rows which sectors the second round looks into; reads no text."""

from datetime import date

from agents.steps import sector_flow, sector_overview, sector_statements
from core.records.evidence import Evidence
from core.records.plan import PlanStep
from core.records.request import Request, Topic
from core.records.sectors import HeatmapResult, HeatmapRow
from core.records.universe import Horizon, Universe

SECTORS_CAP = 2
"""Sectors a second round looks into, per universe."""
_NO_SECTOR: frozenset[Topic] = frozenset({"formula", "record", "rule_test", "past_calls", "target"})
"""Topics whose answer names no sector."""


def second_round(
    request: Request, universe: Universe, evidence: tuple[Evidence, ...], *, planned: set[str]
) -> tuple[PlanStep, ...]:
    """Return the calls on the best-ranked sectors, without those already planned."""
    heatmap = _heatmap(evidence)
    if heatmap is None or not _looks_deeper(request):
        return ()
    leaders = ranked(heatmap, request.horizon)[:SECTORS_CAP]
    steps = (
        step
        for row in leaders
        for step in _into(universe, row.sector, heatmap.as_of, members=bool(row.members_count))
    )
    return tuple(step for step in steps if step.id not in planned)


def may_follow(
    request: Request,
    universe: Universe,
    evidence: tuple[Evidence, ...],
    *,
    planned: set[str],
    as_of: date | None,
) -> tuple[tuple[PlanStep, ...], ...]:
    """Return the calls a second round may make, by sector, of which it takes `SECTORS_CAP`.

    Where the evidence holds the ranks already, they are the second round itself.
    """
    if _heatmap(evidence) is not None:
        return (second_round(request, universe, evidence, planned=planned),)
    if not _looks_deeper(request):
        return ()
    return tuple(_into(universe, sector, as_of, members=True) for sector in universe.sector_ids)


def _looks_deeper(request: Request) -> bool:
    return request.intent in {"report", "question", "explain"} and not is_narrow(request)


def _heatmap(evidence: tuple[Evidence, ...]) -> HeatmapResult | None:
    heatmaps = (item.result for item in evidence if item.arguments.benchmark is None)
    return next((result for result in heatmaps if isinstance(result, HeatmapResult)), None)


def _into(
    universe: Universe, sector: str, as_of: date | None, *, members: bool
) -> tuple[PlanStep, ...]:
    steps = [sector_overview(universe, sector, as_of=as_of, why="ranked_first")]
    if universe.foreign_flow:
        steps.append(sector_flow(universe, sector, as_of=as_of, why="confirms"))
    if members:
        steps.append(sector_statements(universe, sector, as_of=as_of, why="explains"))
    return tuple(steps)


def is_narrow(request: Request) -> bool:
    """Tell whether no sector of today is asked about: statements, a formula, a record, a past."""
    if request.intent == "report":
        return False
    return (
        tells_past(request)
        or request.topics == ("statements",)
        or not _NO_SECTOR.isdisjoint(request.topics)
    )


def tells_past(request: Request) -> bool:
    """Tell whether a span is to be told, of which no forecast and no weight is part."""
    return request.intent != "report" and "path" in request.topics


def ranked(heatmap: HeatmapResult, horizon: Horizon) -> tuple[HeatmapRow, ...]:
    """Return the rows best first by forecast, else by three-month excess; the unranked left out.

    A forecast ranks only when every ranked row has one: forecasts and past returns do not compare.
    """
    forecast = {
        row.sector: expected.excess_pct
        for row in heatmap.rows
        for expected in row.expected
        if expected.horizon == horizon
    }
    past = {row.sector: row.excess_3m_pct for row in heatmap.rows if row.excess_3m_pct is not None}
    scores = forecast if forecast else past
    rows = [row for row in heatmap.rows if row.sector in scores]
    return tuple(sorted(rows, key=lambda row: (-round(scores[row.sector], 9), row.sector)))
