"""Turns limits stated in words into a patch of the mandate, or refuses; feasible or not."""

from core.errors import RequestError
from core.language.refusals import Refusal, refusal
from core.language.sectors import Question, limited
from core.records.mandate import MandatePatch, SectorCap, SectorFloor
from core.records.request import Language


def patch_of(question: Question) -> MandatePatch | None:
    """Return the thread's limits with those stated now; a later one on a sector replaces it.

    They hold until they are lifted, all or a sector's, or another market is asked about.

    Raises:
        RequestError: a percentage outside 0 to 100, a sector the markets do not have, a bound on
            what stands for several, a sector to be left out and to have a weight at once.
    """
    base, limits = _held(question), question.limits
    lifted = {sector for number in limits.lifted for sector in limited(number, question)}
    out = {sector for number in limits.excluded for sector in limited(number, question)}
    capped = _stated(limits.caps, question, "cap_over_several")
    floored = _stated(limits.floors, question, "floor_over_several")
    if both := sorted(out & floored.keys()):
        raise RequestError(refusal("contradiction", question.language, said=", ".join(both)))
    dropped = lifted | out
    caps = {row.sector: row.cap for row in base.caps} | capped
    floors = {row.sector: row.floor for row in base.floors} | floored
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


def _held(question: Question) -> MandatePatch:
    """Return the limits of the thread that still hold."""
    thread = question.thread
    chosen = {universe.id for universe in question.universes}
    all_lifted = "lift" in question.reading.cues and not question.limits.lifted
    if thread is None or all_lifted or not chosen.issubset(thread.universes):
        return MandatePatch()
    return thread.patch or MandatePatch()


def _stated(
    bounds: tuple[tuple[int, float], ...], question: Question, over: Refusal
) -> dict[str, float]:
    return {
        sector: _fraction(percent, question.language)
        for number, percent in bounds
        for sector in limited(number, question, over=over)
    }


def _fraction(percent: float, language: Language) -> float:
    if not 0 <= percent <= 100:
        raise RequestError(refusal("percent", language, said=f"{percent:g}"))
    return percent / 100
