"""Decides what an allocation's problem is: where it starts, what is expected, what is limited.

It refuses limits that name what the universe does not have, or that nothing known can measure.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from core.errors import MandateError
from core.portfolio.bounds import Bounds, combined
from core.portfolio.grid import Mask, Start
from core.portfolio.limits import Limit, limits_of
from core.portfolio.look_through import LookThrough, look_through
from core.portfolio.start import eligible_sectors, start_of
from core.portfolio.view import View, view_of
from core.records.decision import Scorecard
from core.records.holdings import Portfolio
from core.records.mandate import Mandate
from core.records.scoring import ScoringResult
from core.records.trading import TradingResult
from core.records.universe import Universe


@dataclass(frozen=True)
class Problem:
    """An allocation's problem; sectors are in id order."""

    start: Start
    view: View
    look: LookThrough
    mandate: Mandate
    eligible: frozenset[str]
    movable: frozenset[str]

    @cached_property
    def limits(self) -> tuple[Limit, ...]:
        """Every limit of the mandate, and that nothing is sold short."""
        return limits_of(self.mandate, self.start, self.look)

    @cached_property
    def bounds(self) -> Bounds:
        """What all limits allow together."""
        return combined(self.limits, len(self.start.reference))

    @cached_property
    def still(self) -> Mask:
        """Places of sectors no view is taken on; cash is not one."""
        names = self.start.sectors
        return np.array([*(name not in self.movable for name in names), False], dtype=np.bool_)


def problem_of(
    universe: Universe,
    card: Scorecard,
    inputs: ScoringResult | None,
    mandate: Mandate,
    *,
    portfolio: Portfolio | None,
    trading: TradingResult | None,
) -> Problem:
    """Return the problem.

    Raises:
        MandateError: a limit names what the universe does not have, or needs what is not known.
    """
    _refuse_unknown(universe, mandate)
    eligible = eligible_sectors(universe, card, inputs)
    start = start_of(universe, inputs, eligible, portfolio, mandate)
    scored = {row.sector for row in card.sectors if row.score is not None}
    movable = frozenset(scored & eligible)
    look = look_through(universe, trading, portfolio)
    view = view_of(card, inputs, start, movable, mandate.risk_aversion)
    _refuse_unmeasured(mandate, look, view)
    _refuse_strangers(universe, mandate, trading, portfolio)
    return Problem(start, view, look, mandate, eligible, movable)


def _refuse_unknown(universe: Universe, mandate: Mandate) -> None:
    named = {
        *mandate.excluded,
        *(row.sector for row in mandate.caps),
        *(row.sector for row in mandate.floors),
        *(sector for group in mandate.groups for sector in group.sectors),
    }
    unknown = sorted(named - set(universe.sector_ids))
    if unknown:
        raise MandateError(
            f"mandate {mandate.id}: {', '.join(unknown)} not in universe {universe.id}; "
            f"its sectors are {', '.join(universe.sector_ids)}"
        )
    marks = [mark.id for mark in universe.benchmarks]
    if mandate.benchmark is not None and mandate.benchmark not in marks:
        raise MandateError(
            f"mandate {mandate.id}: benchmark {mandate.benchmark} not in universe {universe.id}; "
            f"its benchmarks are {', '.join(marks)}"
        )


def _refuse_unmeasured(mandate: Mandate, look: LookThrough, view: View) -> None:
    """Refuse a limit nobody can tell is kept; keeping a stated limit unmeasured is no keeping."""
    if mandate.tracking_error_pct is not None and not view.measured:
        raise MandateError(
            f"mandate {mandate.id}: tracking_error_pct cannot be kept without a covariance; a year "
            "of weekly prices gives one"
        )
    groups = [f"groups.{group.name}" for group in mandate.groups if group.symbols]
    unseen = [] if look.told else groups
    if mandate.issuer_cap is not None and not look.issuers_told:
        unseen.append("issuer_cap")
    if unseen:
        raise MandateError(
            f"mandate {mandate.id}: {', '.join(unseen)} cannot be kept without the shares of each "
            "sector's basket; get_trading_conditions gives them"
        )


def _refuse_strangers(
    universe: Universe,
    mandate: Mandate,
    trading: TradingResult | None,
    portfolio: Portfolio | None,
) -> None:
    """Refuse a group of symbols nothing is known of; a cap on a misspelt name caps nothing."""
    known = set() if trading is None else {row.symbol for row in trading.rows}
    if portfolio is not None:
        known |= {row.symbol for row in portfolio.positions if row.symbol is not None}
        known |= set(portfolio.unpriced)
    for group in mandate.groups:
        strangers = sorted(set(group.symbols) - known)
        if strangers:
            raise MandateError(
                f"mandate {mandate.id}: groups.{group.name} names {', '.join(strangers)}, neither "
                f"held nor traded in universe {universe.id}"
            )
