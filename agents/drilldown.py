"""Decides from typed heatmap rows which sectors the second round looks into; reads no text."""

from datetime import date
from typing import get_args

from agents.router import SCORED_WINDOW
from agents.steps import DrillTool, sector_flow, sector_overview, sector_statements
from core.records.evidence import Evidence
from core.records.plan import PlanStep
from core.records.request import Request, Topic
from core.records.sectors import HeatmapResult, HeatmapRow
from core.records.universe import Horizon, Universe

SECTORS_CAP = 2
"""Sectors a second round looks into, per universe."""
_NO_SECTOR: frozenset[Topic] = frozenset({"formula", "record", "rule_test", "past_calls", "target"})
"""Topics whose answer names no sector."""
_INTO: dict[Topic, frozenset[DrillTool]] = {
    "foreign_flow": frozenset({"get_sector_overview", "get_foreign_flow"}),
    "matched_flow": frozenset({"get_sector_overview", "get_foreign_flow"}),
    "whales": frozenset({"get_sector_overview", "get_foreign_flow"}),
    "fundamentals": frozenset({"get_sector_overview", "get_financial_statements"}),
    "statements": frozenset({"get_financial_statements"}),
    "macro": frozenset(),
    "market": frozenset(),
    "returns": frozenset(),
    "allocation": frozenset(),
}
"""What the best-ranked sectors are looked into for, by topic; of any other, for everything."""
_EVERYTHING: frozenset[DrillTool] = frozenset(get_args(DrillTool))


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
        for step in _into(request, universe, row.sector, as_of=heatmap.as_of)
        if row.members_count or step.tool != "get_financial_statements"
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
    into = (_into(request, universe, sector, as_of=as_of) for sector in universe.sector_ids)
    return tuple(steps for steps in into if steps)


def _looks_deeper(request: Request) -> bool:
    if request.intent not in {"report", "question", "explain"}:
        return False
    if "statements" in request.topics and is_narrow(request):
        return not (request.focus or request.symbols) and not tells_past(request)
    return not is_narrow(request)


def _tools(request: Request) -> frozenset[DrillTool]:
    """Return what the sectors are looked into for: what the topics asked about need."""
    if request.intent != "question" or not request.topics:
        return _EVERYTHING
    return frozenset().union(*(_INTO.get(topic, _EVERYTHING) for topic in request.topics))


def _heatmap(evidence: tuple[Evidence, ...]) -> HeatmapResult | None:
    heatmaps = (item.result for item in evidence if item.arguments.benchmark is None)
    return next((result for result in heatmaps if isinstance(result, HeatmapResult)), None)


def _into(
    request: Request, universe: Universe, sector: str, *, as_of: date | None
) -> tuple[PlanStep, ...]:
    kinds = request.statements or ("income_statement",)
    period = request.window or SCORED_WINDOW
    steps = (
        sector_overview(universe, sector, as_of=as_of, why="ranked_first"),
        sector_flow(universe, sector, as_of=as_of, why="confirms", period=period),
        *(
            sector_statements(
                universe, sector, as_of=as_of, why="explains", annual=request.annual, kind=kind
            )
            for kind in kinds
        ),
    )
    wanted = _tools(request) - (frozenset() if universe.foreign_flow else {"get_foreign_flow"})
    return tuple(step for step in steps if step.tool in wanted)


def is_narrow(request: Request) -> bool:
    """Tell whether no sector of today is asked about: statements, a formula, a record, a past."""
    if request.intent == "report":
        return False
    return (
        tells_past(request)
        or ("statements" in request.topics and {"statements", "stocks"}.issuperset(request.topics))
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
