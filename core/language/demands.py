"""Recognises questions that get an answer of their own, by closed patterns; it answers none.

Works on folded words joined by single spaces in which the n-th sector phrase stands as `<n>`, a
market as `@` and another recognised topic as `_`.
"""

import re

from core.language.durations import durations_in
from core.language.limits import PERCENT_SIGN, Limits, sets_target
from core.language.reading import Reading
from core.records.request import Topic

DEMANDS: frozenset[Topic] = frozenset(
    {"record", "formula", "rule_test", "changed", "past_calls", "holdings", "hindsight",
     "index_level", "matched_flow", "target"}
)  # fmt: skip
"""Topics whose answer is theirs alone."""

_RULE = re.compile(
    r"\b(?:does|do|did|would|will) (?:buy|buying|hold|holding|follow|following|own|owning)\b"
    r".*\bworks?\b|\bmua\b.*\b(?:co hieu qua|hieu qua khong|co an thua|co lai khong)\b"
)
_PAST_CALLS = re.compile(
    r"\b(?:recommendations?|recommended|your calls?|khuyen nghi)\b"
    r".*\b(?:right|correct|wrong|worked|work out|dung khong|dung hay sai|co dung)\b"
)
_SHARE = rf"[0-9]+(?:[.,][0-9]+)? ?{PERCENT_SIGN}"
_HELD = re.compile(
    rf"{_SHARE} (?:la |o |vao |in |of |nhom |nganh )?<[0-9]+>|<[0-9]+> (?:la |at )?{_SHARE}"
)
_HELD_FROM = 2
"""From this many sectors with a percentage on, the user lists a portfolio."""
_ASKS_LEVEL = re.compile(r"\b(?:bao nhieu|may|how many|what|where|which)\b")


def demands_of(reading: Reading, limits: Limits) -> tuple[Topic, ...]:
    """Return what is asked for that has an answer of its own."""
    found: dict[Topic, None] = {topic: None for topic in reading.topics if topic in DEMANDS}
    words = reading.words
    if asks_level(reading):
        found["index_level"] = None
    if _RULE.search(words):
        found["rule_test"] = None
    if _PAST_CALLS.search(words):
        found["past_calls"] = None
    if limits == Limits() and len(_HELD.findall(words)) >= _HELD_FROM:
        found["holdings"] = None
    elif sets_target(words, limits):
        found["target"] = None
    return tuple(found)


def asks_level(reading: Reading) -> bool:
    """Tell whether an index level is asked for, or a price to come."""
    if "price_target" in reading.cues:
        return True
    return {"index", "level"} <= reading.cues and (
        "forecast" in reading.topics
        or _ASKS_LEVEL.search(reading.words) is not None
        or any(length.direction == "ahead" for length in durations_in(reading.words))
    )
