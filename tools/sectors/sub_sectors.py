"""Decides what get_sub_sectors prints: the parts of a market, of a group, or of one sector.

Sectors are parts by the universe's own groups; industries by what the members file tells, and no
other way.
"""

from dataclasses import fields
from datetime import date
from functools import partial
from typing import Final

import pandas as pd

from core.language.words.fold import phrase_key
from core.markets.basket import REACH_SESSIONS, sector_baskets
from core.panel import MarketPanels, PricePanel, Table
from core.price_measures import MONTH, QUARTER, WEEK, YEAR, returns_pct
from core.records.sector_readings import PartRow, PartsResult
from core.records.universe import Sector
from core.signals.membership import PRICED_SESSIONS, members_at_end
from tools.context import ToolContext
from tools.measures.common import number, thin_flags
from tools.measures.instruments import listings

TOOL: Final = "get_sub_sectors"
TICKER_CHARS: Final = 32
PART_CHARS: Final = 64


def sub_sectors(
    context: ToolContext,
    *,
    sector: str | None = None,
    region: str | None = None,
    as_of: date | None = None,
) -> PartsResult:
    """Return the sectors of a market or group, or the industries of one sector, by return.

    Raises:
        CallerError: the universe has no such sector or group.
    """
    scope = context.scope(region, as_of)
    wanted = scope.sectors(sector)
    whole = wanted[0].id if len(wanted) == 1 else (sector or "all").strip().lower()
    answer = partial(PartsResult, whole=whole, benchmark=scope.universe.benchmark.id)
    if scope.panels is None:
        return answer(**scope.envelope(TOOL))
    rows = (
        _industries(scope.panels, wanted[0]) if len(wanted) == 1 else _sectors(scope.panels, wanted)
    )
    if not rows:
        return answer(**scope.absent(TOOL, "not_covered", "members"))
    return answer(
        **scope.envelope(TOOL, ("prices", "members"), known_at=scope.panels.last), rows=rows
    )


def _sectors(panels: MarketPanels, sectors: tuple[Sector, ...]) -> tuple[PartRow, ...]:
    counts = {} if panels.members is None else members_at_end(panels)
    closes = panels.sectors.closes[[row.id for row in sectors]]
    return _rows(panels, "sector", sectors, closes=closes, counts=counts)


def _industries(panels: MarketPanels, sector: Sector) -> tuple[PartRow, ...]:
    """Return the industries as baskets of members, weighted as the sectors' own are.

    Who is in an industry is known for today's members only, so are its past returns.
    """
    if panels.stocks is None:
        return ()
    priced = panels.stocks.closes.iloc[-PRICED_SESSIONS:].notna().any()
    told = {
        symbol: row.industry
        for symbol, row in listings(panels).items()
        if row.sector == sector.id and row.industry and bool(priced.get(symbol, False))
    }
    if not told:
        return ()
    names = {_part(name): name for name in sorted(set(told.values()))}
    parts = tuple(
        Sector(id=part, ticker=part[:TICKER_CHARS], name_en=name, name_vi=name)
        for part, name in names.items()
    )
    members = pd.DataFrame(
        {
            "symbol": list(told),
            "sector": [_part(name) for name in told.values()],
            "start": panels.stocks.closes.index[0],
            "end": pd.Series(pd.NaT, range(len(told)), dtype="datetime64[us]"),
        }
    )
    recent = _recent(panels.stocks, list(told))
    alone = panels.universe.model_copy(update={"sectors": parts})
    baskets = sector_baskets(recent, Table("members", members), alone)
    counts = {str(part): int(n) for part, n in members["sector"].value_counts().items()}
    closes = baskets.sectors.closes
    return _rows(panels, "industry", parts, closes=closes, counts=counts)


def _part(name: str) -> str:
    """Return an industry's name in plain letters and hyphens, as an id."""
    words = "".join(char if char.isalnum() else " " for char in " ".join(phrase_key(name)))
    return "-".join(words.split())[:PART_CHARS].strip("-") or "unnamed"


def _recent(stocks: PricePanel, symbols: list[str]) -> PricePanel:
    """Return the sessions a year's return and its first weights are made from."""
    reach = YEAR + 1 + REACH_SESSIONS
    return PricePanel(
        *(getattr(stocks, field.name)[symbols].iloc[-reach:] for field in fields(PricePanel))
    )


def _rows(
    panels: MarketPanels,
    kind: str,
    parts: tuple[Sector, ...],
    *,
    closes: pd.DataFrame,
    counts: dict[str, int],
) -> tuple[PartRow, ...]:
    windows = {"1w": WEEK, "1m": MONTH, "3m": QUARTER, "12m": YEAR}
    table = pd.DataFrame(
        {f"return_{name}_pct": returns_pct(closes, n) for name, n in windows.items()}
    )
    level = panels.benchmark.closes[[panels.universe.benchmark.id]]
    table["excess_3m_pct"] = table["return_3m_pct"] - returns_pct(level, QUARTER).iloc[0]
    rows = [
        PartRow.model_validate(
            {
                "part": part.id,
                "kind": kind,
                "name_en": part.name_en,
                "name_vi": part.name_vi,
                "members_count": counts.get(part.id),
                "flags": thin_flags(counts.get(part.id, 0), panels.universe) if counts else (),
                **{name: number(table.at[part.id, name]) for name in table},
            }
        )
        for part in parts
    ]
    known = [row for row in rows if row.return_3m_pct is not None]
    known.sort(key=lambda row: -(row.return_3m_pct or 0.0))
    return (*known, *(row for row in rows if row.return_3m_pct is None))
