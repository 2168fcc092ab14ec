"""The composition root: from settings to a store, tools, a model, and a run's services."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import ExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from importlib.metadata import version
from typing import TYPE_CHECKING

from mcp.server.fastmcp import FastMCP
from sqlalchemy.exc import DBAPIError

from agents.llm.silent import SilentModel
from agents.services import (
    DeskOf,
    EarlierOf,
    ModelPrice,
    RunLimits,
    Services,
    nothing_earlier,
)
from agents.toolbox.ledger import Ledger
from agents.toolbox.offers import ConfiguredOffers, Offers, RecordedOffers
from agents.toolbox.pins import Pins
from agents.toolbox.purse import Purse
from agents.toolbox.quota import Quota
from agents.toolbox.sessions import Sessions
from agents.toolbox.spec import CallLimits, ServerSpec
from agents.toolbox.toolbox import Toolbox
from app.budgets import model_seconds, within_budget
from app.data import tool_context
from app.desk import DeskSource
from app.files.servers import load_servers
from app.observing.started import observe
from app.recordings import Recording
from app.secrecy import redactor
from app.settings import CHECKPOINTS, LEDGER, Settings
from app.state.opening import require_usable
from core.errors import DataError, ProviderError
from core.records.desk import Desk, Signatures
from core.records.universe import Universe
from tools.server import build_server
from tools.storage.store import Store

if TYPE_CHECKING:
    from agents.llm.openai_model import OpenAIModel

OWN_SERVER = "sectorwise"
NO_KEY = "none"
"""Sent to an own endpoint that asks for no key; the client library refuses an empty one."""


@dataclass(frozen=True, slots=True)
class Composition:
    """What the doors are built on. The desk knows no run begun, no call logged from `before` on."""

    settings: Settings
    universes: dict[str, Universe]
    clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    before: datetime | None = None

    @property
    def today(self) -> date:
        """The calendar date in UTC."""
        return self.clock().date()


@asynccontextmanager
async def open_services(
    composition: Composition,
    *,
    recording: Recording | None = None,
    signatures: Signatures | None = None,
) -> AsyncIterator[Services]:
    """Yield a run's services; leaving closes every tool session.

    They may be held for as long as a process lives: what day it is moves on. With a recording
    nothing is called: what it does not hold is a gap.
    """
    settings = composition.settings
    today = _today(composition, recording)
    limits = CallLimits(call_seconds=settings.call_seconds)
    with ExitStack() as opened:
        held = await asyncio.to_thread(_held, composition, recording, opened)
        specs = held.offers.specs
        async with Sessions(specs, embedded=held.embedded, limits=limits) as sessions:
            toolbox = Toolbox(
                sessions,
                held.ledger,
                universes=composition.universes,
                today=today,
                offers=held.offers,
                clock=composition.clock,
                quota=held.quota,
                pins=held.pins,
                pace_seconds=settings.pace_seconds,
            )
            services = Services(
                universes=composition.universes,
                toolbox=toolbox,
                today=today,
                desk=held.desk,
                earlier=held.earlier,
                signatures=recording.signatures if recording else signatures or Signatures(),
                model=_recorded_model(recording) if recording else language_model(settings),
                version=version("sectorwise"),
                limits=RunLimits(
                    pace_seconds=_pace_seconds(settings, specs),
                    model_seconds=model_seconds(settings),
                    answer_bytes=limits.answer_bytes,
                ),
                price=_price(settings),
            )
            if held.purse:
                services = await asyncio.to_thread(within_budget, services, settings, held.purse)
            yield services


@dataclass(frozen=True, slots=True)
class _Held:
    """What is opened once and closed with the services."""

    offers: Offers
    embedded: dict[str, FastMCP]
    ledger: Ledger
    quota: Quota | None
    pins: Pins | None
    purse: Purse | None
    desk: DeskOf
    earlier: EarlierOf


def _held(composition: Composition, recording: Recording | None, opened: ExitStack) -> _Held:
    """Open files and databases, off the event loop."""
    observe(composition.settings)
    offers = _offers(composition.settings, recording)
    live = recording is None
    if live:
        require_usable(composition.settings, composition.clock)
    store, embedded = _embedded(composition, offers.specs) if live else (None, {})
    ledger = _ledger(composition, recording)
    opened.callback(ledger.close)
    quota, pins = _watch(composition, opened) if live else (None, None)
    purse = _purse(composition, opened) if live else None
    desk, earlier = _desk(composition, recording, store)
    return _Held(offers, embedded, ledger, quota, pins, purse, desk, earlier)


def _today(composition: Composition, recording: Recording | None) -> Callable[[], date]:
    if recording is None:
        return lambda: composition.today
    asked_on = recording.asked_on
    return lambda: asked_on


def _price(settings: Settings) -> ModelPrice | None:
    read, written = settings.model_price_in, settings.model_price_out
    return None if read is None or written is None else ModelPrice(read, written)


def _embedded(
    composition: Composition, specs: tuple[ServerSpec, ...]
) -> tuple[Store | None, dict[str, FastMCP]]:
    """Return our store and our own server under the names it goes by; neither when it is unused."""
    ours = [spec.name for spec in specs if spec.transport == "memory"]
    if not ours:
        return None, {}
    context = tool_context(composition.settings, composition.universes)
    return context.store, dict.fromkeys(ours, build_server(context))


def _watch(composition: Composition, opened: ExitStack) -> tuple[Quota, Pins]:
    """Return what watches over strangers' servers, closed with the rest."""
    settings = composition.settings
    quota = Quota(settings.database, clock=composition.clock)
    pins = Pins(settings.database, clock=composition.clock)
    opened.callback(quota.close)
    opened.callback(pins.close)
    return quota, pins


