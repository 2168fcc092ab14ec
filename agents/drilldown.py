"""Decides from typed heatmap rows which sectors the second round looks into; reads no text."""

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
    if request.intent not in {"report", "question", "explain"} or is_narrow(request):
        return ()
    heatmaps = (item.result for item in evidence if item.arguments.benchmark is None)
    heatmap = next((result for result in heatmaps if isinstance(result, HeatmapResult)), None)
    if heatmap is None:
        return ()
    leaders = ranked(heatmap, request.horizon)[:SECTORS_CAP]
    steps: list[PlanStep] = []
    for row in leaders:
        as_of = heatmap.as_of
        steps.append(sector_overview(universe, row.sector, as_of=as_of, why="ranked_first"))
        if universe.foreign_flow:
            steps.append(sector_flow(universe, row.sector, as_of=as_of, why="confirms"))
        if row.members_count:
            steps.append(sector_statements(universe, row.sector, as_of=as_of, why="explains"))
    return tuple(step for step in steps if step.id not in planned)


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
