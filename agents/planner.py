"""Chooses which calls look deeper: by rules, or by a model that sees only the user's words.

It cannot touch the calls that are scored, their arguments, the date or the mandate.
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import assert_never

from pydantic import Field

from agents.drilldown import tells_past
from agents.llm.protocol import LanguageModel
from agents.llm.structured import asked
from agents.router import SCORED_WINDOW
from agents.steps import (
    DrillTool,
    InvestorsTool,
    Why,
    benchmark_heatmap,
    investors_over,
    rotation_history,
    sector_flow,
    sector_fundamentals,
    sector_momentum,
    sector_overview,
    sector_statements,
    statements,
)
from core.errors import ModelOutputError
from core.records.plan import Period, PlanStep
from core.records.record import Record, Slug, Symbol
from core.records.request import Request, Topic
from core.records.universe import Universe
from prompts.library import prompt, quoted

STEPS_CAP = 8
"""Calls a planner may add to one request."""
Dates = Mapping[str, date | None]


class DrillDown(Record):
    """One call a model proposes, in closed terms."""

    tool: DrillTool
    universe: Slug
    sector: Slug | None = None
    symbols: tuple[Symbol, ...] | None = Field(default=None, max_length=20)
    period: Period | None = None
    why: Why


class Proposal(Record):
    """All a planning model may say."""

    steps: tuple[DrillDown, ...] = Field(max_length=STEPS_CAP)


def ruled(
    request: Request, universes: Mapping[str, Universe], dates: Dates
) -> tuple[PlanStep, ...]:
    """Return the calls that follow from what the user named and asked about."""
    steps = list(worded(request, universes, dates))
    if tells_past(request):
        return _distinct(steps)
    for focus in request.focus:
        universe, as_of = universes[focus.universe], dates.get(focus.universe)
        steps.append(sector_overview(universe, focus.sector, as_of=as_of, why="named_by_user"))
        if universe.foreign_flow:
            steps.append(
                sector_flow(
                    universe,
                    focus.sector,
                    as_of=as_of,
                    why="confirms",
                    period=request.window or SCORED_WINDOW,
                )
            )
        if "statements" in request.topics:
            steps += _statements(request, universe, focus.sector, as_of=as_of)
    first = universes[request.universes[0]]
    as_of = dates.get(first.id)
    if request.symbols:
        steps += _statements(request, first, None, as_of=as_of)
    if {"momentum", "returns"} & set(request.topics) or request.stated:
        steps.extend(
            sector_momentum(universes[name], as_of=dates.get(name), why="named_by_user")
            for name in request.universes
        )
    return _distinct(steps)


def worded(
    request: Request, universes: Mapping[str, Universe], dates: Dates
) -> tuple[PlanStep, ...]:
    """Return the calls the request's own fields demand, whoever plans: spans, a benchmark."""
    steps: list[PlanStep] = []
    for name in request.universes:
        universe, as_of = universes[name], dates.get(name)
        known = {mark.id for mark in universe.benchmarks}
        benchmark = request.benchmark if request.benchmark in known else None
        sectors: list[str | None] = [row.sector for row in request.focus if row.universe == name]
        if request.since is not None and (as_of is None or request.since < as_of):
            steps += [
                rotation_history(
                    universe, sector, since=request.since, as_of=as_of, benchmark=benchmark
                )
                for sector in sectors or [None]
            ]
        if benchmark is not None and benchmark != universe.benchmark.id:
            steps.append(
                benchmark_heatmap(universe, benchmark, horizon=request.horizon, as_of=as_of)
            )
        steps += _investors(request, universe, as_of=as_of)
    return _distinct(steps)


def _statements(
    request: Request, universe: Universe, sector: str | None, *, as_of: date | None
) -> Iterator[PlanStep]:
    """Yield the calls for each kind of statement named: of a sector, else of the companies."""
    why: Why = "named_by_user"
    for kind in request.statements or ("income_statement",):
        if sector is None:
            yield statements(
                universe,
                request.symbols,
                as_of=as_of,
                why=why,
                annual=request.annual,
                kind=kind,
            )
        else:
            yield sector_statements(
                universe, sector, as_of=as_of, why=why, annual=request.annual, kind=kind
            )


