"""Wires a watch: from settings, a market and rules to its slots, its looks and where it tells."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from app.data import tool_context
from app.delivery.postman import Postman
from app.files.mandates import load_book
from app.observing.done import began, done
from app.settings import Settings, environment
from app.watching.freshness import fetching
from app.watching.records import Rules
from app.watching.sightings import Lookout
from app.watching.slots import Grid
from app.watching.tick import Desk, Watch, looking
from core.errors import CallerError
from core.records.universe import Universe
from tools.context import ToolContext


@dataclass(frozen=True, slots=True)
class Order:
    """What one is asked to watch, and how."""

    universes: tuple[Universe, ...]
    rules: Rules
    every: timedelta
    sources: tuple[str, ...] = ()
    sync: bool = True
    deliver: bool = True


def grid_of(universe: Universe, rules: Rules, every: timedelta) -> Grid:
    """Return the slots of a market."""
    return Grid(universe, every=every, quiet=rules.quiet, zone=rules.timezone)


def lookout_of(
    settings: Settings,
    context: ToolContext,
    universe: Universe,
    rules: Rules,
    clock: Callable[[], datetime],
) -> Lookout:
    """Return what looks at a market, within the limits of the settings.

    Raises:
        MandateError: the limits cannot be read.
    """
    book = load_book(settings.mandate)
    return Lookout(settings, context, universe, rules=rules, book=book, clock=clock)


@contextmanager
def watches_of(
    settings: Settings,
    universes: dict[str, Universe],
    order: Order,
    *,
    clock: Callable[[], datetime],
    tell: Callable[[str], None],
) -> Iterator[tuple[Watch, ...]]:
    """Yield one watch a market, sharing what is read; leaving releases the databases.

    Raises:
        CallerError: the limits cannot be read.
        DataError: the database cannot be opened.
    """
    context = tool_context(settings, universes)
    fetch = fetching(settings)
    with ExitStack() as opened:
        watches = []
        for universe in order.universes:
            grid = grid_of(universe, order.rules, order.every)
            desk = Desk(
                universe=universe,
                grid=grid,
                rules=order.rules,
                sinks=settings.sinks,
                home=settings.home_dir,
                sources=_sources(settings, universe, order),
                fetch=fetch,
            )
            lookout = lookout_of(settings, context, universe, order.rules, clock)
            watch = Watch(
                desk, looking(lookout, grid), url=settings.database, clock=clock, tell=tell
            )
            opened.callback(watch.close)
            watches.append(watch)
        yield tuple(watches)


@contextmanager
def delivering(
    settings: Settings, order: Order, clock: Callable[[], datetime]
) -> Iterator[Callable[[], object]]:
    """Yield what delivers everything that is due at the settings' sinks; nothing without sinks."""
    if not order.deliver or not settings.sinks:
        yield _nothing
        return
    began(settings, "deliver", now=clock())
    postman = Postman(
        settings.database, settings.sinks, home=settings.home_dir, environment=environment,
        clock=clock, succeeded=lambda now: done(settings, "deliver", now=now),
    )  # fmt: skip
    try:
        yield lambda: asyncio.run(postman.round())
    finally:
        postman.close()


def _sources(settings: Settings, universe: Universe, order: Order) -> tuple[str, ...]:
    if universe.synthetic or not order.sync:
        if order.sources and universe.synthetic:
            raise CallerError(f"{universe.id} is synthetic: there is nothing to fetch for it")
        return ()
    return order.sources or settings.sync_sources.get(universe.id, ())


def _nothing() -> None:
    return None
