"""Turns limits stated in words into a patch of the mandate, or refuses; feasible or not."""

from collections.abc import Callable, Mapping
from math import fsum
from typing import Final

from core.errors import RequestError
from core.language.limits.anew import bare_anew, is_changed, percent_alone, sets_anew
from core.language.limits.bare import bare_bound
from core.language.limits.bounds import Limits, is_open
from core.language.limits.dropped import is_dropped, is_strange
from core.language.limits.sectors import Question, known_sectors, limited
from core.language.limits.unread import bounds_nothing, is_unread, misspelt_limit
from core.language.reading import Reading
from core.language.words.refusals import Refusal, refusal
from core.language.words.vocabulary import words_known
from core.records.mandate import MandatePatch, SectorCap, SectorFloor
from core.records.request import Language, Request

_KINDS: Final = {
    "caps": {"cap", "caps", "tran"},
    "floors": {"floor", "floors", "san"},
    "excluded": {"exclusion", "exclusions", "loai"},
}
"""Words for one kind of limit, by the patch's field."""
WHOLE: Final = 1.0 + 1e-9
"""Of floors together, in fractions."""


def patch_of(question: Question) -> MandatePatch | None:
    """Return the thread's limits with those stated now; a later one on a sector replaces it.

    They hold until they are lifted, all or a sector's, or another market is asked about.

    Raises:
        RequestError: a percentage outside 0 to 100, a sector the markets do not have, a limit that
            names none, is misspelt or lacks its sign, a bound on what stands for several, limits
            at odds: out and with a weight, a cap below a floor, floors over the whole.
    """
    base, limits = _held(question), question.limits
    known = words_known(question.universes)
    if slip := misspelt_limit(question.reading.own, known):
        said, meant = slip
        raise RequestError(refusal("limit_misspelt", question.language, said=said, meant=meant))
    if is_open(question.reading.own):
        raise RequestError(refusal("limit_open", question.language))
    if (bare := _bare(question)) is not None:
        raise RequestError(refusal("limit_bare", question.language, said=bare))
    anew = _anew(question)
    if not anew and is_unread(question.reading.own, limits, known):
        named = known_sectors(question)
        raise RequestError(refusal("limit_unread", question.language, **named))
    told = question.held.words if question.held else question.reading.own
    if is_dropped(told, limits) or is_strange(told, limits, known):
        raise RequestError(refusal("limit_dropped", question.language))
    lifted = {sector for number in limits.lifted for sector in limited(number, question)}
    out = {sector for number in limits.excluded for sector in limited(number, question)}
    capped = _stated(limits.caps, question, "cap_over_several", tighter=min)
    floored = _stated(limits.floors, question, "floor_over_several", tighter=max)
    capped = _all_capped(question, out) | capped | anew
    if both := sorted(out & floored.keys()):
        raise RequestError(refusal("contradiction", question.language, said=", ".join(both)))
    dropped = lifted | out
    caps = {row.sector: row.cap for row in base.caps} | capped
    floors = {row.sector: row.floor for row in base.floors} | floored
    _check_bounds(caps, {name: floors[name] for name in floors.keys() - dropped}, question)
    bounded = capped.keys() | floored.keys()
    turnover = limits.turnover_pct
    patch = MandatePatch(
        caps=tuple(
            SectorCap(sector=name, cap=caps[name]) for name in sorted(caps.keys() - dropped)
        ),
        floors=tuple(
            SectorFloor(sector=name, floor=floors[name]) for name in sorted(floors.keys() - dropped)
        ),
        excluded=tuple(sorted({*base.excluded} - lifted - bounded | out)),
        turnover=base.turnover if turnover is None else _fraction(turnover, question.language),
    )
    return None if patch == MandatePatch() else patch


def restates(words: str, previous: Request | None) -> bool:
    """Tell whether a text bounds nothing named, or sets another percentage for what it stated."""
    if bounds_nothing(words):
        return True
    if previous is None or previous.patch is None:
        return False
    return is_changed(words) or sets_anew(words) or bare_anew(words) is not None


