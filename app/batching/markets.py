"""Makes the markets of a plan ready before any worker begins; one that cannot be stops no other."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from app.batching.readiness import Waiting, awaited_day, waited
from app.batching.records import Absence, BatchPlan
from app.compose import Composition
from app.data import open_store, prepare
from app.files.universes import one_of
from core.errors import SectorwiseError
from core.records.universe import Universe
from tools.storage.panels import market_panels


@dataclass(frozen=True, slots=True)
class Markets:
    """The plan's universes, their last sessions, and why those that are not ready are not."""

    universes: dict[str, Universe]
    latest: dict[str, date]
    errors: dict[str, SectorwiseError]


def awaited(
    plan: BatchPlan, composition: Composition, waiting: Waiting, *, tell: Callable[[str], None]
) -> tuple[Absence, ...]:
    """Return what is still missing of the plan's last day once it is waited for.

    Raises:
        UnknownUniverseError: the plan names one there is not.
        DataError: a calendar does not cover the day.
    """
    universes = _universes(plan, composition)
    now = composition.clock()
    days = {name: _last_day(plan, universes[name], now=awaited_day(universes[name], now))
            for name in universes}  # fmt: skip
    store = open_store(composition.settings)
    return waited(days, universes, store, waiting=waiting, clock=composition.clock, tell=tell)


def opened_markets(
    plan: BatchPlan, composition: Composition, *, tell: Callable[[str], None]
) -> Markets:
    """Return the plan's markets, their forecasts fitted where the data have outgrown them.

    Somebody else's tool servers have their own data: nothing is made ready for them.

    Raises:
        UnknownUniverseError: the plan names one there is not.
        SectorwiseError: not one of them can be made ready, by who must act.
    """
    universes = _universes(plan, composition)
    markets = Markets(universes, dict.fromkeys(universes, composition.today), {})
    if composition.settings.mcp_config is not None:
        return markets
    store = open_store(composition.settings)
    for name, universe in universes.items():
        try:
            prepare(composition.settings, universe, tell=tell)
            markets.latest[name] = market_panels(store, universe).last
        except SectorwiseError as error:
            markets.errors[name] = error
    if len(markets.errors) == len(universes):
        raise next(iter(markets.errors.values()))
    return markets


def _universes(plan: BatchPlan, composition: Composition) -> dict[str, Universe]:
    return {name: one_of(composition.universes, name) for name in plan.universes}


def _last_day(plan: BatchPlan, universe: Universe, *, now: date) -> date:
    """Return the day whose rows a batch of the plan rests on."""
    del universe
    named = (plan.span.until,) if plan.span is not None else plan.dates
    return max((day or now for day in named), default=now)
