"""Whether what is relative names its basis: the frequency of a quadrant, the benchmark of both."""

import re
from collections.abc import Iterator

from core.records.evidence import Fact
from evals.records import Ran
from evals.scorers.checks import Check, Judged, reported
from evals.scorers.told import Told, phrases, sentences, stem
from evals.scorers.words.direction import SIDES

FREQUENCIES = {
    "weekly": phrases("weekly", "tuần"),
    "daily": phrases("daily", "ngày"),
    "monthly": phrases("monthly", "tháng"),
    "15min": phrases("15-minute", "15 phút"),
}
ROTATION = frozenset({"quadrant", "rs_ratio", "rs_momentum"})
RELATIVE = re.compile(r"(?:expected_)?excess|rs_|quadrant")
AGAINST = re.compile(r"(?:relative to|against|so với)\s*$", re.IGNORECASE)
"""Words right before a benchmark's name."""


def checks(ran: Ran) -> Iterator[Check]:
    """Yield whether each quadrant has its frequency, and each benchmark that is used its name."""
    told = list(sentences(ran))
    for judged in reported(ran):
        own = [row for row in told if row.judged.place == judged.place]
        yield from _frequencies(own)
        yield from _benchmarks(judged, own)


def _frequencies(told: list[Told]) -> Iterator[Check]:
    """Yield whether a sentence with a quadrant says on which bars, or its section's basis does."""
    bases = [(row.sentence.section, row.sentence.universe, row) for row in told if any(_named(row))]
    for row in told:
        used = {fact.frequency for fact in _told(row) if stem(fact) in ROTATION and fact.frequency}
        place = (row.sentence.section, row.sentence.universe)
        texts = [base.sentence.text for *at, base in bases if tuple(at) == place]
        for frequency in sorted(used):
            said = [row.sentence.text, *(texts if len(used) == 1 else [])]
            words = FREQUENCIES.get(frequency)
            right = words is not None and any(words.search(text) for text in said)
            yield row.check(right, f"no {frequency}")


def _told(row: Told) -> list[Fact]:
    """Return the facts whose value or quadrant is said, not only their date or benchmark."""
    return [
        piece.fact
        for piece in row.bound
        if piece.is_value or SIDES.get(piece.span.text.casefold()) == piece.fact.label
    ]


def _benchmarks(judged: Judged, told: list[Told]) -> Iterator[Check]:
    """Yield whether each benchmark that something told is relative to is named in that market."""
    used: dict[tuple[str, str], str] = {}
    named: set[tuple[str, str]] = set()
    for row in told:
        for fact in filter(_is_relative, _told(row)):
            used.setdefault((fact.universe, fact.benchmark or ""), fact.measure)
        named |= set(_named(row))
    for (universe, benchmark), measure in sorted(used.items()):
        said = judged.said(f"{measure} of {universe} is told, {benchmark} not named")
        yield Check((universe, benchmark) in named, said)


def _is_relative(fact: Fact) -> bool:
    return fact.benchmark is not None and RELATIVE.match(fact.measure) is not None


def _named(told: Told) -> Iterator[tuple[str, str]]:
    """Yield the benchmarks a sentence names: a bound name after "against" or its like."""
    facts = {piece.fact.id: piece.fact for piece in told.bound}
    before = ""
    for span in told.sentence.spans:
        fact = facts.get(span.fact or "")
        if fact and fact.benchmark and AGAINST.search(before) and not span.text[:1].isdigit():
            yield fact.universe, fact.benchmark
        before = span.text
