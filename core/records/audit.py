"""What an audit for look-ahead found: leaks, which are proven, and oddities, which are not."""

from datetime import date
from typing import Literal

from pydantic import Field

from core.records.record import Record

LeakKind = Literal[
    "truncation",
    "perturbation",
    "vintage",
    "outside",
    "revision",
    "backfill",
    "splice",
    "scaling",
]
"""truncation: a past value changes when the future is forgotten. perturbation: when future prices,
flows or memberships are others. vintage: when later releases and revisions are others. outside:
values stand beyond the data given. revision, backfill, splice: two downloads of one series differ
in the past, by other values, by values where there were none, by a jump of the ratio. scaling: the
whole sample was standardised."""

AuditTest = Literal[
    "truncation", "perturbation", "vintage", "download", "scaling", "calendar", "filling", "timing"
]

OddityKind = Literal[
    "rebased",
    "provisional",
    "assumed_dates",
    "unlagged",
    "period_dated",
    "no_session",
    "before_listing",
    "constant_start",
    "interpolated",
    "same_bar",
    "next_bar",
]


class Leak(Record):
    """One column of a signal whose past was made with what was not known then.

    `before` and `after` are the value on `first` with and without the future, or in the earlier and
    the later download; None where there is none.
    """

    kind: LeakKind
    column: str
    first: date = Field(description="first date that changed")
    cut: date | None = Field(default=None, description="all later was forgotten or others")
    cells_count: int = Field(ge=1, description="dates that changed, of that cut")
    cuts_count: int = Field(default=1, ge=1, description="cuts that showed it")
    size: float | None = Field(description="largest change; None: only presence changed")
    before: float | None = None
    after: float | None = None


class Oddity(Record):
    """What honest series seldom show; it proves nothing."""

    kind: OddityKind
    column: str | None = Field(default=None, description="None: the whole series")
    first: date | None = None
    count: int | None = None
    value: float | None = None


class LagCorrelation(Record):
    """Rank correlation of the signal with the return `lag_bars` later; 0 is its own bar."""

    lag_bars: int
    correlation: float = Field(ge=-1.0, le=1.0)
    pairs_count: int = Field(ge=1)


class AuditResult(Record):
    """One signal's audit."""

    signal: str
    first: date
    last: date
    rows_count: int = Field(ge=1)
    columns_count: int = Field(ge=1)
    cuts_count: int = Field(ge=0)
    tests: tuple[AuditTest, ...]
    untested: tuple[AuditTest, ...] = Field(description="what these data do not allow")
    leaks: tuple[Leak, ...]
    oddities: tuple[Oddity, ...] = ()
    timing: tuple[LagCorrelation, ...] = ()
