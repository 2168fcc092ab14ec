"""Operators after which every number is a true fact of the evidence, told of the wrong thing.

None is returned where an operator finds nothing to exchange, or its result would say the same.
"""

from typing import Final, get_args

from core.records.evidence import Fact
from core.records.report import Claim, Comparator
from evals.numbers.bases import true_comparators
from evals.numbers.scene import Scene

OPPOSITE: Final[dict[Comparator, Comparator]] = {
    "highest": "lowest", "lowest": "highest", "above": "below", "below": "above",
    "rising": "falling", "falling": "rising",
}  # fmt: skip


def entity(scene: Scene) -> Claim | None:
    """Return the claim told of another entity, whose own value is another."""
    other = scene.one(scene.market.peers(scene.first))
    if other is None or "{entity}" not in scene.claim.text:
        return None
    return scene.claim.model_copy(update={"entity": other.subject})


def name(scene: Scene) -> Claim | None:
    """Return the claim with another sector's name where its entity's stood."""
    other = scene.one(scene.market.peers(scene.first))
    return scene.with_fact(other, "{entity}", "{name_#}")


def value_of_another(scene: Scene) -> Claim | None:
    """Return the claim with another sector's value of the same measure."""
    other = scene.one(scene.market.peers(scene.first))
    return scene.with_fact(other, "{value}", "{value_#}")


def metric(scene: Scene) -> Claim | None:
    """Return the claim with another measure's name before the value."""
    other = scene.one(scene.market.beside(scene.first))
    return scene.with_fact(other, "{measure}", "{measure_#}")


def value_of_another_measure(scene: Scene) -> Claim | None:
    """Return the claim with another measure's value behind its name."""
    other = scene.one(scene.market.beside(scene.first))
    return scene.with_fact(other, "{value}", "{value_#}")


def swapped_slots(scene: Scene) -> Claim | None:
    """Return the claim with its first two values exchanged."""
    text = scene.claim.text
    if "{value_2}" not in text or "{value}" not in text or _same(scene, *scene.facts[:2]):
        return None
    kept = text.replace("{value}", "\0").replace("{value_2}", "{value}")
    return scene.worded(kept.replace("\0", "{value_2}"))


def date(scene: Scene) -> Claim | None:
    """Return the claim as of another fact's date: a release's, a period's, a settlement's."""
    market = scene.market
    dated = [
        fact for measure in ("released", "period", "expected_settles.1m", "expected_settles.3m")
        for fact in market.labels(measure) if fact.label != scene.first.as_of.isoformat()
    ]  # fmt: skip
    other = scene.one(tuple(dated))
    return scene.with_fact(other, "{date}", "{value_#}")


def rank(scene: Scene) -> Claim | None:
    """Return the claim with the rank of the sector ranked next to its own."""
    ranks = {fact.subject: fact for fact in _measured(scene, "rank")}
    own = ranks.get(scene.claim.entity)
    near = [row for row in ranks.values() if own and abs(_number(row) - _number(own)) == 1.0]
    neighbour = scene.one(tuple(near))
    if own is None or neighbour is None or "{name" in scene.claim.text:
        return None
    said = scene.going_on(scene.said(", the {measure_#} is ", ", {measure_#} là "), own)
    number = len(scene.facts) + 2
    if said is None:
        return None
    text = f"{said.text.rstrip('.')}{{value_{number}}}."
    return said.model_copy(update={"text": text, "facts": (*said.facts, neighbour.id)})


def comparator(scene: Scene) -> Claim | None:
    """Return the claim with its comparator turned round."""
    opposite = OPPOSITE.get(scene.claim.comparator)
    if opposite is None or opposite in true_comparators(scene.market, scene.first):
        return None
    return scene.claim.model_copy(update={"comparator": opposite})


def superlative(scene: Scene) -> Claim | None:
    """Return the claim with an extreme, or a side of neutral, that its value is not."""
    wrong = set(get_args(Comparator)) - {"states"} - set(_true(scene, scene.first))
    if scene.claim.comparator != "states" or "{measure} " not in scene.claim.text:
        return None
    text = scene.claim.text.replace("{measure} ", "{measure} {comparator} ", 1)
    return scene.worded(text, comparator=scene.chance.choice(sorted(wrong)))


def comparator_moved(scene: Scene) -> Claim | None:
    """Return the claim with its first value's comparator behind the second, where it is false."""
    said, facts = scene.claim.comparator, scene.facts
    if said == "states" or len(facts) < 2 or said in _true(scene, facts[1]):
        return None
    text = scene.claim.text.replace(" {comparator}", "", 1)
    return scene.worded(text.replace("{value_2}", "{value_2}, {comparator}", 1))


def frequency(scene: Scene) -> Claim | None:
    """Return the claim with the other bars' value behind a measure of weekly or daily bars."""
    stem, _, key = scene.first.measure.partition(".")
    other = {"weekly": "daily", "daily": "weekly"}.get(key)
    if other is None:
        return None
    found = [fact for fact in _measured(scene, f"{stem}.{other}") if _differs(scene, fact)]
    return scene.with_fact(scene.one(tuple(found)), "{value}", "{value_#}")


