"""Decides which reports a plan means: which dates, and one job for each combination."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from itertools import product
from pathlib import Path

from app.batching.records import BatchPlan, Job, Span
from core.errors import CallerError
from core.markets.sessions import covers, is_session
from core.records.request import Language, Request
from core.records.universe import Horizon, Universe


def planned_jobs(
    plan: BatchPlan, universes: Mapping[str, Universe], latest: Mapping[str, date]
) -> tuple[Job, ...]:
    """Return the jobs, by universe, then date, horizon, language and mandate.

    Args:
        plan: what is asked for.
        universes: those of the plan, by id.
        latest: each universe's last stored session.

    Raises:
        CallerError: a span holds no session, or two jobs would share a folder.
        DataError: a calendar does not cover a year of the span.
    """
    mandates: Sequence[str | None] = plan.mandates or (None,)
    jobs = [
        _job(name, day, horizon, language, mandate)
        for name in dict.fromkeys(plan.universes)
        for day, horizon, language, mandate in product(
            _days(plan, universes[name], latest[name]), dict.fromkeys(plan.horizons),
            dict.fromkeys(plan.languages), dict.fromkeys(mandates),
        )
    ]  # fmt: skip
    names = [job.name for job in jobs]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        raise CallerError(
            f"two reports of the plan would share the folder {twice}: give its mandates "
            "different file names"
        )
    return tuple(jobs)


def session_ends(universe: Universe, span: Span, *, last: date) -> tuple[date, ...]:
    """Return the last session of each month or week of the span that is over by `last`.

    A month or week is over when `last` is its last session or lies beyond it.

    Raises:
        DataError: the calendar does not cover a year of the span.
    """
    end = min(span.until or last, last)
    ends = []
    for first, after in _periods(span, end):
        day = after - timedelta(days=1)
        while day >= first and not is_session(universe, day):
            day -= timedelta(days=1)
        if span.first <= day <= end and day >= first:
            ends.append(day)
    return tuple(ends)


def _periods(span: Span, end: date) -> Iterator[tuple[date, date]]:
    """Yield the first day of each month or week up to `end`, and of the next."""
    start = span.first
    monthly = span.every == "month-end"
    first = start.replace(day=1) if monthly else start - timedelta(days=start.weekday())
    while first <= end:
        after = _next_month(first) if monthly else first + timedelta(days=7)
        yield first, after
        first = after


def _next_month(first: date) -> date:
    return date(first.year + first.month // 12, first.month % 12 + 1, 1)


def _days(plan: BatchPlan, universe: Universe, latest: date) -> tuple[date, ...]:
    if plan.span is None:
        listed = (day or latest for day in plan.dates or (None,))
        return tuple(dict.fromkeys(_session(universe, day) for day in listed))
    days = session_ends(universe, plan.span, last=latest)
    if not days:
        raise CallerError(
            f"no {plan.span.every} of {universe.id} lies between {plan.span.first} and "
            f"{plan.span.until or latest}: its data end on {latest}; widen `dates`"
        )
    return days


def _session(universe: Universe, day: date) -> date:
    """Return the session a day is about: itself, else the last before; no calendar, the day."""
    while covers(universe, day) and not is_session(universe, day):
        day -= timedelta(days=1)
    return day


def _job(
    universe: str, day: date, horizon: Horizon, language: Language, mandate: str | None
) -> Job:
    suffix = "" if mandate is None else f"-{_slug(mandate)}"
    return Job(
        name=f"{universe}-{day}-{horizon}-{language}{suffix}",
        request=Request(
            text="", language=language, intent="report", universes=(universe,), horizon=horizon,
            as_of=day,
        ),
        mandate=mandate,
    )  # fmt: skip


def _slug(mandate: str) -> str:
    stem = Path(mandate).stem.lower()
    return "".join(char if char.isalnum() and char.isascii() else "-" for char in stem)[:64]
