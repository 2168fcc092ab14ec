"""Decides which instruments have prices and where: by symbol, a panel and a column of it."""

from dataclasses import dataclass, fields
from functools import lru_cache

import pandas as pd

from core.panel import MarketPanels, PricePanel
from core.plain_text import plain_line

Places = dict[str, tuple[PricePanel, str]]
"""By symbol: the panel with its prices, and its column there."""
NAME_CHARS = 120
EXCHANGE_CHARS = 32
KEPT_TEXTS = 16_384
"""Texts made plain once: a market's names, exchanges and industries, several markets of them."""


def stock_places(panels: MarketPanels) -> Places:
    """Return the stocks that have had a close, members or not."""
    return {} if panels.stocks is None else _places(panels.stocks, {})


def series_places(panels: MarketPanels) -> Places:
    """Return the series of sectors and benchmarks that have had a close, by ticker.

    Baskets of members have no ticker anybody quotes, and are none.
    """
    universe = panels.universe
    marks = {mark.ticker: mark.id for mark in universe.benchmarks if mark.ticker is not None}
    found = _places(panels.benchmark, marks) if marks else {}
    if universe.built_from_members:
        return found
    return found | _places(panels.sectors, {row.ticker: row.id for row in universe.sectors})


def prices_of(places: Places, names: list[str]) -> PricePanel:
    """Return the prices of these symbols side by side, one column each, in this order."""
    parts = [
        {name: getattr(places[name][0], field.name)[places[name][1]] for name in names}
        for field in fields(PricePanel)
    ]
    return PricePanel(*(pd.DataFrame(part) for part in parts))


@dataclass(frozen=True, slots=True)
class Listing:
    """What the members file tells of a symbol; None where it tells nothing."""

    sector: str
    name: str | None
    exchange: str | None
    industry: str | None


def listings(panels: MarketPanels) -> dict[str, Listing]:
    """Return the members at the panels' end, by symbol, texts as lines that lead nowhere."""
    if panels.members is None:
        return {}
    rows = panels.members.rows
    rows = rows[rows["end"].isna()].sort_values(["symbol", "start"], kind="stable")
    told = rows.reindex(columns=["symbol", "sector", "name", "exchange", "industry"])
    return {
        str(symbol): Listing(
            str(sector),
            _line(name, NAME_CHARS),
            _line(exchange, EXCHANGE_CHARS),
            _line(industry, NAME_CHARS),
        )
        for symbol, sector, name, exchange, industry in told.itertuples(index=False)
    }


def _line(cell: object, chars: int) -> str | None:
    """Return what is left of a cell whoever wrote the file wrote; None if nothing is."""
    return _plain(cell, chars) or None if isinstance(cell, str) else None


@lru_cache(maxsize=KEPT_TEXTS)
def _plain(text: str, chars: int) -> str:
    return plain_line(text, chars)


def _places(panel: PricePanel, names: dict[str, str]) -> Places:
    """Return the columns that have had a close; `names` maps symbols to columns, if not alike."""
    known = [str(name) for name in panel.closes.columns[panel.closes.notna().any()]]
    of_symbol = names or dict(zip(known, known, strict=True))
    return {symbol: (panel, name) for symbol, name in of_symbol.items() if name in known}
