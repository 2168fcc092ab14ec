"""Decides what a question that names no subject is answered with, so that the user can correct it.

It turns nobody away: what is none of ours is decided elsewhere.
"""

from typing import Final

from core.language.questions.thread import opens, points
from core.language.reading import Reading
from core.language.words.terms import Cue
from core.records.request import Language, Request, Topic

WEIGHTS: tuple[Topic, ...] = ("allocation",)
"""What somebody who asks what to do is told: the sectors' recommended weights."""
SAFETY: tuple[Topic, ...] = ("market", "allocation")
"""What somebody who asks for safety is told: how the market stands, then the weights."""
RANKING: Final = "ranking"
"""What a question that names no topic, sector or company is answered with: the sectors' ranking."""
_OTHER_ANSWERS: frozenset[Cue] = frozenset({"report", "what_if", "compare", "lift"})
"""Cues of answers that need no topic."""


def is_vague(reading: Reading, previous: Request | None) -> bool:
    """Tell whether a text asks for advice or safety, or points at nothing, and no more."""
    if not reading.plain:
        return False
    return bool(reading.cues & {"advice", "safety"}) or (previous is None and _dangles(reading))


def default_topics(reading: Reading, previous: Request | None) -> tuple[Topic, ...]:
    """Return the topics taken where the question names none; empty where it has another subject."""
    if reading.sectors or reading.symbols:
        return ()
    if "safety" in reading.cues:
        return SAFETY
    if "advice" in reading.cues or (previous is None and _dangles(reading)):
        return WEIGHTS
    return ()


def is_open(reading: Reading, previous: Request | None) -> bool:
    """Tell whether nothing says what about the sectors is asked: "sectors?", "the best sector?"."""
    named = reading.sectors or reading.symbols or reading.topics or reading.benchmarks
    return not named and previous is None and reading.cues.isdisjoint(_OTHER_ANSWERS)


def _dangles(reading: Reading) -> bool:
    """Tell whether the text continues something that was never said: "and what about it?"."""
    language: Language = reading.language or "en"
    return reading.plain and opens(reading) and points(reading, language)
