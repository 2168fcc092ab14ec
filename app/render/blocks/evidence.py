"""The details by tool: macro, flows, whales, fundamentals, momentum, stocks, statements."""

from datetime import date
from typing import get_args

from app.render.blocks.cells import explained
from app.render.blocks.reading import told
from app.render.blocks.tables import Placed, placed, rows_table
from app.render.material import Material
from app.render.view import Block, Item, Table
from core.language.printed.series import SERIES
from core.measures import measure_of
from core.records.payloads import (
    FlowResult,
    FundamentalsResult,
    MacroResult,
    MacroRow,
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
    "series", "value_level", "previous_level", "change_level", "period", "released", "history_z",
    "flags",
)  # fmt: skip
PER_CATEGORY = 4
"""Series of each kind in the table of macro series."""
FLOW = (
    "sector", "symbol", "sessions", "net_bn", "matched_net_bn", "put_through_net_bn", "buy_bn",
    "sell_bn", "traded_bn", "intensity_pct", "winsorised_intensity_pct", "proprietary_net_bn",
    "streak_sessions", "room_full_pct", "block_sessions", "state", "flags",
)  # fmt: skip
TRADED = ("sector", "top_buys", "top_sells")
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
    words = material.words
    items = _regime(material) + _market(material)
    rows = placed(material.answers(MacroResult), key=lambda row: getattr(row, "series", None))
    chosen = _telling(material, rows)
    tables = rows_table(material, "macro", chosen, MACRO)
    notes: tuple[str, ...] = ()
    if len(chosen) < len(rows):
        notes = (words.text("macro_cut", shown=str(len(chosen)), all=str(len(rows))),)
    return _block(material, "macro", ("macro",), tables=tables, items=tuple(items), notes=notes)


def _regime(material: Material) -> list[Item]:
    words, binder = material.words, material.binder
    items: list[Item] = []
    for evidence, result in material.answers(MacroResult):
        for place, _ in enumerate(result.regime):
            for field in ("regime", "since", "growth_z", "inflation_z", "sentiment_z"):
                cell = binder.at(evidence, "regime", place, field)
                items.append(Item(words.measure(measure_of(field)[0]), explained(cell)))
    return items


def _market(material: Material) -> list[Item]:
    words, binder = material.words, material.binder
    items: list[Item] = []
    for evidence, market in material.answers(MarketResult):
        for place, _ in enumerate(market.rows):
            for field in MARKET:
                if getattr(market.rows[place], field) is None and _unpublished(material, field):
                    continue
                cell = binder.at(evidence, "rows", place, field, unit=True)
                name = words.measure(measure_of(field)[0]).lower()
                items.append(Item(words.text("market_item", measure=name), explained(cell)))
    return items


def _unpublished(material: Material, field: str) -> bool:
    return field.startswith("foreign") and not material.universe.foreign_flow


def _telling(material: Material, rows: list[Placed]) -> list[Placed]:
    """Return the named, fresh series: a few of each kind, those in a sentence or unusual first."""
    said = {sentence.entity for sentence in material.sentences("headline", "macro")}
    ranked: dict[str, list[tuple[bool, float, int]]] = {}
    for place, one in enumerate(rows):
        row = one.row
        if isinstance(row, MacroRow) and row.series in SERIES and "stale" not in row.flags:
            key = (row.series not in said, -abs(row.history_z or 0.0), place)
            ranked.setdefault(row.category, []).append(key)
    kept = {key[-1] for keys in ranked.values() for key in sorted(keys)[:PER_CATEGORY]}
    return [row for place, row in enumerate(rows) if place in kept] or rows


def flows(material: Material) -> Block:
    """Return foreign investors' trading, sector by sector; a market without it says so."""
    rows = placed(material.answers(FlowResult), key=_flow_key)
    notes = () if material.universe.foreign_flow else (material.words.text("no_foreign_flow"),)
    if rows:
        notes = (*notes, material.words.text("flow_scope"))
    whole = [row for row in rows if getattr(row.row, "symbol", None) is None]
    stocks = [row for row in rows if row not in whole]
    tables = rows_table(material, "flows", whole, FLOW)
    if any(getattr(one.row, side) for one in whole for side in TRADED[1:]):
        tables += rows_table(material, "traded", whole, TRADED)
    tables += rows_table(material, "names", stocks, FLOW)
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
    lines, groups = told(material, *sections)
    return Block(name, title, lines, items, tables=tables, notes=notes, groups=groups)
