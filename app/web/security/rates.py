"""Decides whether one client asks too often: a bucket of requests that fills again with time."""

import ipaddress
import math
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from starlette.types import ASGIApp, Receive, Scope, Send

from app.web.security.limits import Limits
from app.web.security.paths import HEALTH, LOGIN, STATIC, is_stream
from app.web.security.refusals import refusal

BURST_SECONDS: Final = 12.0
"""How many seconds' requests may come at once: a fifth of a minute's."""
CLIENTS: Final = 4096
"""Clients remembered; the one not heard of for longest is forgotten, and begins anew."""


@dataclass(slots=True)
class _Bucket:
    left: float
    at: float


class Buckets:
    """What each client may still send."""

    def __init__(self, a_minute: int, *, clock: Callable[[], float] = time.monotonic) -> None:
        """Keep the pace."""
        self._per_second = a_minute / 60
        self._most = max(1.0, self._per_second * BURST_SECONDS)
        self._clock = clock
        self._buckets: OrderedDict[str, _Bucket] = OrderedDict()

    def wait_seconds(self, client: str) -> int:
        """Take one request out; return 0, or in how many seconds there will be one."""
        now = self._clock()
        bucket = self._buckets.setdefault(client, _Bucket(self._most, now))
        self._buckets.move_to_end(client)
        if len(self._buckets) > CLIENTS:
            self._buckets.popitem(last=False)
        bucket.left = min(self._most, bucket.left + (now - bucket.at) * self._per_second)
        bucket.at = now
        if bucket.left >= 1.0:
            bucket.left -= 1.0
            return 0
        return math.ceil((1.0 - bucket.left) / self._per_second)


class Paced:
    """Refuses what comes too often: 429, and when to ask again."""

    def __init__(
        self, app: ASGIApp, limits: Limits, *, clock: Callable[[], float] = time.monotonic
    ) -> None:
        """Keep a bucket each for requests, event streams and logins."""
        self._app = app
        self._requests = Buckets(limits.requests_a_minute, clock=clock)
        self._streams = Buckets(limits.requests_a_minute, clock=clock)
        self._logins = Buckets(limits.logins_a_minute, clock=clock)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hand the request on, or refuse it."""
        buckets = self._counted(scope)
        wait = 0 if buckets is None else buckets.wait_seconds(_client(scope))
        if not wait:
            await self._app(scope, receive, send)
            return
        said = f"too many requests: ask again in {wait} s"
        await refusal(scope, 429, said, {"retry-after": str(wait)})(scope, receive, send)

    def _counted(self, scope: Scope) -> Buckets | None:
        path = str(scope["path"])
        if path.startswith(STATIC) or path in HEALTH:
            return None
        if path == LOGIN and scope["method"] == "POST":
            return self._logins
        return self._streams if is_stream(scope) else self._requests


def _client(scope: Scope) -> str:
    """Return who asks: an address; of a version 6 network, whoever is in it."""
    host = str((scope.get("client") or ("",))[0])
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return host
    if isinstance(address, ipaddress.IPv6Address):
        return str(ipaddress.ip_network((address, 64), strict=False))
    return host
