"""Decides what the foreign-flow tools print: what foreigners bought and sold, and what hides it.

Values include put-through, so they are held against matched plus put-through; what was matched is
told only where the source tells it. Where most of a sector's money trades in stocks without foreign
room, the flow says nothing and is not called flat.
"""

from datetime import date
from typing import Final, Literal

import pandas as pd

from core.markets.events import events_between
from core.panel import FlowPanel, MarketPanels
from core.records.payloads import FlowEvent, FlowResult, FlowRow
from core.records.plan import AssetType, Period
from core.records.result import MissingCell
from core.records.universe import Sector, Universe
from tools.context import ToolContext
from tools.flows.baskets import (
    Basket,
    FlowView,
    flow_row,
    last_session,
    published,
    sector_baskets,
    to_last,
)
from tools.measures.common import SESSIONS_OF_PERIOD
from tools.scope import Scope, uncovered

BY_STOCK: Final = "get_foreign_flow"
BY_SECTOR: Final = "get_foreign_flow_by_sector"
MAX_STOCKS = 12
TOP_SECTORS = 3
"""Stocks are listed for at most this many sectors, this many each."""

FlowTool = Literal["get_foreign_flow", "get_foreign_flow_by_sector"]


def foreign_flow(
    context: ToolContext,
    *,
    asset_type: AssetType = "equity",
    sector: str | None = None,
    period: Period = "1M",
    region: str | None = None,
    as_of: date | None = None,
) -> FlowResult:
    """Return the flow of each sector asked for and, for up to three of them, of its stocks."""
    scope = context.scope(region, as_of)
    wanted = scope.sectors(sector)
    return _answer(context, scope, BY_STOCK, wanted, period=period, asset_type=asset_type)


def foreign_flow_by_sector(
    context: ToolContext,
    *,
    period: Period = "1M",
    region: str | None = None,
    as_of: date | None = None,
) -> FlowResult:
    """Return the flow of every sector of the universe, with the foreign-flow factors."""
    scope = context.scope(region, as_of)
    return _answer(context, scope, BY_SECTOR, scope.sectors(None), period=period)


def _answer(
    context: ToolContext,
    scope: Scope,
    tool: FlowTool,
    sectors: tuple[Sector, ...],
    *,
    period: Period,
    asset_type: AssetType = "equity",
) -> FlowResult:
    if not scope.universe.foreign_flow:
        return FlowResult(**scope.absent(tool, "not_published", "flows"))
    if scope.panels is None:
        return FlowResult(**scope.envelope(tool))
    flows = published(scope.panels)
    if flows is None:
        return FlowResult(**scope.absent(tool, "no_data", "flows"))
    n_sessions = SESSIONS_OF_PERIOD[period]
    known = flows.buys.iloc[-n_sessions:].notna().any()
    covered = set(known.index[known])
    baskets = _baskets(scope.panels, covered, sectors, asset_type)
    if not baskets:
        return FlowResult(**scope.absent(tool, "not_covered", "flows"))
    events = _events(scope.universe, flows, n_sessions)
    view = FlowView(to_last(scope.panels, flows), flows, n_sessions, eventful=bool(events))
    rows = [flow_row(view, basket) for basket in baskets]
    if tool == BY_STOCK and len(sectors) <= TOP_SECTORS:
        rows += _stock_rows(view, baskets)
    whole = len(sectors) == len(scope.universe.sectors)
    return FlowResult(
        **scope.envelope(tool, ("flows", "prices", "members"), known_at=last_session(flows)),
        rows=tuple(rows),
        events=events,
        missing=_missing(sectors, rows),
        factors=context.factors(scope, ("foreign_flow",)) if whole else (),
    )


def _events(universe: Universe, flows: FlowPanel, n_sessions: int) -> tuple[FlowEvent, ...]:
    first: pd.Timestamp = flows.buys.index[-n_sessions:][0]
    return events_between(universe, first.date(), last_session(flows))


def _missing(sectors: tuple[Sector, ...], rows: list[FlowRow]) -> tuple[MissingCell, ...]:
    """Return a cell for each sector without any figure, or without its matched part."""
    found = {row.sector for row in rows}
    unsplit = {row.sector for row in rows if row.symbol is None and row.matched_net_bn is None}
    return (
        *uncovered([s.id for s in sectors if s.id not in found], "net_bn"),
        *(
            MissingCell(subject=s.id, measure="matched_net_bn", reason="not_published")
            for s in sectors
            if s.id in unsplit
        ),
    )


def _baskets(
    panels: MarketPanels, covered: set[str], sectors: tuple[Sector, ...], asset_type: AssetType
) -> list[Basket]:
    if asset_type == "sector_ETF":
        return [Basket(s.id, [s.ticker], s.ticker) for s in sectors if s.ticker in covered]
    return sector_baskets(panels, covered, sectors)


def _stock_rows(view: FlowView, baskets: list[Basket]) -> list[FlowRow]:
    net = (view.flows.buys - view.flows.sells).iloc[-view.n_sessions :].sum(min_count=1)
    rows: list[FlowRow] = []
    for basket in baskets:
        sizes = net[basket.symbols].abs().sort_values(ascending=False, kind="stable").dropna()
        stocks = [Basket(basket.sector, [str(name)], str(name)) for name in sizes.index]
        rows += [flow_row(view, stock) for stock in stocks[:MAX_STOCKS]]
    return rows
