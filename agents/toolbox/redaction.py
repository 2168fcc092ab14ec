"""Decides what of a text is a secret, and takes it out; where texts are written is the ledger's.

Two ways to know one: it equals a value that was configured as a secret, or it has a secret's form
(a bearer token, a cookie, `api_key=…`). A sector called Basic Resources is neither.
"""

import json
import re
from base64 import b64encode
from collections.abc import Iterator, Mapping, Sequence
from typing import Final
from urllib.parse import quote, urlsplit

REDACTED: Final = "redacted"
"""Stands for a secret; fits wherever a name or symbol may stand."""

SHORTEST: Final = 8
"""Characters: a shorter value is too likely to be an ordinary word."""

_NAMED: Final = re.compile(
    r"(?:^|[_-])(?:API)?(?:KEY|TOKEN|SECRET|PASSWORD|PASSWD|PASSPHRASE|CREDENTIAL|AUTH|AUTHORIZATION"
    r"|COOKIE|DSN)S?(?:[_-]|$)",
    re.IGNORECASE,
)
"""A variable's, header's or member's name that says its value is a secret."""

_SUSPECT: Final = (
    "key", "token", "secret", "passw", "passphrase", "credential", "auth", "cookie", "dsn",
    "bearer", "://", "sk-", "pk-", "rk-", "vimo_", "ghp_", "gho_", "ghs_", "ghu_", "ghr_", "akia",
    "xox", "eyj",
)  # fmt: skip
"""What every text with a secret of a known form or name has in it; looked for first."""

_WORDS: Final = re.compile(r"[A-Za-z_ -]+|[\d.,:TZ+-]+")
"""Words, a number or a date."""

_PLAIN: Final = re.compile(rf"{_WORDS.pattern}|(?:https?:/|~|\.)?/.*", re.DOTALL)
"""A value that is words, a number, a date, a path or an address."""

_PATH: Final = re.compile(
    r"(?=[^/]*/[^/]*/)(?=.*/[a-z][a-z._-]{2,}(?:[/:?]|$))(?:https?:/|~|\.)?/.*", re.DOTALL
)
"""A path or an address of two slashes or more, one part of which is a word; base64 may have `/`."""

_SPOKEN: Final = re.compile(r"PASSWORD|PASSWD|PASSPHRASE", re.IGNORECASE)
"""Names of secrets that may themselves be words or a number."""

_FIGURES: Final = re.compile(r"[\d.,:TZ+-]+")
"""A number or a date: taken out as a secret it would be missing from every answer."""

RANDOM: Final = 16
"""Characters from which on a server's variable of any name is taken for a secret."""

_HARMLESS: Final = frozenset(
    {"accept", "accept-encoding", "accept-language", "cache-control", "content-type", "user-agent"}
)
_VALUE: Final = r"(?=[^\s\"',;&]*\d)[^\s\"',;&\\]{8,}"
"""A run of characters with a digit in it: words after `token` are not one."""

_FORMS: Final = re.compile(
    "|".join(
        (
            rf"(?<=\b[Bb]earer\s)\s*{_VALUE}",
            r"(?<=://)[^/\s:@\"]+:[^/\s@\"]+(?=@)",
            r"\b[sprk]k-[\w-]{16,}",
            r"\bvimo_\w{16,}",
            r"\bgh[opsur]_\w{20,}",
            r"\bAKIA[A-Z0-9]{16}\b",
            r"\bxox[abprs]-[\w-]{10,}",
            r"\beyJ[\w-]{10,}\.[\w-]{10,}\.[\w-]{5,}",
        )
    )
)
_FIELDS: Final = re.compile(
    r"\b(?P<name>(?:proxy-)?authorization|(?:set-)?cookie|[\w-]*(?:api[_-]?key|token|secret|password|passwd)s?)"
    r"(?P<mark>[\"']?\s*[:=]\s*[\"']?(?:(?:basic|bearer|token)\s+)?)"
    rf"{_VALUE}",
    re.IGNORECASE,
)


