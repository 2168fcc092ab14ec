"""Claims below the sector's price: fundamentals, momentum, member stocks, statements."""

from agents.claims.ends import VALUED, ends, sides
from agents.claims.leaders import focused, spoken_of
from agents.claims.maker import Maker
from core.records.evidence import Evidence, Fact
from core.records.payloads import (
    FundamentalsResult,
    MomentumResult,
    OverviewResult,
    StatementRow,
    StatementsResult,
)
from core.records.report import Claim, Section
from core.records.result import ToolResult

STOCKS_CAP = 8
RETURNED_CAP = 5
"""Sectors told of an end of returns."""
ABSENT_CAP = 8
"""Symbols without statements named in one sentence."""
_FUNDAMENTALS = ("revenue_growth_pct", "net_profit_margin_pct", "pe_x", "valuation_percentile_pct")
_STOCK = ("weight_pct", "return_1m_pct", "excess_1m_pct")
_MOMENTUM = ("return_3m_pct", "return_12m_pct", "momentum_12_1_pct")


def fundamentals(maker: Maker, section: Section = "fundamentals") -> list[Claim]:
    """Return growth, margin and valuation of the sectors spoken of.

    Asked for the cheapest or the dearest, it tells all that are valued, from that end.
    """
    asked = VALUED.intersection(sides(maker)) if section == "answer" else frozenset()
    chosen = _valued(maker, dearest="dearest" in asked) if asked else spoken_of(maker)
    return _listed(maker, section, FundamentalsResult, _FUNDAMENTALS, only=chosen)


def _valued(maker: Maker, *, dearest: bool) -> tuple[str, ...]:
    """Return the sectors with a price-earnings ratio, the lowest first, or the highest."""
    rows = [
        (row.pe_x, row.sector)
        for _, result in maker.material.answers(maker.universe.id, FundamentalsResult)
        for row in result.rows
        if row.pe_x is not None
    ]
    return tuple(dict.fromkeys(sector for _, sector in sorted(rows, reverse=dearest)))


def momentum(maker: Maker, section: Section) -> list[Claim]:
    """Return the price momentum of the sectors spoken of."""
    return _listed(maker, section, MomentumResult, _MOMENTUM, only=spoken_of(maker))


def returned(maker: Maker) -> list[Claim]:
    """Return what sectors returned over the span asked for: of those named, else of the end."""
    name = f"return_{(maker.material.request.lookback or '1M').lower()}_pct"
    rows = [
        (value, row.sector)
        for _, result in maker.material.answers(maker.universe.id, MomentumResult)
        for row in result.rows
        if (value := getattr(row, name)) is not None
    ]
    best_first = [sector for _, sector in sorted(rows, key=lambda row: (-row[0], row[1]))]
    named = focused(maker)
    chosen = named or tuple(ends(maker, best_first, RETURNED_CAP))
    return _listed(maker, "answer", MomentumResult, (name,), only=chosen)


def stocks(maker: Maker, section: Section = "stocks") -> list[Claim]:
    """Return the members looked into, then the statement lines."""
    members = _listed(maker, section, OverviewResult, _STOCK, only=None)
    return [*members[:STOCKS_CAP], *statements(maker, section)]


def statements(maker: Maker, section: Section) -> list[Claim]:
    """Return each company's latest statement lines, which are stale, and who has none."""
    latest: dict[str, list[tuple[Evidence, int, StatementRow]]] = {}
    for item, result in maker.material.answers(maker.universe.id, StatementsResult):
        for place, row in enumerate(result.rows):
            held = latest.setdefault(row.symbol, [])
            if held and row.period > held[0][2].period:
                held.clear()
            told = any(known.line == row.line for _, _, known in held)
            if not told and (not held or row.period == held[0][2].period):
                held.append((item, place, row))
    asked = maker.material.request.symbols
    chosen = [symbol for symbol in asked or latest if symbol in latest]
    lines = [claim for symbol in chosen for claim in _company(maker, section, latest[symbol])]
    return [*_absent(maker, section), *lines][:STOCKS_CAP]


def without_statements(maker: Maker) -> tuple[str, ...]:
    """Return the symbols the user named of which no statement came."""
    found = {
        row.symbol
        for _, result in maker.material.answers(maker.universe.id, StatementsResult)
        for row in result.rows
    }
    named = maker.material.request.symbols if _is_first(maker) else ()
    return tuple(symbol for symbol in named if symbol not in found)


def _absent(maker: Maker, section: Section) -> list[Claim]:
    named = maker.material.request.symbols
    facts: list[Fact | None] = [
        maker.material.asked(maker.universe.id, "symbols", named.index(symbol))
        for symbol in without_statements(maker)
    ]
    return maker.claim(section, "statement.none", *facts[:ABSENT_CAP]) if facts else []


def _company(
    maker: Maker, section: Section, rows: list[tuple[Evidence, int, StatementRow]]
) -> list[Claim]:
    claims: list[Claim] = []
    for item, place, row in rows:
        names = ["value_bn", "released"] + ["growth_1y_pct"] * (row.growth_1y_pct is not None)
        facts = [maker.material.at(item, "rows", place, name) for name in names]
        claims += maker.listing(section, "statement.line", *facts)
    item, place, row = rows[0]
    if "stale" in row.flags:
        flag = maker.material.at(item, "rows", place, "flags", row.flags.index("stale"))
        period = maker.material.at(item, "rows", place, "period")
        claims += maker.claim(section, "statement.stale", period, flag)
    return claims


def _is_first(maker: Maker) -> bool:
    return maker.universe.id == maker.material.request.universes[0]


def _listed(
    maker: Maker,
    section: Section,
    kind: type[ToolResult],
    names: tuple[str, ...],
    *,
    only: tuple[str, ...] | None,
) -> list[Claim]:
    claims: list[tuple[int, list[Claim]]] = []
    for item, result in maker.material.answers(maker.universe.id, kind):
        for place, row in enumerate(getattr(result, "rows", ())):
            sector = str(getattr(row, "sector", ""))
            if only is not None and sector not in only:
                continue
            facts = [maker.material.at(item, "rows", place, name) for name in names]
            order = only.index(sector) if only is not None else place
            claims.append((order, maker.listing(section, "listing.facts", *facts)))
    claims.sort(key=lambda entry: entry[0])
    return [claim for _, found in claims for claim in found]
