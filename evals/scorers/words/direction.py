"""Whether words of direction are true of the facts they stand beside: signs, sides, extremes.

It knows the closed words a report uses in both languages, and judges no style.
"""

import re
from collections.abc import Iterator

from core.records.evidence import Fact
from evals.records import Ran
from evals.scorers.checks import Check
from evals.scorers.told import Told, facts_of, literal, phrases, sentences, stem

TOLERANCE = 1e-9
LABELS: dict[str, tuple[str, ...]] = {
    "LEADING": ("leading", "dẫn dắt"),
    "WEAKENING": ("weakening", "suy yếu"),
    "LAGGING": ("lagging", "tụt hậu"),
    "IMPROVING": ("improving", "cải thiện"),
    "overweight": ("overweight", "tăng tỷ trọng"),
    "underweight": ("underweight", "giảm tỷ trọng"),
    "neutral": ("neutral", "trung lập"),
    "excluded": ("excluded", "loại khỏi danh mục"),
    "buying": ("net buying", "mua ròng"),
    "selling": ("net selling", "bán ròng"),
}
"""The words of closed values that take a side, in English and Vietnamese."""
SIDES = {words: label for label, both in LABELS.items() for words in both}
EXTREMES = {"the highest": 1, "cao nhất": 1, "the lowest": -1, "thấp nhất": -1}
COMPARED = {
    "above": 1, "cao hơn": 1, "rising": 1, "đang tăng": 1,
    "below": -1, "thấp hơn": -1, "falling": -1, "đang giảm": -1,
}  # fmt: skip
NEUTRAL = {"rs_ratio": 100.0, "rs_momentum": 100.0, "expected_outperform": 0.5, "outperform": 0.5}
"""What a measure is compared with where it is not zero."""
QUADRANTS = {"LEADING": (1, 1), "WEAKENING": (1, -1), "LAGGING": (-1, -1), "IMPROVING": (-1, 1)}
"""Side of 100 of RS-Ratio and RS-Momentum."""
ARGUES = re.compile(r"for (more|less)|ủng hộ (tăng|giảm)|(phản đối)")
CHANCE = phrases("better than chance", "hơn ngẫu nhiên")
WORSE = phrases("worse than chance", "kém hơn ngẫu nhiên")
NOTHING = phrases("nothing of weight argues", "nothing of weight", "không có gì đáng kể")
CONFIRMS = phrases("confirm", "xác nhận")
CONTRADICTS = phrases("contradict", "đi ngược")
OPPOSITE = phrases("opposite ways", "ngược chiều")
NO_VERDICT = phrases("neither", "nothing", "no verdict", "confirmation", "chưa", "không có gì")
WITH = {("overweight", "buying"), ("underweight", "selling")}
AGAINST = {("overweight", "selling"), ("underweight", "buying")}


def checks(ran: Ran) -> Iterator[Check]:
    """Yield a check for each word of direction a sentence is bound to or argues with."""
    for told in sentences(ran):
        yield from _labels(told)
        yield from _comparators(told)
        yield from _argued(told)
        yield from _quadrants(told)
        yield from _flows(told)
        yield from _record(told)


def sign(value: float | None, neutral: float = 0.0) -> int:
    """Return 1, -1 or 0: the side of its neutral value; 0 for none."""
    if value is None or abs(value - neutral) <= TOLERANCE:
        return 0
    return 1 if value > neutral else -1


def _labels(told: Told) -> Iterator[Check]:
    """Yield whether a closed word that takes a side is its fact's own label."""
    for span, fact in told.bound:
        said = SIDES.get(span.text.casefold())
        if said is not None and fact.label is not None:
            yield told.check(fact.label == said, f"{span.text!r} of {fact.label}")


def _comparators(told: Told) -> Iterator[Check]:
    for span, fact in told.bound:
        words = span.text.casefold()
        if words in EXTREMES:
            yield told.check(_is_extreme(told, fact, EXTREMES[words]), f"{words!r} {fact.measure}")
        if words in COMPARED:
            side = sign(fact.value, NEUTRAL.get(stem(fact), 0.0))
            yield told.check(side == COMPARED[words], f"{words!r} of {fact.value}")


