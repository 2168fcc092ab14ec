"""Decides how a sector's accounts are shown: aggregates, its own five years, three companies."""

from typing import Final

from app.web.sector.records import SectorAccounts
from app.web.sector.sheets import SectorAsked
from core.records.payloads import FundamentalRow, RatioRow, StatementRow
from core.records.sector_readings import ValuationRow
from tools.companies.statements import financial_statements
from tools.measures.common import slug
from tools.sectors.fundamentals import sector_fundamentals
from tools.sectors.valuation import sector_valuation

FUNDAMENTAL_FIELDS: Final = (
    "companies_count", "members_count", "period", "age_days", "revenue_growth_pct",
    "net_profit_growth_pct", "net_profit_margin_pct", "roe_pct", "pe_x", "flags",
)  # fmt: skip
VALUATION_FIELDS: Final = (
    "period", "reported", "released", "pe_x", "pe_percentile_pct", "pe_median_x", "pe_low_x",
    "pe_high_x", "steps_count", "flags",
)  # fmt: skip
STATEMENT_FIELDS: Final = (
    "symbol", "line", "period", "released", "value_bn", "growth_1y_pct", "flags",
)  # fmt: skip
RATIO_FIELDS: Final = (
    "symbol", "line", "period", "released", "value_pct", "change_1y_pp", "flags",
)  # fmt: skip


def sector_accounts(asked: SectorAsked) -> SectorAccounts:
    """Return fundamentals, valuation and the last statements of the largest three companies."""
    tools, region, as_of = asked.house.tools, asked.universe.id, asked.asked.as_of
    told = sector_fundamentals(tools, sector=asked.sector, region=region, as_of=as_of)
    dear = sector_valuation(tools, sector=asked.sector, region=region, as_of=as_of)
    filed = financial_statements(tools, sector=asked.sector, region=region, as_of=as_of)
    companies = frozenset(cell.subject for cell in filed.missing) | {
        slug(row.symbol) for row in filed.rows
    }
    last = {row.symbol: row.period for row in sorted(filed.rows, key=lambda row: row.period)}
    latest = tuple(row for row in filed.rows if row.period == last[row.symbol])
    return SectorAccounts(
        fundamentals=asked.sheet(told, FundamentalRow, told.rows, FUNDAMENTAL_FIELDS),
        valuation=asked.sheet(dear, ValuationRow, dear.rows, VALUATION_FIELDS),
        statements=asked.sheet(filed, StatementRow, latest, STATEMENT_FIELDS, subjects=companies),
        ratios=asked.sheet(filed, RatioRow, filed.ratios, RATIO_FIELDS),
    )
