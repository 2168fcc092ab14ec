"""What a universe is: sectors, benchmark, sessions, units; never its data."""

from datetime import date
from typing import Literal, Self

from pydantic import Field, model_validator

from core.records.record import Fraction, Record, Slug, Symbol

Taxonomy = Literal["gics_spdr", "gics_hose", "gics_global", "gics_europe", "icb2", "synthetic"]
Treatment = Literal["total_return", "price"]
Horizon = Literal["1W", "1M", "3M"]
Frequency = Literal["15min", "daily", "weekly", "monthly"]
BenchmarkKind = Literal["series", "basket", "equal_weight", "ex_group", "constant"]
Style = Literal["cyclical", "defensive", "neutral"]


class Sector(Record):
    """One sector: the series that stands for it, or the members it is built from."""

    id: Slug
    ticker: Symbol = Field(description="ETF or index symbol, or the label of a member-built sector")
    code: str | None = Field(default=None, description="classification code, e.g. ICB 8300")
    name_en: str
    name_vi: str
    aliases: tuple[str, ...] = ()
    rollups: tuple[Slug, ...] = Field(default=(), description="e.g. financials")
    style: Style = "neutral"
    listed_from: date | None = None


class Benchmark(Record):
    """What sectors are measured against.

    A series has a ticker. `basket` is the universe's own, `ex_group` the same without `without`,
    `equal_weight` the sectors in equal parts each day, `constant` the absolute view.
    """

    id: Slug
    kind: BenchmarkKind = "series"
    ticker: Symbol | None = None
    without: tuple[Symbol, ...] = Field(default=(), description="symbols an ex_group leaves out")
    name_en: str
    name_vi: str
    treatment: Treatment


class SectorWeight(Record):
    """A sector's fraction of a portfolio or benchmark."""

    sector: Slug
    weight: Fraction


class BenchmarkWeights(Record):
    """Benchmark weights at a date, with the source a reader can check."""

    as_of: date
    source: str
    weights: tuple[SectorWeight, ...]


class Reclassification(Record):
    """A dated change of who belongs to a sector; charts mark it."""

    effective: date
    sectors: tuple[Slug, ...]
    note: str


class Universe(Record):
    """Everything about a market that is not a time series."""

    id: Slug
    regions: tuple[str, ...] = Field(description="how users and tools name it: US, usa, mỹ")
    name_en: str
    name_vi: str
    taxonomy: Taxonomy
    currency: Literal["USD", "EUR", "VND", "XXX"]
    money_unit: Literal["bn", "mn"] = Field(description="printed money unit, of the currency")
    timezone: str
    close_time: str = Field(pattern=r"^\d{2}:\d{2}$", description="local close of the last auction")
    built_from_members: bool = Field(description="True: sector series are member baskets")
    min_members: int = Field(default=3, ge=1)
    foreign_flow: bool = Field(description="False: no such statistic exists for the market")
    synthetic: bool = False
    decision_frequency: Frequency = "weekly"
    horizons: tuple[Horizon, ...] = ("1W", "1M", "3M")
    sectors: tuple[Sector, ...]
    benchmarks: tuple[Benchmark, ...] = Field(min_length=1, description="the first is the default")
    benchmark_weights: tuple[BenchmarkWeights, ...] = ()
    reclassifications: tuple[Reclassification, ...] = ()
    holidays: tuple[date, ...] = ()

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        ids = [sector.id for sector in self.sectors]
        if len(set(ids)) != len(ids):
            raise ValueError(f"universe {self.id}: sector ids repeat")
        known = set(ids)
        for table in self.benchmark_weights:
            unknown = {row.sector for row in table.weights} - known
            if unknown:
                raise ValueError(
                    f"universe {self.id}: weights for unknown sectors {sorted(unknown)}"
                )
        return self

    @property
    def sector_ids(self) -> tuple[str, ...]:
        """Sector ids in the file's order."""
        return tuple(sector.id for sector in self.sectors)

    @property
    def benchmark(self) -> Benchmark:
        """The default benchmark."""
        return self.benchmarks[0]

    def sector(self, sector_id: str) -> Sector:
        """Return the sector, or raise KeyError."""
        for sector in self.sectors:
            if sector.id == sector_id:
                return sector
        raise KeyError(sector_id)
