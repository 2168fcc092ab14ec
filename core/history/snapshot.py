"""Decides what of a finished report a later one needs, to be compared with and recomputed."""

from collections.abc import Sequence
from typing import Protocol, TypeVar

from core.portfolio.merging import applicable, merged_factors, trading_conditions
from core.records.evidence import Evidence
from core.records.history import Answered, SectorPlace, Snapshot
from core.records.plan import PlanStep
from core.records.report import Report
from core.records.result import ToolResult
from core.records.scoring import ScoringResult
from core.records.sectors import HeatmapResult

Kind = TypeVar("Kind", bound=ToolResult)


class _OfUniverse(Protocol):
    @property
    def universe(self) -> str: ...


Own = TypeVar("Own", bound=_OfUniverse)


def snapshot(report: Report, universe: str) -> Snapshot | None:
    """Return one universe's share of a report, with all its decision was computed from.

    None without a scorecard, an allocation and the mandate it was made under.
    """
    card = _of(report.scorecards, universe)
    allocation = _of(report.allocations, universe)
    in_force = _of(report.mandates, universe)
    if card is None or allocation is None or in_force is None:
        return None
    sectors = {line.sector for line in allocation.lines}
    scored = scored_answers(report, universe)
    every = [item.result for item in report.evidence if item.result.universe == universe]
    heatmap = first_of(scored, HeatmapResult)
    return Snapshot(
        universe=universe,
        as_of=card.as_of,
        horizon=card.horizon,
        report_sha256=report.content_hash(),
        mandate=in_force.mandate.patched(applicable(report.request.patch, sectors)),
        portfolio=_of(report.portfolios, universe),
        card=card,
        allocation=allocation,
        factors=merged_factors(scored),
        inputs=first_of(scored, ScoringResult),
        trading=trading_conditions(every),
        benchmark=None if heatmap is None else heatmap.benchmark,
        places=() if heatmap is None else _places(heatmap),
        answered=_answered(report, universe),
    )


def scored_answers(report: Report, universe: str) -> tuple[ToolResult, ...]:
    """Return the answers a universe's score was made of, in the plan's order."""
    held = {item.id: item.result for item in report.evidence}
    return tuple(
        held[step.id] for step in _steps(report, universe) if step.scored and step.id in held
    )


def first_of(answers: Sequence[ToolResult], kind: type[Kind]) -> Kind | None:
    """Return the first answer of a kind."""
    return next((answer for answer in answers if isinstance(answer, kind)), None)


def _of(records: Sequence[Own], universe: str) -> Own | None:
    return next((row for row in records if row.universe == universe), None)


def _steps(report: Report, universe: str) -> tuple[PlanStep, ...]:
    return tuple(step for step in report.plan.steps if step.universe == universe)


def _places(heatmap: HeatmapResult) -> tuple[SectorPlace, ...]:
    return tuple(
        SectorPlace(
            sector=row.sector,
            weekly=row.weekly.quadrant if row.weekly else None,
            weekly_period=row.weekly.period if row.weekly else None,
            provisional=row.weekly is not None and row.weekly.provisional,
            daily=row.daily.quadrant if row.daily else None,
        )
        for row in heatmap.rows
    )


def _answered(report: Report, universe: str) -> tuple[Answered, ...]:
    """Return what each planned call brought; a factor is the first planned answer's."""
    held: dict[str, Evidence] = {item.id: item for item in report.evidence}
    reasons = {gap.id: gap.gap.reason for gap in report.gaps}
    taken: set[str] = set()
    rows = []
    for step in _steps(report, universe):
        item = held.get(step.id)
        if item is None:
            if step.id in reasons:
                rows.append(Answered(step=step.id, tool=step.tool, reason=reasons[step.id]))
            continue
        named = {row.factor for row in item.result.factors} if step.scored else set()
        rows.append(
            Answered(
                step=step.id,
                tool=step.tool,
                reason=None,
                known_at=item.result.known_at,
                sources=item.result.sources,
                factors=tuple(sorted(named - taken)),
            )
        )
        taken |= named
    return tuple(rows)
