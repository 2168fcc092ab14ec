"""Answers a client's chore in the form it asked for, without a run and without a model."""

import json
from typing import Final

from app.web.openai.chores import Asked, questions_in
from app.web.openai.suggestions import Market, follow_ups, tags_of, title_of
from app.web.openai.wire import Answer, CalledFunction, ToolCall
from app.web.pages.page import words
from core.records.request import Language

LANGUAGE_NAMES: Final[dict[Language, str]] = {"en": "English", "vi": "Vietnamese"}
"""As a client that asks for a language's name expects it."""


def chore_answer(asked: Asked, market: Market) -> Answer:
    """Return the message that answers a chore."""
    content = _content(asked, market)
    if asked.function is None:
        return Answer(content=content)
    call = CalledFunction(name=asked.function, arguments=content)
    return Answer(content=None, tool_calls=(ToolCall(id="call_0", function=call),))


def _content(asked: Asked, market: Market) -> str:
    value = _value(asked, market)
    if not asked.keys:
        return value if isinstance(value, str) else "\n".join(value)
    values: dict[str, str | tuple[str, ...]] = {
        key: _language_name(asked, market) if key == "language" else value for key in asked.keys
    }
    return json.dumps(values, ensure_ascii=False)


def _value(asked: Asked, market: Market) -> str | tuple[str, ...]:
    questions = questions_in(asked.chat)
    match asked.chore:
        case "title" | "image_prompt":
            return title_of(questions, market)
        case "tags":
            return tags_of(questions, market)
        case "follow_ups":
            return follow_ups(questions, market)
        case "queries" | "tools" | "other":
            return ()
        case "completion":
            return ""
        case "summary" | "emoji" | "merge":
            said = words("clients", _language(asked, market))
            return said[asked.chore].format(questions=" · ".join(questions))


def _language(asked: Asked, market: Market) -> Language:
    request = market.understood(questions_in(asked.chat))
    return request.language if request is not None else "en"


def _language_name(asked: Asked, market: Market) -> str:
    return LANGUAGE_NAMES[_language(asked, market)]
