"""Decides what a desk stands on at a date: what it holds, what its last report favours, its tools.

Damaged files of earlier runs are passed over, as a report passes over them.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from agents.toolbox.pins import Pins
from app.files.holdings import load_holdings
from app.files.servers import load_servers
from app.settings import Settings
from app.snapshots import predecessor
from core.panel import MarketPanels
from core.records.history import Snapshot
from core.records.holdings import Position
from core.records.universe import Horizon, Universe
from tools.measures.common import sector_of_member

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Drift:
    """A server with tools that are no longer those of their first use."""

    server: str
    tools_count: int
    since: date


@dataclass(frozen=True, slots=True)
class Standpoint:
    """What makes one thing more a desk's business than another; sectors by id."""

    held: frozenset[str] = frozenset()
    favoured: frozenset[str] = frozenset()
    last: Snapshot | None = None
    before: Snapshot | None = None
    drifts: tuple[Drift, ...] = ()


def standpoint(
    settings: Settings,
    universe: Universe,
    panels: MarketPanels | None,
    *,
    as_of: date,
    horizon: Horizon = "1M",
    clock: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> Standpoint:
    """Return the standpoint of a home at a date.

    Args:
        settings: of the home.
        universe: the market.
        panels: what tells the sector of a stock that is held; None: sectors held by name alone.
        as_of: nothing reported or held later is seen.
        horizon: of the reports.
        clock: now, for the pins' database.

    Raises:
        DataError: the stored holdings or the ledger cannot be read.
    """
    home = settings.home_dir
    last = predecessor(home, universe.id, as_of + DAY, horizon, tell=_unheard)
    before = None
    if last is not None:
        before = predecessor(home, universe.id, last.as_of, horizon, tell=_unheard)
    holdings = load_holdings(home, universe.id, as_of)
    positions = () if holdings is None else holdings.positions
    return Standpoint(
        held=frozenset(_sectors(positions, universe, panels)),
        favoured=frozenset() if last is None else _favoured(last),
        last=last,
        before=before,
        drifts=tuple(_drifts(settings, clock)),
    )


def _favoured(last: Snapshot) -> frozenset[str]:
    return frozenset(line.sector for line in last.allocation.lines if line.stance == "overweight")


def _sectors(
    positions: tuple[Position, ...], universe: Universe, panels: MarketPanels | None
) -> Iterator[str]:
    """Yield the sectors of what is held; a symbol is a member stock or a sector's own fund."""
    known = {} if panels is None or panels.members is None else dict(sector_of_member(panels))
    known |= {sector.ticker: sector.id for sector in universe.sectors}
    for position in positions:
        sector = position.sector or known.get(position.symbol or "")
        if sector is not None and (position.quantity or position.weight):
            yield sector


def _drifts(settings: Settings, clock: Callable[[], datetime]) -> Iterator[Drift]:
    """Yield the configured servers with changed or vanished tools, as last announced."""
    if not settings.mcp_config:
        return
    pins = Pins(settings.database, clock=clock)
    try:
        for spec in load_servers(settings.mcp_config, settings.server):
            moved = [pin.tool for pin in pins.listed(spec.name) if pin.standing != "pinned"]
            days = [
                event.at.date()
                for event in pins.events(spec.name)
                if event.tool in moved and event.what in ("changed", "vanished")
            ]
            if moved and days:
                yield Drift(spec.name, len(moved), max(days))
    finally:
        pins.close()


def _unheard(_: str) -> None:
    return None
