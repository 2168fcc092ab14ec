"""Decides how a dead man's switch elsewhere is told that a job succeeded, and for how long.

A ping that fails is a line of the log and nothing else: the job itself succeeded.
"""

import asyncio
import logging
import re
from threading import Thread
from typing import Final

import httpx

from app.settings import Settings

PING_SECONDS: Final = 10.0
"""From looking up the name to the last byte of the answer."""
LOG: Final = logging.getLogger(__name__)


def ping(settings: Settings, name: str) -> None:
    """Tell the switch of a job, where one is set; at most ten seconds, and never an error.

    `{name}` in the address becomes the job's name as a slug: `watch:vn` is `watch-vn`. Call it off
    the event loop.
    """
    if settings.ping_url is None:
        return
    slug = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")
    url = settings.ping_url.get_secret_value().replace("{name}", slug)
    asking = Thread(target=lambda: asyncio.run(_asked(url, name)), daemon=True)
    asking.start()
    asking.join(PING_SECONDS + 1.0)


async def _asked(url: str, name: str) -> None:
    try:
        async with (
            asyncio.timeout(PING_SECONDS),
            httpx.AsyncClient(timeout=PING_SECONDS) as client,
            client.stream("GET", url, follow_redirects=False) as answer,
        ):
            if not answer.is_success:
                LOG.warning("the ping of %s was answered with %d", name, answer.status_code)
    except (httpx.HTTPError, httpx.InvalidURL, OSError, TimeoutError) as error:
        LOG.warning("the ping of %s failed: %s", name, type(error).__name__)
