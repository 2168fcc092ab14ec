"""Decides how a draft of limits and holdings is tried: as a question whose answers are known.

A draft never reaches the next one: what a question of the thread stated is left behind, what its
calls brought is not.
"""

from typing import Annotated

from pydantic import StringConstraints
from starlette.concurrency import run_in_threadpool

from app.chat.records import Turn
from app.web.desk.holdings import HeldForm, holdings_of
from app.web.house import House
from core.errors import CallerError
from core.records.mandate import MandatePatch
from core.records.record import Record, Slug
from core.records.request import Request
from core.records.universe import Universe


class Draft(Record):
    """What is to be tried, in a thread of its own kind; `text` words the report asked for."""

    thread: Slug
    text: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
    mandate: MandatePatch | None = None
    holdings: HeldForm | None = None


async def tried(house: House, universe: Universe, draft: Draft) -> Turn:
    """Return the turn that tries a draft, under way.

    Raises:
        UnknownIdError: there is no such thread.
        ConflictError: its last question is still worked on.
        CallerError: nothing is drafted, or it does not add up.
    """
    if draft.mandate is None and draft.holdings is None:
        raise CallerError("nothing is drafted: name limits or holdings that differ")
    held = None if draft.holdings is None else holdings_of(universe, draft.holdings)
    thread = await run_in_threadpool(house.chat.thread, draft.thread)
    if thread.universe != universe.id:
        raise CallerError(f"thread {draft.thread} is about {thread.universe}, not {universe.id}")
    before = thread.turns[-1].request if thread.turns else None
    return await house.chat.asked(
        draft.thread,
        draft.text,
        patch=draft.mandate,
        holdings=held,
        previous=None if before is None else _bare(before),
        approve=False,
    )


def _bare(request: Request) -> Request:
    """Return a question without the limits and holdings it stated."""
    return request.model_copy(update={"patch": None, "holdings": None})