def states_limits(question: Question) -> bool:
    """Tell whether limits are stated, or another number for one that stands."""
    return question.limits != Limits() or _changes(question)


def _bare(question: Question) -> str | None:
    """Return the number of a bound that is not said to be a percentage; None without one."""
    own = question.reading.own
    stands = question.limits != Limits() or _held(question) != MandatePatch()
    return bare_bound(own) or (bare_anew(own) if stands else None)


def _anew(question: Question) -> dict[str, float]:
    """Return the one cap that stands with the percentage said of it; empty where none is said.

    Raises:
        RequestError: another bound stands too, or a sector is named: it is not said which is meant.
    """
    if not _changes(question):
        return {}
    base, percent = _held(question), percent_alone(question.reading.own)
    if percent is None or len(base.caps) != 1 or base.floors or base.turnover is not None:
        raise RequestError(refusal("limit_changed", question.language))
    return {base.caps[0].sector: _fraction(percent, question.language)}


def _changes(question: Question) -> bool:
    """Tell whether a percentage and nothing else is said after bounds were stated."""
    bounds = _held(question)
    stands = question.held is None and question.limits == Limits()
    return bool(stands and (bounds.caps or bounds.floors)) and is_changed(question.reading.own)


def _held(question: Question) -> MandatePatch:
    """Return the limits of the thread that still hold."""
    thread = question.thread
    chosen = {universe.id for universe in question.universes}
    if thread is None or thread.patch is None or not chosen.issubset(thread.universes):
        return MandatePatch()
    lifts = "lift" in question.reading.cues and not question.limits.lifted
    return _lifted(thread.patch, question.reading) if lifts else thread.patch


def _lifted(patch: MandatePatch, reading: Reading) -> MandatePatch:
    """Return the limits without the kinds that are lifted.

    Without any where no kind is named, or none of the kind stands.
    """
    said = {word for row in reading.matches if "lift" in row.meaning.cues for word in row.key}
    kinds = {field: () for field, words in _KINDS.items() if said & words and getattr(patch, field)}
    return patch.model_copy(update=kinds) if kinds else MandatePatch()


def _stated(
    bounds: tuple[tuple[int, float], ...],
    question: Question,
    over: Refusal,
    *,
    tighter: Callable[[float, float], float],
) -> dict[str, float]:
    """Return each sector's bound; of two on one sector the tighter."""
    found: dict[str, float] = {}
    for number, percent in bounds:
        bound = _fraction(percent, question.language)
        for sector in limited(number, question, over=over):
            found[sector] = tighter(found.get(sector, bound), bound)
    return found


def _all_capped(question: Question, out: set[str]) -> dict[str, float]:
    """Return the cap of every sector alike, by sector; none where none is stated."""
    every = question.limits.every_pct
    if every is None:
        return {}
    cap = _fraction(every, question.language)
    sectors = (name for universe in question.universes for name in universe.sector_ids)
    return {name: cap for name in sectors if name not in out}


def _check_bounds(
    caps: Mapping[str, float], floors: Mapping[str, float], question: Question
) -> None:
    """Refuse bounds that no weights can keep."""
    for name in sorted(floors.keys() & caps.keys()):
        cap, floor = caps[name], floors[name]
        if floor > cap:
            said = {"said": name, "cap": f"{100 * cap:g}", "floor": f"{100 * floor:g}"}
            raise RequestError(refusal("cap_below_floor", question.language, **said))
    for universe in question.universes:
        total = fsum(floors.get(name, 0.0) for name in universe.sector_ids)
        if total > WHOLE:
            said_total = f"{100 * total:g}"
            raise RequestError(refusal("floors_over", question.language, said=said_total))


def _fraction(percent: float, language: Language) -> float:
    if not 0 <= percent <= 100:
        raise RequestError(refusal("percent", language, said=f"{percent:g}"))
    return percent / 100
