"""Decides how long what runs are made with is held open: from the first run until the end.

One task opens and closes it. A session with a tool server that broke is opened anew by the next
call; what could not be opened at all is tried again by the next run.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Final

from core.errors import ConflictError

if TYPE_CHECKING:
    from agents.services import Services
    from app.compose import Composition

LEAVING_SECONDS: Final = 3.0
"""What tool servers have to end; then their connections are cut."""
CUTTING_SECONDS: Final = 1.0
"""What that may take."""


@dataclass(frozen=True, slots=True)
class _Held:
    owner: "asyncio.Task[None]"
    opened: "asyncio.Future[Services]"
    leave: asyncio.Event


class Workshop:
    """The services of one home, shared by all runs of a process."""

    def __init__(self, compose: "Callable[[], Composition]") -> None:
        """Keep how they are composed; nothing is opened yet."""
        self._compose = compose
        self._held: _Held | None = None

    @cached_property
    def composition(self) -> "Composition":
        """What everything is made with."""
        return self._compose()

    async def services(self) -> "Services":
        """Return the services, open.

        Raises:
            SectorwiseError: they cannot be opened, by who must act.
            ConflictError: they are being closed.
        """
        if self._held is None or self._held.owner.done():
            leave, loop = asyncio.Event(), asyncio.get_running_loop()
            opened: asyncio.Future[Services] = loop.create_future()
            owner = asyncio.create_task(self._hold(opened, leave), name="services")
            owner.add_done_callback(lambda ended: _settle(opened, ended))
            self._held = _Held(owner, opened, leave)
        return await asyncio.shield(self._held.opened)

    async def close(self) -> None:
        """Close what is open, within a bound; the next run opens it again."""
        held, self._held = self._held, None
        if held is None:
            return
        held.leave.set()
        await asyncio.wait({held.owner}, timeout=LEAVING_SECONDS)
        if not held.owner.done():
            held.owner.cancel()
            await asyncio.wait({held.owner}, timeout=CUTTING_SECONDS)

    async def _hold(self, opened: "asyncio.Future[Services]", leave: asyncio.Event) -> None:
        await asyncio.to_thread(_warmed)
        from app.compose import open_services

        async with open_services(self.composition) as services:
            opened.set_result(services)
            await leave.wait()


def _settle(opened: "asyncio.Future[Services]", owner: "asyncio.Task[None]") -> None:
    """Tell whoever waits for the services why there are none."""
    why = None if owner.cancelled() else owner.exception()
    if not opened.done():
        opened.set_exception(why or ConflictError("the program is ending: ask again later"))
        opened.exception()  # a run that was stopped no longer waits for it


def _warmed() -> None:
    """Import the graph off the event loop: it takes seconds, once."""
    import app.compose
    import app.research  # noqa: F401 - for what importing leaves behind
