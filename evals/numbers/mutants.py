"""False statements made from true claims, by operator; whether one is caught is not decided here.

A mutant is false, or says what no fact says, by construction: an operator exchanges only what
prints otherwise, evaluates comparators itself, and gives nothing where its result would be as true
as the claim before. Nothing is left out for what the verifier makes of it. `semantic` ones hold no
figure that is not a true value of the evidence.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from random import Random
from typing import Final

from agents.material import Material
from core.records.report import Claim, Draft
from evals.numbers import swapped, worded, written
from evals.numbers.market import Market
from evals.numbers.scene import Scene


@dataclass(frozen=True, slots=True)
class Operator:
    """A way to make a claim false."""

    name: str
    semantic: bool
    change: Callable[[Scene], Claim | None]


@dataclass(frozen=True, slots=True)
class Mutant:
    """A claim before and after an operator."""

    operator: str
    before: Claim
    after: Claim
    semantic: bool


WRITTEN: Final = {
    "sign": written.sign,
    "times ten": written.tenfold,
    "unit": written.unit,
    "% for pp": written.points,
    "bn for mn, tỷ for triệu": written.magnitude,
    "1.234 for 1,234": written.separators,
    "a digit more": written.finer,
    "a digit less": written.coarser,
    "digits of another script": written.other_digits,
    "number in words": written.number_words,
    "range": written.ranged,
    "accountant's brackets": written.brackets,
    "currency": written.currency,
}
"""Operators that write a wrong figure."""
SPOKEN: Final = {
    "entity": swapped.entity,
    "entity's name": swapped.name,
    "value of another entity": swapped.value_of_another,
    "measure's name": swapped.metric,
    "value of another measure": swapped.value_of_another_measure,
    "swapped slots": swapped.swapped_slots,
    "date": swapped.date,
    "rank of the next": swapped.rank,
    "comparator flipped": swapped.comparator,
    "superlative added": swapped.superlative,
    "comparator moved": swapped.comparator_moved,
    "daily for weekly": swapped.frequency,
    "benchmark of another": swapped.benchmark,
    "total for matched": swapped.matched,
    "stale value": swapped.stale,
    "another row of the same measure": swapped.row,
    "for and against": swapped.section,
    "reasons mixed": swapped.mixed_reasons,
    "order of a difference": swapped.difference,
    "negation": worded.negation,
    "doubled, half": worded.doubled,
    "forecast words": worded.forecast_words,
    "causal words": worded.causal_words,
    "frequency words": worded.frequency_words,
    "benchmark words": worded.benchmark_words,
    "matched, put-through": worded.matched_words,
    "final, provisional": worded.provisional_words,
    "prose against table": worded.favouring,
    "direction words": worded.direction_words,
    "any claiming word": worded.any_word,
    "marks between values": worded.joined,
}
"""Operators that leave every number true and make the statement false."""
OPERATORS: Final = (
    *(Operator(name, semantic=False, change=change) for name, change in WRITTEN.items()),
    *(Operator(name, semantic=True, change=change) for name, change in SPOKEN.items()),
)


def mutants(draft: Draft, material: Material, *, seed: int, count: int) -> Iterator[Mutant]:
    """Yield at most so many mutants of a draft's claims, each once, the operators in turn.

    Args:
        draft: clean claims.
        material: of one universe, in the draft's language.
        seed: chooses claims and changes; the same seed gives the same mutants.
        count: how many; fewer where operators find nothing to change.
    """
    chance = Random(seed)  # noqa: S311 - a choice of examples
    market = Market(material, next(iter(material.universes.values())))
    made: set[Claim] = set()
    for place in range(count):
        operator = OPERATORS[(place + seed) % len(OPERATORS)]
        mutant = _mutant(operator, draft.claims, market, chance, made)
        if mutant is not None:
            made.add(mutant.after)
            yield mutant


def _mutant(
    operator: Operator, claims: tuple[Claim, ...], market: Market, chance: Random, made: set[Claim]
) -> Mutant | None:
    for before in chance.sample(claims, len(claims)):
        after = operator.change(Scene(before, market, chance))
        if after is not None and after not in made:
            return Mutant(operator.name, before, after, operator.semantic)
    return None
