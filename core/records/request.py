"""What the user asked, in closed terms, with what was inferred shown."""

from datetime import date
from typing import Literal

from pydantic import Field

from core.records.holdings import Holdings
from core.records.mandate import MandatePatch
from core.records.plan import StatementType
from core.records.record import Record, Slug, Symbol
from core.records.universe import Horizon, Lookback

Intent = Literal["report", "question", "compare", "explain", "what_if", "off_topic"]
Language = Literal["en", "vi"]
Topic = Literal[
    "rotation", "forecast", "foreign_flow", "whales", "fundamentals", "statements", "macro",
    "allocation", "momentum", "stocks", "market", "record", "formula", "rule_test", "changed",
    "past_calls", "holdings", "hindsight", "index_level", "matched_flow", "target", "path",
    "stock_pick", "returns",
]  # fmt: skip
"""What a question is about; `record` to `stock_pick` are asked for in a way of their own."""
Ago = Literal[
    "yesterday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday",
    "week", "month", "quarter", "year",
]  # fmt: skip
"""How long before its report's date something is asked about."""
Side = Literal["strongest", "weakest", "improving", "weakening", "cheapest", "dearest"]
"""An end of a ranking, or a quadrant on the way to it; the last two are of valuations."""


class Focus(Record):
    """A sector the user named; `said` is the user's word it was resolved from."""

    universe: Slug
    sector: Slug
    said: str = Field(max_length=80)


class Stated(Record):
    """What the user says a sector did; it is checked against the data, never taken from here."""

    universe: Slug
    sector: Slug
    horizon: Horizon
    return_pct: float = Field(ge=-100.0, le=1000.0)


class Inference(Record):
    """A field the user did not state, the value taken, and why."""

    field: Literal[
        "intent", "universe", "horizon", "as_of", "since", "benchmark", "sector", "holdings",
        "language", "topic", "window", "lookback",
    ]  # fmt: skip
    value: str
    why: Literal["default", "from_words", "from_thread", "from_data", "out_of_range"]


class Request(Record):
    """A question in closed terms. `as_of` None means the last date the data know."""

    text: str = Field(max_length=4000)
    language: Language
    intent: Intent
    universes: tuple[Slug, ...] = Field(min_length=1, max_length=4)
    horizon: Horizon = "1M"
    as_of: date | None = None
    since: date | None = Field(default=None, description="a told span's first day")
    ago: Ago | None = Field(
        default=None, description="since when a change is told, counted from the report's date"
    )
    window: Horizon | None = Field(
        default=None, description="over which what investors did is told, if stated"
    )
    lookback: Lookback | None = Field(
        default=None, description="over which what sectors returned is told, if asked"
    )
    statements: tuple[StatementType, ...] = Field(default=(), description="the kinds named")
    annual: bool = Field(default=False, description="yearly statements, not quarterly ones")
    benchmark: Slug | None = Field(default=None, description="one of the universe's, if named")
    focus: tuple[Focus, ...] = ()
    symbols: tuple[Symbol, ...] = Field(default=(), max_length=20)
    topics: tuple[Topic, ...] = ()
    sides: tuple[Side, ...] = Field(
        default=(), description="the ends of a ranking asked for; empty: the strongest"
    )
    patch: MandatePatch | None = None
    holdings: Holdings | None = Field(default=None, description="stated in words, by sector")
    stated: tuple[Stated, ...] = Field(default=(), max_length=4)
    inferred: tuple[Inference, ...] = ()
