"""A thread, its turns, and what is told of a turn while it is answered."""

from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from core.records.approval import Approval, CallName
from core.records.record import Record, Slug
from core.records.report import Section, Span
from core.records.request import Language, Request

TurnState = Literal["waiting", "running", "stopped", "failed", "finished", "cancelled"]
"""`waiting` is for the user's word on the plan."""


Base = Literal["before", "no_limits"]
"""What an answer is compared with: the one before it, or its own evidence without the limits."""


class Turn(Record):
    """A question of a thread and the run that answers it."""

    run: Slug
    thread: Slug
    asked_at: str = Field(description="ISO time, UTC")
    text: str = Field(max_length=4000)
    request: Request
    state: TurnState


class ThreadRow(Record):
    """A thread in the list."""

    thread: Slug
    title: str = Field(max_length=120)
    universe: Slug
    as_of: date | None = None
    changed_at: str
    turns_count: int


class Thread(ThreadRow):
    """A thread with its turns, oldest first."""

    turns: tuple[Turn, ...] = ()


class Difference(Record):
    """One sector's part of what differs from the answer before: None where one has no value."""

    universe: Slug
    sector: Slug
    before_weight: float | None
    after_weight: float | None
    before_rank: int | None
    after_rank: int | None
    before_score: float | None
    after_score: float | None


class UnderstoodEvent(Record):
    """The question in closed terms, at once; `stated` are the limits the words move, in words."""

    event: Literal["understood"] = "understood"
    run: Slug
    request: Request
    stated: str = ""


class PlanEvent(Record):
    """The plan. Where `waiting`, nothing goes on until the user says so."""

    event: Literal["plan"] = "plan"
    approval: Approval
    waiting: bool


class StepEvent(Record):
    """A node or a call began or ended; `seconds` since the run began.

    A call that begins is named: those of a second round are in no plan.
    """

    event: Literal["step"] = "step"
    node: Slug
    call: Slug | None = None
    about: CallName | None = None
    state: Literal["started", "finished", "gap"]
    seconds: float = Field(ge=0.0)


class Source(Record):
    """Where a number comes from, as the hover card shows it."""

    fact: str
    measure: str
    value: str = Field(description="as printed")
    as_of: date | None = None
    frequency: str | None = None
    benchmark: str | None = None
    tool: str | None = None
    server: str | None = None
    formula: str | None = None


class SentenceEvent(Record):
    """One verified sentence, in the report's order; a span that names a fact has its source."""

    event: Literal["sentence"] = "sentence"
    section: Section
    universe: Slug
    entity: str
    spans: tuple[Span, ...]
    sources: tuple[Source, ...] = ()
    author: Literal["model", "template"]


class FinishedEvent(Record):
    """The run has its report."""

    event: Literal["finished"] = "finished"
    run: Slug
    seconds: float
    synthetic: bool
    verified: Literal[True] = True
    evidence_count: int
    reused_count: int
    gaps_count: int
    language: Language
    differences: tuple[Difference, ...] = Field(
        default=(), description="to `base`, where universe and date are the same"
    )
    base: Base = "before"


class FailedEvent(Record):
    """The run ended without a report; it can be resumed where it stands."""

    event: Literal["failed"] = "failed"
    error: str
    exit_code: int = Field(default=1, description="of the error; 2 and 3: the asker must act")


class StoppedEvent(Record):
    """The user stopped the run, or declined its plan; the thread stands."""

    event: Literal["stopped"] = "stopped"


Event = Annotated[
    UnderstoodEvent | PlanEvent | StepEvent | SentenceEvent | FinishedEvent | FailedEvent
    | StoppedEvent,
    Field(discriminator="event"),
]  # fmt: skip
