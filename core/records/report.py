"""Claims with slots, and the report they become once verified."""

from datetime import date
from typing import Literal

from pydantic import Field, SerializeAsAny

from core.records.decision import Allocation, Scorecard
from core.records.desk import Signatures
from core.records.evidence import Evidence, Fact, Gap
from core.records.history import Changes, ReportCard
from core.records.holdings import Portfolio
from core.records.mandate import MandateInForce
from core.records.plan import Plan
from core.records.record import Record, Slug
from core.records.request import Language, Request
from core.records.trades import TradePlan

Section = Literal[
    "headline", "recommendation", "for", "against", "rotation", "forecast", "macro", "flow",
    "whales", "fundamentals", "stocks", "missing", "warning", "answer", "changes", "risk", "track",
    "trades", "opportunity",
]  # fmt: skip
Comparator = Literal["states", "above", "below", "highest", "lowest", "rising", "falling"]


class Claim(Record):
    """One sentence with slots such as {entity}, {value}, {direction}, {date}.

    Everything checkable (entity, number, unit, date, direction, superlative) is a slot that code
    renders from `facts`; outside slots the verifier lets a model say connecting words alone.
    """

    section: Section
    universe: Slug
    entity: str = Field(max_length=64, description="sector id, symbol, series or universe")
    comparator: Comparator = "states"
    facts: tuple[str, ...] = Field(min_length=1, max_length=8)
    text: str = Field(max_length=400)


class Draft(Record):
    """What the reporter hands to the verifier."""

    language: Language
    author: Literal["model", "template"]
    claims: tuple[Claim, ...] = Field(max_length=120)


class Span(Record):
    """A piece of a rendered sentence; a bound piece names its fact."""

    text: str
    fact: str | None = None


class Sentence(Record):
    """A verified sentence; `repaired` says why a model's sentence was replaced."""

    section: Section
    universe: Slug
    entity: str
    spans: tuple[Span, ...]
    author: Literal["model", "template"]
    repaired: Literal["unbound", "false", "unknown_fact", "bad_slot", "language"] | None = None

    @property
    def text(self) -> str:
        """The sentence as plain text."""
        return "".join(span.text for span in self.spans)


class PromptUse(Record):
    """Which prompt text was in force."""

    name: Slug
    version: int
    sha256: str


class Provenance(Record):
    """What the bytes of the report depend on; no clock, no host, no run id."""

    sectorwise: str
    universe_hashes: tuple[str, ...]
    prompts: tuple[PromptUse, ...] = ()
    planner: Literal["model", "rules"]
    reporter: Literal["model", "template"]
    model: str | None = None


class Report(Record):
    """Everything a page shows, verified; the JSON form is this record."""

    contract: Literal["1"] = "1"
    request: Request
    as_of: tuple[date, ...] = Field(description="one a universe, in the request's order")
    plan: Plan
    evidence: tuple[Evidence, ...]
    gaps: tuple[Gap, ...]
    scorecards: tuple[Scorecard, ...]
    allocations: tuple[Allocation, ...]
    before: tuple[Allocation, ...] = Field(
        default=(), description="the same evidence without the limits the question states"
    )
    mandates: tuple[MandateInForce, ...] = ()
    portfolios: tuple[Portfolio, ...] = ()
    trades: tuple[TradePlan, ...] = ()
    changes: tuple[Changes, ...] = ()
    report_cards: tuple[ReportCard, ...] = ()
    signatures: Signatures = Signatures()
    facts: tuple[SerializeAsAny[Fact], ...]
    sentences: tuple[Sentence, ...]
    synthetic: bool
    provenance: Provenance
