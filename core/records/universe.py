"""What a universe is: sectors, benchmark, sessions, units; never its data."""

from datetime import date
from typing import Literal, Self

from pydantic import Field, model_validator

from core.records.calendar import WEEKDAYS, Calendar
from core.records.record import Fraction, Record, Slug, Symbol

Taxonomy = Literal["gics_spdr", "gics_hose", "gics_global", "gics_europe", "icb2", "synthetic"]
Treatment = Literal["total_return", "price"]
Horizon = Literal["1W", "1M", "3M"]
Lookback = Literal["1W", "1M", "3M", "6M", "12M"]
Frequency = Literal["15min", "daily", "weekly", "monthly"]
BenchmarkKind = Literal["series", "basket", "equal_weight", "ex_group", "constant"]
Style = Literal["cyclical", "defensive", "neutral"]
EventKind = Literal["index_review", "index_inclusion", "fund_rebalance"]
EventRule = Literal["first_monday", "third_friday"]

_OF_MEMBERS: tuple[BenchmarkKind, ...] = ("basket", "ex_group")


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
    `equal_weight` the sectors in equal parts each day, `constant` the absolute view. Without kind
    and ticker it is the basket.
    """

    id: Slug
    kind: BenchmarkKind = "series"
    ticker: Symbol | None = None
    without: tuple[Symbol, ...] = Field(default=(), description="symbols an ex_group leaves out")
    name_en: str
    name_vi: str
    treatment: Treatment

    @model_validator(mode="before")
    @classmethod
    def _basket_by_default(cls, given: object) -> object:
        if isinstance(given, dict) and not given.get("kind") and not given.get("ticker"):
            return {**given, "kind": "basket"}
        return given

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if (self.kind == "series") != (self.ticker is not None):
            raise ValueError(f"benchmark {self.id}: a series, and nothing else, needs a ticker")
        if (self.kind == "ex_group") != bool(self.without):
            raise ValueError(f"benchmark {self.id}: an ex_group, and nothing else, needs `without`")
        return self


class SectorWeight(Record):
    """A sector's fraction of a portfolio or benchmark."""

    sector: Slug
    weight: Fraction


class BenchmarkWeights(Record):
    """Benchmark weights at a date, with the source a reader can check."""

    as_of: date
    source: str
    weights: tuple[SectorWeight, ...]


class Move(Record):
    """Who changed sector on one date: the symbols named, or every one now in `is_now`."""

    symbols: tuple[Symbol, ...] = ()
    all_of: bool = Field(default=False, description="True: every member now in `is_now` moved")
    was: Slug
    is_now: Slug

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        if self.all_of == bool(self.symbols):
            raise ValueError(f"move {self.was} to {self.is_now}: name symbols, or say all_of")
        return self


class Reclassification(Record):
    """A dated change of who belongs to a sector; charts mark it, `moves` name the companies."""

    effective: date
    sectors: tuple[Slug, ...]
    note: str
    moves: tuple[Move, ...] = ()


class PriceLimit(Record):
    """How far an exchange lets a price move in one session, for sessions from a date on."""

    exchange: Symbol
    since: date
    limit_pct: float = Field(gt=0.0, lt=100.0)
    tick_pct: float = Field(gt=0.0, description="largest price step, percent of the price")


class EventPlan(Record):
    """Recurring or single dates on which funds must trade, whatever they think of the stocks."""

    kind: EventKind
    name_en: str
    name_vi: str
    months: tuple[int, ...] = ()
    rule: EventRule | None = None
    dates: tuple[date, ...] = ()

    @model_validator(mode="after")
    def _dated(self) -> Self:
        if (self.rule is None) != (not self.months) or bool(self.months) == bool(self.dates):
            raise ValueError(f"event {self.name_en}: give months with a rule, or dates")
        if any(not 1 <= month <= 12 for month in self.months):
            raise ValueError(f"event {self.name_en}: months are 1 to 12")
        return self


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
    lot_count: int = Field(default=1, ge=1, description="shares of one lot on its exchanges")
    synthetic: bool = False
    decision_frequency: Frequency = "weekly"
    horizons: tuple[Horizon, ...] = ("1W", "1M", "3M")
    sectors: tuple[Sector, ...]
    benchmarks: tuple[Benchmark, ...] = Field(min_length=1, description="the first is the default")
    benchmark_weights: tuple[BenchmarkWeights, ...] = ()
    reclassifications: tuple[Reclassification, ...] = ()
    calendar: Calendar = Field(
        default=WEEKDAYS, description="in TOML a shipped calendar's id, or a table of its own"
    )
    price_limits: tuple[PriceLimit, ...] = ()
    events: tuple[EventPlan, ...] = ()

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        ids = [sector.id for sector in self.sectors]
        if len(set(ids)) != len(ids):
            raise ValueError(f"universe {self.id}: sector ids repeat")
        marks = [mark.id for mark in self.benchmarks]
        if len(set(marks)) != len(marks):
            raise ValueError(f"universe {self.id}: benchmark ids repeat")
        if not self.built_from_members and any(
            mark.kind in _OF_MEMBERS for mark in self.benchmarks
        ):
            raise ValueError(f"universe {self.id}: a basket needs built_from_members")
        known = set(ids)
        for table in self.benchmark_weights:
            unknown = {row.sector for row in table.weights} - known
            if unknown:
                raise ValueError(
                    f"universe {self.id}: weights for unknown sectors {sorted(unknown)}"
                )
        for change in self.reclassifications:
            strange = {name for move in change.moves for name in (move.was, move.is_now)} - known
            if strange:
                raise ValueError(f"universe {self.id}: moves of unknown sectors {sorted(strange)}")
        return self

    @property
    def sector_ids(self) -> tuple[str, ...]:
        """Sector ids in the file's order."""
        return tuple(sector.id for sector in self.sectors)

    @property
    def benchmark(self) -> Benchmark:
        """The default benchmark."""
        return self.benchmarks[0]

    def weights_at(self, as_of: date) -> BenchmarkWeights | None:
        """Return the last table of benchmark weights dated as_of or earlier; None without any."""
        dated = [table for table in self.benchmark_weights if table.as_of <= as_of]
        return max(dated, key=lambda table: table.as_of, default=None)

    def sector(self, sector_id: str) -> Sector:
        """Return the sector, or raise KeyError."""
        for sector in self.sectors:
            if sector.id == sector_id:
                return sector
        raise KeyError(sector_id)
