"""Which calls a request always makes; the score rests on these and on no planner's choice."""

from collections.abc import Iterable
from datetime import date

from core.records.desk import Desk
from core.records.evidence import Gap
from core.records.plan import NODE_OF_TOOL, Metric, Period, PlanStep, ToolArguments, ToolName
from core.records.result import NamedGap
from core.records.universe import Horizon, Universe

Asked = tuple[str, ToolName, ToolArguments, str]
"""The end of a step's id, its tool, what is asked and why."""
SCORED_WINDOW: Period = "1M"
"""The span over which the score counts what investors did."""
OF_FOREIGNERS: frozenset[ToolName] = frozenset({"get_foreign_flow", "get_foreign_flow_by_sector"})
"""Tools of a statistic that some markets do not have."""
METRICS: tuple[Metric, ...] = (
    "revenue_growth",
    "net_profit_growth",
    "net_profit_margin",
    "roe",
    "pe",
    "valuation_percentile",
)
"""Every metric of the contract, in its order."""


def status_step(universe: str, as_of: date | None) -> PlanStep:
    """Return the call that says which dates the universe's data reach."""
    here = ToolArguments(region=universe, as_of=as_of)
    why = "what the data are and how far they reach"
    return _steps(universe, [("status", "get_data_status", here, why)])[0]


def fixed_steps(
    universe: str, desk: Desk, *, horizon: Horizon, as_of: date | None
) -> tuple[PlanStep, ...]:
    """Return a universe's calls besides its status: scored ones, the market, what trading takes."""
    here = ToolArguments(region=universe, as_of=as_of)
    weekly = here.model_copy(update={"frequency": "weekly"})
    context: tuple[Asked, ...] = (
        ("market", "get_market_overview", here, "the market as a whole"),
        ("warning", "get_market_warning", here,
         "how strained the market is, and what followed such states"),
        ("statistics", "get_rotation_statistics", weekly,
         "what rotations have been worth in this market"),
    )  # fmt: skip
    benchmark = desk.mandate.benchmark
    scored = scored_steps(universe, horizon=horizon, as_of=as_of, benchmark=benchmark)
    return (*scored, *_steps(universe, context), *trading_steps(universe, desk, as_of=as_of))


def unpublished(step: PlanStep, universe: Universe) -> Gap | None:
    """Return the gap of a call about a statistic that does not exist for its market.

    It is known without the call, whoever answers calls.
    """
    if universe.foreign_flow or step.tool not in OF_FOREIGNERS:
        return None
    gap = NamedGap(reason="not_published", actor="nobody", dataset="flows")
    return Gap(
        id=step.id, node=NODE_OF_TOOL[step.tool], tool=step.tool, universe=step.universe, gap=gap
    )


def trading_steps(universe: str, desk: Desk, *, as_of: date | None) -> tuple[PlanStep, ...]:
    """Return the calls that holdings, or limits on issuers, need: prices, liquidity, settlement."""
    limits, held = desk.mandate, desk.holdings
    looked_through = limits.issuer_cap is not None or any(row.symbols for row in limits.groups)
    if held is None and not looked_through:
        return ()
    here = ToolArguments(region=universe, as_of=as_of)
    symbols = tuple(
        sorted({row.symbol for row in held.positions if row.symbol}) if held is not None else ()
    )
    own = here.model_copy(update={"symbols": symbols})
    asked: tuple[Asked, ...] = (
        ("trading", "get_trading_conditions", here,
         "what the sectors' instruments cost to trade"),
        ("held", "get_trading_conditions", own, "what the held symbols are worth"),
    )  # fmt: skip
    return _steps(universe, asked if symbols else asked[:1])


def scored_steps(
    universe: str, *, horizon: Horizon, as_of: date | None, benchmark: str | None = None
) -> tuple[PlanStep, ...]:
    """Return the calls the decision rests on, in the order their factors are merged.

    Factors are of the universe's own benchmark; the mandate's is that of the weights.
    """
    here = ToolArguments(region=universe, as_of=as_of)
    sectors = here.model_copy(update={"horizon": horizon, "signal_type": "predictive_performance"})
    inputs = here.model_copy(update={"horizon": horizon, "benchmark": benchmark})
    macro = here.model_copy(update={"type": "all"})
    statements = here.model_copy(update={"metrics": METRICS})
    month = here.model_copy(update={"period": SCORED_WINDOW})
    asked: tuple[Asked, ...] = (
        ("heatmap", "get_sector_heatmap", sectors,
         "rotation, relative strength and forecast of every sector"),
        ("inputs", "get_scoring_inputs", inputs,
         "learned weights, covariance and benchmark weights"),
        ("macro", "get_macro_indicators", macro, "the macro backdrop"),
        ("fundamentals", "get_sector_fundamentals", statements,
         "growth, margin and valuation of every sector"),
        ("flow", "get_foreign_flow_by_sector", month, "whether foreign investors confirm"),
        ("whales", "get_whale_activity", month, "unusual activity of large investors"),
    )  # fmt: skip
    return _steps(universe, asked, scored=True)


def _steps(universe: str, asked: Iterable[Asked], *, scored: bool = False) -> tuple[PlanStep, ...]:
    return tuple(
        PlanStep(
            id=f"{universe}-{name}",
            tool=tool,
            universe=universe,
            arguments=arguments,
            reason=reason,
            scored=scored,
        )
        for name, tool, arguments, reason in asked
    )
