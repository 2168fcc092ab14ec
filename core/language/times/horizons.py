"""Chooses the horizon of a question among those its markets serve, or refuses."""

from core.errors import RequestError
from core.language.times.durations import Duration, longest_within
from core.language.words.refusals import refusal
from core.records.request import Inference, Language, Request
from core.records.universe import Horizon, Universe

DEFAULT_HORIZON: Horizon = "1M"

_NAMES: dict[Language, tuple[tuple[float, str, str], ...]] = {
    "en": ((365, "year", "years"), (30, "month", "months"), (1, "day", "days")),
    "vi": ((365, "năm", "năm"), (30, "tháng", "tháng"), (1, "ngày", "ngày")),
}


def chosen_horizon(
    durations: tuple[Duration, ...],
    universes: tuple[Universe, ...],
    *,
    language: Language,
    previous: Request | None,
    lenient: bool,
) -> tuple[Horizon, tuple[Inference, ...]]:
    """Return the horizon and what was inferred about it.

    A length that looks back and is not served becomes the longest served one within it. Of several
    served ones that look the same way the first is taken, and shown. What investors did over is no
    horizon. `lenient` treats bare lengths as looking back: "why 12 months of data?" asks for none.

    Raises:
        RequestError: the question looks ahead over a length that is not served.
    """
    served = tuple(
        horizon
        for horizon in universes[0].horizons
        if all(horizon in universe.horizons for universe in universes)
    )
    durations = tuple(length for length in durations if length.direction != "told")
    if not durations:
        return _unstated(served, previous, language)
    duration = durations[0]
    if duration.horizon in served:
        alike = {row.horizon for row in durations if row.direction == duration.direction}
        if len(alike & {*served}) < 2:
            return duration.horizon, ()
        return duration.horizon, (
            Inference(field="horizon", value=duration.horizon, why="from_words"),
        )
    if duration.direction == "ahead" or (duration.direction == "bare" and not lenient):
        raise _not_served(_length(duration.days, language), served, language)
    if not served or lenient:
        return _unstated(served, previous, language)
    horizon = longest_within(duration, served)
    return horizon, (Inference(field="horizon", value=horizon, why="out_of_range"),)


def _unstated(
    served: tuple[Horizon, ...], previous: Request | None, language: Language
) -> tuple[Horizon, tuple[Inference, ...]]:
    if previous is not None and previous.horizon in served:
        kept = Inference(field="horizon", value=previous.horizon, why="from_thread")
        return previous.horizon, (kept,)
    if not served:
        raise _not_served(DEFAULT_HORIZON, served, language)
    horizon = DEFAULT_HORIZON if DEFAULT_HORIZON in served else served[0]
    return horizon, (Inference(field="horizon", value=horizon, why="default"),)


def _not_served(said: str, served: tuple[Horizon, ...], language: Language) -> RequestError:
    return RequestError(refusal("horizon", language, said=said, served=", ".join(served) or "-"))


def _length(days: float, language: Language) -> str:
    """Return the length in its largest whole unit."""
    for unit_days, one, many in _NAMES[language]:
        count = round(days / unit_days)
        if count and abs(count * unit_days - days) < 1:
            return f"{count} {one if count == 1 else many}"
    return f"{days:g} {_NAMES[language][-1][2]}"
