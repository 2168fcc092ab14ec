"""A market that is watched in tests: a clock set by hand, and an alert at every slot."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from app.alerting.records import Alert
from app.delivery.outbox import Outbox
from app.files.universes import load_universes
from app.watching.records import QuietHours, Rules, Slot
from app.watching.ruling import load_rules
from app.watching.sightings import Sightings
from app.watching.slots import Grid
from app.watching.tick import Desk, Watch
from core.records.sink import SinkSpec
from core.records.universe import Universe

UNIVERSES = load_universes()
EVERY = timedelta(minutes=15)
PACKAGED = load_rules()
NEVER_QUIET = PACKAGED.model_copy(update={"quiet": None})


@dataclass
class Clock:
    """Tells what it is set to."""

    now: datetime

    def __call__(self) -> datetime:
        return self.now

    def passes(self, **time: float) -> None:
        self.now += timedelta(**time)


def grid(name: str, *, quiet: QuietHours | None = None, every: timedelta = EVERY) -> Grid:
    return Grid(UNIVERSES[name], every=every, quiet=quiet, zone=None)


def turn(day: date, sector: str = "banks", universe: str = "vn", **fields: object) -> Alert:
    given = {
        "kind": "quadrant_change", "concern": "held", "universe": universe, "period": day,
        "sector": sector, "quadrant_before": "LAGGING", "quadrant": "IMPROVING",
    }  # fmt: skip
    return Alert.model_validate(given | fields)


@dataclass
class Looks:
    """Tells at each slot one alert of its own, and remembers which slots it was asked about."""

    universe: str = "vn"
    sector: str = "banks"
    asked: list[datetime] = field(default_factory=list)

    def __call__(self, slot: Slot) -> Sightings:
        self.asked.append(slot.at)
        return Sightings(slot.session, (self.alert(slot),))

    def alert(self, slot: Slot) -> Alert:
        server = f"s{slot.at:%Y%m%d%H%M}"
        return Alert(
            kind="tool_changed", concern="upkeep", universe=self.universe,
            period=slot.session, server=server, tools_count=1,
        )  # fmt: skip


def desk(
    name: str, folder: Path, *, rules: Rules = NEVER_QUIET, sinks: tuple[str, ...] = ("desk",)
) -> Desk:
    universe: Universe = UNIVERSES[name]
    quiet = rules.quiet
    spec = SinkSpec(url=f"file:{folder}/out")
    return Desk(
        universe=universe,
        grid=Grid(universe, every=EVERY, quiet=quiet, zone=rules.timezone),
        rules=rules,
        sinks=dict.fromkeys(sinks, spec),
        home=folder,
    )


def url_of(folder: Path) -> str:
    return f"sqlite:///{folder / 'state.sqlite'}"


@contextmanager
def watching(
    told_to: Desk,
    look: Callable[[Slot], Sightings],
    clock: Clock,
    *,
    lease_seconds: float = 300.0,
    tell: Callable[[str], None] = lambda _: None,
) -> Iterator[Watch]:
    watch = Watch(
        told_to, look, url=url_of(told_to.home), clock=clock, lease_seconds=lease_seconds, tell=tell
    )
    try:
        yield watch
    finally:
        watch.close()


def posted_keys(folder: Path) -> list[str]:
    outbox = Outbox(url_of(folder), clock=lambda: datetime.now(UTC))
    try:
        return [row.message.key for row in outbox.rows()]
    finally:
        outbox.close()
