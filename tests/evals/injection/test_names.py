"""No text in any string or key of an answer outlives the gate, cut to the form of a name or not."""

import json
from collections.abc import Sequence
from functools import cache

import pytest
from pydantic import JsonValue

from agents.toolbox.errors import ToolCallError
from agents.toolbox.gate import admitted, canonical_text
from agents.toolbox.spec import CallLimits
from core.records.evidence import Evidence
from evals.injection.corpus import Attack, goals, sampled, shaped
from evals.injection.places import keyed, places, spoiled
from evals.injection.table import Table
from tests.agents.bench import plain_report
from tests.evals.injection.delivering import UNIVERSE
from tests.servers.market import AS_OF


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


def _through(table: Table, attacks: Sequence[Attack]) -> None:
    turn = 0
    for item in _answers():
        content: JsonValue = item.result.model_dump(mode="json")
        for path in places(content):
            attack = attacks[turn % len(attacks)]
            turn += 1
            told = spoiled(content, path, attack.text)
            table.note("any string of an answer", (attack,), _outlives(item, told, attack.text))
            if isinstance(path[-1], str):
                told = keyed(content, path, attack.text)
                table.note("any key of an answer", (attack,), _outlives(item, told, attack.text))


def _through_as_names(table: Table, count: int) -> None:
    turn = 0
    for item in _answers():
        content: JsonValue = item.result.model_dump(mode="json")
        for path in places(content):
            for _ in range(count):
                goal = goals()[turn % len(goals())]
                forms = shaped(goal)
                text = forms[turn // len(goals()) % len(forms)]
                turn += 1
                attack = Attack(goal=goal.name, wrapper="bare", encoding="shaped", text=text)
                told = spoiled(content, path, text)
                table.note("a name of an answer", (attack,), _outlives(item, told, text))


def test_no_text_outlives_the_gate(table: Table) -> None:
    _through(table, sampled(41))
    _through_as_names(table, 2)
    assert table.failures == 0, table.why[:10]
    assert table.count > 300


@pytest.mark.prove
@pytest.mark.timeout(3600)
def test_no_text_of_the_whole_corpus_outlives_the_gate(table: Table) -> None:
    _through_as_names(table, 6 * len(goals()))
    for start in range(41):
        _through(table, sampled(41, start=start))
    assert table.failures == 0, table.why[:10]
