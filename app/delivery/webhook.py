"""Decides how a message is posted to an address, and what the answer means; no redirect is taken.

The receiver tells a repeat by the header Idempotency-Key: what it did once it need not do again.
"""

import asyncio
import json
from base64 import b64encode
from collections.abc import Mapping
from typing import Final

import httpx

from app.delivery.attached import Attached, NotAttachedError, attached
from app.delivery.message import Outcome, Row

KEY_HEADER: Final = "Idempotency-Key"
BUSY: Final = frozenset({408, 425, 429, 502, 503, 504})
"""Answers that say: not now."""
NEVER: Final = frozenset({400, 405, 410, 411, 413, 414, 415, 422})
"""Answers that say: not this, whenever it comes."""


class Webhook:
    """An HTTP address as a sink: one POST of JSON a message."""

    def __init__(self, url: str, *, headers: Mapping[str, str], seconds: float) -> None:
        self._url, self._headers, self._seconds = url, dict(headers), seconds

    async def sent(self, row: Row) -> Outcome:
        """Post the message; of the answer only its status is read."""
        try:
            files = await asyncio.to_thread(attached, row)
            status = await self._posted(row, files)
        except NotAttachedError as error:
            return Outcome(result="refused", reason=str(error))
        except TimeoutError:
            return Outcome(result="unreachable", reason=f"no answer within {self._seconds:g} s")
        except (
            httpx.InvalidURL,
            httpx.UnsupportedProtocol,
            httpx.LocalProtocolError,
            UnicodeEncodeError,
        ):
            return Outcome(result="failed", reason="its address or a header is none")
        except (httpx.HTTPError, OSError) as error:
            return Outcome(result="unreachable", reason=f"not reached ({type(error).__name__})")
        return _answered(status)

    async def _posted(self, row: Row, files: tuple[Attached, ...]) -> int:
        headers = {"Content-Type": "application/json", **self._headers}
        headers[KEY_HEADER] = row.message.key
        async with (
            asyncio.timeout(self._seconds),
            httpx.AsyncClient(timeout=self._seconds, follow_redirects=False) as client,
            client.stream("POST", self._url, content=_body(row, files), headers=headers) as answer,
        ):
            return answer.status_code


def _answered(status: int) -> Outcome:
    said = f"answered with {status}"
    if 200 <= status < 300:
        return Outcome(result="sent")
    if 300 <= status < 400:
        return Outcome(result="failed", reason=f"{said}, a redirect: set its new address")
    if status in BUSY:
        return Outcome(result="unreachable", reason=said)
    return Outcome(result="refused" if status in NEVER else "failed", reason=said)


def _body(row: Row, files: tuple[Attached, ...]) -> bytes:
    message = row.message
    told = {
        "key": message.key,
        "kind": message.kind,
        "subject": message.subject,
        "text": message.text,
        "html": message.html,
        "created_at": row.created_at.isoformat(),
        "files": [
            {"name": f.name, "type": f.media_type, "base64": b64encode(f.content).decode()}
            for f in files
        ],
    }
    return json.dumps(told, ensure_ascii=False, sort_keys=True).encode()
