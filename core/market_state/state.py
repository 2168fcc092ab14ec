"""Decides what is told of the whole market: strain and what followed it, the rule, the balance."""

from dataclasses import dataclass

from core.market_state.balance import balance
from core.market_state.readings import readings
from core.market_state.switch import de_risking
from core.market_state.warning import outcomes, state_row, warning_states
from core.panel import MarketPanels
from core.records.rotation_statistics import (
    BalanceRow,
    MarketStateRow,
    SwitchRow,
    WarningOutcomeRow,
)


@dataclass(frozen=True, slots=True)
class MarketState:
    """The market at the panels' end; None where its history is too short."""

    row: MarketStateRow | None
    outcomes: tuple[WarningOutcomeRow, ...]
    switch: SwitchRow | None
    balance: BalanceRow | None


def market_state(panels: MarketPanels) -> MarketState:
    """Return the state at the panels' end against the universe's default benchmark.

    Args:
        panels: cut at the date asked for; nothing later is seen.
    """
    found = readings(panels)
    states = warning_states(found)
    row = state_row(found, states)
    level = panels.benchmark.closes[panels.universe.benchmark.id]
    return MarketState(
        row=row,
        outcomes=outcomes(states, level) if row is not None else (),
        switch=de_risking(states, level, panels.universe),
        balance=balance(panels.sectors.closes, panels.universe),
    )
