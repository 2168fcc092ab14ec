"""What the macro page is told; numbers carry their unit in the field's name, words are worded."""

from datetime import date

from pydantic import Field

from app.web.worded import Gapped, Heading, MissingSaid, Worded
from core.market_state.warning import Sign
from core.records.economy import DashboardRow, RegimeSpell
from core.records.events import DatedEvent
from core.records.payloads import RegimeRow
from core.records.record import Record, Slug
from core.records.rotation_statistics import (
    BalanceRow,
    MarketStateRow,
    SwitchRow,
    WarningOutcomeRow,
)
from tools.macro.other_markets import OtherMarket
from tools.macro.paths import SeriesPath, StatePath


class ToldNumber(DashboardRow):
    """A release with its words."""

    name: str
    group_name: str
    unit_name: str
    change_unit_name: str
    decimals: int
    flag_names: tuple[str, ...]


class NamedSeries(Record):
    """A series that has a history."""

    series: Slug
    name: str
    category_name: str


class MacroAnswer(Record):
    """The dashboard; `forecasts_stored` says whether any surprise could be told."""

    universe: Slug
    as_of: date
    known_at: date | None
    gap: Gapped | None
    missing: tuple[MissingSaid, ...]
    forecasts_stored: bool
    stale_count: int
    rows: tuple[ToldNumber, ...]
    series: tuple[NamedSeries, ...]


class ToldSpell(RegimeSpell):
    """A stretch of one regime with its name."""

    name: str


class RegimeAnswer(Record):
    """The regime now and before; without one `missing` says why."""

    universe: Slug
    as_of: date
    since: date
    gap: Gapped | None
    missing: tuple[MissingSaid, ...]
    now: RegimeRow | None
    now_name: str
    names: tuple[Worded, ...] = Field(description="of all four regimes")
    spells: tuple[ToldSpell, ...]
    path: StatePath


class SeriesAnswer(Record):
    """One series' history with its words."""

    name: str
    unit_name: str
    decimals: int
    gap: Gapped | None
    path: SeriesPath


class ToldMarket(OtherMarket):
    """Another market with the names of the sectors it suits and burdens most."""

    stands_for_name: str
    suits_name: str | None
    burdens_name: str | None


class MarketsAnswer(Record):
    """The inter-market strip."""

    universe: Slug
    as_of: date
    gap: Gapped | None
    rows: tuple[ToldMarket, ...]
    absent: tuple[Slug, ...] = Field(description="those without any series")


class ToldOutcome(WarningOutcomeRow):
    """What followed one state, with its words."""

    kind_name: str
    horizon_name: str


class StrainSign(Record):
    """One reading of the market's strain against its own past, percentiles of that."""

    id: Sign
    percentile_pct: float | None
    lit: bool
    lit_from_pct: float
    lit_to_pct: float


class StrainAnswer(Record):
    """The market's strain, its record, the rule and the balance, with what is absent of them."""

    universe: Slug
    as_of: date
    benchmark_name: str
    gap: Gapped | None
    missing: tuple[MissingSaid, ...]
    state: MarketStateRow | None
    state_name: str
    signs: tuple[StrainSign, ...] = Field(description="none without a state")
    breadth_of_name: str
    note: str
    headings: tuple[Heading, ...]
    outcomes: tuple[ToldOutcome, ...]
    switch: SwitchRow | None
    switch_name: str
    switch_note: str
    balance: BalanceRow | None
    lead_name: str


class ToldEvent(DatedEvent):
    """A dated event with what it is about."""

    name: str = Field(description="of the series, the event or the sectors")
    kind_key: str = Field(description="of the page's words")
    unit_name: str = ""


class CalendarAnswer(Record):
    """Dated events by day; `ahead` of each says on which side of as_of it lies."""

    universe: Slug
    as_of: date
    since: date
    until: date
    gap: Gapped | None
    missing: tuple[str, ...] = Field(description="kinds whose days are not known for all of it")
    rows: tuple[ToldEvent, ...]
