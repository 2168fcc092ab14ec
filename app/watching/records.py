"""What a watch is told to do and what it keeps: rules, slots, silences, alerts told."""

from collections.abc import Mapping
from datetime import date, datetime, time
from typing import Literal, Self

from pydantic import Field, model_validator

from app.alerting.records import Alert, AlertKind, Concern
from core.records.record import Record, Slug

Channel = Literal["push", "digest"]
Look = Literal["daily", "weekly"]
SlotState = Literal["done", "skipped"]
Fate = Literal["push", "digest", "cooled", "silenced"]
"""`push` and `digest` say what an alert is or will be told in; the others are never told."""


class Rule(Record):
    """One rule: what it takes to be told, where, and how often at most."""

    on: bool = True
    channel: Channel
    concerns: tuple[Concern, ...] = Field(min_length=1, description="whose business it must be")
    look: Look = Field(description="weekly: at the last session of a finished week alone")
    threshold: float | None = Field(default=None, ge=0.0, description="see docs/guide.md; at least")
    band: float = Field(default=0.0, ge=0.0, description="hysteresis: how far beyond a line counts")
    cool_down_days: int = Field(
        default=0, ge=0, le=400, description="for which the same is not told again"
    )


class QuietHours(Record):
    """Hours of every day in which nothing is told; what there is to tell waits for their end."""

    since: str = Field(pattern=r"^([01]\d|2[0-3]):[0-5]\d$")
    until: str = Field(pattern=r"^([01]\d|2[0-3]):[0-5]\d$")

    def hold(self, at: time) -> bool:
        """Tell whether a local time lies in them; equal ends hold nothing."""
        told = f"{at.hour:02d}:{at.minute:02d}"
        if self.since <= self.until:
            return self.since <= told < self.until
        return told >= self.since or told < self.until


class Rules(Record):
    """All rules, by kind, and the desk's patience."""

    pushes_a_day: int = Field(ge=0, description="messages; what is above goes into the digest")
    timezone: str | None = Field(default=None, description="the desk's; None: the market's")
    quiet: QuietHours | None = None
    rules: Mapping[AlertKind, Rule]

    def rule(self, kind: AlertKind) -> Rule | None:
        """Return the rule of a kind; None where it is off."""
        found = self.rules.get(kind)
        return found if found is not None and found.on else None

    def kinds(self, look: Look) -> frozenset[AlertKind]:
        """Return the kinds looked for at that frequency."""
        return frozenset(kind for kind, rule in self.rules.items() if rule.on and rule.look == look)


class Slot(Record):
    """A planned look: an instant in UTC, and the session it belongs to."""

    at: datetime
    session: date
    digest: bool = Field(default=False, description="whether the day is summed up at it")

    @model_validator(mode="after")
    def _zoned(self) -> Self:
        if self.at.utcoffset() is None:
            raise ValueError("a slot needs a time zone")
        return self


class Kept(Record):
    """An alert as the watch keeps it: when it was seen, what became of it, when it was told."""

    alert: Alert
    fate: Fate
    seen: datetime = Field(description="the slot")
    told: datetime | None = Field(default=None, description="None: waiting, or never")
    acknowledged: bool = False

    @property
    def subject(self) -> str:
        """What it is about, beside its kind."""
        return subject_of(self.alert)


class Silence(Record):
    """A rule, a sector or both of which nothing is told until a day, this one included."""

    rule: AlertKind | None = None
    sector: Slug | None = None
    until: date

    def covers(self, alert: Alert, day: date) -> bool:
        """Tell whether the alert is not to be told that day."""
        same = self.rule in (None, alert.kind) and self.sector in (None, alert.sector)
        return same and day <= self.until


def subject_of(alert: Alert) -> str:
    """Return what an alert is about, beside its kind; empty for the whole market."""
    return alert.sector or alert.dataset or alert.server or alert.source or ""
