"""Decides how a recorded answer is changed for a fault; never how the product takes it.

missing: the tool has no data. stale: everything it dates is six weeks older. contradictory: what it
says of the strongest sector it says of the weakest, and so on inwards, so that it speaks against
every other tool about the same sectors; of one sector, or of the whole market, who bought has sold.
rate_limited and hung: there is no answer, and why is what the toolbox records of such a call.
"""

import re
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Final, assert_never

from pydantic import JsonValue

from agents.toolbox.calls import Outcome, RecordedCall, canonical
from core.gaps import actor_of
from evals.records import Fault

STALE: Final = timedelta(weeks=6)
"""Older than any answer may be (`agents.toolbox.gate.STALE`), and whole weeks."""
_OF_THE_FILES: Final = "sources"
"""What is stored does not change with the day it is asked about."""

_SAID_OF_SECTORS: Final = frozenset({"rows", "factors", "paths", "missing"})
"""What an answer says of sectors; their weights in the benchmark are no opinion."""
_SIGNED: Final = re.compile("(^|_)(net|intensity|streak)_")
"""Which measures of trading tell by their sign who bought."""
_SIDES: Final = (("buying", "selling"), ("buy_bn", "sell_bn"), ("top_buys", "top_sells"))
_OTHER_SIDE: Final = dict(_SIDES) | {sold: bought for bought, sold in _SIDES}

Fields = Mapping[str, JsonValue]


def changed(call: RecordedCall, fault: Fault) -> Outcome:
    """Return what the call brings under the fault; a call that failed already stays failed."""
    answer = call.answer
    if not isinstance(answer, dict):
        return call.outcome()
    match fault.kind:
        case "missing":
            return _told(_emptied(answer))
        case "stale":
            kept = {name: answer[name] for name in (_OF_THE_FILES,) if name in answer}
            return _told({**_older(answer), **kept})
        case "contradictory":
            return _told(_contrary(answer))
        case "rate_limited":
            return Outcome(failed="quota_spent")
        case "hung":
            return Outcome(failed="timeout")
    assert_never(fault.kind)


def _told(answer: Fields) -> Outcome:
    return Outcome(text=canonical(dict(answer)))


def _emptied(answer: Fields) -> Fields:
    """Return the answer's envelope with a gap for what it held."""
    bare: dict[str, JsonValue] = {
        name: [] if isinstance(value, list) else value for name, value in answer.items()
    }
    gap: JsonValue = {"reason": "no_data", "actor": actor_of("no_data"), "dataset": None}
    return {**bare, "gap": gap, "known_at": None}


def _older(answer: Fields) -> dict[str, JsonValue]:
    return {name: _replaced(value, _earlier) for name, value in answer.items()}


def _earlier(name: str, value: str) -> str:
    del name
    try:
        return (date.fromisoformat(value) - STALE).isoformat() if len(value) == 10 else value
    except ValueError:
        return value


def _contrary(answer: Fields) -> Fields:
    rows = _rows(answer, "rows")
    if len({row.get("sector") for row in rows}) != 1:
        return _reversed(answer)
    traded: list[JsonValue] = [_traded_back(row) for row in rows]
    return {**answer, "rows": traded}


def _traded_back(row: Fields) -> JsonValue:
    """Return a row where buyers and sellers are the others; unchanged where it tells of none."""
    return {
        _OTHER_SIDE.get(name, name): -value
        if isinstance(value, int | float) and _SIGNED.search(name)
        else _OTHER_SIDE.get(value, value)
        if isinstance(value, str)
        else value
        for name, value in row.items()
    }


def _reversed(answer: Fields) -> Fields:
    """Return the answer with the names of its sectors, and of their funds, in opposite order."""
    rows = _rows(answer, "rows") or _rows(answer, "factors")
    opposite = _opposites(rows, "sector") | _opposites(rows, "ticker")

    def renamed(name: str, value: str) -> str:
        return opposite.get(value, value) if name in {"sector", "ticker", "subject"} else value

    return {
        name: _replaced(value, renamed) if name in _SAID_OF_SECTORS else value
        for name, value in answer.items()
    }


def _rows(answer: Fields, name: str) -> list[dict[str, JsonValue]]:
    rows = answer.get(name)
    return [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []


def _opposites(rows: list[dict[str, JsonValue]], name: str) -> dict[str, str]:
    """Return each name's counterpart, by the rows' first measure that has both signs."""
    measure = _measure(rows)
    named: dict[str, tuple[float, int]] = {}
    for place, row in enumerate(rows):
        value, said = row.get(measure), row.get(name)
        if isinstance(said, str):
            named.setdefault(said, (value if isinstance(value, float) else 0.0, place))
    order = sorted(named, key=lambda one: named[one])
    return dict(zip(order, reversed(order), strict=True))


def _measure(rows: list[dict[str, JsonValue]]) -> str:
    for name in rows[0] if rows else ():
        values = [value for row in rows if isinstance(value := row.get(name), float)]
        if values and min(values) < 0.0 < max(values):
            return name
    return ""


def _replaced(value: JsonValue, change: Callable[[str, str], str], name: str = "") -> JsonValue:
    """Return the value with every text in it changed, told the field it stands in."""
    if isinstance(value, str):
        return change(name, value)
    if isinstance(value, list):
        return [_replaced(item, change, name) for item in value]
    if isinstance(value, dict):
        return {key: _replaced(item, change, key) for key, item in value.items()}
    return value
