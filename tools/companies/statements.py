"""Decides what get_financial_statements prints: reported lines of companies, as first known.

A company without reports is named as missing, never skipped. A bank answers with a bank's lines.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from typing import Final, Literal

import pandas as pd

from core.errors import CallerError
from core.panel import MarketPanels, Table
from core.records.payloads import RatioRow, StatementRow, StatementsResult
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
    "income_statement": (
        "revenue", "gross_profit", "net_interest_income", "fee_income", "total_operating_income",
        "operating_expenses", "provisions", "operating_income", "net_profit",
    ),
    "balance_sheet": ("total_assets", "loans", "deposits", "total_equity"),
    "cash_flow": ("cfo",),
}  # fmt: skip
"""The lines in money, a bank's own among them; per-share figures are not statement lines."""
RATIOS: Final[dict[StatementType, tuple[str, ...]]] = {
    "income_statement": ("net_interest_margin",),
    "balance_sheet": ("npl_ratio", "casa_ratio"),
    "cash_flow": (),
}
"""Ratios a bank reports beside its lines, printed in percent."""
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
    return _statements(scope, scope.panels, named, statement_type=statement_type, kind=kind)


def _statements(
    scope: Scope,
    panels: MarketPanels,
    named: tuple[str, ...],
    *,
    statement_type: StatementType,
    kind: PeriodKind,
) -> StatementsResult:
    reports = _reports(panels.fundamentals, named, kind)
    lines = reports[reports["line"].isin(LINES[statement_type])]
    ratios = reports[reports["line"].isin(RATIOS[statement_type])]
    answer = partial(
        StatementsResult,
        statement_type=statement_type,
        period_kind=kind,
        missing=_missing(named, pd.concat([lines, ratios]), statement_type),
    )
    if lines.empty and ratios.empty:
        reason: GapReason = "no_data" if panels.fundamentals is None else "not_covered"
        return answer(**scope.absent(TOOL, reason, "fundamentals"))
    told = _Printed(sector_of_member(panels), scope.as_of, kind)
    rows, shares = told.rows(lines, statement_type), told.ratios(ratios, statement_type)
    known_at = max([row.released for row in rows] + [row.released for row in shares])
    return answer(
        **scope.envelope(TOOL, ("fundamentals",), known_at=known_at), rows=rows, ratios=shares
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


@dataclass(frozen=True, slots=True)
class _Report:
    """One reported value and the value's own history, by period."""

    symbol: str
    line: str
    period: date
    released: date
    value: float
    values: pd.Series
    flags: tuple[Flag, ...]


@dataclass(frozen=True, slots=True)
class _Printed:
    """How reports become rows: whose sector is which, the date, quarters or years."""

    sector_of: dict[str, str]
    as_of: date
    kind: PeriodKind

    def rows(self, lines: pd.DataFrame, statement: StatementType) -> tuple[StatementRow, ...]:
        """Return a row a line in money, by symbol, period and the statement's order."""
        return tuple(
            StatementRow(
                symbol=report.symbol,
                sector=self.sector_of.get(report.symbol),
                period=report.period,
                released=report.released,
                line=report.line,
                value_bn=report.value,
                growth_1y_pct=_growth_pct(report.values, report.period),
                flags=report.flags,
            )
            for report in self._ordered(lines, LINES[statement])
        )

    def ratios(self, lines: pd.DataFrame, statement: StatementType) -> tuple[RatioRow, ...]:
        """Return a row a ratio, in the same order; reported fractions become percent."""
        return tuple(
            RatioRow(
                symbol=report.symbol,
                sector=self.sector_of.get(report.symbol),
                period=report.period,
                released=report.released,
                line=report.line,
                value_pct=100.0 * report.value,
                change_1y_pp=_change_pp(report.values, report.period),
                flags=report.flags,
            )
            for report in self._ordered(lines, RATIOS[statement])
        )

    def _ordered(self, lines: pd.DataFrame, names: tuple[str, ...]) -> list[_Report]:
        reports = [report for history in self._histories(lines) for report in history]
        return sorted(reports, key=lambda row: (row.symbol, row.period, names.index(row.line)))

    def _histories(self, lines: pd.DataFrame) -> Iterator[list[_Report]]:
        """Yield the last reports of each line of each symbol."""
        for (symbol, line), history in lines.groupby(["symbol", "line"], sort=True):
            values = history.set_index("period")
            newest = pd.Timestamp(str(values.index[-1])).date()
            yield [
                _Report(
                    symbol=str(symbol),
                    line=str(line),
                    period=pd.Timestamp(str(stamp)).date(),
                    released=report["known_at"].date(),
                    value=float(report["value"]),
                    values=values["value"],
                    flags=_flags(newest, self.as_of, self.kind, bool(report["assumed"])),
                )
                for stamp, report in values.tail(PERIODS_SHOWN[self.kind]).iterrows()
            ]


def _growth_pct(values: pd.Series, period: date) -> float | None:
    """Return growth over the report a year before, percent; None from a base that is not > 0."""
    base = _year_before(values, period)
    if base is None or not base > 0.0:
        return None
    return float(100.0 * (values[pd.Timestamp(period)] / base - 1.0))


def _change_pp(values: pd.Series, period: date) -> float | None:
    """Return a fraction less that of the report a year before, percentage points."""
    base = _year_before(values, period)
    return None if base is None else float(100.0 * (values[pd.Timestamp(period)] - base))


def _year_before(values: pd.Series, period: date) -> float | None:
    ago = pd.Timestamp(period) - pd.DateOffset(years=1)
    slack = pd.Timedelta(days=YEAR_SLACK_DAYS)
    base = values[(values.index >= ago - slack) & (values.index <= ago + slack)]
    return None if base.empty else float(base.iloc[-1])


def _flags(period: date, as_of: date, kind: PeriodKind, assumed: bool) -> tuple[Flag, ...]:
    flags: list[Flag] = []
    if as_of - period > timedelta(days=STALE_DAYS[kind]):
        flags.append("stale")
    if assumed:
        flags.append("assumed_known_at")
    return tuple(flags)
