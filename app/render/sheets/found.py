"""Sheets of what was found and kept: orders, flows, fundamentals, macro, changes, sources."""

from collections.abc import Sequence

from pydantic import BaseModel

from app.render.blocks.missing import missing as missing_block
from app.render.material import Material
from app.render.sheets.sheet import Field, Sheet, fields_of, titled, values_of
from core.records.history import Change, SettledCall
from core.records.payloads import (
    FlowResult,
    FlowRow,
    FundamentalRow,
    FundamentalsResult,
    MacroResult,
    MacroRow,
)
from core.records.result import Source
from core.records.trades import Order


def orders(m: Material) -> Sheet:
    """Return every proposed order."""
    return _rows(m, "orders", Order, m.plan.orders if m.plan else ())


def flows(m: Material) -> Sheet:
    """Return foreign trading of every sector and stock asked about."""
    rows = [row for _, result in m.answers(FlowResult) for row in result.rows]
    return _rows(m, "flows", FlowRow, rows)


def fundamentals(m: Material) -> Sheet:
    """Return the sectors' aggregates."""
    rows = [row for _, result in m.answers(FundamentalsResult) for row in result.rows]
    return _rows(m, "fundamentals", FundamentalRow, rows)


def macro(m: Material) -> Sheet:
    """Return every series at its last release; each row names its own unit."""
    rows = [row for _, result in m.answers(MacroResult) for row in result.rows]
    sheet = _rows(m, "macro", MacroRow, rows)
    levels = {"value_level", "previous_level", "change_level"}
    fields = tuple(
        Field(f.name, titled(f.name, m.words)) if f.name in levels else f for f in sheet.fields
    )
    return Sheet(sheet.name, fields, sheet.rows)


def changes(m: Material) -> Sheet:
    """Return every change since the predecessor."""
    return _rows(m, "changes", Change, m.changes.rows if m.changes else ())


def calls(m: Material) -> Sheet:
    """Return the settled calls of the report card."""
    return _rows(m, "calls", SettledCall, m.track.calls if m.track else ())


def missing(m: Material) -> Sheet:
    """Return what is absent, why, and who must act."""
    names = ("what", "where", "reason", "actor")
    fields = tuple(Field(n, m.words.label("column", n)) for n in names)
    rows = tuple(
        tuple(cell.plain for cell in row) for table in missing_block(m).tables for row in table.rows
    )
    return Sheet("missing", fields, rows)


def sources(m: Material) -> Sheet:
    """Return each stored data set with the answer it went into."""
    kept = fields_of(Source, m.words, like=None)
    named = Field("evidence", m.words.label("column", "evidence"))
    rows = tuple(
        (evidence.id, *values_of(source, kept))
        for evidence in m.evidence
        for source in evidence.result.sources
    )
    return Sheet("sources", (named, *kept), rows)


def _rows(m: Material, name: str, kind: type[BaseModel], rows: Sequence[BaseModel]) -> Sheet:
    fields = fields_of(kind, m.words, like=rows[0] if rows else None)
    return Sheet(name, fields, tuple(values_of(row, fields) for row in rows))
