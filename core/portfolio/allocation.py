"""Decides target weights from a scorecard within a mandate, every limit that binds on record.

It takes no view of its own: without a score, a risk or room, a sector keeps the weight it has.
"""

import numpy as np

from core.portfolio.grid import WHOLE, stance_of
from core.portfolio.limit_events import limit_events
from core.portfolio.problem import Problem, problem_of
from core.portfolio.risk import risk_of, risk_shares
from core.portfolio.targets import Targets
from core.portfolio.yielding import settled
from core.records.decision import Allocation, AllocationLine, Scorecard, Stance
from core.records.holdings import Portfolio
from core.records.mandate import Mandate
from core.records.scoring import ScoringResult
from core.records.trading import TradingResult
from core.records.universe import Universe

DECIMALS = 9


def allocate(
    universe: Universe,
    card: Scorecard,
    inputs: ScoringResult | None,
    mandate: Mandate,
    *,
    portfolio: Portfolio | None = None,
    trading: TradingResult | None = None,
) -> Allocation:
    """Return the target weights, whole tenths of a percent.

        maximise alpha'a - gamma/2 a'Va,   a = target - benchmark over sectors
        subject to targets + cash + outside = 1, long-only, sector caps, floors and exclusions,
        the active cap, one-way turnover from the reference, cash within its floor and cap,
        sqrt(a'Va) within the tracking-error budget, groups and issuers looked through to

    The reference is what is held; without a portfolio it is the benchmark, cash is the mandate's
    floor and nothing lies outside. Cash and what lies outside have neither expected excess nor
    risk. alpha is that of `view_of`. A sector outside the inputs' covariance (not listed, too
    short, too few members) is not_weighted: it keeps its reference weight, or the nearest weight
    the limits allow. Costs are both sides' of what sectors trade; cash is not traded.

    Issuers and groups of symbols are looked through to by basket share: a target is of a sector,
    and counts as if it held the basket. `trades` keeps their caps for what is held and ordered of
    each symbol. Limits nobody stated give way to stated ones; `turnover` and the limits on record
    are then those that were kept.

    Args:
        universe: its sectors are the lines, in its order.
        card: scores.
        inputs: covariance and benchmark weights; no risk without the first, equal weights without
            any of the second above zero.
        mandate: limits, fractions.
        portfolio: what is held, of the same universe.
        trading: shares of each sector's basket, for limits that look through to issuers.

    Raises:
        MandateError: the limits cannot all hold, name what is not there, or need what is not known.
    """
    posed = problem_of(universe, card, inputs, mandate, portfolio=portfolio, trading=trading)
    problem, found = settled(posed)
    start, view = problem.start, problem.view
    given = inputs if start.given else None
    trades = np.abs(found.units - start.reference)
    active = (found.units - start.benchmark)[:-1] / WHOLE
    return Allocation(
        universe=universe.id,
        as_of=card.as_of,
        horizon=card.horizon,
        mandate=mandate.id,
        mandate_version=mandate.version,
        benchmark=inputs.benchmark if inputs is not None else None,
        benchmark_weights_source=given.benchmark_weights_source if given else "equal_weight",
        benchmark_weights_as_of=given.benchmark_weights_as_of if given else None,
        lines=_lines(universe, problem, found),
        turnover=int(trades.sum()) / 2 / WHOLE,
        cost_bps=round(mandate.cost_bps * int(trades[:-1].sum()) / WHOLE, DECIMALS),
        tracking_error_pct=(
            round(100.0 * view.variance(active) ** 0.5, DECIMALS) if view.measured else None
        ),
        limits=limit_events(universe, card, problem, found),
        cash_held_weight=int(start.reference[-1]) / WHOLE if start.held else None,
        cash_target_weight=int(found.units[-1]) / WHOLE,
        outside_weight=start.outside / WHOLE,
        risk=risk_of(found.units / WHOLE, start.benchmark / WHOLE, view),
    )


def _lines(universe: Universe, problem: Problem, found: Targets) -> tuple[AllocationLine, ...]:
    start = problem.start
    shares = risk_shares((found.units - start.benchmark) / WHOLE, problem.view)
    lines = []
    for sector in universe.sectors:
        place = start.place(sector.id)
        benchmark, target = int(start.benchmark[place]), int(found.units[place])
        lines.append(
            AllocationLine(
                sector=sector.id,
                instrument=sector.ticker,
                benchmark_weight=benchmark / WHOLE,
                held_weight=int(start.reference[place]) / WHOLE if start.held else None,
                target_weight=target / WHOLE,
                stance=_stance(sector.id, target - benchmark, problem),
                risk_share_pct=None
                if shares is None
                else round(float(shares[place]), DECIMALS) + 0.0,
            )
        )
    return tuple(lines)


def _stance(sector: str, active: int, problem: Problem) -> Stance:
    if sector in problem.mandate.excluded:
        return "excluded"
    return stance_of(active, problem.mandate) if sector in problem.eligible else "not_weighted"
