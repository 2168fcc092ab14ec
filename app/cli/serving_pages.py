"""Serves the page and every HTTP door until the operator ends it."""

import sys
from datetime import UTC, date, datetime, timedelta
from threading import Thread
from typing import Final

from app.chat.desk import ChatDesk
from app.cli.address import Address
from app.compose import Composition
from app.data import prepare_synthetic, tool_context
from app.files.universes import load_universes, one_of
from app.observing.started import observe
from app.running.runs import Runs
from app.settings import Settings, load_settings
from app.state.opening import require_usable
from app.web.application import guarded_site
from app.web.assets import chart_library
from app.web.house import House
from app.web.security.connections import Serving
from app.web.security.guard import Rules
from app.web.security.limits import Limits
from app.web.security.tokens import Tokens
from core.errors import CallerError
from core.records.universe import Universe
from tools.guard import bound, is_loopback, security

A_DAY: Final = timedelta(days=1)
RUNS_AT_ONCE: Final = 8
"""Most of a run is waiting for tools; its arithmetic takes turns anyway."""
RUNS_WAITING: Final = 64


def serve_pages(address: Address, *, latest: date | None = None, print_token: bool = False) -> None:
    """Serve at this address; with `latest` nothing later is known, whatever a client asks.

    Raises:
        CallerError: an address others can reach and no token, or one that cannot be bound; a home
            that cannot be written.
    """
    settings = load_settings()
    settings.require_writable_home()
    require_usable(settings, lambda: datetime.now(UTC))
    tokens = Tokens(settings.token.get_secret_value()) if settings.token else None
    if tokens is None and (print_token or not is_loopback(address.host)):
        why = "to print one" if print_token else f"{address.host} can be reached from elsewhere"
        raise CallerError(f"there is no token ({why}): set SECTORWISE_TOKEN")
    universes = load_universes(settings.universe_files)
    prepare_synthetic(settings, one_of(universes, settings.universe), tell=_told)
    observe(settings, log="text")
    house = opened_house(settings, universes, latest=latest)
    with bound(address.host, address.port) as listening:
        port = int(listening.getsockname()[1])
        limits = Limits.of(settings.requests_a_minute)
        named = security(address.host, port, address.names)
        site = guarded_site(house, Rules(named, tokens, settings.allowed_origins, limits))
        shown = f"[{address.host}]" if ":" in address.host else address.host
        Thread(target=chart_library, daemon=True).start()  # the first page waits for it less
        _told(f"serving on http://{shown}:{port}/")
        if tokens is not None and print_token:
            _told(f"token for a day: {tokens.timed(A_DAY)}")
        Serving(site, limits, site.flow.leave).run(sockets=[listening])


def opened_house(
    settings: Settings, universes: dict[str, Universe], *, latest: date | None = None
) -> House:
    """Return what the doors are given."""
    runs = Runs(
        lambda: Composition(settings=settings, universes=universes),
        settings.home_dir,
        database=settings.database,
        latest=latest,
        at_once=RUNS_AT_ONCE,
        waiting=RUNS_WAITING,
    )
    tools = tool_context(settings, universes, latest=latest)
    return House(settings, universes, tools, ChatDesk(runs), runs=runs, latest=latest)


def _told(line: str) -> None:
    sys.stderr.write(f"{line}\n")
    sys.stderr.flush()
