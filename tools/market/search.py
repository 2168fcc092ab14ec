"""Decides which instruments a name means: by symbol, name or alias, accents folded."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from functools import partial
from typing import Final

from core.errors import CallerError
from core.language.words.fold import phrase_key
from core.panel import MarketPanels
from core.records.instruments import InstrumentKind, InstrumentRow, InstrumentsResult
from tools.context import ToolContext
from tools.measures.instruments import listings, series_places, stock_places

TOOL: Final = "search_instruments"
LIMIT: Final = 10
NEAR_NAMES: Final = 3
KINDS: Final[tuple[InstrumentKind, ...]] = ("sector", "benchmark", "stock", "other")
SAME, SYMBOL_BEGINS, WORDS_BEGIN = range(3)
"""How well a name fits: is it, begins the symbol, or begins its words; smaller is better."""

Words = tuple[str, ...]


def instruments_named(
    context: ToolContext,
    *,
    query: str,
    region: str | None = None,
    limit: int = LIMIT,
    as_of: date | None = None,
) -> InstrumentsResult:
    """Return what a name may mean, best first: sectors, benchmarks, members, other priced symbols.

    Without a region, a symbol that is a member of one universe only decides it.

    Raises:
        CallerError: the query holds no letter or digit, or nothing goes by it; the message names
            what is near.
    """
    wanted = phrase_key(query)
    if not wanted:
        raise CallerError(f"query {query!r}: write a symbol or a name in letters or digits")
    scope = context.scope(region or context.universe_of((query.strip().upper(),)), as_of)
    answer = partial(InstrumentsResult, query=query)
    if scope.panels is None:
        return answer(**scope.envelope(TOOL))
    fits = [(_fit(one, wanted), one) for one in _candidates(scope.panels)]
    found = [(fit, one) for fit, one in fits if fit is not None]
    found.sort(key=lambda pair: (pair[0], KINDS.index(pair[1].row.kind), pair[1].row.symbol or ""))
    if not found:
        raise CallerError(_nothing(scope.universe.id, query, [one for _, one in fits]))
    return answer(
        **scope.envelope(TOOL, ("prices", "members"), known_at=scope.panels.last),
        found_count=len(found),
        rows=tuple(one.row for _, one in found[:limit]),
    )


@dataclass(frozen=True, slots=True)
class _Candidate:
    """An instrument, and the folded names it goes by."""

    row: InstrumentRow
    names: tuple[Words, ...]


def _fit(one: _Candidate, wanted: Words) -> int | None:
    """Return how well the name fits, None where it does not."""
    symbol = phrase_key(one.row.symbol or "")
    if wanted == symbol or wanted in one.names:
        return SAME
    if "".join(symbol).startswith("".join(wanted)):
        return SYMBOL_BEGINS
    begun = any(all(_begins(word, name) for word in wanted) for name in one.names)
    return WORDS_BEGIN if begun else None


def _begins(word: str, name: Words) -> bool:
    return any(part.startswith(word) for part in name)


def _nothing(universe: str, query: str, candidates: list["_Candidate"]) -> str:
    """Return the sentence of an empty search, with the nearest names there are."""
    shown = {" ".join(key): one.row.name for one in candidates for key in one.names}
    shown |= {" ".join(phrase_key(s)): s for one in candidates if (s := one.row.symbol)}
    near = get_close_matches(" ".join(phrase_key(query)), sorted(shown), NEAR_NAMES)
    names = ", ".join(dict.fromkeys(str(shown[name]) for name in near))
    hint = f"did you mean {names}?" if names else "list_universes names the other markets"
    return f"{universe} has nothing called {query!r}: {hint}"


def _candidates(panels: MarketPanels) -> Iterator[_Candidate]:
    series, stocks = series_places(panels), stock_places(panels)
    universe = panels.universe
    for sector in universe.sectors:
        priced = bool(panels.sectors.closes[sector.id].notna().any())
        row = InstrumentRow(
            kind="sector", symbol=sector.ticker, name=sector.name_en, sector=sector.id,
            priced=priced,
        )  # fmt: skip
        names = (sector.id, sector.name_en, sector.name_vi, sector.code or "", *sector.aliases)
        yield _candidate(row, names)
    for mark in universe.benchmarks:
        level = panels.benchmark.closes.get(mark.id)
        row = InstrumentRow(
            kind="benchmark", symbol=mark.ticker, name=mark.name_en, benchmark=mark.id,
            priced=level is not None and bool(level.notna().any()),
        )  # fmt: skip
        yield _candidate(row, (mark.id, mark.name_en, mark.name_vi))
    listed = listings(panels)
    for symbol in sorted({*listed, *stocks} - set(series)):
        told = listed.get(symbol)
        row = InstrumentRow(
            kind="other" if told is None else "stock",
            symbol=symbol,
            name=None if told is None else told.name,
            sector=None if told is None else told.sector,
            exchange=None if told is None else told.exchange,
            priced=symbol in stocks,
        )
        yield _candidate(row, (row.name or "",))


def _candidate(row: InstrumentRow, names: tuple[str, ...]) -> _Candidate:
    return _Candidate(row, tuple(key for key in map(phrase_key, names) if key))
