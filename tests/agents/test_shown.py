"""A writing model is shown few facts, in a table, and refers to them by entity and number."""

import json
from collections.abc import Mapping

from agents.llm.scripted import ScriptedModel
from agents.llm.tokens import pieces_count
from agents.shown import FACTS_TOKENS
from core.records.report import Report
from tests.agents.bench import Bench, a_request
from tests.servers.market import made_universe

OTHER = made_universe("other")


def prompt_of(bench: Bench, *universes: str) -> str:
    model = ScriptedModel(['{"steps": []}', '{"claims": []}'])
    bench.run(a_request(universes=universes), model=model)
    return model.prompts[-1]


def table(text: str) -> list[str]:
    return text.split("<facts>")[1].split("</facts>")[0].strip().splitlines()


def told(claim: Mapping[str, object], *universes: str) -> Report:
    bench = Bench(universes=(made_universe(), OTHER))
    model = ScriptedModel(['{"steps": []}', json.dumps({"claims": [claim]})])
    return bench.run(a_request(universes=universes), model=model)


def test_a_measure_is_named_once_and_an_entity_has_one_line() -> None:
    lines = table(prompt_of(Bench(), "toy"))
    measures = [part.split(" ", 1)[1] for part in lines[0].removeprefix("Measures: ").split("; ")]
    entities = [line.split(": ")[0] for line in lines[2:]]
    assert len(measures) == len(set(measures))
    assert len(entities) == len(set(entities))
    assert "energy" in entities
    assert sum(map(pieces_count, lines[2:])) <= FACTS_TOKENS + 4 * len(lines)


def number_of(universes: tuple[str, ...], measure: str) -> str:
    lines = table(prompt_of(Bench(universes=(made_universe(), OTHER)), *universes))
    named = dict(part.split(" ", 1) for part in lines[0].removeprefix("Measures: ").split("; "))
    return next(number for number, name in named.items() if name == measure)


def test_a_reference_is_an_entity_and_a_number() -> None:
    number = number_of(("toy",), "3-month return")
    claim: dict[str, object] = {
        "section": "rotation", "comparator": "states", "facts": [f"energy.{number}"],
        "text": "For {entity}, the {measure} stands at {value}.",
    }  # fmt: skip
    said = [s for s in told(claim, "toy").sentences if s.author == "model"]
    assert [(s.universe, s.entity) for s in said] == [("toy", "energy")]
    assert "3-month return" in said[0].text


def test_of_several_universes_a_reference_names_its_own() -> None:
    both = ("toy", "other")
    number = number_of(both, "3-month return")
    claim: dict[str, object] = {
        "section": "rotation", "comparator": "states", "facts": [f"other.energy.{number}"],
        "text": "For {entity}, the {measure} stands at {value}.",
    }  # fmt: skip
    said = [s for s in told(claim, *both).sentences if s.author == "model"]
    assert [(s.universe, s.entity) for s in said] == [("other", "energy")]


def test_a_reference_to_nothing_falls_and_the_template_stands_in_its_place() -> None:
    plain = Bench().run(a_request())
    entity = next(s.entity for s in plain.sentences if s.section == "rotation")
    claim: dict[str, object] = {
        "section": "rotation", "comparator": "states", "facts": [f"{entity}.999"],
        "text": "For {entity}, the {measure} stands at {value}.",
    }  # fmt: skip
    report = told(claim, "toy")
    assert not [s for s in report.sentences if s.author == "model"]
    assert {s.repaired for s in report.sentences if s.entity == entity} & {"unknown_fact"}
