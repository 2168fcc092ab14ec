"""Decides over which span what investors did or sectors returned is told; it reads no horizon."""

from typing import Final

from core.language.times.dates import SaidDate
from core.language.times.durations import HORIZON_DAYS, Duration, longest_within
from core.records.request import Inference, Request, Topic
from core.records.universe import Horizon, Lookback

INVESTORS: frozenset[Topic] = frozenset({"foreign_flow", "matched_flow", "whales"})
"""Topics of what investors did over a span that is past."""
AHEAD: frozenset[Topic] = frozenset({"forecast"})
RECORDED: frozenset[Topic] = frozenset({"record", "past_calls", "rule_test"})
"""Topics that speak of forecasts made before."""
WINDOWS: tuple[Horizon, ...] = ("1W", "1M", "3M")
"""Spans the tools tell foreign flow and large trades over."""

LOOKBACKS: Final[dict[Lookback, tuple[int, int]]] = {
    "1W": HORIZON_DAYS["1W"], "1M": HORIZON_DAYS["1M"], "3M": HORIZON_DAYS["3M"],
    "6M": (175, 186), "12M": (355, 367),
}  # fmt: skip
"""Calendar days, both ends included, that are read as a span returns are told over."""
DEFAULT_LOOKBACK: Final[Lookback] = "1M"


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


def lookback_of(
    durations: tuple[Duration, ...],
    dates: tuple[SaidDate, ...],
    previous: Request | None,
    *,
    running: bool,
) -> tuple[Lookback, tuple[Inference, ...]]:
    """Return the span returns are told over: stated, the period that ends the question, a default.

    A length that is not served becomes the longest served one within it, and is shown; so is the
    whole length a `running` period ("this year") is told over.
    """
    stated = [length.days for length in durations if length.direction == "told"]
    periods = [(said.value - said.first).days + 1 for said in dates if not said.whole]
    days = (stated or periods or [None])[0]
    if days is None:
        kept = previous.lookback if previous else None
        if kept is not None:
            return kept, (Inference(field="lookback", value=kept, why="from_thread"),)
        default = DEFAULT_LOOKBACK
        return default, (Inference(field="lookback", value=default, why="default"),)
    within = [name for name, (least, _) in LOOKBACKS.items() if least <= round(days)]
    lookback = within[-1] if within else "1W"
    least, most = LOOKBACKS[lookback]
    if least <= round(days) <= most and not running:
        return lookback, ()
    return lookback, (Inference(field="lookback", value=lookback, why="out_of_range"),)
