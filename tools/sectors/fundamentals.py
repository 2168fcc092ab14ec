"""Decides what get_sector_fundamentals prints: the catalogue's aggregates, their age and coverage.

Old reports are shown as they last stood, flagged; whether they may score is the catalogue's rule.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final, get_args

import pandas as pd

from core.panel import MarketPanels
from core.records.payloads import FundamentalRow, FundamentalsResult
from core.records.plan import Metric
from core.records.result import FactorValue, Family, Flag, GapReason, MissingCell
from core.records.universe import Sector
from core.signals import fundamentals, valuation
from tools.context import ToolContext
from tools.measures.common import number, sector_of_member, thin_flags
from tools.scope import Scope

TOOL = "get_sector_fundamentals"
FAMILIES: Final[tuple[Family, ...]] = ("fundamentals", "valuation")
METRICS: Final[tuple[Metric, ...]] = get_args(Metric)
FIELD_OF: Final[dict[Metric, str]] = {
    "revenue_growth": "revenue_growth_pct",
    "net_profit_growth": "net_profit_growth_pct",
    "net_profit_margin": "net_profit_margin_pct",
    "roe": "roe_pct",
    "pe": "pe_x",
    "valuation_percentile": "valuation_percentile_pct",
}
VALUATION_FACTOR: Final = "pe_percentile_5y"
"""The factor whose reason also explains a missing P/E."""


def sector_fundamentals(
    context: ToolContext,
    *,
    sector: str | None = "all",
    metrics: tuple[Metric, ...] | None = None,
    region: str | None = None,
    as_of: date | None = None,
) -> FundamentalsResult:
    """Return a row for each sector with reports, and its factors when all sectors are asked."""
    scope = context.scope(region, as_of)
    wanted = scope.sectors(sector)
    chosen = METRICS if metrics is None else tuple(m for m in METRICS if m in metrics)
    if scope.panels is None:
        return FundamentalsResult(**scope.envelope(TOOL), metrics=chosen)
    if scope.panels.fundamentals is None or scope.panels.fundamentals.rows.empty:
        return FundamentalsResult(**scope.absent(TOOL, "no_data", "fundamentals"), metrics=chosen)
    filings = list(_filings(scope.panels, wanted, scope.as_of))
    if not filings:
        return FundamentalsResult(
            **scope.absent(TOOL, "not_covered", "fundamentals"), metrics=chosen
        )
    rows = _rows(scope, scope.panels, filings, chosen)
    factors = context.factors(scope, FAMILIES)
    return FundamentalsResult(
        **scope.envelope(
            TOOL, ("fundamentals", "members"), known_at=max(f.known_at for f in filings)
        ),
        metrics=chosen,
        rows=rows,
        missing=_missing(wanted, rows, chosen, factors),
        factors=factors if len(wanted) == len(scope.universe.sectors) else (),
    )


@dataclass(frozen=True, slots=True)
class _Filings:
    """A sector's reports on file; `day` is the last date they were fresh, as_of at most."""

    sector: str
    companies_count: int
    members_count: int
    period: date
    known_at: date
    day: date
    assumed: bool


def _filings(panels: MarketPanels, sectors: tuple[Sector, ...], as_of: date) -> Iterator[_Filings]:
    if panels.fundamentals is None:
        return
    rows = panels.fundamentals.rows
    rows = rows[rows["value"].notna()]
    sector_of = sector_of_member(panels)
    sector = rows["symbol"].map(sector_of)
    limit = pd.to_timedelta(rows["kind"].map(fundamentals.STALE_DAYS), unit="D")
    rows = rows.assign(sector=sector, until=rows["period"] + limit)
    for one in sectors:
        mine = rows[rows["sector"] == one.id]
        if mine.empty:
            continue
        day = min(as_of, mine["until"].max().date())
        fresh = mine[(mine["until"] >= pd.Timestamp(day))]
        yield _Filings(
            sector=one.id,
            companies_count=int(fresh["symbol"].nunique()),
            members_count=sum(1 for name in sector_of.values() if name == one.id),
            period=fresh["period"].max().date(),
            known_at=fresh["known_at"].max().date(),
            day=day,
            assumed=bool(fresh["assumed"].any()),
        )


def _rows(
    scope: Scope, panels: MarketPanels, filings: list[_Filings], metrics: tuple[Metric, ...]
) -> tuple[FundamentalRow, ...]:
    days = pd.DatetimeIndex(sorted({pd.Timestamp(filing.day) for filing in filings}))
    frames = fundamentals.history(panels, days)
    multiples = valuation.sector_pe(panels)
    today = pd.DatetimeIndex([pd.Timestamp(panels.last)])
    ranks = valuation.history(panels, today)[VALUATION_FACTOR] + valuation.MIDDLE_PCT
    rows: list[FundamentalRow] = []
    for filing in filings:
        cells: dict[Metric, float | None] = {
            metric: number(frames[metric].loc[pd.Timestamp(filing.day), filing.sector])
            for metric in METRICS
            if metric in frames
        }
        cells["pe"] = None if multiples is None else number(multiples[filing.sector].iloc[-1])
        cells["valuation_percentile"] = number(ranks[filing.sector].iloc[-1])
        shown = {FIELD_OF[metric]: cells[metric] for metric in metrics}
        rows.append(
            FundamentalRow(
                sector=filing.sector,
                companies_count=filing.companies_count,
                members_count=filing.members_count,
                period=filing.period,
                age_days=(scope.as_of - filing.period).days,
                flags=_flags(scope, filing),
                **shown,
            )
        )
    return tuple(rows)


def _flags(scope: Scope, filing: _Filings) -> tuple[Flag, ...]:
    flags: list[Flag] = [*thin_flags(filing.companies_count, scope.universe)]
    if filing.day < scope.as_of:
        flags.append("stale")
    if filing.assumed:
        flags.append("assumed_known_at")
    return tuple(flags)


def _missing(
    sectors: tuple[Sector, ...],
    rows: tuple[FundamentalRow, ...],
    metrics: tuple[Metric, ...],
    factors: tuple[FactorValue, ...],
) -> tuple[MissingCell, ...]:
    """Return a cell for each metric without a value, with the catalogue's reason."""
    row_of = {row.sector: row for row in rows}
    why: dict[tuple[str, str], GapReason] = {
        (value.sector, value.factor): value.reason for value in factors if value.reason is not None
    }
    cells: list[MissingCell] = []
    for sector in sectors:
        for metric in metrics:
            row = row_of.get(sector.id)
            if row is not None and getattr(row, FIELD_OF[metric]) is not None:
                continue
            factor = VALUATION_FACTOR if metric in ("pe", "valuation_percentile") else metric
            reason = why.get((sector.id, factor), "not_covered")
            cells.append(MissingCell(subject=sector.id, measure=FIELD_OF[metric], reason=reason))
    return tuple(cells)
