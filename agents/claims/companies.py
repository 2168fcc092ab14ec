"""Claims below the sector's price: fundamentals, momentum, member stocks, statements."""

from agents.claims.leaders import spoken_of
from agents.claims.maker import Maker
from core.records.payloads import (
    FundamentalsResult,
    MomentumResult,
    OverviewResult,
    StatementsResult,
)
from core.records.report import Claim, Section
from core.records.result import ToolResult

STOCKS_CAP = 8
_FUNDAMENTALS = ("revenue_growth_pct", "net_profit_margin_pct", "pe_x", "valuation_percentile_pct")
_STOCK = ("weight_pct", "return_1m_pct", "excess_1m_pct")
_MOMENTUM = ("return_3m_pct", "return_12m_pct", "momentum_12_1_pct")
_STATEMENT = ("value_bn", "growth_1y_pct")


def fundamentals(maker: Maker, section: Section = "fundamentals") -> list[Claim]:
    """Return growth, margin and valuation of the sectors spoken of."""
    chosen = spoken_of(maker)
    return _listed(maker, section, FundamentalsResult, _FUNDAMENTALS, only=chosen)


def momentum(maker: Maker, section: Section) -> list[Claim]:
    """Return the price momentum of the sectors spoken of."""
    return _listed(maker, section, MomentumResult, _MOMENTUM, only=spoken_of(maker))


def stocks(maker: Maker, section: Section = "stocks") -> list[Claim]:
    """Return the members looked into, then the statement lines."""
    members = _listed(maker, section, OverviewResult, _STOCK, only=None)
    return [*members[:STOCKS_CAP], *statements(maker, section)]


def statements(maker: Maker, section: Section) -> list[Claim]:
    """Return the statement lines of the companies looked into."""
    return _listed(maker, section, StatementsResult, _STATEMENT, only=None)[:STOCKS_CAP]


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
