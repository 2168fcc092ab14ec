"""Where an operator is told of things: an address without its secrets, and what goes there."""

import re
from typing import Final, Literal
from urllib.parse import parse_qsl, urlsplit

from pydantic import Field, field_validator, model_validator

from core.records.record import Record, Slug
from core.records.request import Language

MessageKind = Literal["alert", "digest", "report", "orders", "ping"]

REFERENCE: Final = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}")
"""A variable of the environment, put in when something is sent."""
OPEN: Final = frozenset({"file", "http", "https", "mailto", "mailtos"})
"""Schemes of addresses that may hold no secret at all; every other one is a key by itself."""
_SECRET: Final = re.compile(r"pass|key|token|secret|auth|cookie|sig", re.IGNORECASE)
_WAIT_SECONDS: Final = 60.0
_LONGEST_WAIT_SECONDS: Final = 600.0


class SinkSpec(Record):
    """One place messages go to."""

    url: str = Field(min_length=1, max_length=2_000, description="secrets as ${NAME} only")
    headers: dict[str, str] = Field(default={}, description="of a webhook; secrets as ${NAME}")
    kinds: tuple[MessageKind, ...] = Field(default=(), description="taken; empty: all")
    universes: tuple[Slug, ...] = Field(default=(), description="told of; empty: all")
    language: Language = "en"
    deadline_seconds: float = Field(
        default=_WAIT_SECONDS, gt=0, le=_LONGEST_WAIT_SECONDS, description="of one sending, whole"
    )

    @field_validator("url")
    @classmethod
    def _without_secrets(cls, url: str) -> str:
        refers = REFERENCE.search(url) is not None
        if REFERENCE.fullmatch(url):
            return url
        scheme, colon, rest = url.partition(":")
        if not colon:
            raise ValueError("expected file:FOLDER, https://…, mailto://… or an apprise address")
        if scheme.lower() not in OPEN and not refers:
            raise ValueError(f"a {scheme}: address holds a key: write it as ${{NAME}}")
        if scheme.lower() == "file":
            return _folder(url, rest)
        if any(REFERENCE.search(value) is None for value in _secrets(url)):
            raise ValueError("it holds a secret: write that as ${NAME}")
        return url

    @field_validator("headers")
    @classmethod
    def _headers_without_secrets(cls, headers: dict[str, str]) -> dict[str, str]:
        for name, value in headers.items():
            if _SECRET.search(name) and REFERENCE.search(value) is None:
                raise ValueError(f"{name} holds a secret: write it as ${{NAME}}")
        return headers

    @model_validator(mode="after")
    def _headers_go_with_a_webhook(self) -> "SinkSpec":
        kept = REFERENCE.fullmatch(self.url) or self.url.lower().startswith(("http:", "https:"))
        if self.headers and not kept:
            raise ValueError("headers go with an http address only")
        return self

    def takes(self, kind: MessageKind, universe: str | None) -> bool:
        """Tell whether a message of a kind, about a universe or about none, goes there."""
        of_kind = not self.kinds or kind in self.kinds
        return of_kind and (universe is None or not self.universes or universe in self.universes)


def _folder(url: str, rest: str) -> str:
    if not rest.startswith(("/", "~", "$")):
        raise ValueError("a folder is named by its whole path: file:///var/lib/alerts")
    return url


def _secrets(url: str) -> list[str]:
    """Return the password of an address, and its parameters that are named like secrets."""
    try:
        parts = urlsplit(url)
        password = parts.password
    except ValueError as error:
        raise ValueError("it is no address") from error
    named = [value for name, value in parse_qsl(parts.query) if _SECRET.search(name)]
    return [password, *named] if password else named