def _is_extreme(told: Told, fact: Fact, side: int) -> bool:
    """Tell whether no other subject of the same source and measure lies further out."""
    own = (fact.universe, fact.evidence, fact.formula, fact.measure)
    peers = [
        row.value
        for row in facts_of(told.judged.report).values()
        if row.value is not None and (row.universe, row.evidence, row.formula, row.measure) == own
    ]
    if fact.value is None or len(peers) < 2:
        return False
    return all(side * (fact.value - value) >= -TOLERANCE for value in peers)


def _argued(told: Told) -> Iterator[Check]:
    """Yield whether what is for or against has that sign, by section and by "for more"."""
    parts = [fact for fact in told.cited if stem(fact) == "contribution"]
    wanted = {"for": 1, "against": -1}.get(told.sentence.section)
    if wanted is not None and parts:
        right = sign(parts[0].value) == wanted
        yield told.check(right, f"contribution {parts[0].value}")
    if told.sentence.section != "headline" or not parts:
        return
    said = [match.group() for match in ARGUES.finditer(_unargued(told))]
    sides = [_side(words) for words in said]
    sides = [-sides[0] if side == 0 and place else side for place, side in enumerate(sides)]
    for side, fact, words in zip(sides, parts, said, strict=False):
        yield told.check(sign(fact.value) == side, f"{words!r} of {fact.value}")


def _unargued(told: Told) -> str:
    """Return the literal words without what nothing argues for."""
    words = re.split(r"[,.;:]", literal(told.sentence))
    return ",".join(part for part in words if not NOTHING.search(part))


def _side(words: str) -> int:
    if words.endswith(("more", "tăng")):
        return 1
    return -1 if words.endswith(("less", "giảm")) else 0


def _quadrants(told: Told) -> Iterator[Check]:
    """Yield whether a quadrant has RS-Ratio and RS-Momentum on its sides of 100."""
    facts = told.cited
    for fact in facts:
        sides = QUADRANTS.get(fact.label or "")
        if sides is None or stem(fact) != "quadrant":
            continue
        own = {
            stem(row): sign(row.value, 100.0)
            for row in facts
            if row.subject == fact.subject and row.frequency == fact.frequency
        }
        for measure, side in zip(("rs_ratio", "rs_momentum"), sides, strict=True):
            if own.get(measure, 0) != 0:
                yield told.check(own[measure] == side, f"{fact.label} with {measure} beyond 100")


def _flows(told: Told) -> Iterator[Check]:
    """Yield whether buyers buy on balance, and whether flow confirms or contradicts as said."""
    states = [fact for fact in told.cited if fact.label in ("buying", "selling")]
    nets = [fact for fact in told.cited if stem(fact) == "net"]
    for state in states:
        side = 1 if state.label == "buying" else -1
        for net in nets:
            if net.subject == state.subject:
                yield told.check(sign(net.value) == side, f"{state.label} of {net.value}")
    words = literal(told.sentence)
    if states and OPPOSITE.search(words):
        yield from _opposed(told, states[0], nets)
        return
    if (
        not states
        or NO_VERDICT.search(words)
        or told.sentence.section in ("opportunity", "against")
    ):
        return
    stances = [fact.label for fact in told.cited if stem(fact) == "stance"]
    pair = (stances[0] if stances else "overweight", states[0].label or "")
    if CONFIRMS.search(words):
        yield told.check(pair in WITH, f"{pair[1]} confirms {pair[0]}")
    if CONTRADICTS.search(words):
        yield told.check(pair in AGAINST, f"{pair[1]} contradicts {pair[0]}")


def _opposed(told: Told, state: Fact, nets: list[Fact]) -> Iterator[Check]:
    """Yield whether what flow and another value do is of opposite signs."""
    side = 1 if state.label == "buying" else -1
    others = [fact for fact in told.cited if fact.value is not None and fact not in nets]
    right = bool(others) and all(sign(fact.value) == -side for fact in others)
    yield told.check(right, f"{state.label} opposite to {[fact.value for fact in others]}")


def _record(told: Told) -> Iterator[Check]:
    """Yield whether a record better or worse than chance has its mean IC on that side."""
    means = [fact for fact in told.cited if stem(fact) == "skill_ic_mean"]
    words = literal(told.sentence)
    if means and (WORSE.search(words) or CHANCE.search(words)):
        wanted = -1 if WORSE.search(words) else 1
        yield told.check(sign(means[0].value) == wanted, f"record of IC {means[0].value}")
