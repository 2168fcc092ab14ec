"""What is told of a run while somebody works on it, and what the user says to it."""

from typing import Literal

from pydantic import Field

from core.records.approval import Approval, CallName, Consent
from core.records.record import Record, Slug
from core.records.request import Request

RunState = Literal["running", "waiting", "stopped", "failed", "finished"]
"""`waiting` is for the user's word on the plan."""


class Ticket(Record):
    """What a run was asked.

    `follows` is the question it follows up; `knows` further runs whose answers may serve again.
    """

    run_id: Slug
    request: Request
    follows: Slug | None = None
    knows: tuple[Slug, ...] = Field(default=(), max_length=16)
    approve: bool = Field(default=False, description="the plan waits for the user's word")
    begun_at: str = Field(default="", description="ISO time, UTC; empty where nobody kept it")


class RunStep(Record):
    """A node of the graph that began or ended; `call` is the planned call's id.

    `about` names a call that begins.
    """

    node: Slug
    state: Literal["started", "finished", "gap"]
    call: Slug | None = None
    about: CallName | None = None
    seconds: float = Field(default=0.0, ge=0.0, description="worked on the run until then")


class Planned(Record):
    """The plan; where it is `waiting`, nothing goes on until the user says so."""

    approval: Approval
    waiting: bool


class Mark(Record):
    """The user stopped the run, or somebody took it up where it stood."""

    mark: Literal["stopped", "resumed"]


class Failure(Record):
    """Why a run ended without a report; `exit_code` is that of the error, which says who acts."""

    error: str
    exit_code: int = 1


Line = RunStep | Planned | Consent | Mark | Failure
"""All that is told of a run, in order."""
