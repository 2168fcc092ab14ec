"""Decides how every source is asked over HTTP: limits, retries, pace, and what counts as an answer.

What an answer means is the source's own reader's business.
"""

import hashlib
import random
import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from typing import Final, cast
from urllib.parse import urljoin, urlsplit

from pydantic import JsonValue
from tenacity import RetryCallState, Retrying, retry_if_exception_type, stop_after_attempt

from core.strict_json import UnreadableError
from core.strict_json import strict_json as strictly_read
from tools.upstream.errors import (
    ChangedShapeError,
    RateLimitedError,
    UnauthorisedError,
    UnavailableError,
    UnknownSymbolError,
)
from tools.upstream.wire import Answer, Manners, Wire, WireError, httpx_wire

TRANSIENT = frozenset({408, 425, 429, 500, 502, 503, 504})
"""Statuses after which the same request may succeed (RFC 9110, RFC 6585)."""

REDIRECTS = frozenset({301, 302, 303, 307, 308})
MOST_REDIRECTS = 3
FIRST_WAIT_SECONDS = 1.0
"""Doubled with each try, times a draw from half to one and a half."""

Params = Mapping[str, str | int]

_SECONDS: Final = re.compile(r"[0-9]{1,9}")


@dataclass(frozen=True, slots=True)
class Clock:
    """Time and chance, so that tests need neither."""

    sleep: Callable[[float], None] = time.sleep
    monotonic: Callable[[], float] = time.monotonic
    wall: Callable[[], float] = time.time
    draw: Callable[[], float] = random.random


class _TransientError(Exception):
    """A failure worth another try; `final` is what is raised when there is none left."""

    def __init__(self, final: Exception, wait_seconds: float | None = None) -> None:
        super().__init__(str(final))
        self.final, self.wait_seconds = final, wait_seconds


@dataclass(slots=True)
class Http:
    """One source's host. Not for several threads at once.

    source: named in errors. base_url: scheme, host, and a path all requests begin with. keys: the
    settings an Unauthorised error names. wire: how bytes travel.
    """

    source: str
    base_url: str
    manners: Manners = field(default_factory=Manners)
    headers: Mapping[str, str] = field(default_factory=dict)
    keys: tuple[str, ...] = ()
    wire: Wire = httpx_wire
    clock: Clock = field(default_factory=Clock)
    _free_at: float = field(default=0.0, init=False)

    def json(
        self,
        path: str,
        params: Params | None = None,
        *,
        subject: str = "",
        accepted: tuple[int, ...] = (),
    ) -> tuple[JsonValue, Answer]:
        """Return a JSON document and the answer it came in.

        Raises:
            UpstreamError: as `get`; ChangedShapeError also for what is no strict JSON, and
                UnavailableError for a web page.
        """
        answer = self.get(path, params, subject=subject, accepted=accepted)
        return strict_json(self.source, answer), answer

    def get(
        self,
        path: str,
        params: Params | None = None,
        *,
        subject: str = "",
        accepted: tuple[int, ...] = (),
    ) -> Answer:
        """Return the answer to a GET, asked again where that may help.

        Args:
            path: below the base URL.
            params: of the query.
            subject: the name asked about; with one, 404 means it is unknown.
            accepted: statuses that are answers too, for a source that says there what is wrong.

        Raises:
            UpstreamError: by kind, after the last try.
        """
        url = self.base_url.rstrip("/") + "/" + path.lstrip("/")
        retrying = Retrying(
            stop=stop_after_attempt(self.manners.tries),
            retry=retry_if_exception_type(_TransientError),
            wait=self._wait,
            sleep=self.clock.sleep,
            reraise=True,
        )
        try:
            return retrying(self._asked, url, params or {}, subject, accepted)
        except _TransientError as error:
            raise error.final from error

    def _wait(self, state: RetryCallState) -> float:
        error = state.outcome.exception() if state.outcome else None
        told = error.wait_seconds if isinstance(error, _TransientError) else None
        if told is not None:
            return told
        return FIRST_WAIT_SECONDS * 2.0 ** (state.attempt_number - 1) * (0.5 + self.clock.draw())

    def _asked(self, url: str, params: Params, subject: str, accepted: tuple[int, ...]) -> Answer:
        """Return the answer to one try, redirects within the host followed."""
        for _ in range(1 + MOST_REDIRECTS):
            self._take_turn()
            try:
                answer = self.wire(url, params, self.headers, self.manners)
            except WireError as error:
                raise _TransientError(UnavailableError(self.source, error.said)) from error
            if answer.status in accepted:
                return answer
            if answer.status not in REDIRECTS:
                return self._judged(answer, subject)
            url, params = self._moved(url, answer), {}
        raise ChangedShapeError(self.source, "it redirects in circles")

    def _take_turn(self) -> None:
        now = self.clock.monotonic()
        if now < self._free_at:
            self.clock.sleep(self._free_at - now)
        self._free_at = max(now, self._free_at) + self.manners.pause_seconds

    def _moved(self, url: str, answer: Answer) -> str:
        target = urljoin(url, answer.headers.get("location", ""))
        here, there = urlsplit(url), urlsplit(target)
        if (here.scheme, here.netloc) != (there.scheme, there.netloc):
            raise ChangedShapeError(self.source, "it redirects to another host", answer.status)
        return target

    def _judged(self, answer: Answer, subject: str) -> Answer:
        status = answer.status
        if status in (401, 403):
            raise UnauthorisedError(self.source, f"it refuses access ({status})", self.keys)
        if status in TRANSIENT:
            raise self._transient(answer)
        if status == 404 and subject:
            raise UnknownSymbolError(self.source, subject)
        if not 200 <= status < 300:
            raise ChangedShapeError(self.source, f"it answered status {status}", status)
        return answer

    def _transient(self, answer: Answer) -> Exception:
        wait = retry_after(answer.headers.get("retry-after", ""), self.clock.wall())
        limited = answer.status == 429
        final = (
            RateLimitedError(self.source, wait)
            if limited
            else UnavailableError(self.source, f"it answered status {answer.status}")
        )
        if wait is not None and wait > self.manners.longest_wait_seconds:
            return RateLimitedError(self.source, wait) if limited else final
        return _TransientError(final, wait)


def retry_after(told: str, now: float) -> float | None:
    """Return the seconds of a Retry-After header, number or HTTP date; None if neither."""
    if _SECONDS.fullmatch(told.strip()):
        return float(told)
    try:
        return max(parsedate_to_datetime(told).timestamp() - now, 0.0)
    except (TypeError, ValueError, OverflowError):
        return None


def strict_json(source: str, answer: Answer) -> JsonValue:
    """Return the JSON document of an answer.

    Raises:
        UnavailableError: it is a web page: a notice, a consent form, a captcha.
        ChangedShapeError: it is no strict JSON; see `core.strict_json`.
    """
    if answer.content.lstrip()[:1] == b"<":
        raise UnavailableError(source, "it answered a web page where data were asked for")
    try:
        return cast("JsonValue", strictly_read(answer.content))
    except UnreadableError as error:
        raise ChangedShapeError(source, "its answer is no strict JSON") from error


def sha256_of(*answers: Answer) -> str:
    """Return the sha256 of the answers' bytes, in order."""
    digest = hashlib.sha256()
    for answer in answers:
        digest.update(answer.content)
    return digest.hexdigest()
