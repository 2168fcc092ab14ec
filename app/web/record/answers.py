"""What the record page is told; numbers carry their unit in the field's name, words are worded."""

from datetime import date

from pydantic import Field

from app.web.worded import Gapped, Heading
from core.records.forecasting import FoldRow
from core.records.history import ReportCard, SettledCall
from core.records.record import Record, Slug
from core.records.sectors import Skill
from core.records.universe import Horizon
from tools.sectors.cuts import CutRecord


class ToldCall(SettledCall):
    """A settled call with its words."""

    sector_name: str
    stance_name: str


class CardAnswer(Record):
    """The report card of one horizon; `card` None says `said` why there is none."""

    universe: Slug
    as_of: date
    horizon: Horizon
    card: ReportCard | None
    said: tuple[str, ...] = Field(description="what must be known before the figures")
    too_few: bool = Field(description="fewer settled calls than say anything")
    enough_count: int = Field(description="settled calls from which a hit rate says something")
    headings: tuple[Heading, ...]
    calls: tuple[ToldCall, ...]
    worst: ToldCall | None


class ToldSkill(Skill):
    """The record at one horizon with what it amounts to."""

    horizon_name: str
    verdict: str


class Weight(Record):
    """A learned weight of the last cut, with its name."""

    factor: Slug
    name: str
    family_name: str
    weight_pct: float


class ModelAnswer(Record):
    """The forecast's own record: all horizons, and of the asked one its cuts and weights."""

    universe: Slug
    as_of: date
    horizon: Horizon
    gap: Gapped | None
    said: str = Field(description="why there is no record; empty with one")
    note: str
    skills: tuple[ToldSkill, ...]
    headings: tuple[Heading, ...]
    cuts: tuple[CutRecord, ...]
    last: FoldRow | None = Field(description="the cut that speaks now")
    weights: tuple[Weight, ...] = Field(description="the largest, views first")
    weights_count: int
