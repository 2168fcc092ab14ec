"""Decides what get_financial_statements prints: reported lines of companies, as first known.

A company without reports is named as missing, never skipped.
"""

from datetime import date, timedelta
from typing import Final, Literal

import pandas as pd

from core.errors import CallerError
from core.panel import MarketPanels, Table
from core.records.payloads import StatementRow, StatementsResult
from core.records.plan import StatementType
from core.records.result import Flag, GapReason, MissingCell
from core.signals.fundamentals import STALE_DAYS
from tools.context import ToolContext
from tools.measures.common import largest_members, sector_of_member, slug
from tools.measures.known import last_known
from tools.scope import Scope

TOOL = "get_financial_statements"
PeriodKind = Literal["Q", "A"]
LINES: Final[dict[StatementType, tuple[str, ...]]] = {
    "income_statement": ("revenue", "gross_profit", "operating_income", "net_profit"),
    "balance_sheet": ("total_assets", "total_equity"),
    "cash_flow": ("cfo",),
}
"""The lines in money; per-share figures and ratios are not statement lines."""
PERIODS_SHOWN: Final[dict[PeriodKind, int]] = {"Q": 5, "A": 3}
"""Five quarters hold the year-ago one."""
YEAR_SLACK_DAYS = 20
COMPANIES_OF_SECTOR = 3
MAX_SYMBOLS = 20
"""Of one answer, whether named or the largest of the sectors asked for."""


def financial_statements(
    context: ToolContext,
    *,
    symbols: tuple[str, ...] | None = None,
    sector: str | None = None,
    statement_type: StatementType = "income_statement",
    period: PeriodKind | None = None,
    region: str | None = None,
    as_of: date | None = None,
) -> StatementsResult:
    """Return the lines of the last reports of each symbol, or of a sector's three largest members.

    Without a period, quarters where any symbol has quarterly reports, else years. Without a region
    the symbols decide: when those that are members anywhere are members of one universe, it is that
    one.

    Raises:
        CallerError: not exactly one of symbols and sector, no such sector, or too many companies.
    """
    if bool(symbols) == (sector is not None):
        raise CallerError("name either symbols or a sector")
    named = tuple(dict.fromkeys(symbol.strip().upper() for symbol in symbols or ()))
    scope = context.scope(region or context.universe_of(named), as_of)
    if sector is not None:
        named = _largest(scope, sector)
    if scope.panels is None:
        return StatementsResult(
            **scope.envelope(TOOL), statement_type=statement_type, period_kind=period or "Q"
        )
    kind = period or _kind(scope.panels.fundamentals, named)
    if not named:
        envelope = scope.absent(TOOL, "not_covered", "members")
        return StatementsResult(**envelope, statement_type=statement_type, period_kind=kind)
    reports = _reports(scope.panels.fundamentals, named, kind)
    lines = reports[reports["line"].isin(LINES[statement_type])]
    missing = _missing(named, lines, statement_type)
    if lines.empty:
        reason: GapReason = "no_data" if scope.panels.fundamentals is None else "not_covered"
        envelope = scope.absent(TOOL, reason, "fundamentals")
        return StatementsResult(
            **envelope, statement_type=statement_type, period_kind=kind, missing=missing
        )
    rows = _rows(lines, scope.panels, scope.as_of, statement_type, kind)
    known_at = max(row.released for row in rows)
    return StatementsResult(
        **scope.envelope(TOOL, ("fundamentals",), known_at=known_at),
        statement_type=statement_type,
        period_kind=kind,
        rows=rows,
        missing=missing,
    )


def _largest(scope: Scope, sector: str) -> tuple[str, ...]:
    sectors = scope.sectors(sector)
    if len(sectors) * COMPANIES_OF_SECTOR > MAX_SYMBOLS:
        raise CallerError(f"{sector!r} is {len(sectors)} sectors: name one of them")
    if scope.panels is None:
        return ()
    found = [largest_members(scope.panels, one.id, COMPANIES_OF_SECTOR) for one in sectors]
    return tuple(name for names in found for name in names)


def _kind(table: Table | None, symbols: tuple[str, ...]) -> PeriodKind:
    if table is None:
        return "Q"
    kinds = set(table.rows.loc[table.rows["symbol"].isin(symbols), "kind"])
    return "A" if kinds == {"A"} else "Q"


def _reports(table: Table | None, symbols: tuple[str, ...], kind: PeriodKind) -> pd.DataFrame:
    if table is None:
        return pd.DataFrame({name: [] for name in ("symbol", "line", "period", "known_at")})
    rows = table.rows
    chosen = rows[(rows["kind"] == kind) & rows["symbol"].isin(symbols)]
    return last_known(chosen, ["symbol", "line"])


def _missing(
    symbols: tuple[str, ...], lines: pd.DataFrame, statement_type: StatementType
) -> tuple[MissingCell, ...]:
    covered = set(lines["symbol"])
    return tuple(
        MissingCell(subject=slug(symbol), measure=statement_type, reason="not_covered")
        for symbol in symbols
        if symbol not in covered
    )


def _rows(
    lines: pd.DataFrame,
    panels: MarketPanels,
    as_of: date,
    statement_type: StatementType,
    kind: PeriodKind,
) -> tuple[StatementRow, ...]:
    sector_of = sector_of_member(panels)
    order = {line: place for place, line in enumerate(LINES[statement_type])}
    rows: list[StatementRow] = []
    for (symbol, line), history in lines.groupby(["symbol", "line"], sort=True):
        values = history.set_index("period")
        newest = pd.Timestamp(str(values.index[-1])).date()
        for stamp, report in values.tail(PERIODS_SHOWN[kind]).iterrows():
            period = pd.Timestamp(str(stamp)).date()
            rows.append(
                StatementRow(
                    symbol=str(symbol),
                    sector=sector_of.get(str(symbol)),
                    period=period,
                    released=report["known_at"].date(),
                    line=str(line),
                    value_bn=float(report["value"]),
                    growth_1y_pct=_growth_pct(values["value"], period),
                    flags=_flags(newest, as_of, kind, bool(report["assumed"])),
                )
            )
    return tuple(sorted(rows, key=lambda row: (row.symbol, row.period, order[row.line])))


def _growth_pct(values: pd.Series, period: date) -> float | None:
    """Return growth over the report a year before, percent; None from a base that is not > 0."""
    ago = pd.Timestamp(period) - pd.DateOffset(years=1)
    slack = pd.Timedelta(days=YEAR_SLACK_DAYS)
    base = values[(values.index >= ago - slack) & (values.index <= ago + slack)]
    if base.empty or not base.iloc[-1] > 0.0:
        return None
    return float(100.0 * (values[pd.Timestamp(period)] / base.iloc[-1] - 1.0))


def _flags(period: date, as_of: date, kind: PeriodKind, assumed: bool) -> tuple[Flag, ...]:
    flags: list[Flag] = []
    if as_of - period > timedelta(days=STALE_DAYS[kind]):
        flags.append("stale")
    if assumed:
        flags.append("assumed_known_at")
    return tuple(flags)
