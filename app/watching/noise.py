"""Decides what of all that was seen is told at once, later, or not at all; it says nothing itself.

Everything is told at most once. What a rule's silence, cool-down or day leaves out stays on record.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Final

from app.alerting.records import Alert, AlertKind, Concern
from app.alerting.standpoint import Standpoint
from app.watching.records import Fate, Kept, Rule, Rules, Silence, subject_of
from app.watching.sightings import Level, Sightings

PERCENT: Final = 100.0
WAITS: Final = ("push", "digest")
"""Fates of alerts that were told, or will be."""

Subject = tuple[AlertKind, str]
"""A kind, and what it is about."""


@dataclass(frozen=True, slots=True)
class Moment:
    """A look's place in time.

    at: the slot. now: when it is worked, and told. day: the desk's date. quiet: whether nothing is
    to be told now. digest: the last instant a day was to be summed up at: what was seen by then is
    due.
    """

    at: datetime
    now: datetime
    day: date
    quiet: bool
    digest: datetime


@dataclass(frozen=True, slots=True)
class Memory:
    """What a watch knows it told.

    ids: of alerts seen before. last: when a rule last told of a subject. levels: as last told, or
    first seen. waiting: seen and not told yet, by slot. pushes: of the day, all markets.
    """

    ids: frozenset[str] = frozenset()
    last: Mapping[Subject, datetime] = field(default_factory=dict)
    levels: Mapping[Subject, float] = field(default_factory=dict)
    waiting: tuple[Kept, ...] = ()
    silences: tuple[Silence, ...] = ()
    pushes: int = 0


@dataclass(frozen=True, slots=True)
class Verdict:
    """What becomes of a look.

    kept: every alert seen for the first time. push, digest: what is told now, waiting ones
    included. demoted: ids of waiting pushes that the day's digest takes. levels: as told now.
    """

    kept: tuple[Kept, ...]
    push: tuple[Kept, ...]
    digest: tuple[Kept, ...]
    demoted: frozenset[str]
    levels: Mapping[Subject, float]


def verdict(found: Sightings, memory: Memory, rules: Rules, moment: Moment) -> Verdict:
    """Return what becomes of a look; the same look with what it left in memory tells nothing."""
    moved = tuple(moves(found.levels, memory.levels, rules, found.standpoint))
    fresh = [
        Kept(alert=alert, fate=fate, seen=moment.at)
        for alert in (*found.alerts, *moved)
        if (fate := _fate(alert, memory, rules, moment)) is not None
    ]
    fresh = list({row.alert.id: row for row in reversed(fresh)}.values())[::-1]
    waiting = (*memory.waiting, *(row for row in fresh if row.fate in WAITS))
    pushes = tuple(row for row in waiting if row.fate == "push")
    spent = memory.pushes >= rules.pushes_a_day
    demoted = frozenset(row.alert.id for row in pushes) if spent else frozenset[str]()
    digest = tuple(
        row
        for row in waiting
        if (row.fate == "digest" or row.alert.id in demoted) and row.seen <= moment.digest
    )
    told = {row.alert.id for row in (*(() if spent else pushes), *digest)}
    told = set() if moment.quiet else told
    return Verdict(
        kept=tuple(_settled(row, told, demoted, moment) for row in fresh),
        push=() if moment.quiet or spent else pushes,
        digest=() if moment.quiet else digest,
        demoted=demoted & {row.alert.id for row in memory.waiting},
        levels=_levels(found.levels, fresh, memory.levels),
    )


def after(memory: Memory, made: Verdict, moment: Moment, *, next_day: bool = False) -> Memory:
    """Return what is known after a look; `next_day`: the next one is of another desk day."""
    told = {row.alert.id for row in (*made.push, *made.digest)}
    kept = [row for row in made.kept if row.fate in WAITS]
    waiting = tuple(
        row.model_copy(update={"fate": "digest"}) if row.alert.id in made.demoted else row
        for row in (*memory.waiting, *kept)
        if row.alert.id not in told
    )
    heard = {(row.alert.kind, row.subject): moment.at for row in kept}
    return replace(
        memory,
        ids=memory.ids | {row.alert.id for row in made.kept},
        last={**memory.last, **heard},
        levels={**memory.levels, **made.levels},
        waiting=waiting,
        pushes=0 if next_day else memory.pushes + bool(made.push),
    )


def moves(
    levels: Sequence[Level],
    told: Mapping[Subject, float],
    rules: Rules,
    standpoint: Standpoint,
) -> Iterator[Alert]:
    """Yield the levels that moved by their rule's threshold since they were told or first seen.

    A level that comes back the same way needs as much again: it never flips at a line.
    """
    for level in levels:
        before, rule = told.get((level.kind, level.sector)), rules.rule(level.kind)
        if rule is None or before is None or rule.threshold is None:
            continue
        if abs(level.value - before) >= rule.threshold:
            yield _moved(level, before, _concern(level.sector, standpoint))


def _levels(
    seen: Sequence[Level], fresh: Sequence[Kept], told: Mapping[Subject, float]
) -> dict[Subject, float]:
    """Return the levels to remember: those first seen, and those that are or will be told."""
    news = {(row.alert.kind, row.subject) for row in fresh if row.fate in WAITS}
    return {
        (level.kind, level.sector): level.value
        for level in seen
        if (level.kind, level.sector) in news or (level.kind, level.sector) not in told
    }


def _moved(level: Level, before: float, concern: Concern) -> Alert:
    values: dict[str, object]
    if level.kind == "weight_change":
        values = {"weight_before": before / PERCENT, "weight": level.value / PERCENT}
    elif level.kind == "rank_change":
        values = {"rank_before": round(before), "rank": round(level.value)}
    else:
        values = {"score_before": before, "score": level.value}
    named = {"kind": level.kind, "concern": concern, "universe": level.universe}
    return Alert.model_validate(values | named | {"sector": level.sector, "period": level.period})


def _concern(sector: str, standpoint: Standpoint) -> Concern:
    if sector in standpoint.held:
        return "held"
    return "favoured" if sector in standpoint.favoured else "other"


def _fate(alert: Alert, memory: Memory, rules: Rules, moment: Moment) -> Fate | None:
    """Return what becomes of an alert seen now; None where it is no news or no rule wants it."""
    rule = rules.rule(alert.kind)
    if rule is None or alert.id in memory.ids or alert.concern not in rule.concerns:
        return None
    if not reaches(alert, rule):
        return None
    if any(silence.covers(alert, moment.day) for silence in memory.silences):
        return "silenced"
    if _cooling(alert, rule, memory, moment):
        return "cooled"
    return rule.channel


def _cooling(alert: Alert, rule: Rule, memory: Memory, moment: Moment) -> bool:
    last = memory.last.get((alert.kind, subject_of(alert)))
    return last is not None and moment.at - last < timedelta(days=rule.cool_down_days)


def reaches(alert: Alert, rule: Rule) -> bool:
    """Tell whether what an alert measures reaches the rule's threshold."""
    size = _size(alert)
    return rule.threshold is None or size is None or size >= rule.threshold


def _size(alert: Alert) -> float | None:
    """Return what the threshold of an alert's rule is of; None where it was held to it already."""
    if alert.kind in ("volume_spike", "put_through"):
        watched = alert.watched_count or 0
        return PERCENT * (alert.events_count or 0) / watched if watched else 0.0
    sizes = {
        "flow_turn": alert.intensity_pct,
        "manager_position": alert.signed_pct,
        "market_warning": alert.signs_count,
        "stale_data": alert.age_days,
        "tool_changed": alert.tools_count,
        "sync_failed": alert.hours_count,
        "missed_slots": alert.slots_count,
    }
    size = sizes.get(alert.kind)
    return None if size is None else abs(float(size))


def _settled(row: Kept, told: Iterable[str], demoted: frozenset[str], moment: Moment) -> Kept:
    fate: Fate = "digest" if row.alert.id in demoted else row.fate
    when = moment.now if row.alert.id in told else None
    return row.model_copy(update={"fate": fate, "told": when})
