"""Decides what of a resent history was said, by whom, and which key it is found again by.

A client's wrappings are undone: what it shows of our progress, and the documents some put before a
question. No text of a system prompt, a tool or a document is anybody's word.
"""

import hashlib
import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Literal

from app.web.openai.wire import Message

Speaker = Literal["user", "assistant"]
SPEAKERS: Final[dict[str, Speaker]] = {"user": "user", "assistant": "assistant"}
TEXTS: Final = frozenset({"text", "input_text", "output_text"})
"""Kinds of parts that hold words."""
_SHOWN_PROGRESS = re.compile(
    r"<details\s+type=\"reasoning\".*?</details>|<think(?:ing)?>.*?</think(?:ing)?>", re.S
)
_DOCUMENTS = re.compile(r"(?P<before>.*?)<context>.*</context>(?P<after>.*)\Z", re.S)
"""Greedy: a document that closes the mark itself closes nothing."""
_FILES = re.compile(r"\A\s*<attached_files>.*?</attached_files>", re.S)
_QUERY = re.compile(r"<user_query>(.*)</user_query>", re.S)


@dataclass(frozen=True, slots=True)
class Said:
    """One message that somebody wrote, without what clients wrap around it."""

    by: Speaker
    text: str


def said(messages: Iterable[Message]) -> tuple[Said, ...]:
    """Return what the user and we said, in order; empty messages are nobody's."""
    found: list[Said] = []
    for message in messages:
        by = SPEAKERS.get(message.role)
        if by is None:
            continue
        text = words_of(message)
        text = question_in(text) if by == "user" else _SHOWN_PROGRESS.sub("", text).strip()
        if text:
            found.append(Said(by, text))
    return tuple(found)


def words_of(message: Message) -> str:
    """Return a message's text; parts are joined by line ends."""
    content = message.content
    if content is None or isinstance(content, str):
        return (content or "").strip()
    return "\n".join(part.text for part in content if part.type in TEXTS and part.text).strip()


def shows_pictures(messages: Iterable[Message]) -> bool:
    """Tell whether the last message holds anything beside words."""
    last = tuple(messages)[-1]
    if not isinstance(last.content, tuple):
        return False
    return any(part.type not in TEXTS for part in last.content)


def question_in(text: str) -> str:
    """Return the question of a message that a client put documents before, else the message."""
    text = _FILES.sub("", text)
    documents = _DOCUMENTS.match(text)
    if documents is None:
        return text.strip()
    asked = documents["after"].strip() or documents["before"].strip()
    query = _QUERY.search(asked)
    return query.group(1).strip() if query is not None else asked


def history_key(client: str, history: Iterable[Said]) -> str:
    """Return the key of a history with one of our models; spaces make no difference."""
    spoken = [client, *([row.by, " ".join(row.text.split())] for row in history)]
    text = json.dumps(spoken, ensure_ascii=False)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
