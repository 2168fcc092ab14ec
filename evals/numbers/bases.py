"""True claims of every form a model may use, from a report's facts; the verifier is not asked.

Comparators are evaluated here, over the facts themselves.
"""

from collections.abc import Iterator
from itertools import islice
from random import Random
from typing import Final

from core.records.evidence import Fact
from core.records.report import Claim, Comparator, Section
from core.wording import is_signed
from evals.numbers.market import Market, source

PLAIN: Final = {
    "en": "For {entity}, the {measure} stands at {value} as of {date}, while the {measure_2} is"
          " {value_2}.",
    "vi": "Với {entity}, {measure} đang ở mức {value} tính đến {date}, trong khi {measure_2} là"
          " {value_2}.",
}  # fmt: skip
PAIRED: Final = {
    "en": "The {measure} of {entity} is {value}, while {name_2} has {value_2}.",
    "vi": "{measure} của {entity} là {value}, còn {name_2} là {value_2}.",
}
RELATIVE: Final = {
    "en": "{entity}: {measure} of {value} relative to {benchmark}; the {measure_2} is {value_2}.",
    "vi": "{entity}: {measure} là {value} so với {benchmark}; {measure_2} là {value_2}.",
}
COMPARED: Final = {
    "en": "For {entity}, the {measure} is {comparator} at {value}, while the {measure_2} is"
          " {value_2}.",
    "vi": "Với {entity}, {measure} đang {comparator} ở mức {value}, trong khi {measure_2} là"
          " {value_2}.",
}  # fmt: skip
SCORED: Final = {
    "en": "For {entity}: {measure} {value}, together with {measure_2} {value_2}.",
    "vi": "{entity}: {measure} {value}, cùng với {measure_2} {value_2}.",
}
NEUTRAL: Final = {"rs_ratio": 100.0, "rs_momentum": 100.0, "expected_outperform": 0.5}
TIE: Final = 1e-9
"""Values closer than this are the same."""
GROWN: Final = (
    "return_1w", "return_1m", "return_3m", "return_6m", "return_12m", "change", "growth_1y",
    "revenue_growth", "net_profit_growth",
)  # fmt: skip


def true_claims(market: Market, *, seed: int, count: int) -> Iterator[Claim]:
    """Yield so many claims about random facts, the forms in turn."""
    chance = Random(seed)  # noqa: S311 - a choice of examples
    for made in range(count):
        form = FORMS[made % len(FORMS)]
        order = chance.sample(market.numbers, len(market.numbers))
        claims = (form(market, first, chance) for first in order)
        yield from islice((claim for claim in claims if claim is not None), 1)


def plain(market: Market, first: Fact, chance: Random) -> Claim | None:
    """Return two measures of one sector at one date."""
    return _with_second(market, first, chance, "rotation", PLAIN[market.language])


def paired(market: Market, first: Fact, chance: Random) -> Claim | None:
    """Return one measure of two sectors."""
    peers = _alone(market, market.peers(first))
    if not peers:
        return None
    return _claim("rotation", PAIRED[market.language], first, chance.choice(peers))


def relative(market: Market, first: Fact, chance: Random) -> Claim | None:
    """Return a measure with what it is relative to."""
    if first.benchmark is None:
        return None
    return _with_second(market, first, chance, "rotation", RELATIVE[market.language])


def compared(market: Market, first: Fact, chance: Random) -> Claim | None:
    """Return a measure with a comparator that is true of it."""
    comparators = true_comparators(market, first)
    if not comparators:
        return None
    comparator = chance.choice(comparators)
    text = COMPARED[market.language]
    return _with_second(market, first, chance, "forecast", text, comparator=comparator)


def argued(market: Market, first: Fact, chance: Random) -> Claim | None:
    """Return two parts of a sector's score of one sign, for or against it."""
    if not first.measure.startswith("contribution") or not first.value:
        return None
    section: Section = "for" if first.value > 0 else "against"
    others = [
        fact for fact in _alone(market, market.beside(first))
        if fact.measure.startswith("contribution") and (fact.value or 0.0) * first.value > 0
    ]  # fmt: skip
    if not others:
        return None
    return _claim(section, SCORED[market.language], first, chance.choice(others))


FORMS: Final = (plain, paired, relative, compared, argued)


def true_comparators(market: Market, fact: Fact) -> list[Comparator]:
    """Return what is true of a fact: an extreme of its peers, a side of neutral, a direction.

    Peers that all tie have no extreme; neutral is declared, or zero of what prints with its sign.
    """
    if fact.value is None:
        return []
    stem = fact.measure.partition(".")[0]
    found = _extremes(market, fact, fact.value)
    distance = fact.value - NEUTRAL.get(stem, 0.0)
    if (stem in NEUTRAL or is_signed(stem)) and abs(distance) > TIE:
        found.append("above" if distance > 0 else "below")
    if stem in GROWN and abs(fact.value) > TIE:
        found.append("rising" if fact.value > 0 else "falling")
    return found


def _extremes(market: Market, fact: Fact, value: float) -> list[Comparator]:
    group = market.by_measure.get((source(fact), fact.measure), ())
    values = [other.value for other in group if other.value is not None]
    low, high = min(values), max(values)
    if high - low <= TIE:
        return []
    found: list[Comparator] = ["highest"] if high - value <= TIE else []
    return [*found, "lowest"] if value - low <= TIE else found


def _with_second(
    market: Market,
    first: Fact,
    chance: Random,
    section: Section,
    text: str,
    *,
    comparator: Comparator = "states",
) -> Claim | None:
    beside = _alone(market, market.beside(first))
    others = [fact for fact in beside if fact.as_of == first.as_of]
    if not others:
        return None
    return _claim(section, text, first, chance.choice(others), comparator=comparator)


def _alone(market: Market, facts: tuple[Fact, ...]) -> tuple[Fact, ...]:
    return tuple(fact for fact in facts if fact.id in market.alone)


def _claim(
    section: Section, text: str, first: Fact, second: Fact, *, comparator: Comparator = "states"
) -> Claim:
    return Claim(
        section=section, universe=first.universe, entity=first.subject, comparator=comparator,
        facts=(first.id, second.id), text=text,
    )  # fmt: skip
