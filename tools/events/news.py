"""Decides what get_news prints: imported headlines, for a person to read and for nothing else.

Nothing computed, planned or reported reads them; each line is made plain again when it is served.
"""

from collections.abc import Hashable
from datetime import date, timedelta
from typing import Final

import pandas as pd

from core.errors import CallerError
from core.panel import MarketPanels
from core.plain_text import plain_line
from core.records.events import PUBLISHER_CHARS, TITLE_CHARS, NewsResult, NewsRow
from tools.context import ToolContext
from tools.measures.common import number, sector_of_member
from tools.scope import Scope

TOOL: Final = "get_news"
SPAN: Final = timedelta(days=30)
ROWS_MAX: Final = 20


def news(
    context: ToolContext,
    *,
    sector: str | None = None,
    symbol: str | None = None,
    since: date | None = None,
    limit: int = 10,
    region: str | None = None,
    as_of: date | None = None,
) -> NewsResult:
    """Return the newest headlines known at as_of: of a sector and its members, a stock, or all.

    Raises:
        CallerError: a sector and a symbol, one of them unknown, or a span that ends before it
            begins.
    """
    if sector is not None and symbol is not None:
        raise CallerError("name a sector or a symbol, not both")
    scope = context.scope(region, as_of)
    start = scope.since(since, SPAN)
    if scope.panels is None:
        return NewsResult(**scope.envelope(TOOL), since=start)
    sector_of = sector_of_member(scope.panels)
    subjects = _subjects(scope, scope.panels, sector_of, sector, symbol)
    rows = context.store.read(scope.universe.id, "news", as_of=scope.as_of)
    if rows.empty:
        return NewsResult(**scope.absent(TOOL, "no_data", "news"), since=start)
    end = pd.Timestamp(scope.as_of) + pd.Timedelta(days=1)
    mine = rows[(rows["period"] >= pd.Timestamp(start)) & (rows["period"] < end)]
    if subjects is not None:
        mine = mine[mine["subject"].isin(list(subjects))]
    newest = mine.sort_values(
        ["period", "known_at", "subject", "title"], ascending=[False, False, True, True]
    ).iloc[: max(min(limit, ROWS_MAX), 1)]
    told = tuple(_row(row, scope, sector_of) for row in newest.to_dict("records"))
    return NewsResult(
        **scope.envelope(TOOL, ("news",), known_at=rows["known_at"].max().date()),
        since=start,
        rows=told,
    )


def _subjects(
    scope: Scope,
    panels: MarketPanels,
    sector_of: dict[str, str],
    sector: str | None,
    symbol: str | None,
) -> frozenset[str] | None:
    """Return the stored subjects asked for, None for all.

    Raises:
        CallerError: the universe has no such sector, or neither member nor price of the symbol.
    """
    if symbol is not None:
        name = symbol.strip().upper()
        stocks = () if panels.stocks is None else panels.stocks.closes.columns
        if name not in sector_of and name not in stocks:
            raise CallerError(f"{scope.universe.id} has no stock {symbol!r}")
        return frozenset({name})
    if sector is None:
        return None
    wanted = {one.id for one in scope.sectors(sector)}
    return frozenset(wanted | {name for name, home in sector_of.items() if home in wanted})


def _row(row: dict[Hashable, object], scope: Scope, sector_of: dict[str, str]) -> NewsRow:
    subject, period, released = str(row["subject"]), row["period"], row["known_at"]
    if not isinstance(period, pd.Timestamp) or not isinstance(released, pd.Timestamp):
        raise TypeError(f"news of {subject}: dates must be timestamps")
    own = subject in scope.universe.sector_ids
    return NewsRow(
        sector=subject if own else sector_of.get(subject),
        symbol=None if own else subject,
        period=period.date(),
        released=released.date(),
        title=plain_line(str(row["title"]), TITLE_CHARS),
        publisher=plain_line(str(row["publisher"]), PUBLISHER_CHARS) or None,
        tone_index=number(row["tone"]),
        flags=("assumed_known_at",) if row["assumed"] else (),
    )
