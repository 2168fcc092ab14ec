"""A process that delivers until it is killed: database, folder and web address as arguments."""

import asyncio
import sys
from datetime import UTC, datetime
from pathlib import Path

from app.delivery.postman import Postman
from core.records.sink import SinkSpec

DEADLINE_SECONDS, SPARE_SECONDS = 2.0, 0.5
"""Of a sending, and of a lease beyond it: how long a killed worker keeps its sinks from others."""


def _main(url: str, folder: str, hook: str) -> None:
    specs = {
        "box": SinkSpec(url=f"file://{folder}", deadline_seconds=DEADLINE_SECONDS),
        "hook": SinkSpec(url=hook, deadline_seconds=DEADLINE_SECONDS),
    }
    postman = Postman(
        url,
        specs,
        home=Path(),
        environment=dict,
        clock=lambda: datetime.now(UTC),
        spare_seconds=SPARE_SECONDS,
    )
    asyncio.run(postman.forever(seconds=0.02))


if __name__ == "__main__":
    _main(*sys.argv[1:])
