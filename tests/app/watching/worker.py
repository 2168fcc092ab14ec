"""A watch as a process of its own: a fast clock, an alert at every slot, delivery beside it."""

import asyncio
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from app.delivery.postman import Postman
from app.watching.loop import Loop
from app.watching.records import Rules
from app.watching.slots import Grid
from app.watching.tick import Desk, Watch
from core.records.sink import SinkSpec
from tests.app.watching.watched import NEVER_QUIET, UNIVERSES, Looks, url_of

EVERY = timedelta(minutes=1)
BEGIN = datetime(2026, 3, 3, 9, tzinfo=UTC)
SPEED = 120.0
"""Seconds of the market in one of ours: two slots."""
LEASE_SECONDS = 240.0
RULES: Rules = NEVER_QUIET.model_copy(update={"pushes_a_day": 1_000_000})


def desk_of(folder: Path, address: str) -> Desk:
    universe = UNIVERSES["demo"]
    return Desk(
        universe=universe,
        grid=Grid(universe, every=EVERY, quiet=None, zone=None),
        rules=RULES,
        sinks={
            "desk": SinkSpec(url=f"file:{folder}/out", deadline_seconds=1.0),
            "hook": SinkSpec(url=address, deadline_seconds=1.0),
        },
        home=folder,
    )


def work(folder: Path, address: str, started: float, seconds: float) -> None:
    """Watch and deliver until so many seconds after the start, or a kill."""

    def market() -> datetime:
        return BEGIN + timedelta(seconds=SPEED * min(time.time() - started, seconds))

    told_to = desk_of(folder, address)
    watch = Watch(
        told_to, Looks("demo"), url=url_of(folder), clock=market, lease_seconds=LEASE_SECONDS
    )
    postman = Postman(
        url_of(folder), told_to.sinks, home=folder, environment=dict,
        clock=lambda: datetime.now(UTC), spare_seconds=1.0,
    )  # fmt: skip

    def wait(_: float) -> bool:
        time.sleep(0.05)
        return time.time() > started + seconds and watch.step().what == "idle"

    Loop(
        (watch,),
        deliver=lambda: asyncio.run(postman.round()),
        clock=market,
        wait=wait,
        heard=lambda _: None,
    ).run()
    while postman.outbox.waiting():
        asyncio.run(postman.round())
        time.sleep(0.05)
    watch.close()
    postman.close()
