"""One thing a desk would be told, with the rule that found it; the words are `telling`'s."""

import hashlib
from datetime import date
from typing import Literal

from pydantic import Field, computed_field

from core.records.decision import Stance
from core.records.record import Fraction, Record, Slug, Symbol
from core.records.result import Dataset
from core.records.rotation_statistics import CrossKind, SwitchState, WarningState
from core.records.sectors import Quadrant
from core.records.universe import Frequency, Horizon

AlertKind = Literal[
    "quadrant_change",
    "early_warning",
    "stance_change",
    "flow_turn",
    "volume_spike",
    "put_through",
    "manager_position",
    "market_warning",
    "de_risking",
    "stale_data",
    "tool_changed",
    "score_change",
    "rank_change",
    "weight_change",
    "beyond_interval",
    "rebalance",
    "sync_failed",
    "missed_slots",
]
"""What stands at a date, then what only a watch can tell: it knows what it told before."""
Concern = Literal["held", "favoured", "market", "other", "upkeep"]
"""Whose business it is: a sector that is held, one the last report favours, the whole market,
another sector, or who keeps the data and the tools."""


class Alert(Record):
    """One alert. Only the fields of its kind are filled."""

    kind: AlertKind
    concern: Concern
    universe: Slug
    period: date = Field(description="the day or bar it is of")
    frequency: Frequency | None = None
    benchmark: Slug | None = None
    sector: Slug | None = None
    quadrant_before: Quadrant | None = None
    quadrant: Quadrant | None = None
    early_warning: CrossKind | None = None
    stance_before: Stance | None = None
    stance: Stance | None = None
    run_before_sessions: int | None = Field(default=None, description="negative for selling")
    run_sessions: int | None = Field(default=None, description="negative for selling")
    net_bn: float | None = None
    intensity_pct: float | None = Field(default=None, description="of value traded in the run")
    events_count: int | None = None
    watched_count: int | None = None
    signed_pct: float | None = None
    symbols: tuple[Symbol, ...] = ()
    market_warning: WarningState | None = None
    signs_count: int | None = None
    switch_state: SwitchState | None = None
    dataset: Dataset | None = None
    age_days: int | None = None
    server: Slug | None = None
    tools_count: int | None = None
    score_before: float | None = Field(default=None, description="when it was last told")
    score: float | None = None
    rank_before: int | None = None
    rank: int | None = None
    weight_before: Fraction | None = None
    weight: Fraction | None = None
    horizon: Horizon | None = None
    excess_pct: float | None = Field(default=None, description="over the mean of the sectors")
    low_pct: float | None = None
    high_pct: float | None = None
    turnover: Fraction | None = Field(default=None, description="one way, of net asset value")
    orders_count: int | None = None
    source: Slug | None = None
    hours_count: int | None = None
    slots_count: int | None = None

    @computed_field(description="of kind, universe, subject, period and level before")  # type: ignore[prop-decorator]  # pydantic's way
    @property
    def id(self) -> Slug:
        """Equal things have equal ids every day."""
        subject = self.sector or self.dataset or self.server or self.source or ""
        before = (self.score_before, self.rank_before, self.weight_before)
        moved = (str(level) for level in before if level is not None)
        named = "|".join((self.kind, self.universe, subject, str(self.period), *moved))
        return hashlib.sha256(named.encode()).hexdigest()[:16]
