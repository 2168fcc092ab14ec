"""How far ahead a question looks, and over what span it asks what was; it reads no date."""

from dataclasses import dataclass

from core.language.limits.sectors import Question
from core.language.times.ago import ago_in
from core.language.times.asked_over import (
    about_investors,
    about_the_future,
    lookback_of,
    window_of,
)
from core.language.times.durations import directed, durations_in
from core.language.times.horizons import chosen_horizon
from core.records.request import Inference, Topic
from core.records.universe import Horizon, Lookback


@dataclass(frozen=True, slots=True)
class Lengths:
    """The horizon, the spans investors and returns are asked about over, and what was inferred."""

    horizon: Horizon
    window: Horizon | None
    lookback: Lookback | None
    inferred: tuple[Inference, ...]


def lengths_of(question: Question, topics: tuple[Topic, ...]) -> Lengths:
    """Return the lengths; since when a change is told is none."""
    earned = "returns" in topics
    stated = durations_in(question.reading.own)
    durations = directed(
        stated,
        ahead=about_the_future(topics),
        told=earned or about_investors(topics),
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
    if not earned:
        return Lengths(horizon, window, None, (*inferred, *window_inferred))
    lookback, lookback_inferred = lookback_of(
        durations,
        question.reading.dates,
        question.previous,
        running=any(length.direction == "now" for length in stated),
    )
    return Lengths(horizon, window, lookback, (*inferred, *window_inferred, *lookback_inferred))
