"""What a tool answers: typed rows, a named gap, dates and units; the envelope of every payload.

A numeric field's unit is the suffix of its name (`UNITS`), so any row can be turned into facts
without a table per tool.
"""

from datetime import date
from typing import Literal

from pydantic import Field

from core.records.record import Record, Slug

GapReason = Literal[
    "no_data",
    "not_published",
    "stale",
    "not_covered",
    "not_measurable",
    "too_short",
    "model_not_fitted",
    "not_served",
    "before_data",
    "not_listed",
    "too_few_members",
    "tool_failed",
    "timeout",
    "rejected",
    "server_down",
    "replay_miss",
    "mixed_treatment",
    "quota_spent",
    "tool_changed",
    "today_only",
    "declined",
    "over_budget",
]
Actor = Literal["user", "operator", "provider", "nobody"]
Dataset = Literal[
    "prices",
    "intraday",
    "flows",
    "fundamentals",
    "macro",
    "members",
    "positions",
    "weights",
    "series",
    "news",
    "model",
]
"""`series` are alternative data: dated values of sectors or stocks, from a user or a server; `news`
are headlines for display, which nothing computed reads."""
Flag = Literal[
    "single_stock",
    "few_members",
    "room_full",
    "block_day",
    "stale",
    "assumed_known_at",
    "no_skill",
    "provisional",
    "not_listed",
    "reclassified",
    "frequency_conflict",
    "revised",
    "limit_locked",
    "event",
    "adjusted_price",
]
Family = Literal[
    "relative_strength",
    "momentum",
    "volatility",
    "volume",
    "breadth",
    "foreign_flow",
    "whales",
    "fundamentals",
    "valuation",
    "macro",
    "intermarket",
    "lead_lag",
    "alternative",
    "views",
]
"""`alternative` are a user's or server's own dated series; `views` what fitted learners expect."""

UNITS: dict[str, str] = {
    "pct": "%",
    "pp": "pp",
    "bps": "bp",
    "bn": "bn",
    "x": "x",
    "days": "days",
    "weeks": "weeks",
    "sessions": "sessions",
    "count": "",
    "deg": "°",
    "z": "sd",
    "index": "",
    "fraction": "",
    "level": "",
}


class NamedGap(Record):
    """Why something is absent and who must act; the sentence is ours (`core.gaps`)."""

    reason: GapReason
    actor: Actor
    dataset: Dataset | None = None


class MissingCell(Record):
    """One absent cell of an otherwise good answer."""

    subject: Slug
    measure: str = Field(pattern=r"^[a-z0-9_]{1,64}$")
    reason: GapReason


class FactorValue(Record):
    """A factor of one sector at full precision, before any cross-sectional step."""

    sector: Slug
    family: Family
    factor: Slug
    value: float | None
    reason: GapReason | None = Field(default=None, description="why value is None")


class Source(Record):
    """One stored data set an answer was made from."""

    dataset: Dataset
    origin: str = Field(max_length=64, pattern=r"^[\w .:-]*$", description="imported file's name")
    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")
    first: date
    last: date
    rows_count: int = Field(ge=0)
    assumed_known_at: bool = False


class ToolResult(Record):
    """The envelope every tool returns. `rows` is declared by each subclass."""

    contract: Literal["1"] = "1"
    tool: Slug
    universe: Slug
    universe_hash: str = Field(pattern=r"^[0-9a-f]{64}$")
    as_of: date
    known_at: date | None = Field(default=None, description="latest known_at used; None with a gap")
    currency: str = Field(pattern=r"^[A-Z]{3}$")
    synthetic: bool
    gap: NamedGap | None = Field(default=None, description="the whole answer is absent")
    missing: tuple[MissingCell, ...] = ()
    factors: tuple[FactorValue, ...] = ()
    sources: tuple[Source, ...] = ()
