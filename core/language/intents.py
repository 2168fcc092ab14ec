"""Decides what kind of answer a question wants, and which questions are none of ours."""

import re

from core.language.durations import durations_in
from core.language.reading import Reading
from core.records.request import Focus, Intent, Request

SHORT_QUESTION_WORDS = 3
"""A market's name alone is a question about it up to this many words."""

_ASKS_LEVEL = re.compile(r"\b(?:bao nhieu|may|how many|what|where|which)\b")


def intent_of(
    reading: Reading, *, stated_limits: bool, focus: tuple[Focus, ...], previous: Request | None
) -> Intent:
    """Return the intent; a follow-up without a word of its own keeps the thread's."""
    if _outside(reading, stated_limits=stated_limits, previous=previous):
        return "off_topic"
    stated = _stated(reading, stated_limits=stated_limits, focus=focus)
    if stated is not None:
        return stated
    if previous is None or focus or reading.topics or previous.intent == "off_topic":
        return "question"
    return previous.intent


def _stated(reading: Reading, *, stated_limits: bool, focus: tuple[Focus, ...]) -> Intent | None:
    cues = reading.cues
    named = {name for match in reading.matches for name in match.meaning.named}
    if "what_if" in cues:
        return "what_if"
    if "compare" in cues and (len(named) > 1 or len({row.sector for row in focus}) > 1):
        return "compare"
    if "explain" in cues:
        return "explain"
    if "report" in cues:
        return "report"
    if stated_limits or "lift" in cues:
        return "what_if"
    return None


def _outside(reading: Reading, *, stated_limits: bool, previous: Request | None) -> bool:
    """Tell whether the question is not about sectors: another subject, or a level or price."""
    cues = reading.cues
    if "price_target" in cues:
        return True
    if {"index", "level"} <= cues and (
        "forecast" in reading.topics
        or _ASKS_LEVEL.search(reading.words)
        or any(length.direction == "ahead" for length in durations_in(reading.words))
    ):
        return True
    about = bool(
        reading.sectors
        or reading.symbols
        or reading.topics
        or stated_limits
        or durations_in(reading.words)
        or cues & {"finance", "index", "lift", "report"}
    )
    if about:
        return False
    if previous is not None and (cues or reading.dates or reading.matches):
        return False
    named = any(match.meaning.named for match in reading.matches)
    return not (named and reading.length <= SHORT_QUESTION_WORDS)
