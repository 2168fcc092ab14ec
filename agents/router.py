"""Which calls a request always makes; the score rests on these and on no planner's choice."""

from datetime import date

from core.records.desk import Desk
from core.records.plan import Metric, Period, PlanStep, ToolArguments
from core.records.universe import Horizon

SCORED_WINDOW: Period = "1M"
"""The span over which the score counts what investors did."""
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
    return PlanStep(
        id=f"{universe}-status",
        tool="get_data_status",
        universe=universe,
        arguments=ToolArguments(region=universe, as_of=as_of),
        reason="what the data are and how far they reach",
    )


def fixed_steps(
    universe: str, desk: Desk, *, horizon: Horizon, as_of: date | None
) -> tuple[PlanStep, ...]:
    """Return a universe's calls besides its status: scored ones, the market, what trading takes."""
    here = ToolArguments(region=universe, as_of=as_of)
    context = (
        PlanStep(
            id=f"{universe}-market",
            tool="get_market_overview",
            universe=universe,
            arguments=here,
            reason="the market as a whole",
        ),
        PlanStep(
            id=f"{universe}-warning",
            tool="get_market_warning",
            universe=universe,
            arguments=here,
            reason="how strained the market is, and what followed such states",
        ),
        PlanStep(
            id=f"{universe}-statistics",
            tool="get_rotation_statistics",
            universe=universe,
            arguments=here.model_copy(update={"frequency": "weekly"}),
            reason="what rotations have been worth in this market",
        ),
    )
    benchmark = desk.mandate.benchmark
    scored = scored_steps(universe, horizon=horizon, as_of=as_of, benchmark=benchmark)
    return (*scored, *context, *trading_steps(universe, desk, as_of=as_of))


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
    members = PlanStep(
        id=f"{universe}-trading",
        tool="get_trading_conditions",
        universe=universe,
        arguments=here,
        reason="what the sectors' instruments cost to trade",
    )
    own = PlanStep(
        id=f"{universe}-held",
        tool="get_trading_conditions",
        universe=universe,
        arguments=here.model_copy(update={"symbols": symbols}),
        reason="what the held symbols are worth",
    )
    return (members, own) if symbols else (members,)


def scored_steps(
    universe: str, *, horizon: Horizon, as_of: date | None, benchmark: str | None = None
) -> tuple[PlanStep, ...]:
    """Return the calls the decision rests on, in the order their factors are merged.

    Factors are of the universe's own benchmark; the mandate's is that of the weights.
    """
    here = ToolArguments(region=universe, as_of=as_of)
    sectors = here.model_copy(update={"horizon": horizon, "signal_type": "predictive_performance"})
    month = here.model_copy(update={"period": SCORED_WINDOW})
    return (
        PlanStep(
            id=f"{universe}-heatmap",
            tool="get_sector_heatmap",
            universe=universe,
            arguments=sectors,
            reason="rotation, relative strength and forecast of every sector",
            scored=True,
        ),
        PlanStep(
            id=f"{universe}-inputs",
            tool="get_scoring_inputs",
            universe=universe,
            arguments=here.model_copy(update={"horizon": horizon, "benchmark": benchmark}),
            reason="learned weights, covariance and benchmark weights",
            scored=True,
        ),
        PlanStep(
            id=f"{universe}-macro",
            tool="get_macro_indicators",
            universe=universe,
            arguments=here.model_copy(update={"type": "all"}),
            reason="the macro backdrop",
            scored=True,
        ),
        PlanStep(
            id=f"{universe}-fundamentals",
            tool="get_sector_fundamentals",
            universe=universe,
            arguments=here.model_copy(update={"metrics": METRICS}),
            reason="growth, margin and valuation of every sector",
            scored=True,
        ),
        PlanStep(
            id=f"{universe}-flow",
            tool="get_foreign_flow_by_sector",
            universe=universe,
            arguments=month,
            reason="whether foreign investors confirm",
            scored=True,
        ),
        PlanStep(
            id=f"{universe}-whales",
            tool="get_whale_activity",
            universe=universe,
            arguments=month,
            reason="unusual activity of large investors",
            scored=True,
        ),
    )
