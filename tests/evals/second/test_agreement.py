"""Both verifiers let true claims stand and refuse the same false ones."""

import asyncio
from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from agents.material import Material
from agents.slots import SlotError, filled
from core.records.report import Claim, Sentence
from evals.kit.good import Good
from evals.numbers.mutants import OPERATORS, mutants
from evals.numbers.reports import Made, Wanted, clean_claims, made
from evals.numbers.trial import stands
from evals.second.facts import facts_of
from evals.second.names import Names, names_of
from evals.second.prose import prose_faults
from evals.second.reading import Object, read_report

OF_PATHS = {"another row of the same measure"}
"""Operators that find something to change only where a sector's stays are told."""
WANTED = (Wanted(date(2024, 12, 31), "1M", "en"), Wanted(date(2022, 6, 30), "3M", "vi"))


def as_if_it_stood(claim: Claim, material: Material) -> Object | None:
    """Return the sentence a model's claim would be, None where its slots cannot be filled."""
    facts = tuple(material.facts[name] for name in claim.facts)
    universe = material.universes[claim.universe]
    try:
        spans = filled(claim, facts, language=material.request.language, universe=universe)
    except SlotError:
        return None
    sentence = Sentence(
        section=claim.section, universe=claim.universe, entity=claim.entity, spans=tuple(spans),
        author="model",
    )  # fmt: skip
    return sentence.model_dump(mode="json")


def refused(claim: Claim, told: Made, report: Object, names: Names) -> tuple[str, ...]:
    """Return what the second verifier has against a claim."""
    sentence = as_if_it_stood(claim, told.material)
    if sentence is None:
        return ("its slots cannot be filled",)
    return tuple(each.said for each in prose_faults(sentence, facts_of(report), report, names))


@pytest.mark.prove
def test_both_verifiers_judge_alike(evals_home: Path) -> None:
    table: Counter[tuple[str, str]] = Counter()
    alarms: list[str] = []
    passed: list[str] = []

    async def all_made() -> list[tuple[Made, list[Claim]]]:
        return [
            (one, list((await clean_claims(one, Good(), seed=1, count=300)).claims))
            async for one in made(evals_home, WANTED)
        ]

    for told, claims in asyncio.run(all_made()):
        report = read_report(told.report.model_dump_json())
        names = names_of(report, told.universe.id, told.report.request.language)
        for claim in claims:
            found = refused(claim, told, report, names)
            alarms += [f"{found[0]} | {claim.text}"] if found else []
        draft = asyncio.run(clean_claims(told, Good(), seed=1, count=300))
        for mutant in mutants(draft, told.material, seed=1, count=1500):
            first = not stands(mutant.after, told.material)
            second = bool(refused(mutant.after, told, report, names))
            verdict = {(True, True): "both", (True, False): "first", (False, True): "second"}
            table[mutant.operator, verdict.get((first, second), "neither")] += 1
            passed += [] if second else [f"{mutant.operator}: {mutant.after.text}"]
    operators = sorted({operator for operator, _ in table})
    print(f"{'operator':34} {'both':>6} {'first':>6} {'second':>6} {'neither':>8}")
    for operator in operators:
        counts = [table[operator, kind] for kind in ("both", "first", "second", "neither")]
        print(f"{operator:34} {counts[0]:6} {counts[1]:6} {counts[2]:6} {counts[3]:8}")
    print(f"{len(operators)} operators, {table.total():,} false claims")
    print("clean alarms", len(alarms), *sorted(set(alarms))[:12], sep="\n")
    assert {*operators, *OF_PATHS} == {operator.name for operator in OPERATORS}
    assert alarms == []
    assert not any(kind in ("second", "neither") for _, kind in table)
    assert passed == []
