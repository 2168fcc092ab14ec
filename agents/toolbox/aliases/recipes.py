"""Makes rows of our records from closed rows; what a row cannot hold is None, never made up."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from agents.toolbox.alias_map import AS_OF, AliasMap, Constant, ToolAlias
from agents.toolbox.aliases.closed_rows import ClosedAnswer, Value
from agents.toolbox.freshness import finished_session, local_day
from core.price_measures import Bar, bar_measures
from core.records.universe import Universe

Cell = object
Row = dict[str, Cell]
TOP_NAMES: Final = 5


@dataclass(frozen=True, slots=True)
class Making:
    """What a recipe works on; `symbols` are those called for, one answer each, else empty."""

    alias_map: AliasMap
    alias: ToolAlias
    universe: Universe
    as_of: date
    answers: tuple[ClosedAnswer, ...]
    symbols: tuple[str, ...] = ()

    def held(self, row: Mapping[str, Cell]) -> Row:
        """Return the row with its constants, the sector of its symbol, and what goes by a value."""
        found: Row = {name: self.constant(value) for name, value in self.alias.constants.items()}
        found |= row
        symbol = found.get("symbol")
        if "sector" not in found and isinstance(symbol, str):
            found["sector"] = self.alias_map.symbols.get(symbol)
        for name, by_value in self.alias.per.items():
            chosen = by_value.get(str(found.get(name)), {})
            found |= {key: self.constant(value) for key, value in chosen.items()}
        return found

    def constant(self, value: Constant) -> Cell:
        """Return a constant, or the date it stands for."""
        return self.as_of.isoformat() if value == AS_OF else value

    @property
    def rows(self) -> list[dict[str, Value]]:
        """All answers' closed rows, in order."""
        return [row for answer in self.answers for row in answer.rows]


def plain_rows(making: Making) -> list[Row]:
    """Return a row for a row; in answers asked for by symbol it is of that symbol."""
    found: list[Row] = []
    for place, answer in enumerate(making.answers):
        own: Row = {"symbol": making.symbols[place]} if making.symbols else {}
        found += [making.held({**row, **own}) for row in answer.rows]
    return found


def line_rows(making: Making) -> list[Row]:
    """Return a row for each declared line a closed row holds."""
    return [
        row | {"line": line, "value_bn": row[line]}
        for row in plain_rows(making)
        for line in making.alias.lines
        if line in row
    ]


def series_rows(making: Making) -> list[Row]:
    """Return one row an answer of dated closes: its returns, volatility and volume.

    The last price of a session that was running when it was fetched is no close.
    """
    found: list[Row] = []
    for place, answer in enumerate(making.answers):
        bars = [bar for bar in map(_bar, answer.rows) if bar and _closed(making, answer, bar.day)]
        own: Row = {"symbol": making.symbols[place]} if making.symbols else {}
        if bars:
            found.append(making.held({**bar_measures(bars), **own}))
    return found


def _closed(making: Making, answer: ClosedAnswer, day: date) -> bool:
    fetched = local_day(making.universe, answer.fetched_at)
    if day > making.as_of or day > fetched:
        return False
    known = finished_session(making.universe, answer.fetched_at, said=day)
    return day < fetched or known is not None


def event_rows(making: Making) -> list[Row]:
    """Return by sector how many of its mapped stocks are listed, of how many, and which way.

    The way is known when every listed stock's change is; a sector without a listed stock has no
    row, since a list may be cut.
    """
    mapped = making.alias_map.symbols
    listed: dict[str, list[dict[str, Value]]] = {}
    for row in making.rows:
        if (sector := mapped.get(str(row.get("symbol")))) is not None:
            listed.setdefault(sector, []).append(row)
    return [
        making.held(_events(sector, listed[sector], list(mapped.values()).count(sector)))
        for sector in making.universe.sector_ids
        if sector in listed
    ]


def _events(sector: str, rows: list[dict[str, Value]], watched: int) -> Row:
    latest = {str(row["symbol"]): row for row in rows}
    order = sorted(latest, key=lambda name: (-_float(latest[name].get("ratio_x"), 0.0), name))
    changes = [row.get("change_pct") for row in latest.values()]
    signs = [(value > 0) - (value < 0) for value in changes if isinstance(value, float)]
    known = len(signs) == len(changes)
    return {
        "sector": sector,
        "events_count": len(latest),
        "watched_count": watched,
        "signed_pct": 100.0 * sum(signs) / watched if known else None,
        "top": order[:TOP_NAMES],
    }


def _bar(row: dict[str, Value]) -> Bar | None:
    day, close = row.get("date"), row.get("close")
    if not isinstance(day, str) or not isinstance(close, float) or close <= 0.0:
        return None
    return Bar(
        date.fromisoformat(day),
        close,
        _optional(row.get("volume")),
        _optional(row.get("value_bn")),
    )


def _optional(value: Value | None) -> float | None:
    return value if isinstance(value, float) else None


def _float(value: Value | None, otherwise: float) -> float:
    return value if isinstance(value, float) else otherwise
