"""How far ahead a question looks, and over what span it asks what investors did; not its dates."""

from core.language.limits.sectors import Question
from core.language.times.ago import ago_in
from core.language.times.asked_over import about_investors, about_the_future, window_of
from core.language.times.durations import directed, durations_in
from core.language.times.horizons import chosen_horizon
from core.records.request import Inference, Topic
from core.records.universe import Horizon


def lengths_of(
    question: Question, topics: tuple[Topic, ...]
) -> tuple[Horizon, Horizon | None, tuple[Inference, ...]]:
    """Return the horizon, the span asked about if any, and what was inferred of either.

    Since when a change is told is no horizon.
    """
    durations = directed(
        durations_in(question.reading.own),
        ahead=about_the_future(topics),
        investors=about_investors(topics),
    )
    if "changed" in topics and ago_in(question.reading.heard) is not None:
        durations = tuple(length for length in durations if length.direction == "ahead")
    horizon, inferred = chosen_horizon(
        durations,
        question.universes,
        language=question.language,
        previous=question.thread,
        lenient="explain" in question.reading.cues,
    )
    window, window_inferred = window_of(durations, topics, question.previous)
    return horizon, window, (*inferred, *window_inferred)
