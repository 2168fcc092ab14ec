"""Decides what get_sector_allocation prints: target weights under the limits one question states.

It knows nothing of a user's stored mandate or holdings: what counts is what is asked.
"""

from datetime import date
from typing import Final

from core.portfolio.allocation import allocate
from core.portfolio.holdings import valued
from core.records.decision import Allocation
from core.records.mandate import Mandate
from core.records.served_decisions import AllocationResult, AskedLimits, HeldWeights
from core.records.trading import TradingResult
from core.records.universe import Horizon
from tools.context import ToolContext
from tools.decisions.asked_limits import asked_holdings, asked_mandate
from tools.decisions.sector_scores import DATASETS, scored
from tools.market.trading import trading_conditions
from tools.scope import Envelope, Scope

TOOL: Final = "get_sector_allocation"


def sector_allocation(
    context: ToolContext,
    *,
    region: str | None = None,
    horizon: Horizon = "1M",
    as_of: date | None = None,
    mandate: AskedLimits | None = None,
    holdings: HeldWeights | None = None,
) -> AllocationResult:
    """Return the allocation a report of the same question holds, every limit that binds on record.

    Raises:
        CallerError: an unknown sector or benchmark, or weights that cannot all be.
        MandateError: the limits cannot all hold; the message names them and the smallest change
            that helps.
    """
    scope = context.scope(region, as_of, advice=True)
    limits, stated = asked_mandate(scope, mandate), asked_holdings(scope, holdings)
    if scope.panels is None:
        return AllocationResult(**scope.envelope(TOOL), horizon=horizon)
    found = scored(context, scope, scope.panels, horizon, benchmark=limits.benchmark)
    trading = _trading(context, scope, limits)
    held = None if stated is None else valued(stated, scope.universe, trading, as_of=scope.as_of)
    allocation = allocate(
        scope.universe, found.card, found.inputs, limits, portfolio=held, trading=trading
    )
    envelope = scope.envelope(TOOL, DATASETS, known_at=scope.panels.last)
    return _served(envelope, allocation).model_copy(update={"missing": found.inputs.missing})


def _trading(context: ToolContext, scope: Scope, limits: Mandate) -> TradingResult | None:
    """Return the shares of the sectors' baskets where a limit on issuers needs them."""
    if limits.issuer_cap is None:
        return None
    return trading_conditions(context, region=scope.universe.id, as_of=scope.as_of)


def _served(envelope: Envelope, allocation: Allocation) -> AllocationResult:
    return AllocationResult(
        **envelope,
        horizon=allocation.horizon,
        mandate=allocation.mandate,
        mandate_version=allocation.mandate_version,
        benchmark=allocation.benchmark,
        benchmark_weights_source=allocation.benchmark_weights_source,
        benchmark_weights_as_of=allocation.benchmark_weights_as_of,
        turnover=allocation.turnover,
        cost_bps=allocation.cost_bps,
        tracking_error_pct=allocation.tracking_error_pct,
        cash_held_weight=allocation.cash_held_weight,
        cash_target_weight=allocation.cash_target_weight,
        outside_weight=allocation.outside_weight,
        rows=allocation.lines,
        limits=allocation.limits,
        risk=() if allocation.risk is None else (allocation.risk,),
    )
