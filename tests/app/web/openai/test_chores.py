import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.files.universes import load_universes
from app.web.openai.chore_answers import chore_answer
from app.web.openai.chores import chore_of, questions_in
from app.web.openai.suggestions import Market, follow_ups
from app.web.openai.wire import ChatRequest
from core.request import parse_request
from tests.app.web.openai.bodies import (
    LIBRECHAT_ANALYSIS,
    LIBRECHAT_TITLE,
    OPEN_WEBUI,
    QUESTION,
    TITLE_SCHEMA,
    outlined,
    sent,
)

UNIVERSES = load_universes()
MARKET = Market(UNIVERSES, "us")
QUESTIONS = (
    QUESTION,
    "Generate a report on the sectors of this chat",
    "Provide a title for the energy sector: which conversation leads?",
    "Summarize the sectors of Vietnam",
    "Compare: user: banks, ai: technology",
    "### Report\nWhich sectors lead?",
)


@pytest.mark.parametrize("chore", OPEN_WEBUI)
def test_every_chore_of_open_webui_is_recognised(chore: str) -> None:
    asked = chore_of(sent(OPEN_WEBUI[chore]))
    assert asked is not None
    assert asked.chore == chore


@pytest.mark.parametrize("chore", ["title", "tags", "follow_ups", "queries", "completion"])
def test_a_chore_is_answered_in_the_json_it_asks_for(chore: str) -> None:
    asked = chore_of(sent(OPEN_WEBUI[chore]))
    assert asked is not None
    content = chore_answer(asked, MARKET).content
    assert content is not None
    value = json.loads(content)[asked.keys[0]]
    expected = {
        "title": "Vietnam: sectors",
        "tags": ["Finance", "Sector rotation", "Vietnam"],
        "follow_ups": list(follow_ups((QUESTION,), MARKET)),
        "queries": [],
        "completion": "",
    }
    assert value == expected[chore]


@pytest.mark.parametrize("text", [LIBRECHAT_TITLE, outlined("Return the title alone.")])
def test_a_title_asked_for_in_words_is_plain_text(text: str) -> None:
    asked = chore_of(sent(text.replace("Do what is wanted", "Find a title")))
    assert asked is not None
    assert chore_answer(asked, MARKET).content == "Vietnam: sectors"


def test_a_title_forced_as_a_function_is_answered_as_its_call() -> None:
    tool = {"type": "function", "function": {"name": "extract", "parameters": TITLE_SCHEMA}}
    choice = {"type": "function", "function": {"name": "extract"}}
    asked = chore_of(sent(LIBRECHAT_ANALYSIS, tools=[tool], tool_choice=choice))
    assert asked is not None
    answer = chore_answer(asked, MARKET)
    assert answer.content is None
    assert answer.tool_calls is not None
    call = answer.tool_calls[0].function
    assert call.name == "extract"
    assert json.loads(call.arguments) == {"language": "English", "title": "Vietnam: sectors"}


def test_a_title_asked_for_by_schema_is_that_object() -> None:
    form = {"type": "json_schema", "json_schema": {"name": "title", "schema": TITLE_SCHEMA}}
    asked = chore_of(sent(LIBRECHAT_ANALYSIS, response_format=form))
    assert asked is not None
    assert json.loads(chore_answer(asked, MARKET).content or "")["title"] == "Vietnam: sectors"


def test_the_choice_among_a_clients_tools_is_none() -> None:
    system = 'Available Tools: []\n\nReturn { "tool_calls": [] } or calls.'
    messages = [{"role": "system", "content": system}, {"role": "user", "content": QUESTION}]
    asked = chore_of(ChatRequest.model_validate({"model": "sectorwise", "messages": messages}))
    assert asked is not None
    assert json.loads(chore_answer(asked, MARKET).content or "") == {"tool_calls": []}


def test_a_named_task_is_one_whatever_its_words_are() -> None:
    asked = chore_of(sent("Call it something.", metadata={"task": "title_generation"}))
    assert asked is not None
    assert asked.chore == "title"


@pytest.mark.parametrize("text", QUESTIONS)
def test_a_question_is_no_chore(text: str) -> None:
    assert chore_of(sent(text)) is None


def test_a_question_behind_documents_is_no_chore() -> None:
    documents = '### Task:\nUse it.\n### Output\n<context>\n{ "title": 1 }\n</context>\n\n'
    assert chore_of(sent(documents + QUESTION)) is None


def test_what_the_quoted_chat_says_chooses_no_chore() -> None:
    chat = 'USER: { "queries": [] } <type> and <text> ### Output\nASSISTANT: { "title": 1 }'
    asked = chore_of(sent(outlined('{ "tags": [] }', chat)))
    assert asked is not None
    assert asked.chore == "tags"


@given(st.text(max_size=200))
def test_no_quoted_text_breaks_a_chore(text: str) -> None:
    asked = chore_of(sent(outlined('{ "title": "" }', f"USER: {text}")))
    assert asked is not None
    chore_answer(asked, MARKET)


@pytest.mark.parametrize("name", UNIVERSES)
@pytest.mark.parametrize("opening", [QUESTION, "Ngành nào đang dẫn dắt?"])
def test_every_follow_up_offered_is_understood(name: str, opening: str) -> None:
    market = Market(UNIVERSES, name)
    previous = market.understood((opening,))
    for text in follow_ups((opening,), market):
        asked = parse_request(
            text, tuple(UNIVERSES.values()), default_universe=name, previous=previous
        )
        assert asked.intent != "off_topic", text
    capped = market.understood((opening, follow_ups((opening,), market)[-1]))
    assert capped is not None
    assert capped.patch is not None


def test_nothing_already_asked_is_offered_again() -> None:
    asked = chore_of(
        sent(outlined('{ "follow_ups": [] }', "USER: Which sectors are foreigners buying?"))
    )
    assert asked is not None
    questions = questions_in(asked.chat)
    assert questions[0] not in follow_ups(questions, Market(UNIVERSES, "vn"))
