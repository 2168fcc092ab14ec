"""Decides how the bytes of one request travel: time and size limits; it judges no status."""

import ssl
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cache

import httpx


@dataclass(frozen=True, slots=True)
class Manners:
    """How a host is asked: seconds, tries, bytes."""

    connect_seconds: float = 10.0
    read_seconds: float = 20.0
    """Longest silence."""
    total_seconds: float = 90.0
    """Of one request, so that an answer that drips ends too."""
    tries: int = 4
    longest_wait_seconds: float = 120.0
    """A Retry-After beyond it ends the sync instead of waiting."""
    pause_seconds: float = 0.25
    """Between the starts of two requests."""
    most_bytes: int = 64 * 1024 * 1024

    def paced(self, pause_seconds: float) -> "Manners":
        """Return the same manners at another pace."""
        return replace(self, pause_seconds=pause_seconds)


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back; header names in lower case."""

    status: int
    headers: Mapping[str, str]
    content: bytes


class WireError(Exception):
    """No whole answer came; `said` tells why, in our words."""

    def __init__(self, said: str) -> None:
        super().__init__(said)
        self.said = said


Wire = Callable[[str, Mapping[str, str | int], Mapping[str, str], Manners], Answer]
"""URL, query, headers and manners to an answer; raises WireError."""


def httpx_wire(
    url: str, params: Mapping[str, str | int], headers: Mapping[str, str], manners: Manners
) -> Answer:
    """Return the answer to a GET over httpx; redirects are answers.

    Raises:
        WireError: no connection, a silence, an answer too slow, too large or cut short.
    """
    return _sent("GET", url, headers, manners, params=dict(params) or None)


def posting_wire(
    url: str, params: Mapping[str, str | int], headers: Mapping[str, str], manners: Manners
) -> Answer:
    """Return the answer to a POST of the parameters as JSON; else as `httpx_wire`."""
    return _sent("POST", url, headers, manners, json=dict(params))


def _sent(
    method: str,
    url: str,
    headers: Mapping[str, str],
    manners: Manners,
    *,
    params: dict[str, str | int] | None = None,
    json: dict[str, str | int] | None = None,
) -> Answer:
    limits = httpx.Timeout(manners.read_seconds, connect=manners.connect_seconds)
    ends = time.monotonic() + manners.total_seconds
    try:
        with httpx.stream(
            method,
            url,
            params=params,
            json=json,
            headers=dict(headers),
            timeout=limits,
            verify=_trust(),
        ) as response:
            content = _content(response, ends, manners.most_bytes)
            return Answer(response.status_code, _headers(response), content)
    except httpx.TimeoutException as error:
        raise WireError("it did not answer in time") from error
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise WireError("it cannot be reached, or the connection broke") from error


@cache
def _trust() -> ssl.SSLContext:
    """Return the trusted authorities, read once: reading them takes longer than a short answer."""
    return httpx.create_ssl_context()


def _content(response: httpx.Response, ends: float, most_bytes: int) -> bytes:
    parts, size = [], 0
    for part in response.iter_bytes():
        parts.append(part)
        size += len(part)
        if size > most_bytes:
            raise WireError(f"its answer is larger than {most_bytes:,} bytes")
        if time.monotonic() > ends:
            raise WireError("its answer did not end in time")
    return b"".join(parts)


def _headers(response: httpx.Response) -> dict[str, str]:
    return {name.lower(): value for name, value in response.headers.items()}
