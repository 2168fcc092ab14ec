"""Recognises what clients ask on their own behalf: titles, tags, follow-ups, completions of typing.

By structure alone: a chat quoted in one message, the JSON key asked for, a schema or a forced
function that holds nothing but a title. It refuses to recognise anything inside the quoted chat,
which is the user's and ours.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Literal

from app.web.openai.history import Said, question_in, words_of
from app.web.openai.wire import ChatRequest, Choice, JsonSchema, Message

Chore = Literal[
    "title", "tags", "follow_ups", "queries", "image_prompt", "completion", "emoji", "tools",
    "merge", "summary", "other",
]  # fmt: skip
KEYS: Final[dict[str, Chore]] = {
    "title": "title",
    "tags": "tags",
    "follow_ups": "follow_ups",
    "queries": "queries",
    "prompt": "image_prompt",
    "text": "completion",
    "tool_calls": "tools",
}
"""JSON keys a client asks for, and the chore each stands for."""
NAMED: Final[dict[str, Chore]] = {
    "title_generation": "title",
    "tags_generation": "tags",
    "follow_up_generation": "follow_ups",
    "query_generation": "queries",
    "image_prompt_generation": "image_prompt",
    "autocomplete_generation": "completion",
    "emoji_generation": "emoji",
    "function_calling": "tools",
    "moa_response_generation": "merge",
}
"""Open WebUI's names of its tasks, where its request still holds them."""
TITLE_FIELDS: Final = frozenset({"title", "language"})
"""All a schema of a title may hold."""
HEAD_CHARS: Final = 400
"""Where a client says what it wants; what comes later may be the chat."""

_QUOTED = re.compile(r"<chat_history>(?P<chat>.*)</chat_history>", re.S)
_TASK = re.compile(r"\A\s*#{1,4} Task\b.*^#{1,4} \W*(?:Output|Response)\b", re.S | re.M)
"""The outline of Open WebUI's chores; what comes in it is no question."""
_KEY = re.compile(r"\"(title|tags|follow_ups|queries|prompt|text|tool_calls)\"\s*:")
_TITLE = re.compile(
    r"\b(?:provide|generate|create|write|analy[sz]e)\b.{0,160}\btitle\b.{0,120}"
    r"\b(?:conversation|chat|query|prompt|language)\b"
    r"|\b(?:provide|generate|create|write|analy[sz]e)\b.{0,60}\b(?:conversation|chat)\b.{0,200}"
    r"\btitle\b",
    re.I | re.S,
)
_SUMMARY = re.compile(
    r"\bsummar(?:y|i[sz]e)\b.{0,160}\b(?:conversation|chat|messages|new lines)\b", re.I | re.S
)
_EMOJI = re.compile(r"\bemoji\b.*Message:\s*```(?P<chat>.*)```\s*\Z", re.I | re.S)
_MERGE = re.compile(r"\A.{0,200}\bresponses from various models\b.*\bResponses from models:", re.S)
_TOOLS = re.compile(r"\A\s*Available Tools:.*\"tool_calls\"", re.S)
_ANY_KEY = re.compile(r"\"(\w{1,40})\"\s*:")
_TURN = re.compile(r"^(?:\|\|>)?\s*(?P<by>user|human|assistant|ai|response)\s*:[ \t]*", re.I | re.M)
_CONVERSATION = re.compile(r"^(?:conversation|current conversation|new lines)\s*:\s*$", re.I | re.M)


@dataclass(frozen=True, slots=True)
class Asked:
    """A chore, the chat it is about, and the form it is wanted in.

    keys: of the JSON object wanted; empty where plain text is. function: the tool call wanted.
    """

    chore: Chore
    chat: tuple[Said, ...]
    keys: tuple[str, ...] = ()
    function: str | None = None


def chore_of(request: ChatRequest) -> Asked | None:
    """Return the chore a request is, None where it is the user's question."""
    text = _only_text(request.messages)
    if any(m.role == "system" and _TOOLS.search(words_of(m)) for m in request.messages):
        return Asked("tools", (), ("tool_calls",))
    if text is None:
        return None
    titled = _titled(request, text)
    if titled is not None:
        return titled
    named = NAMED.get((request.metadata.task if request.metadata else None) or "")
    return _quoting(text, named) or _plain(text, named) or _outlined(text)


