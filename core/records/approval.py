"""What a run is about to do, told before it does it, and what the user says to that."""

from typing import Literal

from pydantic import Field

from core.records.budget import Budget
from core.records.plan import ToolName
from core.records.record import Record, Slug, Symbol


class CallName(Record):
    """What a reader knows a call by: its tool and what it is about."""

    tool: ToolName
    universe: Slug
    sector: Slug | None = None
    symbols: tuple[Symbol, ...] = ()


class PlannedCall(CallName):
    """One call of the plan. `known` answers cost no call; `scored` ones cannot be left out."""

    step: Slug
    reason: str = Field(default="", max_length=200)
    scored: bool = False
    known: bool = False
    server: Slug | None = Field(default=None, description="who is asked first; None: nobody serves")


class ServerCalls(Record):
    """What the plan takes from one server; `left` is None where nothing limits the calls.

    `later_most` are further calls at most, which the answers decide on.
    """

    server: Slug
    calls: int = Field(ge=0)
    later_most: int = Field(default=0, ge=0)
    left: int | None = Field(default=None, ge=0, description="today, before this run")


class Approval(Record):
    """The plan as it will be carried out, with what it costs at most.

    `tokens_most` bounds what the model may still read and write; `money_most` is in US dollars,
    None where the operator stated no price. `later_most` bounds the calls of a second round, which
    looks into what ranks first and is agreed to with the rest.
    """

    steps: tuple[PlannedCall, ...]
    servers: tuple[ServerCalls, ...]
    later_most: int = Field(default=0, ge=0)
    author: Literal["model", "rules"]
    notice: str = Field(default="", description="why rules planned in the model's place")
    model: str | None = None
    tokens_used: int = Field(default=0, ge=0)
    tokens_most: int = Field(default=0, ge=0)
    money_used: float | None = Field(default=None, ge=0.0)
    money_most: float | None = Field(default=None, ge=0.0)
    left: Budget = Field(
        default=Budget(), description="what the run may still spend, with all this"
    )


class Consent(Record):
    """The user's word on a plan: run it, without some calls that are not scored, or not at all."""

    verdict: Literal["run", "cancel"]
    without: tuple[Slug, ...] = Field(default=(), max_length=40, description="step ids")
