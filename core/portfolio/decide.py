"""Decides everything from panels alone, by the functions the tools and the scorer use.

The other road to the same place: a decision from tool answers equals this one bit for bit.
"""

from dataclasses import dataclass
from datetime import date

from core.forecast.live import Speaker
from core.forecast.model import ForecastModel
from core.panel import MarketPanels
from core.portfolio.allocation import allocate
from core.portfolio.inputs import scoring_inputs
from core.portfolio.scoring import scorecard
from core.records.decision import Allocation, Scorecard
from core.records.holdings import Portfolio
from core.records.mandate import Mandate
from core.records.result import FactorValue
from core.records.scoring import ScoringResult
from core.records.trading import TradingResult
from core.records.universe import Horizon
from core.signals.catalogue import factor_values


@dataclass(frozen=True, slots=True)
class Decision:
    """A scorecard and its allocation, with all they were made from."""

    scorecard: Scorecard
    allocation: Allocation
    factors: tuple[FactorValue, ...]
    inputs: ScoringResult


def decide(
    panels: MarketPanels,
    model: ForecastModel | None,
    *,
    as_of: date,
    horizon: Horizon,
    mandate: Mandate,
    portfolio: Portfolio | None = None,
    trading: TradingResult | None = None,
) -> Decision:
    """Return the decision of a date from what was known then.

    Args:
        panels: any span; nothing known after as_of is used.
        model: any fit; its last fold cut by as_of is used, packaged weights without one.
        as_of: the decision's date.
        horizon: of the score.
        mandate: limits of the allocation, its benchmark and the factor weights it fixes.
        portfolio: what is held, valued at as_of.
        trading: shares of each sector's basket, for limits that look through to issuers.

    Raises:
        DateError: the data begin after as_of.
        CallerError: the mandate's benchmark is none of the universe.
        MandateError: the limits cannot all hold.
    """
    universe = panels.universe
    factors = factor_values(panels, as_of=as_of)
    if model is not None:
        factors += Speaker.at(model, panels, as_of=as_of).values()
    inputs = scoring_inputs(
        panels, model, as_of=as_of, horizon=horizon, benchmark=mandate.benchmark
    )
    card = scorecard(
        universe, factors, inputs, as_of=as_of, horizon=horizon, fixed=mandate.factor_weights
    )
    allocation = allocate(universe, card, inputs, mandate, portfolio=portfolio, trading=trading)
    return Decision(card, allocation, factors, inputs)