def _investors(request: Request, universe: Universe, *, as_of: date | None) -> Iterator[PlanStep]:
    """Yield the calls over the span named, where it is not the one the score counts anyway."""
    if request.window is None or request.window == SCORED_WINDOW:
        return
    asked_of: dict[InvestorsTool, frozenset[Topic]] = {
        "get_foreign_flow_by_sector": frozenset({"foreign_flow", "matched_flow"}),
        "get_whale_activity": frozenset({"whales"}),
    }
    for tool, topics in asked_of.items():
        if topics.intersection(request.topics):
            yield investors_over(universe, tool, request.window, as_of=as_of)


async def modelled(
    request: Request,
    universes: Mapping[str, Universe],
    dates: Dates,
    *,
    model: LanguageModel,
    max_tokens: int,
) -> tuple[PlanStep, ...]:
    """Return the calls a model chose.

    Raises:
        ModelOutputError: two answers in a row propose something else than the grammar allows.
        ProviderError: the model cannot be reached.
    """
    text = prompt("planner").render(
        {
            "universes": "\n".join(_listed(universes[name]) for name in request.universes),
            "named": ", ".join(request.symbols) or "none",
            "question": quoted(request.text),
        }
    )
    proposal = await asked(
        model,
        Proposal,
        system=text.system,
        user=text.user,
        max_tokens=max_tokens,
        check=_within(request, universes),
    )
    steps = [
        _step(row, request, universes[row.universe], as_of=dates.get(row.universe))
        for row in proposal.steps
    ]
    return _distinct([*worded(request, universes, dates), *steps])


def _listed(universe: Universe) -> str:
    flow = "" if universe.foreign_flow else " (no foreign flow is published)"
    return f"- {universe.id}{flow}: {', '.join(universe.sector_ids)}"


def _within(request: Request, universes: Mapping[str, Universe]) -> Callable[[Proposal], None]:
    def check(proposal: Proposal) -> None:
        for row in proposal.steps:
            if row.universe not in request.universes:
                raise ModelOutputError("a universe that was not asked for")
            if row.sector is not None and row.sector not in universes[row.universe].sector_ids:
                raise ModelOutputError("a sector id that is not in the list")
            if row.sector is None and row.tool in _NEEDS_SECTOR:
                raise ModelOutputError(f"{row.tool} needs a sector")
            if row.tool == "get_financial_statements" and not (row.symbols or row.sector):
                raise ModelOutputError("get_financial_statements needs symbols or a sector")
            if not set(row.symbols or ()) <= set(request.symbols):
                raise ModelOutputError("a symbol the user did not name")

    return check


_NEEDS_SECTOR = frozenset({"get_sector_overview", "get_foreign_flow", "get_sector_fundamentals"})


def _step(row: DrillDown, request: Request, universe: Universe, *, as_of: date | None) -> PlanStep:
    sector = row.sector or ""
    match row.tool:
        case "get_sector_overview":
            return sector_overview(universe, sector, as_of=as_of, why=row.why)
        case "get_foreign_flow":
            period = request.window or row.period or SCORED_WINDOW
            return sector_flow(universe, sector, as_of=as_of, why=row.why, period=period)
        case "get_sector_fundamentals":
            return sector_fundamentals(universe, sector, as_of=as_of, why=row.why)
        case "get_technical_momentum":
            return sector_momentum(universe, as_of=as_of, why=row.why, period=row.period or "3M")
        case "get_financial_statements":
            annual = request.annual or row.period in {"A", "1Y"}
            kind = request.statements[0] if request.statements else "income_statement"
            if row.symbols:
                return statements(
                    universe, row.symbols, as_of=as_of, why=row.why, annual=annual, kind=kind
                )
            return sector_statements(
                universe, sector, as_of=as_of, why=row.why, annual=annual, kind=kind
            )
        case _:
            assert_never(row.tool)


def _distinct(steps: list[PlanStep]) -> tuple[PlanStep, ...]:
    return tuple({step.id: step for step in steps}.values())[:STEPS_CAP]