def _only_text(messages: tuple[Message, ...]) -> str | None:
    """Return the text of a request without a dialogue: one message, beside a system prompt."""
    spoken = [message for message in messages if message.role != "system"]
    if len(spoken) > 1 or any(message.role != "user" for message in spoken):
        return None
    return words_of(spoken[0] if spoken else messages[-1])


def _titled(request: ChatRequest, text: str) -> Asked | None:
    """Return the title asked for by a schema or a forced function that holds nothing else."""
    choice = request.tool_choice
    if isinstance(choice, Choice) and choice.function is not None:
        for tool in request.tools or ():
            function = tool.function
            if function is not None and function.name == choice.function.name:
                keys = _title_keys(function.parameters)
                return Asked("title", chat_in(text), keys, function.name) if keys else None
    wanted = request.response_format
    schema = wanted.json_schema if wanted is not None else None
    keys = _title_keys(schema.schema_) if isinstance(schema, JsonSchema) else ()
    return Asked("title", chat_in(text), keys) if keys else None


def _title_keys(schema: object) -> tuple[str, ...]:
    fields = schema.get("properties") if isinstance(schema, dict) else None
    if not isinstance(fields, dict) or "title" not in fields or fields.keys() - TITLE_FIELDS:
        return ()
    return tuple(fields)


def _quoting(text: str, named: Chore | None) -> Asked | None:
    """Return the chore of a message that quotes the chat between marks."""
    quoted = _QUOTED.search(text)
    if quoted is None:
        return None
    before, after = text[: quoted.start()], text[quoted.end() :]
    if "<text>" in after:
        return Asked("completion", (), ("text",))
    asked = _KEY.search(before)
    chore = named or (KEYS[asked.group(1)] if asked else None)
    if chore is None and re.search(r"\btitle\b", before[:HEAD_CHARS], re.I):
        chore = "title"
    if chore is None and not _SUMMARY.search(before[:HEAD_CHARS]):
        return None
    return Asked(chore or "summary", chat_in(quoted["chat"]), (asked.group(1),) if asked else ())


def _plain(text: str, named: Chore | None) -> Asked | None:
    """Return the chore of a message that quotes the chat without marks."""
    emoji = _EMOJI.search(text)
    if emoji is not None or named == "emoji":
        return Asked("emoji", ())
    if _MERGE.match(text):
        return Asked("merge", ())
    head = text[:HEAD_CHARS]
    key = _KEY.search(head)
    keys = (key.group(1),) if key else ()
    if named is not None:
        return Asked(named, chat_in(text), keys or tuple(k for k, c in KEYS.items() if c == named))
    quotes_chat = len(_TURN.findall(text)) > 1 or _CONVERSATION.search(text) is not None
    if not quotes_chat:
        return None
    if _TITLE.search(head):
        return Asked("title", chat_in(text), keys)
    return Asked("summary", chat_in(text)) if _SUMMARY.search(head) else None


def _outlined(text: str) -> Asked | None:
    """Return a chore of an outline known to be no question, whatever it asks for."""
    if question_in(text) != text.strip() or _TASK.match(text) is None:
        return None
    key = _ANY_KEY.search(text)
    return Asked("other", (), (key.group(1),) if key else ())


def chat_in(text: str) -> tuple[Said, ...]:
    """Return the messages of a chat written out with a speaker before each."""
    marks = list(_TURN.finditer(text))
    ends = [*(mark.start() for mark in marks[1:]), len(text)]
    return tuple(
        _turn(mark, text[mark.end() : end]) for mark, end in zip(marks, ends, strict=False)
    )


def questions_in(chat: Iterable[Said]) -> tuple[str, ...]:
    """Return what the user asked, in order."""
    return tuple(row.text for row in chat if row.by == "user" and row.text)


def _turn(mark: re.Match[str], text: str) -> Said:
    mine = mark["by"].lower() in {"user", "human"}
    words = text.strip().strip('"').strip()
    return Said("user" if mine else "assistant", question_in(words) if mine else words)
