"""Decides from when to when a question looks; it reads no date itself."""

from dataclasses import dataclass
from datetime import date
from typing import Final

from core.errors import RequestError
from core.language.questions.earned import looks_ahead
from core.language.reading import Reading
from core.language.times.yearless import lacks_year
from core.language.words.refusals import refusal
from core.records.request import Inference, Language, Request, Topic

_OF_A_PERIOD: Final[frozenset[Topic]] = frozenset(
    {"statements", "fundamentals", "macro", "forecast", "stocks"}
)
"""Topics of what a period's name belongs to, or of what is to come."""


@dataclass(frozen=True, slots=True)
class Span:
    """The first day told of and the day of the knowledge; None where nothing is said."""

    since: date | None
    as_of: date | None
    inferred: tuple[Inference, ...]


def span_of(reading: Reading, language: Language, previous: Request | None) -> Span:
    """Return the last date said as `as_of` and the start of a span as `since`.

    Of a month, quarter or year a span takes the first day to begin with and the last to end with.
    Which of several dates is taken is shown.
    Without any date the thread's stand; a period without its year is asked back, unless something
    is asked that is published of a period, or that is to come.

    Raises:
        RequestError: a span that does not begin before it ends, or a period of no year.
    """
    ends = [row for row in reading.dates if not row.begins]
    begins = [row for row in reading.dates if row.begins]
    if not ends and not begins:
        _refuse_yearless(reading, language)
        return _of_thread(previous)
    inferred: list[Inference] = []
    since = as_of = None
    if begins:
        start = min(begins, key=lambda row: row.first)
        since = start.first
        if not start.whole:
            inferred.append(Inference(field="since", value=since.isoformat(), why="from_words"))
    if ends:
        end = max(ends, key=lambda row: row.value)
        as_of = end.value
        if not end.whole or len({row.value for row in ends}) > 1:
            inferred.append(Inference(field="as_of", value=as_of.isoformat(), why="from_words"))
    elif previous is not None:
        as_of = previous.as_of
    if since is not None and as_of is not None and since >= as_of:
        raise RequestError(
            refusal("empty_span", language, since=since.isoformat(), until=as_of.isoformat())
        )
    return Span(since, as_of, tuple(inferred))


def _refuse_yearless(reading: Reading, language: Language) -> None:
    asked_of = _OF_A_PERIOD.isdisjoint(reading.topics) and not looks_ahead(reading)
    if asked_of and lacks_year(reading.heard):
        raise RequestError(refusal("yearless", language))


def _of_thread(previous: Request | None) -> Span:
    if previous is None:
        return Span(None, None, ())
    kept = {"since": previous.since, "as_of": previous.as_of}
    inferred = tuple(
        Inference.model_validate({"field": name, "value": value.isoformat(), "why": "from_thread"})
        for name, value in kept.items()
        if value is not None
    )
    return Span(previous.since, previous.as_of, inferred)