def _purse(composition: Composition, opened: ExitStack) -> Purse:
    purse = Purse(composition.settings.database, clock=composition.clock)
    opened.callback(purse.close)
    return purse


def _pace_seconds(settings: Settings, specs: tuple[ServerSpec, ...]) -> float:
    paced = any(spec.calls_a_minute is not None for spec in specs)
    return settings.pace_seconds if paced else 0.0


def _offers(settings: Settings, recording: Recording | None) -> Offers:
    """Return who is asked, in which order: a recording's own servers, whatever is set by now."""
    if recording is not None:
        return RecordedOffers(recording.calls)
    if settings.mcp_config:
        return ConfiguredOffers(load_servers(settings.mcp_config, settings.server))
    return ConfiguredOffers((ServerSpec(name=OWN_SERVER, transport="memory"),))


def _ledger(composition: Composition, recording: Recording | None) -> Ledger:
    if recording is None:
        return open_ledger(composition.settings, composition.clock)
    ledger = Ledger(clock=composition.clock, mode="replay")
    ledger.load(recording.calls, run=recording.run)
    return ledger


def open_ledger(settings: Settings, clock: Callable[[], datetime]) -> Ledger:
    """Return the ledger of the settings.

    Raises:
        DataError: the database cannot be opened or is damaged.
    """
    try:
        return Ledger(settings.database, clock=clock, redactor=redactor(settings))
    except DBAPIError as error:
        where = settings.database_url or str(settings.home_dir / LEDGER)
        raise DataError(
            f"the call ledger {where} cannot be used ({error.orig}): move it away or set "
            "SECTORWISE_DATABASE_URL"
        ) from error


def _desk(
    composition: Composition, recording: Recording | None, store: Store | None
) -> tuple[DeskOf, EarlierOf]:
    """Return where desks and earlier reports come from.

    A recording has its own desk, whatever the home holds by then, with the report it compared with.
    """
    if recording is not None:
        return lambda universe, as_of, horizon: _recorded_desk(recording, universe), nothing_earlier
    source = DeskSource(composition.settings, store=store, before=composition.before)
    return source.desk, source.earlier


def _recorded_desk(recording: Recording, universe: Universe) -> Desk:
    if universe.id not in recording.desks:
        raise ProviderError(
            f"the recording of run {recording.run} is not about {universe.id}; it holds "
            f"{', '.join(recording.desks)}"
        )
    return recording.desks[universe.id]


def _recorded_model(recording: Recording) -> SilentModel | None:
    """Return a stand-in of the run's model, so that the same answers are looked up."""
    asked = next((call for call in recording.calls if call.kind == "model"), None)
    return SilentModel(asked.name, asked.server) if asked else None


def language_model(settings: Settings) -> "OpenAIModel | None":
    """Return the model the settings name, None where there is neither a key nor a server."""
    if settings.model_name is None:
        return None
    from agents.llm.openai_model import ModelLimits, OpenAIModel  # a fifth of a program's start

    key = settings.openai_api_key
    return OpenAIModel(
        settings.model_name,
        api_key=key.get_secret_value() if key else NO_KEY,
        base_url=settings.openai_base_url,
        limits=ModelLimits(deadline_seconds=settings.model_seconds),
        stream=settings.model_stream,
    )


def checkpoints(settings: Settings) -> str:
    """Return where the runs' checkpoints are: PostgreSQL's URL, else a file of the home."""
    if settings.database.startswith("postgresql"):
        return settings.database
    return str(settings.home_dir / CHECKPOINTS)
