"""In replay a model's answers come from the recording alone, whatever model is at hand."""

import asyncio

import pytest

from agents.llm.protocol import ModelAnswer
from agents.llm.recorded import RecordedModel
from agents.llm.scripted import ScriptedModel
from agents.toolbox.ledger import Ledger
from core.errors import ProviderError
from tests.agents.bench import a_ledger

SCHEMA: dict[str, object] = {"type": "object"}


def _asked(model: RecordedModel, user: str = "u") -> ModelAnswer:
    return asyncio.run(model.complete(system="s", user=user, schema=SCHEMA, max_tokens=9))


def _replay_of(live: Ledger) -> Ledger:
    replay = a_ledger("replay")
    replay.load(live.calls("run"), run="run")
    return replay


def test_a_replay_answers_without_calling_a_model_of_the_same_name() -> None:
    live = a_ledger()
    first = _asked(RecordedModel(ScriptedModel(["recorded"]), live, run="run"))
    at_hand = ScriptedModel(["fresh"])
    again = _asked(RecordedModel(at_hand, _replay_of(live), run="again"))

    assert again == first
    assert at_hand.prompts == []


def test_what_a_recording_does_not_hold_is_refused_and_not_asked() -> None:
    live = a_ledger()
    _asked(RecordedModel(ScriptedModel(["recorded"]), live, run="run"))
    at_hand = ScriptedModel(["fresh"])

    with pytest.raises(ProviderError):
        _asked(RecordedModel(at_hand, _replay_of(live), run="again"), user="another question")
    assert at_hand.prompts == []


def test_an_answer_belongs_to_the_server_and_model_that_gave_it() -> None:
    live = a_ledger()
    _asked(RecordedModel(ScriptedModel(["recorded"]), live, run="run"))
    other = ScriptedModel(["fresh"], name="other")

    with pytest.raises(ProviderError):
        _asked(RecordedModel(other, _replay_of(live), run="again"))
