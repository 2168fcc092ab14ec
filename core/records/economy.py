"""The economy at a glance: the regime and its past, and a desk's few numbers by category."""

from datetime import date
from typing import Literal

from pydantic import Field

from core.records.payloads import MacroRow, Regime, RegimeRow
from core.records.record import Record
from core.records.result import ToolResult

DashboardCategory = Literal[
    "economic_growth",
    "inflation",
    "employment",
    "policy",
    "rates",
    "credit",
    "consumer_sentiment",
]
"""`policy` are the rates a central bank decides, whatever category their source gives them."""


class RegimeSpell(Record):
    """An unbroken stretch of sessions in one regime, cut to the span asked for."""

    regime: Regime
    entered: date
    left: date
    sessions: int = Field(ge=1)
    running: bool = Field(description="the span ends inside it")


class RegimeResult(ToolResult):
    """Answer of get_macro_regime; `rows` is the regime now, `history` what came before, in order.

    A day on which growth or inflation could not be read belongs to no regime.
    """

    since: date = Field(description="first day of the history")
    rows: tuple[RegimeRow, ...] = Field(default=(), max_length=1)
    history: tuple[RegimeSpell, ...] = ()


class DashboardRow(MacroRow):
    """One number a desk reads, at its last release known at as_of."""

    group: DashboardCategory
    age_days: int = Field(ge=0, description="since the release")
    forecast_level: float | None = Field(
        default=None, description="expected before the release, where such a series is stored"
    )
    surprise_level: float | None = Field(default=None, description="value less forecast")


class DashboardResult(ToolResult):
    """Answer of get_macro_dashboard, grouped by category."""

    rows: tuple[DashboardRow, ...] = Field(default=(), max_length=12)
