"""How much the reports of one question, asked again and again, differ: decisions, plans, prose."""

import re
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations
from statistics import fmean
from typing import Final

from core.records.report import Report

Written = frozenset[str]
_WORD: Final = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Spread:
    """What differs between reports of one question.

    Attributes:
        name: of the model.
        reports: how many there are.
        decisions: how many scorecards with their allocations, as bytes; one, by construction.
        plans: how many sets of calls.
        same_sentences: share of two reports' sentences that both have, over all pairs: 0 to 1.
        same_words: the same of the words their sentences are made of.
        own: share of the sentences that are the model's.
        replaced: sentences, a report, that stand in for one of the model's.
    """

    name: str
    reports: int
    decisions: int
    plans: int
    same_sentences: float
    same_words: float
    own: float
    replaced: float


def spread(name: str, reports: Sequence[Report]) -> Spread:
    """Return how much the reports of one question differ.

    The shares are the mean, over all pairs of reports, of |A ∩ B| / |A ∪ B| (Jaccard, 1912).

    Raises:
        ValueError: there are fewer than two.
    """
    if len(reports) < 2:
        raise ValueError(f"{len(reports)} reports: differences need two")
    sentences = [report.sentences for report in reports]
    return Spread(
        name=name,
        reports=len(reports),
        decisions=len({_decision(report) for report in reports}),
        plans=len({report.plan.steps for report in reports}),
        same_sentences=_likeness([_sentences(report) for report in reports]),
        same_words=_likeness([_words(report) for report in reports]),
        own=fmean(row.author == "model" for told in sentences for row in told),
        replaced=fmean(sum(row.repaired is not None for row in told) for told in sentences),
    )


def asked_again(ask: Callable[[int], Report], *, name: str, times: int) -> Spread:
    """Return how much the reports differ that `ask` brings for the numbers from 0 on."""
    return spread(name, [ask(number) for number in range(times)])


def table(spreads: Iterable[Spread]) -> str:
    """Return the figures as text, a model a line."""
    head = f"{'model':<22} reports decisions plans  sentences  words    own  replaced"
    return "\n".join([head, *map(_line, spreads)])


def _line(row: Spread) -> str:
    counts = f"{row.reports:>7} {row.decisions:>9} {row.plans:>5}"
    shares = f"{row.same_sentences:>10.1%} {row.same_words:>6.1%} {row.own:>6.1%}"
    return f"{row.name:<22} {counts} {shares} {row.replaced:>9.1f}"


def _decision(report: Report) -> tuple[str, ...]:
    return tuple(row.canonical_json() for row in (*report.scorecards, *report.allocations))


def _sentences(report: Report) -> Written:
    return frozenset(f"{row.section} {row.text}" for row in report.sentences)


def _words(report: Report) -> Written:
    return frozenset(
        word for row in report.sentences for word in _WORD.findall(row.text.casefold())
    )


def _likeness(texts: Sequence[Collection[str]]) -> float:
    return fmean(_jaccard(frozenset(a), frozenset(b)) for a, b in combinations(texts, 2))


def _jaccard(one: Written, other: Written) -> float:
    return len(one & other) / len(one | other) if one | other else 1.0
