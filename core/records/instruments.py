"""What can be asked about: universes and instruments, and the prices of one; never a forecast.

Units are in the field names; `None` means not available, with the reason in `missing`.
"""

from datetime import date
from typing import Literal

from pydantic import Field

from core.records.record import Record, Slug, Symbol
from core.records.result import Flag, ToolResult
from core.records.universe import Taxonomy, Treatment

InstrumentKind = Literal["stock", "sector", "benchmark", "other"]
BarFrequency = Literal["daily", "weekly"]
RoomState = Literal["open", "full"]
NAME_CHARS = 120


class SectorEntry(Record):
    """One sector of a universe."""

    sector: Slug
    name_en: str
    name_vi: str


class BenchmarkEntry(Record):
    """One benchmark of a universe; the first listed is the default."""

    benchmark: Slug
    name_en: str
    name_vi: str
    treatment: Treatment


class UniverseRow(Record):
    """One market the server knows, with or without data."""

    universe: Slug
    name_en: str
    name_vi: str
    currency: str
    taxonomy: Taxonomy
    synthetic: bool
    foreign_flow: bool = Field(description="False: no such statistic exists for the market")
    first: date | None = Field(description="first stored day of prices; None without any")
    last: date | None = Field(description="last stored day of prices")
    regions: tuple[str, ...] = Field(description="names `region` also takes")
    benchmarks: tuple[BenchmarkEntry, ...]
    sectors: tuple[SectorEntry, ...]


class UniversesResult(ToolResult):
    """Answer of list_universes; the envelope is of the universe answered without a region."""

    rows: tuple[UniverseRow, ...] = ()


class InstrumentRow(Record):
    """One thing a name may mean, best match first."""

    kind: InstrumentKind = Field(
        description="stock: member of a sector; other: priced and in no sector, funds above all"
    )
    symbol: Symbol | None = Field(description="None: a benchmark without a series of its own")
    name: str | None = Field(max_length=NAME_CHARS)
    sector: Slug | None = None
    benchmark: Slug | None = Field(default=None, description="id, for the `benchmark` argument")
    exchange: str | None = Field(default=None, max_length=32)
    priced: bool = Field(description="has a close by as_of")


class InstrumentsResult(ToolResult):
    """Answer of search_instruments."""

    query: str = Field(max_length=NAME_CHARS)
    found_count: int = Field(default=0, ge=0, description="of all matches, listed or not")
    rows: tuple[InstrumentRow, ...] = ()


class StockRow(Record):
    """One stock or fund at its last session known at as_of."""

    symbol: Symbol
    name: str | None = Field(max_length=NAME_CHARS)
    sector: Slug | None
    industry: str | None = Field(max_length=NAME_CHARS)
    exchange: str | None = Field(max_length=32)
    period: date = Field(description="session of the price")
    close_level: float = Field(gt=0, description="as traded, in the currency's own unit")
    return_1w_pct: float | None
    return_1m_pct: float | None
    return_3m_pct: float | None
    return_6m_pct: float | None
    return_12m_pct: float | None
    high_52w_pct: float | None = Field(description="from the highest close of 252 sessions, <= 0")
    distance_200d_pct: float | None
    volatility_pct: float | None
    volume_ratio_x: float | None
    traded_a_session_bn: float | None = Field(description="mean matched value a session")
    weight_pct: float | None = Field(description="of its sector's basket; 100 for a fund")
    limit_pct: float | None = Field(description="daily price limit; None without one")
    locked: Literal["up", "down"] | None = Field(description="closed at its limit that session")
    foreign_room: RoomState | None = Field(description="full: foreigners can only sell")
    foreign_net_1m_bn: float | None
    market_cap_bn: float | None = Field(description="last published, moved with the price since")
    pe_x: float | None = Field(description="last published, moved with the price since")
    roe_pct: float | None
    revenue_growth_pct: float | None = Field(
        description="over a year; a bank's total operating or net interest income"
    )
    reported: date | None = Field(description="end of the newest period those four are from")
    flags: tuple[Flag, ...] = ()


class StockInfoResult(ToolResult):
    """Answer of get_stock_info."""

    rows: tuple[StockRow, ...] = Field(default=(), max_length=1)


class PriceBar(Record):
    """One bar of one instrument."""

    symbol: Symbol
    period: date = Field(description="last session of the bar")
    close_level: float = Field(
        gt=0, description="dividends and splits put into the past, so the last is as traded"
    )
    volume_count: float | None = Field(
        description="in the shares of as_of, splits put into the past"
    )
    value_bn: float | None = Field(description="matched value")


class Paged(ToolResult):
    """An answer in pages of rows; ask for the next with `page`."""

    page: int = Field(default=1, ge=1)
    pages_count: int = Field(default=1, ge=1)


class PriceHistoryResult(Paged):
    """Answer of get_price_history; symbols without bars are in `missing`."""

    frequency: BarFrequency
    since: date
    provisional: bool = Field(default=False, description="the last bar's week still runs")
    adjusted_only: tuple[Symbol, ...] = Field(
        default=(), description="their source tells no price as traded: levels are the source's"
    )
    rows: tuple[PriceBar, ...] = ()


class IndexBar(Record):
    """One bar of a benchmark."""

    period: date = Field(description="last session of the bar")
    close_index: float = Field(gt=0)
    return_pct: float | None = Field(description="over the bar before")


class IndexHistoryResult(Paged):
    """Answer of get_index_history."""

    benchmark: Slug
    treatment: Treatment
    frequency: BarFrequency
    since: date
    provisional: bool = Field(default=False, description="the last bar's week still runs")
    rows: tuple[IndexBar, ...] = ()
