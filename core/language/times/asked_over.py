"""Decides over which span what investors did is told; it reads no horizon and no date."""

from core.language.times.durations import Duration, longest_within
from core.records.request import Inference, Request, Topic
from core.records.universe import Horizon

INVESTORS: frozenset[Topic] = frozenset({"foreign_flow", "matched_flow", "whales"})
"""Topics of what investors did over a span that is past."""
AHEAD: frozenset[Topic] = frozenset({"forecast"})
RECORDED: frozenset[Topic] = frozenset({"record", "past_calls", "rule_test"})
"""Topics that speak of forecasts made before."""
WINDOWS: tuple[Horizon, ...] = ("1W", "1M", "3M")
"""Spans the tools tell foreign flow and large trades over."""


def about_investors(topics: tuple[Topic, ...]) -> bool:
    """Tell whether it is asked what investors did."""
    return not INVESTORS.isdisjoint(topics)


def about_the_future(topics: tuple[Topic, ...]) -> bool:
    """Tell whether it is asked what is to come, not how good earlier forecasts were."""
    return not AHEAD.isdisjoint(topics) and RECORDED.isdisjoint(topics)


def window_of(
    durations: tuple[Duration, ...], topics: tuple[Topic, ...], previous: Request | None
) -> tuple[Horizon | None, tuple[Inference, ...]]:
    """Return the span stated, or the continued thread's; None where none is.

    A length that is not served becomes the longest served one within it, and is shown; so is which
    of several served ones is taken, the first.
    """
    if not about_investors(topics):
        return None, ()
    told = [length for length in durations if length.direction == "told"]
    stated = told[0] if told else None
    if stated is None:
        kept = previous.window if previous else None
        if kept is None:
            return None, ()
        return kept, (Inference(field="window", value=kept, why="from_thread"),)
    if stated.horizon in WINDOWS:
        several = len({length.horizon for length in told} & {*WINDOWS}) > 1
        chosen = Inference(field="window", value=stated.horizon, why="from_words")
        return stated.horizon, (chosen,) if several else ()
    window = longest_within(stated, WINDOWS)
    return window, (Inference(field="window", value=window, why="out_of_range"),)
