"""Decides when what is held has strayed far enough from the last report to propose its orders."""

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from math import fsum
from typing import Final

from app.alerting.records import Alert
from app.delivery.orders import OrderRule, OrderSheet, plan_orders
from app.sentences import sentence_of
from app.watching.levels import conditions
from core.errors import CallerError
from core.portfolio.holdings import valued
from core.portfolio.trades import trade_plan
from core.records.history import Snapshot
from core.records.holdings import Holdings
from tools.context import ToolContext
from tools.scope import Scope

PERCENT: Final = 100.0
NOTHING: Final = "%s: no orders are proposed: %s"
LOG: Final = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Proposal:
    """Orders from what is held to a report's weights. turnover: one way, fraction."""

    sheet: OrderSheet
    universe: str
    reported: date
    turnover: float


def proposal(
    context: ToolContext, scope: Scope, report: Snapshot | None, holdings: Holdings | None
) -> Proposal | None:
    """Return the orders; None without a report, holdings or prices.

    A report of other sectors, and holdings that cannot be valued, are told to the log.

        turnover = (sum of |target - held| over the sectors) / 2

    Args:
        context: of the tools.
        scope: market and date: at its prices the holdings are valued and the orders sized.
        report: whose allocation is held to.
        holdings: at the date.
    """
    if report is None or holdings is None or scope.panels is None:
        return None
    planned = {line.sector for line in report.allocation.lines}
    if planned != set(scope.universe.sector_ids):
        refused = f"the report of {report.as_of} is of other sectors"
        LOG.warning(NOTHING, scope.universe.id, refused)
        return None
    trading = conditions(context, scope)
    try:
        held = valued(holdings, scope.universe, trading, as_of=scope.as_of)
        plan = trade_plan(scope.universe, report.allocation, held, trading, report.mandate)
    except CallerError as error:
        LOG.warning(NOTHING, scope.universe.id, sentence_of(error))
        return None
    sheet = plan_orders(
        plan, scope.universe, trading.rows, of=report.report_sha256, rule=OrderRule()
    )
    gaps = (abs(row.target_weight - row.held_weight) for row in plan.sectors if row.traded)
    turnover = min(fsum(gaps) / 2.0, 1.0)
    return None if sheet is None else Proposal(sheet, plan.universe, report.as_of, turnover)


def rebalances(found: Proposal | None, *, threshold_pct: float) -> Iterator[Alert]:
    """Yield the alert where the turnover reaches the threshold; one a report."""
    if found is None or PERCENT * found.turnover < threshold_pct:
        return
    yield Alert(
        kind="rebalance",
        concern="market",
        universe=found.universe,
        period=found.reported,
        turnover=found.turnover,
        orders_count=len(found.sheet.rows),
    )
