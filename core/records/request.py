"""What the user asked, in closed terms, with what was inferred shown."""

from datetime import date
from typing import Literal

from pydantic import Field

from core.records.record import Fraction, Record, Slug, Symbol
from core.records.universe import Horizon

Intent = Literal["report", "question", "compare", "explain", "what_if", "off_topic"]
Language = Literal["en", "vi"]
Topic = Literal[
    "rotation", "forecast", "foreign_flow", "whales", "fundamentals", "statements", "macro",
    "allocation", "momentum", "stocks", "market", "record", "formula", "rule_test", "changed",
    "past_calls", "holdings", "hindsight", "index_level", "matched_flow", "target",
]  # fmt: skip
"""What a question is about; the last ten are asked for in a way of their own."""


class Focus(Record):
    """A sector the user named; `said` is the user's word it was resolved from."""

    universe: Slug
    sector: Slug
    said: str = Field(max_length=80)


class SectorCap(Record):
    """An upper bound on one sector's target weight, or an exclusion when 0."""

    sector: Slug
    cap: Fraction


class MandatePatch(Record):
    """Limits the user stated in words; nothing else may change a mandate."""

    caps: tuple[SectorCap, ...] = ()
    excluded: tuple[Slug, ...] = ()
    turnover: Fraction | None = None


class Mandate(Record):
    """The limits an allocation is made under; fractions of net asset value."""

    id: Slug = "default"
    sector_cap: Fraction = 0.35
    active_cap: Fraction = Field(default=0.10, description="largest |target - benchmark|")
    turnover: Fraction = Field(default=0.30, description="one-way: half the sum of |trades|")
    no_trade_band: Fraction = 0.005
    cost_bps: float = Field(default=10.0, ge=0.0, description="per side, of traded value")
    risk_aversion: float = Field(default=10.0, gt=0.0)
    caps: tuple[SectorCap, ...] = ()
    excluded: tuple[Slug, ...] = ()

    def patched(self, patch: MandatePatch | None) -> "Mandate":
        """Return the mandate with the user's stated limits applied; a limit only ever tightens."""
        if patch is None:
            return self
        caps: dict[str, SectorCap] = {}
        for row in (*self.caps, *patch.caps):
            known = caps.get(row.sector)
            cap = min(row.cap, self.sector_cap, 1.0 if known is None else known.cap)
            caps[row.sector] = SectorCap(sector=row.sector, cap=cap)
        return self.model_copy(
            update={
                "caps": tuple(caps[key] for key in sorted(caps)),
                "excluded": tuple(sorted({*self.excluded, *patch.excluded})),
                "turnover": min(
                    self.turnover, self.turnover if patch.turnover is None else patch.turnover
                ),
            }
        )


class Stated(Record):
    """What the user says a sector did; it is checked against the data, never taken from here."""

    universe: Slug
    sector: Slug
    horizon: Horizon
    return_pct: float = Field(ge=-100.0, le=1000.0)


class Inference(Record):
    """A field the user did not state, the value taken, and why."""

    field: Literal["intent", "universe", "horizon", "as_of", "sector", "language", "topic"]
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
    focus: tuple[Focus, ...] = ()
    symbols: tuple[Symbol, ...] = Field(default=(), max_length=20)
    topics: tuple[Topic, ...] = ()
    patch: MandatePatch | None = None
    stated: tuple[Stated, ...] = Field(default=(), max_length=4)
    inferred: tuple[Inference, ...] = ()
