"""Decides what trading costs: reads the shipped table."""

from importlib.resources import files

from core.backtest.costs import CostTable, market_cost, parse_costs
from core.records.universe import Universe


def load_costs() -> CostTable:
    """Return the shipped table of costs."""
    return parse_costs(files("core.backtest").joinpath("costs.toml").read_text(encoding="utf-8"))


def trading_cost(universe: Universe) -> float:
    """Return the mean cost a side over the universe's sectors, fraction."""
    cost = market_cost(load_costs(), universe.id, [sector.ticker for sector in universe.sectors])
    return round(float((cost.buy.mean() + cost.sell.mean()) / 2.0), 9)
