"""Decides what kind of answer a question wants, and which questions are none of ours."""

import re

from core.language.limits.bounds import Limits
from core.language.questions.demands import asks_level
from core.language.questions.earned import earned
from core.language.questions.own_record import asks_own_record
from core.language.questions.picks import asks_pick
from core.language.questions.side import names_an_end
from core.language.questions.vague import is_vague
from core.language.reading import Reading
from core.language.times.durations import durations_in
from core.language.words.fold import phrase_key, word_set
from core.language.words.plain import PLAIN_WORDS
from core.language.words.terms import Cue
from core.records.request import Focus, Intent, Request

_ASKS = word_set("in how does did look looks looking going doing like same compare say con ben sao")
"""With plain words, those a continuation to another market is asked in."""
_EITHER = re.compile(r"<[0-9]+> (?:or|hay|hay la|hoac) (?:the |nganh |nhom )?<[0-9]+>")
"""One sector or the other."""
_NO_SUBJECT: frozenset[Cue] = frozenset({"stop", "tell"})
"""Cues any text may hold."""

SHORT_QUESTION_WORDS = 3
"""A market's name alone is a question about it up to this many words."""


def intent_of(
    reading: Reading, *, stated_limits: bool, focus: tuple[Focus, ...], previous: Request | None
) -> Intent:
    """Return the intent of a question of ours; a follow-up without a cue keeps the thread's."""
    stated = _stated(reading, stated_limits=stated_limits, focus=focus)
    if stated is not None:
        return stated
    if previous is None or focus or reading.topics:
        return "question"
    return previous.intent


def is_outside(reading: Reading, *, states: bool, previous: Request | None) -> bool:
    """Tell whether the question is not about sectors: another subject, a level, a price, a stock.

    `states` says that it states limits or holdings.
    """
    cues = reading.cues
    if asks_level(reading) or (asks_pick(reading) and not states):
        return True
    about = bool(
        reading.sectors
        or reading.symbols
        or reading.topics
        or reading.benchmarks
        or states
        or asks_own_record(reading)
        or (previous is not None and durations_in(reading.words))
        or cues & {"finance", "index", "lift", "report"}
    )
    if about or is_vague(reading, previous):
        return False
    goes_on = reading.dates or _elsewhere(reading) or _speaks(reading) or names_an_end(reading)
    if previous is not None and goes_on:
        return False
    named = {name for match in reading.matches for name in match.meaning.named}
    if named and earned(reading, Limits()):
        return False
    if "compare" in cues and named and len(named) + len(reading.elsewhere) > 1:
        return False
    return not (named and reading.length <= SHORT_QUESTION_WORDS)


def says_nothing(reading: Reading) -> bool:
    """Tell whether a text holds but words that say nothing of their own."""
    return reading.plain and not (reading.matches or reading.dates or reading.symbols)


def _elsewhere(reading: Reading) -> bool:
    """Tell whether a market that nobody here has is named, and no more: "and in Japan?"."""
    named = {word for name in reading.elsewhere for word in phrase_key(name)}
    words = (word for word in reading.heard.split() if word.isalpha())
    return bool(named) and all(word in PLAIN_WORDS | _ASKS | named for word in words)


def _speaks(reading: Reading) -> bool:
    """Tell whether any phrase is more than what any text may hold."""
    return any(not match.meaning.cues <= _NO_SUBJECT for match in reading.matches) or any(
        not match.meaning.cues for match in reading.matches
    )


def _stated(reading: Reading, *, stated_limits: bool, focus: tuple[Focus, ...]) -> Intent | None:
    cues = reading.cues
    named = {name for match in reading.matches for name in match.meaning.named}
    if "what_if" in cues:
        return "what_if"
    sectors = {row.sector for row in focus}
    if "compare" in cues and (len(named) > 1 or len(sectors) > 1):
        return "compare"
    if "explain" in cues:
        return "explain"
    if not stated_limits and _EITHER.search(reading.words) and len(sectors) > 1:
        return "compare"
    if "report" in cues:
        return "report"
    if stated_limits or "lift" in cues:
        return "what_if"
    return None
