"""Decides what may be told outside, and in which states a message can be; it keeps and sends none.

A message is harmless where it arrives: its HTML has neither script, link nor anything remote.
"""

import hashlib
import re
from datetime import datetime
from html.parser import HTMLParser
from typing import Annotated, Final, Literal

from pydantic import AfterValidator, Field

from core.records.record import Record, Slug
from core.records.sink import MessageKind

State = Literal["waiting", "delivered", "dead", "merged"]
"""`dead`: given up, and shown until somebody retries it. `merged`: told within another message."""

LONGEST_HTML: Final = 300_000
"""Characters: mail gateways cut longer bodies."""
LONGEST_TEXT: Final = 20_000
MOST_ATTACHED: Final = 8
INLINE: Final = "data:image/png;base64,"
"""The begin of the only kind of picture an HTML body may hold."""

_FORBIDDEN: Final = frozenset(
    {"a", "base", "button", "embed", "form", "frame", "iframe", "input", "link", "object", "script"}
)
_REMOTE: Final = re.compile(r"url\s*\(|@import|expression\s*\(", re.IGNORECASE)


class _Harmless(HTMLParser):
    """Refuses what could act, or reach out, where a message is read."""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _FORBIDDEN:
            raise ValueError(f"the HTML of a message holds <{tag}>")
        for name, value in attrs:
            said = value or ""
            if name.startswith("on") or name in {"href", "srcset", "action", "background"}:
                raise ValueError(f"the HTML of a message holds the attribute {name}")
            if name == "src" and not said.startswith(INLINE):
                raise ValueError("a picture of a message must be inline PNG")
            if name == "http-equiv" or _REMOTE.search(said):
                raise ValueError(f"the HTML of a message reaches out in {name}")


def _harmless(html: str) -> str:
    reader = _Harmless()
    reader.feed(html)
    reader.close()
    return html


class Message(Record):
    """One thing to be told to one sink. Equal keys are the same message, whoever posts it."""

    key: str = Field(pattern=r"^[!-~]{1,200}$", description="what the receiver tells repeats by")
    sink: Slug
    kind: MessageKind
    subject: str = Field(min_length=1, max_length=300, pattern=r"^[^\r\n]*$")
    text: str = Field(max_length=LONGEST_TEXT)
    html: Annotated[str, AfterValidator(_harmless)] | None = Field(
        default=None, max_length=LONGEST_HTML
    )
    attachments: tuple[str, ...] = Field(
        default=(), max_length=MOST_ATTACHED, description="paths of files in the home"
    )

    @property
    def name(self) -> str:
        """The key as a file's name or the left of a Message-ID: 32 hexadecimal digits."""
        return hashlib.sha256(self.key.encode()).hexdigest()[:32]


class Row(Record):
    """A message as the outbox keeps it; once delivered or merged its body is no longer held."""

    id: int
    message: Message
    state: State
    tries_count: int = Field(description="sendings begun")
    failures_count: int = Field(description="of those, the ones that count towards giving up")
    reason: str | None = Field(default=None, description="of the last failure, in our own words")
    merged_into: str | None = None
    taken: tuple[str, ...] = Field(
        default=(), description="hashes of the recipients who have it, where others do not yet"
    )
    created_at: datetime
    next_try_at: datetime | None
    done_at: datetime | None


class Outcome(Record):
    """What became of one sending.

    `unreachable`: nobody took it, and whose fault that is is known: the way there. `failed`: it may
    be the message's. `refused`: it is the message's, and no repeat would help.
    """

    result: Literal["sent", "unreachable", "failed", "refused"]
    reason: str | None = Field(default=None, max_length=300)
    taken: tuple[str, ...] = Field(
        default=(), description="of one not sent: hashes of the recipients who have it"
    )
