"""Decides which days the exchange's calendar and the universe's file hold between two dates.

Both are as shipped today, so what they could not hold before the day itself is left out until then:
unplanned closures, halts, and reclassifications, of which nothing says when they were announced.
"""

import tomllib
from collections.abc import Iterator
from datetime import date
from functools import lru_cache
from importlib.resources import files
from typing import Final

from core.markets.events import events_between
from core.plain_text import plain_line
from core.records.events import NAME_CHARS, DatedEvent, DatedKind
from core.records.record import Record
from core.records.result import MissingCell
from core.records.universe import Reclassification, Universe

HOLIDAY: Final = ("exchange closed", "sàn đóng cửa")
HALT: Final = ("main exchange halted", "sàn chính ngừng giao dịch")


class HalfDays(Record):
    """Early closings of one exchange; of other years nothing is known."""

    close_time: str
    first_year: int
    last_year: int
    days: tuple[date, ...]


def exchange_days(
    universe: Universe, first: date, last: date, *, as_of: date
) -> Iterator[DatedEvent]:
    """Yield closed and shortened days, funds' dates and reclassifications, both ends included.

    After as_of only planned days: no halt, no unplanned closure, no reclassification.
    """
    known = min(last, as_of)
    surprises = unplanned_closures().get(universe.calendar.id, frozenset())
    for year in universe.calendar.years:
        for day in year.closed:
            if first <= day <= (known if day in surprises else last):
                yield _event("holiday", day, *HOLIDAY)
        yield from (_event("holiday", day, *HALT) for day in year.halted if first <= day <= known)
    yield from _half_days(universe, first, last)
    for fixed in events_between(universe, first, last):
        yield _event(fixed.kind, fixed.period, fixed.name_en, fixed.name_vi)
    for change in universe.reclassifications:
        if first <= change.effective <= known:
            yield _reclassified(change)


def untold_days(
    universe: Universe, first: date, last: date, *, as_of: date
) -> tuple[MissingCell, ...]:
    """Return a cell for each kind whose days are not known for all of the span.

    Reclassifications after as_of are not, of any universe: a cell for some would tell of them.
    """
    listed = {year.year for year in universe.calendar.years}
    early = declared_half_days().get(universe.calendar.id)
    years = set(range(first.year, last.year + 1))
    cells = []
    if not years <= listed:
        cells.append(_untold(universe, "holiday"))
    if early is None or first.year < early.first_year or last.year > early.last_year:
        cells.append(_untold(universe, "half_day"))
    if last > as_of:
        cells.append(_untold(universe, "reclassification"))
    return tuple(cells)


@lru_cache(maxsize=1)
def declared_half_days() -> dict[str, HalfDays]:
    """Return the packaged early closings by calendar."""
    text = files("tools.events").joinpath("half_days.toml").read_text(encoding="utf-8")
    return {name: HalfDays.model_validate(row) for name, row in tomllib.loads(text).items()}


@lru_cache(maxsize=1)
def unplanned_closures() -> dict[str, frozenset[date]]:
    """Return the packaged closures that no calendar held the day before, by calendar."""
    text = files("tools.events").joinpath("unplanned.toml").read_text(encoding="utf-8")
    return {name: frozenset(days) for name, days in tomllib.loads(text).items()}


def _half_days(universe: Universe, first: date, last: date) -> Iterator[DatedEvent]:
    early = declared_half_days().get(universe.calendar.id)
    if early is None:
        return
    en, vi = f"closes early, {early.close_time}", f"đóng cửa sớm, {early.close_time}"
    yield from (_event("half_day", day, en, vi) for day in early.days if first <= day <= last)


def _event(kind: DatedKind, day: date, name_en: str, name_vi: str | None) -> DatedEvent:
    en, vi = (None if name is None else plain_line(name, NAME_CHARS) for name in (name_en, name_vi))
    return DatedEvent(kind=kind, period=day, ahead=False, name_en=en, name_vi=vi)


def _reclassified(change: Reclassification) -> DatedEvent:
    event = _event("reclassification", change.effective, change.note, None)
    return event.model_copy(update={"sectors": change.sectors})


def _untold(universe: Universe, kind: DatedKind) -> MissingCell:
    return MissingCell(subject=universe.id, measure=kind, reason="not_covered")
