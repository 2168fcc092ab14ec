"""Decides what get_whale_activity prints: volume spikes, negotiated blocks, managers' filings.

It counts what is unusual for the stock itself and never says who traded.
"""

from dataclasses import dataclass, fields
from datetime import date

import pandas as pd

from core.panel import MarketPanels, PricePanel
from core.records.payloads import WhaleResult, WhaleRow
from core.records.plan import Period
from core.records.record import Symbol
from core.records.result import Dataset
from core.signals.trailing import CARRY_SESSIONS
from core.signals.whales import WINDOW_SESSIONS, volume_events
from tools.context import ToolContext
from tools.measures.blocks import BASE_SESSIONS, blocks
from tools.measures.common import (
    SESSIONS_OF_PERIOD,
    exact_total,
    listed,
    sector_of_member,
    thin_flags,
)
from tools.measures.filings import filing_rows
from tools.measures.flow_readings import known_total
from tools.scope import uncovered

TOOL = "get_whale_activity"
TOP_NAMES = 5


def whale_activity(
    context: ToolContext,
    *,
    region: str | None = None,
    period: Period = "1M",
    as_of: date | None = None,
) -> WhaleResult:
    """Return unusual activity by sector, one row a kind that the data can show."""
    scope = context.scope(region, as_of)
    if scope.panels is None:
        return WhaleResult(**scope.envelope(TOOL))
    panels = scope.panels
    watch = _watch(panels, SESSIONS_OF_PERIOD[period])
    rows = [*_spikes(watch), *_put_throughs(watch), *filing_rows(panels)]
    if not rows:
        return WhaleResult(**scope.absent(TOOL, "no_data", "prices"))
    datasets: tuple[Dataset, ...] = ("prices", "members", "positions")
    seen = {row.sector for row in rows}
    unseen = [name for name in scope.universe.sector_ids if name not in seen]
    return WhaleResult(
        **scope.envelope(TOOL, datasets, known_at=max(row.released for row in rows)),
        rows=tuple(rows),
        missing=uncovered(unseen, "events_count"),
        factors=context.factors(scope, ("whales",)),
    )


@dataclass(frozen=True, slots=True)
class _Watch:
    """What is watched: prices of stocks, or of the sector series where no member has prices."""

    panels: MarketPanels
    prices: PricePanel
    symbols_of: dict[str, list[str]]
    n_sessions: int


def _watch(panels: MarketPanels, n_sessions: int) -> _Watch:
    by_stock = _symbols_of(panels.stocks, sector_of_member(panels), panels.universe.sector_ids)
    if panels.stocks is not None and by_stock:
        return _Watch(panels, panels.stocks, by_stock, n_sessions)
    itself = {name: name for name in panels.universe.sector_ids}
    by_series = _symbols_of(panels.sectors, itself, panels.universe.sector_ids)
    return _Watch(panels, panels.sectors, by_series, n_sessions)


def _symbols_of(
    prices: PricePanel | None, sector_of: dict[str, str], sectors: tuple[str, ...]
) -> dict[str, list[str]]:
    """Return the listed symbols of each sector that has any."""
    names = [] if prices is None else listed(prices)
    found = {sector: [n for n in names if sector_of.get(n) == sector] for sector in sectors}
    return {sector: symbols for sector, symbols in found.items() if symbols}


def _spikes(watch: _Watch) -> list[WhaleRow]:
    panels, prices, n_sessions = watch.panels, watch.prices, watch.n_sessions
    watched, spike, signs, multiple = recent_spikes(prices, n_sessions)
    rows: list[WhaleRow] = []
    for sector, symbols in watch.symbols_of.items():
        count = int(watched[symbols].to_numpy().sum())
        if not count:
            continue
        signed = exact_total(signs[symbols])
        largest = multiple[symbols].where(spike[symbols]).max().dropna()
        rows.append(
            WhaleRow(
                sector=sector,
                kind="volume_spike",
                sessions=len(spike),
                period=panels.last,
                released=panels.last,
                events_count=int(spike[symbols].to_numpy().sum()),
                watched_count=count,
                signed_pct=100.0 * signed / count,
                value_bn=known_total(
                    prices.values.iloc[-n_sessions:][symbols].where(spike[symbols])
                ),
                top=_top(panels, largest),
                flags=thin_flags(len(symbols), panels.universe),
            )
        )
    return rows


def recent_spikes(prices: PricePanel, n_sessions: int) -> tuple[pd.DataFrame, ...]:
    """Return the last sessions of the core's volume events: watched, event, signs, multiple."""
    reach = n_sessions + WINDOW_SESSIONS + CARRY_SESSIONS + 1
    recent = PricePanel(
        *(getattr(prices, field.name).iloc[-reach:] for field in fields(PricePanel))
    )
    events, closes = volume_events(recent), recent.closes
    return tuple(
        pd.DataFrame(part, index=closes.index, columns=closes.columns).iloc[-n_sessions:]
        for part in (events.watched, events.event, events.signs, events.multiple)
    )


def _put_throughs(watch: _Watch) -> list[WhaleRow]:
    panels, prices, n_sessions = watch.panels, watch.prices, watch.n_sessions
    reach = n_sessions + BASE_SESSIONS + 1
    put_through = prices.put_throughs.iloc[-reach:]
    if put_through.isna().to_numpy().all():
        return []
    event = blocks(prices.values.iloc[-reach:], put_through).iloc[-n_sessions:]
    value = put_through.iloc[-n_sessions:].where(event)
    return [
        WhaleRow(
            sector=sector,
            kind="put_through",
            sessions=len(event),
            period=panels.last,
            released=panels.last,
            events_count=int(event[symbols].to_numpy().sum()),
            watched_count=int(event[symbols].size),
            signed_pct=None,
            value_bn=known_total(value[symbols]),
            top=_top(panels, value[symbols].sum(min_count=1).dropna()),
            flags=thin_flags(len(symbols), panels.universe),
        )
        for sector, symbols in watch.symbols_of.items()
    ]


def _top(panels: MarketPanels, sizes: pd.Series) -> tuple[Symbol, ...]:
    """Return the names of the largest sizes; a listed series goes by its ticker."""
    tickers = {sector.id: sector.ticker for sector in panels.universe.sectors}
    largest = sizes.sort_values(ascending=False, kind="stable").index[:TOP_NAMES]
    return tuple(tickers.get(str(name), str(name)) for name in largest)
