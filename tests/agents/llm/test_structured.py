import asyncio
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import Field

from agents.llm.scripted import ScriptedModel
from agents.llm.structured import asked, parsed, portable_schema
from core.errors import ModelOutputError
from core.records.record import Record


class Choice(Record):
    """What a test asks for."""

    word: str = Field(max_length=5)
    items: tuple[int, ...] = ()


def _no_check(_: Choice) -> None:
    return


def _asked(model: ScriptedModel) -> Choice:
    return asyncio.run(asked(model, Choice, system="s", user="u", max_tokens=9, check=_no_check))


def test_a_fenced_answer_is_read() -> None:
    assert parsed('```json\n{"word": "yes", "items": [1]}\n```', Choice).items == (1,)


@pytest.mark.parametrize(
    "text",
    [
        '{"word": NaN}',
        '{"word": "a", "word": "b"}',
        "",
        "no",
        '{"word": "toolong"}',
        "{" * 50_000,
        '{"word": "a", "extra": 1}',
        '{"word": 5}',
        '{"word": "\ud800"}',
    ],
)
def test_what_is_not_the_record_is_refused_without_being_quoted(text: str) -> None:
    with pytest.raises(ModelOutputError) as caught:
        parsed(text, Choice)
    assert "toolong" not in str(caught.value)


def test_one_repair_with_the_error_then_it_gives_up() -> None:
    repaired = ScriptedModel(["nonsense", '{"word": "yes", "items": []}'])
    assert _asked(repaired).word == "yes"
    assert "refused" in repaired.prompts[1]
    with pytest.raises(ModelOutputError):
        _asked(ScriptedModel(["nonsense", "nonsense", '{"word": "yes", "items": []}']))


def test_the_schema_closes_objects_and_requires_every_field() -> None:
    schema = portable_schema(Choice)
    assert schema["additionalProperties"] is False
    assert schema["required"] == ["word", "items"]
    assert "maxLength" not in json.dumps(schema)


@given(st.text())
def test_no_text_raises_anything_else(text: str) -> None:
    try:
        parsed(text, Choice)
    except ModelOutputError:
        return
