"""The HTTP client models are asked with: it follows nobody elsewhere, and reads only so much."""

from collections.abc import AsyncIterator
from typing import Final

import httpx2
from openai import DefaultAsyncHttpx2Client

from core.errors import ModelOutputError

BYTES_CAP: Final = 8_000_000
"""Of one response: an answer of `agents.llm.completion.TEXT_CAP` characters, a token an event."""


def guarded_client(*, read_seconds: float) -> httpx2.AsyncClient:
    """Return a client that neither follows redirects nor unpacks anything.

    A prompt goes to the endpoint an operator named and nowhere else; and what is compressed could
    be any size. A response beyond the cap raises ModelOutputError while it is read.
    """
    return DefaultAsyncHttpx2Client(
        timeout=read_seconds,
        follow_redirects=False,
        headers={"accept-encoding": "identity"},
        event_hooks={"response": [_guard]},
    )


async def _guard(response: httpx2.Response) -> None:
    if response.headers.get("content-encoding", "identity").lower() not in {"", "identity"}:
        raise ModelOutputError("the endpoint compresses what it was asked to send plainly")
    if isinstance(response.stream, httpx2.AsyncByteStream):
        response.stream = _Capped(response.stream)


class _Capped(httpx2.AsyncByteStream):
    """A body that ends in an error once it is too long."""

    def __init__(self, body: httpx2.AsyncByteStream) -> None:
        self._body = body

    async def __aiter__(self) -> AsyncIterator[bytes]:
        count = 0
        async for part in self._body:
            count += len(part)
            if count > BYTES_CAP:
                raise ModelOutputError("the endpoint does not stop sending")
            yield part

    async def aclose(self) -> None:
        await self._body.aclose()
