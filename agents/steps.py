"""Builds the calls that look deeper; they inform the text and never the score."""

import hashlib
import json
from datetime import date
from typing import Literal

from core.records.plan import Period, PlanStep, StatementType, ToolArguments
from core.records.universe import Horizon, Universe

DrillTool = Literal[
    "get_sector_overview",
    "get_foreign_flow",
    "get_technical_momentum",
    "get_financial_statements",
    "get_sector_fundamentals",
]
InvestorsTool = Literal["get_foreign_flow_by_sector", "get_whale_activity"]
Why = Literal["named_by_user", "compares", "confirms", "explains", "ranked_first"]
FLOW_PERIODS: tuple[Period, ...] = ("1W", "1M", "3M")
READABLE = {"sector", "period", "asset_type", "symbol_type", "statement_type"}
"""Arguments a step id spells out, or that its tool always takes the same."""
ID_CAP, DIGEST = 64, 8
MOMENTUM_PERIODS: tuple[Period, ...] = ("1M", "3M", "6M", "1Y")


def sector_overview(universe: Universe, sector: str, *, as_of: date | None, why: Why) -> PlanStep:
    """Return the call for one sector's stocks."""
    return _step("get_sector_overview", universe, as_of, why, sector=sector)


def sector_flow(
    universe: Universe, sector: str, *, as_of: date | None, why: Why, period: Period = "1M"
) -> PlanStep:
    """Return the call for foreign trading inside one sector."""
    return _step(
        "get_foreign_flow",
        universe,
        as_of,
        why,
        sector=sector,
        asset_type="equity",
        period=period if period in FLOW_PERIODS else "1M",
    )


def sector_fundamentals(
    universe: Universe, sector: str, *, as_of: date | None, why: Why
) -> PlanStep:
    """Return the call for one sector's fundamentals."""
    return _step("get_sector_fundamentals", universe, as_of, why, sector=sector)


def sector_momentum(
    universe: Universe, *, as_of: date | None, why: Why, period: Period = "3M"
) -> PlanStep:
    """Return the call for the price momentum of all sectors."""
    return _step(
        "get_technical_momentum",
        universe,
        as_of,
        why,
        symbol_type="sector_ETF",
        period=period if period in MOMENTUM_PERIODS else "3M",
    )


def statements(
    universe: Universe,
    symbols: tuple[str, ...],
    *,
    as_of: date | None,
    why: Why,
    annual: bool,
    kind: StatementType = "income_statement",
) -> PlanStep:
    """Return the call for the statements of these companies."""
    return _step(
        "get_financial_statements",
        universe,
        as_of,
        why,
        symbols=symbols,
        statement_type=kind,
        period="A" if annual else "Q",
    )


def sector_statements(
    universe: Universe,
    sector: str,
    *,
    as_of: date | None,
    why: Why,
    annual: bool = False,
    kind: StatementType = "income_statement",
) -> PlanStep:
    """Return the call for the statements of a sector's largest companies."""
    return _step(
        "get_financial_statements",
        universe,
        as_of,
        why,
        sector=sector,
        statement_type=kind,
        period="A" if annual else "Q",
    )


def investors_over(
    universe: Universe, tool: InvestorsTool, window: Horizon, *, as_of: date | None
) -> PlanStep:
    """Return the call for what investors did in every sector over the span named; never scored."""
    return PlanStep(
        id=f"{universe.id}-{tool.removeprefix('get_').replace('_', '-')}-{window.lower()}"[:ID_CAP],
        tool=tool,
        universe=universe.id,
        arguments=ToolArguments(region=universe.id, as_of=as_of, period=window),
        reason="what investors did over the span the question names",
    )


def rotation_history(
    universe: Universe,
    sector: str | None,
    *,
    since: date,
    as_of: date | None,
    benchmark: str | None,
) -> PlanStep:
    """Return the call for the weekly path of one sector, or of all, since a day."""
    return PlanStep(
        id="-".join(filter(None, (universe.id, "rotation-history", sector)))[:ID_CAP],
        tool="get_rotation_history",
        universe=universe.id,
        arguments=ToolArguments(
            region=universe.id,
            as_of=as_of,
            sector=sector,
            since=since,
            frequency="weekly",
            benchmark=benchmark,
        ),
        reason="the path the question asks to be told",
    )


def benchmark_heatmap(
    universe: Universe, benchmark: str, *, horizon: Horizon, as_of: date | None
) -> PlanStep:
    """Return the call for the heatmap against the benchmark the question names; never scored."""
    return PlanStep(
        id=f"{universe.id}-heatmap-{benchmark}"[:ID_CAP],
        tool="get_sector_heatmap",
        universe=universe.id,
        arguments=ToolArguments(
            region=universe.id,
            as_of=as_of,
            horizon=horizon,
            signal_type="predictive_performance",
            benchmark=benchmark,
        ),
        reason="the same against the benchmark the question names",
    )


def _step(
    tool: DrillTool, universe: Universe, as_of: date | None, why: Why, **arguments: object
) -> PlanStep:
    values = {"region": universe.id, "as_of": as_of, **arguments}
    return PlanStep(
        id=_id(tool, universe.id, arguments),
        tool=tool,
        universe=universe.id,
        arguments=ToolArguments.model_validate(values),
        reason=why.replace("_", " "),
    )


def _id(tool: DrillTool, universe: str, arguments: dict[str, object]) -> str:
    short = tool.removeprefix("get_").replace("_", "-")
    named = "-".join(str(arguments[key]) for key in ("sector", "period") if arguments.get(key))
    readable = f"{universe}-{short}-{named}".lower()
    if len(readable) <= ID_CAP and set(arguments) <= READABLE:
        return readable.rstrip("-")
    told = json.dumps(arguments, sort_keys=True, default=list)
    digest = hashlib.sha256(told.encode()).hexdigest()[:DIGEST]
    return f"{readable[: ID_CAP - DIGEST - 1].rstrip('-')}-{digest}"