class Redactor:
    """Takes secrets out of texts. Without values it knows the forms alone."""

    def __init__(self, values: frozenset[str] = frozenset()) -> None:
        spelled = {form for value in values if len(value) >= SHORTEST for form in _spelled(value)}
        self._values = tuple(sorted(spelled, key=lambda form: (-len(form), form)))
        self._beginnings = {value[:n] for value in self._values for n in range(1, len(value))}

    def text(self, text: str) -> str:
        """Return a text without its secrets."""
        if len(text) < SHORTEST:
            return text
        text = self.known(text)
        if not _is_suspect(text):
            return text
        return _FIELDS.sub(rf"\g<name>\g<mark>{REDACTED}", _FORMS.sub(REDACTED, text))

    def known(self, text: str) -> str:
        """Return a text without the configured values; what only has a secret's form stays."""
        for value in self._values:
            if value in text:
                text = text.replace(value, REDACTED)
        return text

    def passage(self) -> "Passage":
        """Return what takes the configured values out of a text that comes in pieces."""
        return Passage(self)

    def begun(self, text: str) -> int:
        """Return how many characters at the end of a text may begin a configured value."""
        reach = min(len(text), len(self._values[0]) - 1) if self._values else 0
        return next((n for n in range(reach, 0, -1) if text[-n:] in self._beginnings), 0)

    def json(self, text: str) -> str:
        """Return canonical JSON whose strings hold no secret; the same text when none did."""
        if not self._may_hold(text):
            return text
        value = json.loads(text)
        clean = self._cleaned(value)
        if clean == value:
            return text
        return json.dumps(
            clean, sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False
        )

    def _may_hold(self, text: str) -> bool:
        """Tell whether a closer look is needed; what is escaped is spelled in unknown ways."""
        return "\\" in text or any(value in text for value in self._values) or _is_suspect(text)

    def _cleaned(self, value: object) -> object:
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, list):
            return [self._cleaned(item) for item in value]
        if isinstance(value, dict):
            return {self.text(key): self._field(key, item) for key, item in value.items()}
        return value

    def _field(self, name: str, value: object) -> object:
        """Return a member's value: one that is named a secret is one, unless it is a plain word.

        What stands in a list goes by the name of the list.
        """
        if isinstance(value, list):
            return [self._field(name, item) for item in value]
        if isinstance(value, str) and len(value) >= SHORTEST and _NAMED.search(name):
            return self.text(value) if _is_harmless(name, value) else REDACTED
        return self._cleaned(value)


class Passage:
    """Takes configured values out of a text that comes in pieces, wherever the cuts fall.

    What may begin one is kept back until the next piece decides it.
    """

    def __init__(self, redactor: Redactor) -> None:
        """Keep what knows the values."""
        self._redactor, self._kept = redactor, ""

    def fed(self, piece: str) -> str:
        """Return what can be told by now."""
        text = self._redactor.known(self._kept + piece)
        kept = self._redactor.begun(text)
        self._kept = text[len(text) - kept :]
        return text[: len(text) - kept]

    def ended(self) -> str:
        """Return the rest."""
        rest, self._kept = self._kept, ""
        return rest


def secrets_of_environment(environment: Mapping[str, str]) -> frozenset[str]:
    """Return the values of variables named like secrets, and passwords inside addresses."""
    named = {value for name, value in environment.items() if _is_named(name, value)}
    inside = {word for value in environment.values() for word in _password(value)}
    return frozenset(named | inside)


def secrets_of_server(
    *,
    env: Mapping[str, str],
    headers: Mapping[str, str],
    url: str | None,
    args: Sequence[str] = (),
) -> frozenset[str]:
    """Return what a configured server is given that nobody else should read.

    That is every header and variable named like a secret, and every value of another header, and
    every long one of another variable or argument, that is not words, a number, a date, a path or
    an address.
    """
    said = (word for argument in args for word in (argument, argument.partition("=")[2]))
    given = {value for name, value in env.items() if _is_named(name, value)}
    given |= {
        value
        for value in (*env.values(), *said)
        if len(value) >= RANDOM and not _PLAIN.fullmatch(value)
    }
    sent = {
        word
        for name, value in headers.items()
        if name.lower() not in _HARMLESS and _is_sent_secret(name, value)
        for word in (value, value.partition(" ")[2])
    }
    inside = {word for value in (url or "", *args, *env.values()) for word in _password(value)}
    return frozenset(given | sent | inside)


def _is_suspect(text: str) -> bool:
    lowered = text.lower()
    return any(word in lowered for word in _SUSPECT)


def _is_harmless(name: str, value: str) -> bool:
    """Tell whether a value under a secret's name is none: words, figures, a path or an address."""
    if _SPOKEN.search(name):
        return False
    return bool(_WORDS.fullmatch(value) or _PATH.fullmatch(value))


def _is_sent_secret(header: str, value: str) -> bool:
    return _NAMED.search(header) is not None or _PLAIN.fullmatch(value) is None


def _is_named(name: str, value: str) -> bool:
    return _NAMED.search(name) is not None and _FIGURES.fullmatch(value) is None


def _password(value: str) -> Iterator[str]:
    """Yield the password and the secret parameters of an address."""
    if "://" not in value:
        return
    try:
        parts = urlsplit(value)
        password = parts.password
    except ValueError:
        return
    if password:
        yield password
    for parameter in parts.query.split("&"):
        name, _, said = parameter.partition("=")
        if said and _NAMED.search(name):
            yield said


def _spelled(value: str) -> Iterator[str]:
    """Yield the ways a value is written: as it is, in JSON, in an address, in base64."""
    yield value
    yield json.dumps(value)[1:-1]
    yield json.dumps(value, ensure_ascii=False)[1:-1]
    yield quote(value, safe="")
    yield b64encode(value.encode()).decode().rstrip("=")
