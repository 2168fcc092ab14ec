"""Decides what is told of where a printed number comes from; the words are the page's."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from app.chat.records import SentenceEvent, Source
from app.render.words import Words
from core.asked import request_facts
from core.records.evidence import Evidence, Fact
from core.records.report import Report, Sentence
from core.records.request import Request
from core.records.universe import Universe
from core.wording import phrase

LIMITS = (
    "stated_cap", "stated_floor", "stated_exclusion", "stated_turnover", "stated_holding",
    "stated_cash",
)  # fmt: skip
"""What a question's words may move the allocation by."""


@dataclass(frozen=True, slots=True)
class Sources:
    """The facts and answers of one report."""

    report: Report
    facts: Mapping[str, Fact]
    evidence: Mapping[str, Evidence]
    words: Mapping[str, Words]

    def sentences(self) -> list[SentenceEvent]:
        """Return the report's sentences, in its order, each with the sources of its numbers."""
        return [self._told(sentence) for sentence in self.report.sentences]

    def _told(self, sentence: Sentence) -> SentenceEvent:
        bound = dict.fromkeys(span.fact for span in sentence.spans if span.fact)
        return SentenceEvent(
            section=sentence.section,
            universe=sentence.universe,
            entity=sentence.entity,
            spans=sentence.spans,
            sources=tuple(
                self._source(self.facts[name]) for name in bound if name and name in self.facts
            ),
            author=sentence.author,
        )

    def _source(self, fact: Fact) -> Source:
        words = self.words[fact.universe]
        answer = self._answer(fact)
        return Source(
            fact=fact.id,
            measure=words.measure(fact.measure),
            value=phrase(fact, words.language, words.universe),
            as_of=fact.as_of,
            frequency=words.label("frequency", fact.frequency) if fact.frequency else None,
            benchmark=words.entity(fact.benchmark) if fact.benchmark else None,
            tool=answer.tool if answer else None,
            server=answer.server if answer else None,
            formula=words.label("formula", fact.formula) if fact.formula else None,
        )

    def _answer(self, fact: Fact) -> Evidence | None:
        """Return the one answer a fact is drawn from; None where it is computed from several."""
        if fact.evidence is not None:
            return self.evidence.get(fact.evidence)
        under = [self.facts[name] for name in fact.of if name in self.facts]
        found = {answer.id: answer for answer in map(self._answer, under) if answer is not None}
        return next(iter(found.values())) if len(found) == 1 else None


def sources_of(report: Report, universes: Mapping[str, Universe]) -> Sources:
    """Return where a report's numbers come from, in its language."""
    language = report.request.language
    return Sources(
        report=report,
        facts={fact.id: fact for fact in report.facts},
        evidence={item.id: item for item in report.evidence},
        words={
            name: Words(language, universes[name])
            for name in {fact.universe for fact in report.facts}
        },
    )


def stated(request: Request, universes: Mapping[str, Universe], *, today: date) -> str:
    """Return the limits and holdings a question states, in words; empty where it states none."""
    said: list[str] = []
    for name in request.universes:
        words = Words(request.language, universes[name])
        facts = request_facts(request, words.universe, as_of=today)
        said += [_limit(fact, words) for fact in facts if fact.measure in LIMITS]
    return "; ".join(dict.fromkeys(said))


def _limit(fact: Fact, words: Words) -> str:
    named = f"{words.entity(fact.subject)}: {words.measure(fact.measure).lower()}"
    return (
        named if fact.value is None else f"{named} {phrase(fact, words.language, words.universe)}"
    )
