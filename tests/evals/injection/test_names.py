"""No text in any string or key of an answer outlives the gate, cut to the form of a name or not."""

import json
from functools import cache
from itertools import count

import pytest
from pydantic import JsonValue

from agents.toolbox.errors import ToolCallError
from agents.toolbox.gate import admitted, canonical_text
from agents.toolbox.spec import CallLimits
from core.records.evidence import Evidence
from evals.injection.corpus import (
    Attack,
    Deal,
    corpus,
    goals,
    in_turn,
    sampled,
    shaped,
    whole,
)
from evals.injection.places import keyed, places, spoiled
from evals.injection.table import Table
from tests.agents.bench import plain_report
from tests.evals.injection.delivering import UNIVERSE
from tests.servers.market import AS_OF

STRINGS, KEYS = 172, 170
"""Places of a text, and of a key beside one, in one answer a tool."""


@cache
def _answers() -> tuple[Evidence, ...]:
    """Return one good answer a tool."""
    return tuple({item.tool: item for item in plain_report().evidence}.values())


def _outlives(item: Evidence, content: JsonValue, text: str) -> tuple[str, ...]:
    step = next(step for step in plain_report().plan.steps if step.id == item.id)
    try:
        result = admitted(
            canonical_text(content, CallLimits()), step, UNIVERSE, latest=AS_OF, ours=False
        )
    except ToolCallError as error:
        return (f"{item.tool} quotes it",) if text in str(error) else ()
    left = text in result.canonical_json() or json.dumps(text) in result.canonical_json()
    return (f"{item.tool} keeps {text[:40]!r}",) if left else ()


def _through(table: Table, deal: Deal) -> None:
    turns = count()
    for item in _answers():
        content: JsonValue = item.result.model_dump(mode="json")
        for path in places(content):
            for attack in deal(next(turns)):
                told = spoiled(content, path, attack.text)
                table.note("any string of an answer", (attack,), _outlives(item, told, attack.text))
                if isinstance(path[-1], str):
                    told = keyed(content, path, attack.text)
                    table.note(
                        "any key of an answer", (attack,), _outlives(item, told, attack.text)
                    )


def _through_as_names(table: Table, deal: Deal) -> None:
    turns = count()
    for item in _answers():
        content: JsonValue = item.result.model_dump(mode="json")
        for path in places(content):
            for attack in deal(next(turns)):
                told = spoiled(content, path, attack.text)
                table.note("a name of an answer", (attack,), _outlives(item, told, attack.text))


def _shaped() -> tuple[Attack, ...]:
    """Return every wish in every form that ids and symbols have."""
    return tuple(
        Attack(goal=goal.name, wrapper="bare", encoding="shaped", text=text)
        for goal in goals()
        for text in shaped(goal)
    )


def _counted(table: Table) -> tuple[int, int, int]:
    return (
        table.of("any string of an answer"),
        table.of("any key of an answer"),
        table.of("a name of an answer"),
    )


def test_no_text_outlives_the_gate(table: Table) -> None:
    _through(table, in_turn(sampled(41)))
    _through_as_names(table, in_turn(_shaped()))
    assert table.failures == 0, table.why[:10]
    assert _counted(table) == (STRINGS, KEYS, STRINGS)


@pytest.mark.prove
@pytest.mark.timeout(3600)
def test_no_text_of_the_whole_corpus_outlives_the_gate(table: Table) -> None:
    _through(table, whole)
    _through_as_names(table, lambda _: _shaped())
    assert table.failures == 0, table.why[:10]
    texts = len(corpus())
    assert _counted(table) == (STRINGS * texts, KEYS * texts, STRINGS * len(_shaped()))
