from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agents.router import scored_steps
from agents.toolbox.errors import AnswerRejectedError
from agents.toolbox.gate import admitted, canonical_text
from agents.toolbox.spec import CallLimits
from core.records.plan import PlanStep
from core.records.result import ToolResult
from tests.servers.market import AS_OF, Market, made_universe

UNIVERSE = made_universe()
LIMITS = CallLimits()
STEPS: dict[str, PlanStep] = {
    step.tool: step for step in scored_steps("toy", horizon="1M", as_of=AS_OF)
}


def _answer(tool: str) -> dict[str, object]:
    content: dict[str, object] = Market(UNIVERSE).result(tool).model_dump(mode="json")
    return content


def _admitted(content: object, step: PlanStep, latest: date = AS_OF) -> ToolResult:
    return admitted(canonical_text(content, LIMITS), step, UNIVERSE, latest=latest)


@pytest.mark.parametrize("tool", sorted(STEPS))
def test_an_answer_of_the_contract_passes_unchanged(tool: str) -> None:
    assert _admitted(_answer(tool), STEPS[tool]) == Market(UNIVERSE).result(tool)


@pytest.mark.parametrize(
    "change",
    [
        {"tool": "get_whale_activity"},
        {"universe": "other"},
        {"universe_hash": "f" * 64},
        {"currency": "USD"},
        {"synthetic": False},
        {"as_of": str(AS_OF + timedelta(days=1))},
        {"known_at": str(AS_OF + timedelta(days=1))},
        {"contract": "2"},
        {"benchmark": 5},
        {"treatment": "adjusted"},
        {"unasked": 1},
    ],
)
def test_an_answer_to_another_question_is_rejected(change: dict[str, object]) -> None:
    step = STEPS["get_sector_heatmap"]
    with pytest.raises(AnswerRejectedError):
        _admitted({**_answer(step.tool), **change}, step)


def test_inputs_of_another_horizon_are_rejected() -> None:
    step = STEPS["get_scoring_inputs"]
    with pytest.raises(AnswerRejectedError, match="horizon"):
        _admitted({**_answer(step.tool), "horizon": "3M"}, step)


def test_weights_fitted_on_the_future_are_rejected() -> None:
    step = STEPS["get_scoring_inputs"]
    later = str(AS_OF + timedelta(days=1))
    with pytest.raises(AnswerRejectedError, match="knows"):
        _admitted({**_answer(step.tool), "trained_until": later}, step)


def test_a_release_after_as_of_is_rejected() -> None:
    step = STEPS["get_macro_indicators"]
    content = _answer(step.tool)
    rows = content["rows"]
    assert isinstance(rows, list)
    later = str(AS_OF + timedelta(days=1))
    with pytest.raises(AnswerRejectedError, match="knows"):
        _admitted({**content, "rows": [{**rows[0], "released": later}]}, step)


@pytest.mark.parametrize(
    "value", [float("nan"), float("inf"), 2**60, 10**400, "\ud800", {1, 2}, b"x"]
)
def test_what_strict_json_cannot_hold_is_rejected(value: object) -> None:
    with pytest.raises(AnswerRejectedError):
        canonical_text({"x": value}, LIMITS)


def test_depth_elements_and_bytes_are_capped() -> None:
    deep: object = 1.0
    for _ in range(100_000):
        deep = [deep]
    contents: list[object] = [{"x": deep}, {"x": [0] * 300_000}, {"x": "y" * 3_000_000}, [], None]
    for content in contents:
        with pytest.raises(AnswerRejectedError):
            canonical_text(content, LIMITS)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


@settings(max_examples=200, deadline=None)
@given(content=JSON, field=st.sampled_from(sorted(_answer("get_foreign_flow_by_sector"))))
def test_no_answer_makes_the_gate_do_anything_but_admit_or_reject(
    content: object, field: str
) -> None:
    step = STEPS["get_foreign_flow_by_sector"]
    for candidate in (content, {**_answer(step.tool), field: content}):
        try:
            result = _admitted(candidate, step)
        except AnswerRejectedError:
            continue
        assert result.universe_hash == UNIVERSE.content_hash()
        assert result.as_of <= AS_OF
