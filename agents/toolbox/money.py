"""Decides whether an answer's money can be in the universe's unit; the limits are in money.toml.

What single fields may be is `bounds`; here a market's session is held against all on record.
"""

import tomllib
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from math import fsum
from typing import Final

from core.records.result import ToolResult

SESSIONS_OF: Final = {"traded_20d_bn": 20, "foreign_net_20d_bn": 20}
"""Sessions a measure is the sum of; of others the row says."""
MEASURES: Final = ("net_bn", "buy_bn", "sell_bn", "traded_bn", *SESSIONS_OF)
SEVERAL: Final = 4
"""Rows of a whole market from which their sum is held against the least."""


def wrong_unit(result: ToolResult, *, whole_market: bool) -> str | None:
    """Return the measure whose rows together are no market's money; None when all may be.

    Args:
        result: whose rows are looked at.
        whole_market: it was asked of the whole market; a sector's small names may trade less
            than the least.
    """
    limits = _limits().get(result.currency)
    if limits is None:
        return None
    for measure in MEASURES:
        found = [abs(value) for value in _per_session(result, measure)]
        total = fsum(found)
        least = limits["least"] if whole_market and len(found) >= SEVERAL else 0.0
        if total > limits["most"] or 0.0 < total < least:
            return measure
    return None


def _per_session(result: ToolResult, measure: str) -> Iterator[float]:
    for row in getattr(result, "rows", ()):
        value = getattr(row, measure, None)
        sessions = SESSIONS_OF.get(measure) or getattr(row, "sessions", None)
        if isinstance(value, float) and isinstance(sessions, int):
            yield value / sessions


@cache
def _limits() -> dict[str, dict[str, float]]:
    text = files("agents.toolbox").joinpath("money.toml").read_text(encoding="utf-8")
    return {name: dict(table) for name, table in tomllib.loads(text).items()}
