"""What is told of a run while somebody works on it."""

from typing import Literal

from core.records.record import Record, Slug

RunState = Literal["running", "stopped", "failed", "finished"]


class RunStep(Record):
    """A node of the graph that began or ended; `call` is the planned call's id."""

    node: Slug
    state: Literal["started", "finished", "gap"]
    call: Slug | None = None
