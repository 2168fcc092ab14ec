"""Whatever a compromised planner or reporter emits, the plan and the page keep to their rules."""

from collections.abc import Callable
from typing import get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agents.planner import STEPS_CAP
from agents.steps import DrillTool
from agents.verifier import MODEL_SECTIONS, verified
from core.errors import ModelOutputError
from core.records.report import Section, Sentence
from evals.kit.model import Answering
from tests.evals.kit.conversing import drafted, material, own, planned, prompted, template
from tests.evals.kit.drawing import drafts, plans

Data = st.DataObject
SOME, MANY = 15, 10_000


def _drawn(data: Data, answers: st.SearchStrategy[str]) -> Answering:
    return Answering(lambda _: data.draw(answers) or " ")


def plan_keeps_to_the_grammar(data: Data) -> None:
    try:
        steps = planned(_drawn(data, plans(prompted("planner"))))
    except ModelOutputError:
        return
    assert len(steps) <= STEPS_CAP
    sectors = {None, *prompted("planner").sectors["toy"]}
    for step in steps:
        assert step.tool in get_args(DrillTool)
        assert not step.scored
        assert step.arguments.sector in sectors
        assert set(step.arguments.symbols or ()) <= {"T04"}
        assert "evil" not in step.model_dump_json()


def page_keeps_to_its_facts(data: Data) -> None:
    try:
        _, told = drafted(_drawn(data, drafts(prompted("reporter"))))
    except ModelOutputError:
        return
    code = {claim.section for claim in template().claims} - MODEL_SECTIONS
    assert _of(told, code) == _of(_templates_own(), code)
    for sentence in own(told):
        assert sentence.section in MODEL_SECTIONS
        assert "evil" not in sentence.text
        for span in sentence.spans:
            assert span.fact or not any(char.isnumeric() or char in "%<>[]" for char in span.text)


def _of(told: tuple[Sentence, ...], sections: set[Section]) -> list[str]:
    return [sentence.text for sentence in told if sentence.section in sections]


def _templates_own() -> tuple[Sentence, ...]:
    return verified(material(), (template(),))


CHECKS = pytest.mark.parametrize("check", [plan_keeps_to_the_grammar, page_keeps_to_its_facts])


@CHECKS
@settings(max_examples=SOME, deadline=None)
@given(data=st.data())
def test_no_answer_breaks_a_rule(check: Callable[[Data], None], data: Data) -> None:
    check(data)


@CHECKS
@pytest.mark.prove
@pytest.mark.timeout(3_600)
@settings(max_examples=MANY, deadline=None)
@given(data=st.data())
def test_no_answer_of_very_many_breaks_a_rule(check: Callable[[Data], None], data: Data) -> None:
    check(data)