def benchmark(scene: Scene) -> Claim | None:
    """Return the claim relative to what another measure is relative to."""
    found = [
        fact for fact in scene.market.by_subject.get(scene.first.subject, ())
        if fact.benchmark not in (None, scene.first.benchmark)
    ]  # fmt: skip
    if "{benchmark}" in scene.claim.text:
        return scene.with_fact(scene.one(tuple(found)), "{benchmark}", "{benchmark_#}")
    word = scene.said(" relative to {benchmark_#}", " so với {benchmark_#}")
    return scene.with_fact(scene.one(tuple(found)), "{value}", f"{{value}}{word}")


def matched(scene: Scene) -> Claim | None:
    """Return a sector's whole foreign flow as matched, or its matched flow as the whole."""
    flows = [_own(scene, measure) for measure in ("net", "matched_net")]
    if flows[0] is None or flows[1] is None or _same(scene, *_known(flows)):
        return None
    first, second = scene.chance.sample(_known(flows), 2)
    text = scene.said("{entity}: {measure} {value_2}.", "{entity}: {measure} là {value_2}.")
    return scene.worded(text, facts=(first.id, second.id), comparator="states", section="flow")


def stale(scene: Scene) -> Claim | None:
    """Return an earlier period's value behind a measure's name of the last one."""
    pairs = scene.market.earlier
    if not pairs:
        return None
    new, old = scene.chance.choice(pairs)
    text = scene.said(
        "For {entity}, the {measure} is {value_2}.", "{entity}: {measure} là {value_2}."
    )
    return scene.worded(
        text, facts=(new.id, old.id), entity=new.subject, comparator="states", section="macro"
    )


def row(scene: Scene) -> Claim | None:
    """Return an earlier row's value as the measure's, or beside another row's measure."""
    if not scene.market.rows:
        return None
    earlier, last = scene.chance.choice(scene.market.rows)
    own = {fact.measure: scene.market.text(fact) for fact in scene.market.row(earlier)}
    beside = [
        fact for fact in scene.market.row(last)
        if fact.measure != earlier.measure and own.get(fact.measure) != scene.market.text(fact)
    ]  # fmt: skip
    mixed = scene.one(tuple(beside)) if scene.chance.random() < 0.5 else None
    alone = (
        "For {entity}, the {measure} is {value} as of {date}.",
        "{entity}: {measure} là {value}.",
    )
    both = (
        "{entity}: {measure} {value}, {measure_2} {value_2}.",
        "{entity}: {measure} là {value}, {measure_2} là {value_2}.",
    )
    facts = (earlier,) if mixed is None else (earlier, mixed)
    text = scene.said(*(alone if mixed is None else both))
    told = {"facts": tuple(fact.id for fact in facts), "entity": earlier.subject}
    return scene.worded(text, **told, comparator="states", section="answer")


def section(scene: Scene) -> Claim | None:
    """Return an argument for a sector as one against it, or the other way round."""
    if scene.claim.section not in ("for", "against"):
        return None
    other = "against" if scene.claim.section == "for" else "for"
    return scene.claim.model_copy(update={"section": other})


def mixed_reasons(scene: Scene) -> Claim | None:
    """Return an argument for a sector with a part of its score that argues against, or reversed."""
    if scene.claim.section not in ("for", "against"):
        return None
    against = [
        fact for fact in scene.market.by_subject.get(scene.claim.entity, ())
        if fact.measure.startswith("contribution") and _number(fact) * _number(scene.first) < 0
    ]  # fmt: skip
    other = scene.one(tuple(against))
    return scene.going_on(", {measure_#} {value_#}", other) if other else None


def difference(scene: Scene) -> Claim | None:
    """Return the lesser of two values of one unit as above the greater."""
    found = [
        fact for fact in scene.market.beside(scene.first)
        if None not in (fact.value, scene.first.value) and fact.unit == scene.first.unit
        and _number(fact) > _number(scene.first)
    ]  # fmt: skip
    above: tuple[Comparator, ...] = ("states", "above")
    kept = scene.chance.choice(above if "above" in _true(scene, scene.first) else above[:1])
    exceeds = scene.said(" exceeds the {measure_#} of", " vượt {measure_#} là")
    said = exceeds if kept == "states" else " {comparator} {measure_#}"
    changed = scene.with_fact(scene.one(tuple(found)), "{value}", f"{{value}}{said} {{value_#}}")
    return changed.model_copy(update={"comparator": kept}) if changed else None


def _true(scene: Scene, fact: Fact) -> list[Comparator]:
    return true_comparators(scene.market, fact)


def _measured(scene: Scene, measure: str) -> list[Fact]:
    """Return a measure of the claim's entity, or of all sectors where it is a rank."""
    every = (fact for fact in scene.market.facts if fact.measure == measure)
    return [fact for fact in every if measure == "rank" or fact.subject == scene.claim.entity]


def _own(scene: Scene, measure: str) -> Fact | None:
    return next(iter(_measured(scene, measure)), None)


def _known(facts: list[Fact | None]) -> list[Fact]:
    return [fact for fact in facts if fact is not None]


def _differs(scene: Scene, fact: Fact) -> bool:
    return not _same(scene, fact, scene.first)


def _same(scene: Scene, one: Fact, other: Fact) -> bool:
    return scene.market.text(one) == scene.market.text(other)


def _number(fact: Fact) -> float:
    return fact.value or 0.0
