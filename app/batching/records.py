"""What a batch is asked for, what each report of it is, and what became of it."""

from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

from pydantic import Field

from app.render.view import Block
from core.records.record import Record, Slug
from core.records.request import Language, Request
from core.records.universe import Horizon

Engine = Literal["loky", "dask", "ray"]
Every = Literal["month-end", "week-end"]
State = Literal["made", "kept", "failed", "left"]
Gate = Literal["prices", "foreign", "proprietary"]

DEFAULT_FORMATS: Final = ("pdf", "html", "email", "xlsx", "json")


class Span(Record):
    """Last sessions of months or weeks; `until` None reaches to the last stored session."""

    first: date
    until: date | None = None
    every: Every = "month-end"


class Limits(Record):
    """What the whole batch may take; None is no limit."""

    model_calls_at_once: int | None = Field(default=None, ge=1)
    calls: int | None = Field(default=None, ge=0)
    tokens: int | None = Field(default=None, ge=0)
    usd: float | None = Field(default=None, ge=0.0)


class BatchPlan(Record):
    """What is asked for. A date None is the last stored session; no mandates: the home's."""

    universes: tuple[str, ...] = Field(min_length=1)
    dates: tuple[date | None, ...] = ()
    span: Span | None = None
    horizons: tuple[Horizon, ...] = ("1M",)
    languages: tuple[Language, ...] = ("en",)
    mandates: tuple[str, ...] = ()
    formats: tuple[str, ...] = DEFAULT_FORMATS
    limits: Limits = Limits()


class Job(Record):
    """One report to make; its folder has the job's name. `mandate` is a file, None the home's."""

    name: str = Field(pattern=r"^[a-z0-9][A-Za-z0-9_-]{0,199}$")
    request: Request
    mandate: str | None = None

    @property
    def universe(self) -> str:
        """The one universe it is about."""
        return self.request.universes[0]


class Outcome(Record):
    """What became of a job; `left` is one nobody came to. `seconds` None: it was made before.

    One that is left with an error had a worker that can make or keep no report at all.

    `lost`: its workers died, so nothing was answered and the same run may go on.
    """

    name: str
    state: State
    gaps_count: int = 0
    top_overweight: Slug | None = None
    seconds: float | None = None
    sha256: str | None = Field(default=None, description="of report.json")
    error: str | None = None
    lost: bool = False


class Absence(Record):
    """A data set that was not whole when the batch began."""

    universe: Slug
    dataset: Gate
    day: date
    have: int
    expected: int


class Estimate(Record):
    """At most, for all reports still to be made; `usd_most` None: nobody stated a price."""

    reports_count: int = 0
    kept_count: int = 0
    calls_most: int = 0
    tokens_most: int = 0
    usd_most: float | None = 0.0


@dataclass(frozen=True, slots=True)
class Appendix:
    """What is told of all of a batch's reports together: for programs, and on the index."""

    record: Record
    blocks: tuple[Block, ...]
