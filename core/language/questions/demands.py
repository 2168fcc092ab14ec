"""Recognises questions that get an answer of their own, by closed patterns; it answers none.

Works on folded words joined by single spaces in which the n-th sector phrase stands as `<n>`, a
market as `@` and another recognised topic as `_`.
"""

import re

from core.language.limits.bounds import Limits
from core.language.limits.heard import hears_holding
from core.language.limits.owned import parts_in_percent
from core.language.limits.targets import sets_target
from core.language.questions.own_record import asks_own_record
from core.language.reading import Reading
from core.language.times.durations import durations_in
from core.records.request import Topic

DEMANDS: frozenset[Topic] = frozenset(
    {"record", "formula", "rule_test", "changed", "past_calls", "holdings", "hindsight",
     "index_level", "matched_flow", "target", "path", "stock_pick"}
)  # fmt: skip
"""Topics whose answer is theirs alone."""
SECTORLESS: frozenset[Topic] = frozenset(
    {"record", "formula", "rule_test", "past_calls", "target", "index_level", "stock_pick"}
)
"""Topics whose answer names no sector: who goes on with one asks something else of it."""

_RULE = re.compile(
    r"\b(?:does|do|did|would|will) (?:buy|buying|hold|holding|follow|following|own|owning)\b"
    r".*\bworks?\b|\bmua\b.*\b(?:co hieu qua|hieu qua khong|co an thua|co lai khong)\b"
)
_PAST_CALLS = re.compile(
    r"\b(?:recommendations?|recommended|your calls?|khuyen nghi)\b"
    r".*\b(?:right|correct|wrong|worked|work out|beat|beaten|outperformed|dung khong"
    r"|dung hay sai|co dung|danh bai|thang (?:thi truong|chi so))\b"
)
_ASKS_LEVEL = re.compile(r"\b(?:bao nhieu|may|how many|what|where|which)\b")


def demands_of(reading: Reading, limits: Limits, *, holds: bool, spans: bool) -> tuple[Topic, ...]:
    """Return what is asked for that has an answer of its own.

    `holds` says that a portfolio is stated, `spans` that the start of a span is.
    """
    found: dict[Topic, None] = {topic: None for topic in reading.topics if topic in DEMANDS}
    words = reading.words
    if asks_level(reading):
        found["index_level"] = None
    if _RULE.search(words):
        found["rule_test"] = None
    if _PAST_CALLS.search(words):
        found["past_calls"] = None
    elif asks_own_record(reading):
        found["record"] = None
    weights = _about_weights(reading, limits, holds=holds)
    if weights is not None:
        found[weights] = None
    if spans and _tells(reading):
        found["path"] = None
    return tuple(found)


def _about_weights(reading: Reading, limits: Limits, *, holds: bool) -> Topic | None:
    """Return what is said of weights: what is held, read or not, or a target."""
    if holds:
        return "holdings"
    if sets_target(parts_in_percent(reading.own), limits):
        return "target"
    heard = _asks_no_more(reading) and hears_holding(reading.own, reading.symbols)
    return "holdings" if heard else None


def _asks_no_more(reading: Reading) -> bool:
    """Tell whether nothing else is asked than what to do with what is held."""
    others = {*reading.topics} - {"allocation"}
    return not others and reading.cues.isdisjoint({"what_if", "compare", "explain", "report"})


def _tells(reading: Reading) -> bool:
    """Tell whether a span is asked to be told: rotation, a story, or nothing else at all."""
    topics = reading.topics
    return "rotation" in topics or "tell" in reading.cues or not topics


def asks_level(reading: Reading) -> bool:
    """Tell whether an index level is asked for, or a price to come."""
    if "price_target" in reading.cues:
        return True
    return {"index", "level"} <= reading.cues and (
        "forecast" in reading.topics
        or _ASKS_LEVEL.search(reading.words) is not None
        or any(length.direction == "ahead" for length in durations_in(reading.words))
    )
