"""What the whole answers over MCP; the answers of the data tools are `core.records.contracts`'."""

from datetime import date
from typing import Annotated, Literal

from pydantic import Field, JsonValue, WithJsonSchema

from app.running.records import RunState, RunStep
from core.records.backtest import BacktestResult
from core.records.record import Record, Slug, Symbol
from core.records.report import Report
from core.records.request import Request
from core.records.result import Flag, ToolResult
from core.records.sectors import Rotation
from core.records.universe import Frequency, Treatment

CONTRACT = "1"
"""Of every tool's answer; it rises when a field changes its meaning or goes."""

PublishedReport = Annotated[
    Report | None,
    WithJsonSchema({"type": ["object", "null"]}),
    Field(description="the Report record (schema: sectorwise://contract); None with detail=brief"),
]
"""A report has up to two megabytes: clients that check it by JSON schema would take seconds."""


class ResearchAnswer(Record):
    """Where a run is, and what it found once it is finished."""

    contract: Literal["1"] = "1"
    run_id: Slug
    state: RunState
    follows: Slug | None = Field(default=None, description="the run whose thread this continues")
    request: Request = Field(description="the question in closed terms, limits it moved included")
    steps: tuple[RunStep, ...] = Field(default=(), description="what began and ended, in order")
    error: str | None = Field(default=None, description="why a failed run has no report")
    synthetic: bool | None = Field(default=None, description="None until it is finished")
    answer: tuple[str, ...] = Field(default=(), description="the sentences a reader needs first")
    report: PublishedReport = None


class ResearchRow(Record):
    """One run in the list."""

    run_id: Slug
    state: RunState
    question: str
    universes: tuple[Slug, ...]
    asked_on: date | None = None
    gaps_count: int | None = Field(default=None, description="None until it is finished")
    error: str | None = None


class ResearchList(Record):
    """Recent runs, the latest first."""

    contract: Literal["1"] = "1"
    rows: tuple[ResearchRow, ...]


class BacktestAnswer(Record):
    """A backtest as it was written to the registry of trials, and what weakens it, in words."""

    contract: Literal["1"] = "1"
    universe: Slug
    as_of: date = Field(description="the last bar it saw")
    synthetic: bool
    result: BacktestResult
    caveats: tuple[str, ...]


class Call(Record):
    """One call of a list."""

    name: str = Field(max_length=64)
    arguments: dict[str, JsonValue] = Field(default_factory=dict)


class CallAnswer(Record):
    """What one call of a list brought: its result, or why there is none."""

    name: str
    result: dict[str, JsonValue] | None = None
    error: str | None = None


class CallsAnswer(Record):
    """The answers, in the order of the calls."""

    contract: Literal["1"] = "1"
    rows: tuple[CallAnswer, ...]


class RotationMapRow(Record):
    """One sector on the map."""

    sector: Slug
    name: str
    ticker: Symbol
    colour: str = Field(pattern=r"^#[0-9a-f]{6}$")
    rotation: Rotation
    flags: tuple[Flag, ...] = ()


class RotationMapResult(ToolResult):
    """Answer of get_rotation_map: what the picture shows."""

    title: str
    benchmark: Slug
    benchmark_name: str
    treatment: Treatment
    frequency: Frequency
    rows: tuple[RotationMapRow, ...] = ()
