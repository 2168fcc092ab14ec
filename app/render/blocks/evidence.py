"""The details by tool: macro, flows, whales, fundamentals, momentum, stocks, statements."""

from datetime import date
from typing import get_args

from app.render.blocks.cells import explained
from app.render.blocks.tables import Placed, placed, rows_table
from app.render.material import Material
from app.render.view import Block, Item, Table
from core.measures import measure_of
from core.records.payloads import (
    FlowResult,
    FundamentalsResult,
    MacroResult,
    MarketResult,
    MomentumResult,
    OverviewResult,
    StatementRow,
    StatementsResult,
    WhaleKind,
    WhaleResult,
)
from core.records.report import Section

MARKET = (
    "return_1w_pct", "return_1m_pct", "return_3m_pct", "return_12m_pct", "volatility_pct",
    "drawdown_pct", "breadth_200d_pct", "traded_20d_bn", "foreign_net_20d_bn",
)  # fmt: skip
MACRO = (
    "series", "value_level", "unit", "previous_level", "change_level", "history_z", "period",
    "released", "flags",
)  # fmt: skip
FLOW = (
    "sector", "symbol", "sessions", "net_bn", "buy_bn", "sell_bn", "intensity_pct",
    "proprietary_net_bn", "streak_sessions", "room_full_pct", "block_sessions", "state", "top_buys",
    "top_sells", "flags",
)  # fmt: skip
NAMES = tuple(field for field in FLOW if not field.startswith("top_"))
WHALES = (
    "sector", "kind", "sessions", "period", "released", "events_count", "watched_count",
    "signed_pct", "value_bn", "top", "flags",
)  # fmt: skip
FUNDAMENTALS = (
    "sector", "companies_count", "members_count", "period", "age_days", "revenue_growth_pct",
    "net_profit_growth_pct", "net_profit_margin_pct", "roe_pct", "pe_x",
    "valuation_percentile_pct", "flags",
)  # fmt: skip
STOCKS = (
    "sector", "symbol", "weight_pct", "return_1m_pct", "excess_1m_pct", "return_3m_pct",
    "volume_ratio_x", "foreign_net_1m_bn", "above_200d",
)  # fmt: skip
STATEMENTS = (
    "symbol",
    "sector",
    "line",
    "period",
    "released",
    "value_bn",
    "growth_1y_pct",
    "flags",
)
MOMENTUM = (
    "sector", "symbol", "return_1w_pct", "return_1m_pct", "return_3m_pct", "return_6m_pct",
    "return_12m_pct", "momentum_12_1_pct", "volatility_pct", "volume_ratio_x",
)  # fmt: skip


def macro(material: Material) -> Block:
    """Return the regime, the market as a whole and each series at its last release."""
    words, binder = material.words, material.binder
    items: list[Item] = []
    for evidence, result in material.answers(MacroResult):
        for place, _ in enumerate(result.regime):
            for field in ("regime", "since", "growth_z", "inflation_z", "sentiment_z"):
                cell = binder.at(evidence, "regime", place, field)
                items.append(Item(words.measure(measure_of(field)[0]), explained(cell)))
    for evidence, market in material.answers(MarketResult):
        for place, _ in enumerate(market.rows):
            for field in MARKET:
                cell = binder.at(evidence, "rows", place, field, unit=True)
                name = words.measure(measure_of(field)[0]).lower()
                items.append(Item(words.text("market_item", measure=name), explained(cell)))
    rows = placed(material.answers(MacroResult), key=lambda row: getattr(row, "series", None))
    tables = rows_table(material, "macro", rows, MACRO)
    return _block(material, "macro", ("macro",), tables=tables, items=tuple(items))


def flows(material: Material) -> Block:
    """Return foreign investors' trading, sector by sector; a market without it says so."""
    rows = placed(material.answers(FlowResult), key=_flow_key)
    notes = () if material.universe.foreign_flow else (material.words.text("no_foreign_flow"),)
    if rows:
        notes = (*notes, material.words.text("flow_scope"))
    whole = [row for row in rows if getattr(row.row, "symbol", None) is None]
    stocks = [row for row in rows if row not in whole]
    tables = rows_table(material, "flows", whole, FLOW)
    tables += rows_table(material, "names", stocks, NAMES)
    return _block(material, "flows", ("flow",), tables=tables, notes=notes)


def _flow_key(row: object) -> object:
    return tuple(getattr(row, name, None) for name in ("sector", "symbol", "sessions"))


def whales(material: Material) -> Block:
    """Return unusual activity, a table a kind."""
    rows = placed(material.answers(WhaleResult))
    tables: tuple[Table, ...] = ()
    for kind in get_args(WhaleKind):
        alike = [row for row in rows if getattr(row.row, "kind", None) == kind]
        tables += rows_table(material, "whales", alike, WHALES)
    return _block(material, "whales", ("whales",), tables=tables)


def fundamentals(material: Material) -> Block:
    """Return sector aggregates of the last reports, and statements asked for."""
    rows = placed(
        material.answers(FundamentalsResult), key=lambda row: getattr(row, "sector", None)
    )
    tables = rows_table(material, "fundamentals", rows, FUNDAMENTALS)
    lines = _latest(placed(material.answers(StatementsResult)))
    tables += rows_table(material, "statements", lines, STATEMENTS)
    notes = (material.words.text("latest_statements"),) if lines else ()
    return _block(material, "fundamentals", ("fundamentals",), tables=tables, notes=notes)


def _latest(lines: list[Placed]) -> list[Placed]:
    last: dict[object, date] = {}
    for line in lines:
        if isinstance(line.row, StatementRow):
            last[line.row.symbol] = max(line.row.period, last.get(line.row.symbol, date.min))
    return [
        line
        for line in lines
        if isinstance(line.row, StatementRow) and line.row.period == last[line.row.symbol]
    ]


def stocks(material: Material) -> Block:
    """Return the drill-down into sectors' members, and price momentum."""
    tables = rows_table(material, "stocks", placed(material.answers(OverviewResult)), STOCKS)
    tables += rows_table(material, "momentum", placed(material.answers(MomentumResult)), MOMENTUM)
    return _block(material, "stocks", ("stocks",), tables=tables)


def _block(
    material: Material, name: str, sections: tuple[Section, ...], *, tables: tuple[Table, ...],
    items: tuple[Item, ...] = (), notes: tuple[str, ...] = (),
) -> Block:  # fmt: skip
    title = material.words.label("title", name)
    return Block(name, title, material.lines(*sections), items, tables=tables, notes=notes)
