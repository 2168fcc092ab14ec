"""Reads a report as it was told: which piece of which sentence is bound to which fact.

It judges nothing, and takes no rule from what is judged.
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from core.records.evidence import Fact
from core.records.report import Report, Section, Sentence, Span
from evals.records import Ran
from evals.scorers.checks import Check, Judged, reported

QUOTED = 60
"""Characters of a sentence that are quoted in a reason."""


class Bound(NamedTuple):
    """A piece of a sentence and the fact it is bound to."""

    span: Span
    fact: Fact

    @property
    def is_value(self) -> bool:
        """Whether the piece may be the fact's own value, not a name of something."""
        return self.fact.value is not None and re.match(r"[+−-]?\d", self.span.text) is not None


class Told(NamedTuple):
    """A sentence with its bound pieces, in order; `cited` holds each fact once."""

    judged: Judged
    sentence: Sentence
    bound: tuple[Bound, ...]

    @property
    def cited(self) -> tuple[Fact, ...]:
        """The facts the sentence is bound to, each once, in order."""
        return tuple({piece.fact.id: piece.fact for piece in self.bound}.values())

    def check(self, right: bool, what: str) -> Check:
        """Return a check of the sentence; a reason quotes how it begins."""
        said = f"{what} in {self.sentence.section}: {self.sentence.text[:QUOTED]!r}"
        return Check(right, self.judged.said(said))


def sentences(ran: Ran, *sections: Section) -> Iterator[Told]:
    """Yield every sentence of every report, of these sections alone where some are named."""
    for told in _sentences(_Same(ran)):
        if not sections or told.sentence.section in sections:
            yield told


def facts_of(report: Report) -> dict[str, Fact]:
    """Return the report's facts by id."""
    return {fact.id: fact for fact in report.facts}


def bound(sentence: Sentence, facts: dict[str, Fact]) -> tuple[Bound, ...]:
    """Return the pieces bound to a fact there is."""
    return tuple(
        Bound(span, facts[span.fact])
        for span in sentence.spans
        if span.fact is not None and span.fact in facts
    )


def literal(sentence: Sentence) -> str:
    """Return the words bound to nothing, a gap where each bound piece stands."""
    return "".join(" … " if span.fact is not None else span.text for span in sentence.spans)


def stem(fact: Fact) -> str:
    """Return the measure without its key: `excess_1m`, `contribution`."""
    return fact.measure.partition(".")[0]


def phrases(*words: str) -> re.Pattern[str]:
    """Return what finds any of the phrases as whole words, whatever their case."""
    return re.compile(rf"(?<!\w)(?:{'|'.join(words)})(?!\w)", re.IGNORECASE)


class _Same:
    """A run that is equal to itself alone, so that what is read of it can be remembered."""

    __slots__ = ("ran",)

    def __init__(self, ran: Ran) -> None:
        self.ran = ran

    def __hash__(self) -> int:
        return id(self.ran)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and other.ran is self.ran


@lru_cache(maxsize=2)
def _sentences(same: _Same) -> tuple[Told, ...]:
    """Return every sentence of the run; all scorers of one run read them once."""
    return tuple(
        Told(judged, sentence, bound(sentence, facts))
        for judged in reported(same.ran)
        for facts in (facts_of(judged.report),)
        for sentence in judged.report.sentences
    )
