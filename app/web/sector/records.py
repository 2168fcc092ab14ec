"""The sector page's records: tables of the tools' own rows, headed and worded."""

from datetime import date
from typing import Generic, TypeVar

from pydantic import Field

from app.web.heat.records import HeatHorizon, HeatRow
from app.web.worded import Gapped, Heading, MissingSaid, Worded
from core.records.investors import ForeignRoomRow, FundFlowRow, ProprietaryRow
from core.records.payloads import FlowRow, FundamentalRow, RatioRow, StatementRow, WhaleRow
from core.records.record import Record, Slug, Symbol
from core.records.result import Flag
from core.records.rotation_statistics import MoveRow, QuadrantRow
from core.records.sector_readings import BreadthRow, PartRow, ScreenRow, ValuationRow
from core.records.sectors import RotationSpell, TailPoint
from core.records.universe import Horizon

Row = TypeVar("Row", bound=Record)


class Sheet(Record, Generic[Row]):
    """One answer's rows with their headings; without rows, why, and who must act."""

    gap: Gapped | None
    columns: tuple[Heading, ...]
    rows: tuple[Row, ...]
    labels: dict[str, str] = Field(description="words of the closed values in the rows")
    missing: tuple[MissingSaid, ...]
    as_of: date
    known_at: date | None


class Place(Record):
    """Where the sector is at one frequency, against the benchmark at 100."""

    quadrant: Worded
    period: date
    provisional: bool
    dwell_count: int
    rs_ratio_index: float
    rs_momentum_index: float
    heading_deg: float | None
    velocity_index: float | None
    early_warning: Worded | None


class Argument(Record):
    """A factor's part of the score, in points."""

    factor: Slug
    label: str
    family: str
    contribution: float


class SectorSummary(Record):
    """The page's first lines."""

    universe: Slug
    sector: Slug
    ticker: Symbol
    name: str
    colour: str
    as_of: date
    known_at: date | None
    synthetic: bool
    benchmark_name: str
    horizon: Horizon
    gap: Gapped | None
    scored_count: int = Field(description="sectors with a score")
    weekly: Place | None
    daily: Place | None
    row: HeatRow | None
    horizons: tuple[HeatHorizon, ...]
    arguments_for: tuple[Argument, ...]
    arguments_against: tuple[Argument, ...]
    return_3m_pct: float | None
    distance_200d_pct: float | None
    since: date | None = Field(description="of the last report, which changes are against")


class MemberRow(Record):
    """One member stock."""

    symbol: Symbol
    weight_pct: float | None
    close_level: float | None = Field(description="as traded, in the currency's own unit")
    return_1m_pct: float | None
    excess_1m_pct: float | None
    return_3m_pct: float | None
    above_200d: bool | None
    volume_ratio_x: float | None
    foreign_net_1m_bn: float | None
    traded_20d_bn: float | None = Field(description="mean matched value a session")
    flags: tuple[Flag, ...]


class SectorMembers(Record):
    """Who the sector is made of."""

    members: Sheet[MemberRow]
    breadth: Sheet[BreadthRow]
    parts: Sheet[PartRow]


class Screened(Record):
    """The members that keep every bound."""

    stocks: Sheet[ScreenRow]
    screened_count: int
    passed_count: int
    unknown_count: int = Field(description="failed for want of a value a filter asks for")


class SectorAccounts(Record):
    """What its companies report, and what is paid for it."""

    fundamentals: Sheet[FundamentalRow]
    valuation: Sheet[ValuationRow]
    statements: Sheet[StatementRow]
    ratios: Sheet[RatioRow]


class SectorFlows(Record):
    """Who buys and sells."""

    foreign: Sheet[FlowRow]
    stocks: Sheet[FlowRow]
    room: Sheet[ForeignRoomRow]
    proprietary: Sheet[ProprietaryRow]
    fund: Sheet[FundFlowRow]
    whales: Sheet[WhaleRow]


class SectorRotation(Record):
    """Where the sector has been, and how often it went where from there."""

    path: tuple[TailPoint, ...] = Field(description="weekly bars against the benchmark")
    stays: Sheet[RotationSpell]
    moves: Sheet[MoveRow]
    quadrants: Sheet[QuadrantRow]


class FactorPart(Record):
    """One factor in the sector's score; without a value, why."""

    factor: Slug
    label: str
    family: Slug
    family_label: str
    weight: float
    z: float | None
    contribution: float | None
    reason: str | None


class SmallerParts(Record):
    """The factors behind the largest, as one."""

    factors_count: int
    contribution: float = Field(description="points of score: their sum")


class SectorScoreParts(Record):
    """The sector's score, split into its factors."""

    horizon: Horizon
    gap: Gapped | None
    score: float | None
    reason: str | None
    weights: str | None
    trained_until: date | None
    parts: tuple[FactorPart, ...]
    shown_count: int = Field(description="of the parts with a value, drawn one by one")
    smaller: SmallerParts | None = Field(description="the others with a value")
