"""Every numeral of a report's sentences, and what it must be by the evidence; judges no wording.

A numeral stands in a bound span, which must print a fact's value or date as
`evals.numbers.printing` does, or be a name of what the fact is about. One outside is in a packaged
pattern's own words, or it is bound to nothing.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Literal

from core.records.evidence import Fact
from core.records.report import Report, Sentence, Span
from core.records.request import Language
from core.records.universe import Universe
from core.wording import entity_name, key_name, label_text, measure_name
from evals.numbers.printing import MINUS, day, printed
from evals.numbers.tracing import Raw, Traces
from prompts.library import sentences

Kind = Literal["value", "date", "name", "words"]
NUMBER_WORDS: dict[Language, re.Pattern[str]] = {
    "en": re.compile(
        r"\b(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|twent\w+|thirty|forty|"
        r"fift\w+|sixty|seventy|eighty|ninety|hundreds?|thousands?|millions?|billions?|half|halves|"
        r"thirds?|quarters?|fifths?|tenths?|twice|double\w*|triple\w*|percent|dozens?)\b", re.I,
    ),
    "vi": re.compile(
        r"\b(?:hai|ba|bốn|sáu|bảy|tám|chín|mười|mươi|trăm|nghìn|ngàn|triệu|tỷ|nửa|rưỡi|phần trăm|"
        r"gấp đôi|phần ba|phần tư)\b", re.I,
    ),
}  # fmt: skip
_ISO = re.compile(r"\d{4}-\d{2}-\d{2}")


@dataclass(frozen=True, slots=True)
class Numeral:
    """A numeral as printed, and what it must be; `expected` is empty where nothing explains it."""

    section: str
    author: str
    kind: Kind
    text: str
    expected: str
    fact: str | None

    @property
    def equal(self) -> bool:
        """Whether it is printed as it must be; a plus may stand before what is above zero."""
        plus = not self.expected.startswith((MINUS, "0 ", "0%")) and self.expected != "0"
        return self.text == self.expected or (plus and self.text == f"+{self.expected}")


def numerals(report: Report, universe: Universe) -> tuple[Numeral, ...]:
    """Return every numeral of the sentences about a universe, in order.

    Args:
        report: a finished one; its sentences, facts and evidence are read.
        universe: whose names, currency and money unit are printed.
    """
    traces = Traces(report)
    told = (row for row in report.sentences if row.universe == universe.id)
    return tuple(
        numeral
        for sentence in told
        for span in sentence.spans
        for numeral in recomputed(sentence, span, traces, universe, report.request.language)
    )


def recomputed(
    sentence: Sentence, span: Span, traces: Traces, universe: Universe, language: Language
) -> Iterator[Numeral]:
    """Yield what numerals a span holds, each with what it must be."""
    fact = traces.fact(span.fact) if span.fact else None
    digits = any(char.isnumeric() for char in span.text)
    if not digits and (fact is not None or not NUMBER_WORDS[language].search(span.text)):
        return
    kind: Kind = "words"
    pattern = span.text.removeprefix(entity_name(universe.id, language, universe))
    expected = span.text if pattern in _literals(language) and not digits else ""
    if fact is not None:
        kind, expected = _bound(span.text, fact, traces.raw(fact), universe, language)
    name = fact.id if fact else span.fact
    yield Numeral(sentence.section, sentence.author, kind, span.text, expected, name)


def _bound(
    text: str, fact: Fact, raw: Raw, universe: Universe, language: Language
) -> tuple[Kind, str]:
    """Return what a bound span is, and what it must say."""
    value = _value(fact, raw, universe, language)
    if text in _names(fact, universe, language):
        return "name", text
    if text == day(fact.as_of, language) and text != value:
        return "date", text
    return "value", value


def _value(fact: Fact, raw: Raw, universe: Universe, language: Language) -> str:
    if raw.number is not None:
        return printed(raw.number, raw.unit, fact.measure, language=language, universe=universe)
    label = raw.label or ""
    return day(date.fromisoformat(label), language) if _ISO.fullmatch(label) else ""


def _names(fact: Fact, universe: Universe, language: Language) -> frozenset[str]:
    """Return how a fact's subject, measure, benchmark and closed value are called."""
    named = {
        entity_name(fact.subject, language, universe),
        measure_name(fact.measure, language),
        key_name(fact.measure, language),
    }
    if fact.benchmark is not None:
        named.add(entity_name(fact.benchmark, language, universe))
    if fact.label is not None and not _ISO.fullmatch(fact.label):
        named |= {fact.label, label_text(fact.label, language)}
    return frozenset(named)


@cache
def _literals(language: Language) -> frozenset[str]:
    """Return the pieces of text between the slots of all packaged patterns."""
    pieces = (re.split(r"\{\w+\}", pattern) for pattern in sentences(language).values())
    return frozenset(piece for row in pieces for piece in row if piece)
