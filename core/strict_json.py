"""Decides which bytes are strict JSON (RFC 8259 without its leniencies), whoever sent them.

What a document means, and whose fault an unreadable one is, is the reader's to say.
"""

import json
import math
import re
from typing import Final

_SURROGATE: Final = re.compile(rb"\\u[dD][89a-fA-F]")


class UnreadableError(ValueError):
    """Bytes that are not strict JSON."""


def strict_json(raw: bytes) -> object:
    """Return what the bytes say.

    Raises:
        UnreadableError: not UTF-8 or not JSON, a lone surrogate, a repeated key, a number that is
            not finite or has thousands of digits, nesting too deep to read.
    """
    try:
        value: object = json.loads(
            raw.decode(),
            object_pairs_hook=_distinct,
            parse_float=_finite,
            parse_constant=_finite,
        )
        if _SURROGATE.search(raw):
            json.dumps(value, ensure_ascii=False).encode()
    except (ValueError, RecursionError) as error:
        raise UnreadableError("not strict JSON") from error
    return value


def _distinct(pairs: list[tuple[str, object]]) -> dict[str, object]:
    made = dict(pairs)
    if len(made) != len(pairs):
        raise ValueError("a key is there twice")
    return made


def _finite(text: str) -> float:
    value = float(text)
    if not math.isfinite(value):
        raise ValueError("a number is not finite")
    return value
