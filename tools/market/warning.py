"""Decides what get_market_warning prints: the market's strain, its record, and the balance."""

from datetime import date
from functools import partial
from typing import Final

from core.market_state.state import MarketState, market_state
from core.records.result import MissingCell
from core.records.rotation_statistics import MarketWarningResult
from tools.context import ToolContext

TOOL: Final = "get_market_warning"


def market_warning(
    context: ToolContext, *, region: str | None = None, as_of: date | None = None
) -> MarketWarningResult:
    """Return the warning state, what followed such states, the de-risking rule and the balance.

    All against the universe's default benchmark; what its history is too short for is in `missing`.
    """
    scope = context.scope(region, as_of)
    mark = scope.universe.benchmark
    answer = partial(MarketWarningResult, benchmark=mark.id, treatment=mark.treatment)
    if scope.panels is None:
        return answer(**scope.envelope(TOOL))
    found = market_state(scope.panels)
    return answer(
        **scope.envelope(TOOL, ("prices", "members"), known_at=scope.panels.last),
        rows=() if found.row is None else (found.row,),
        outcomes=found.outcomes,
        switch=() if found.switch is None else (found.switch,),
        balance=() if found.balance is None else (found.balance,),
        missing=_missing(scope.universe.id, found),
    )


def _missing(universe: str, found: MarketState) -> tuple[MissingCell, ...]:
    parts = {
        "market_warning": found.row,
        "switch_state": found.switch,
        "style_lead": found.balance,
    }
    return tuple(
        MissingCell(subject=universe, measure=measure, reason="too_short")
        for measure, row in parts.items()
        if row is None
    )
