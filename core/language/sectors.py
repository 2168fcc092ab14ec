"""Resolves sector words to the chosen markets' sectors: what is in focus, what is limited."""

from dataclasses import dataclass

from core.errors import RequestError
from core.language.fold import phrase_key
from core.language.limits import Limits
from core.language.reading import Reading, SectorPhrase
from core.language.refusals import refusal
from core.language.vocabulary import phrases_of
from core.records.mandate import MandatePatch, SectorCap
from core.records.request import Focus, Inference, Language, Request
from core.records.universe import Universe


@dataclass(frozen=True, slots=True)
class Question:
    """What was read, the markets it is about, and the request it follows.

    `previous` is what an elliptical question continues; `thread` is whatever came before.
    """

    reading: Reading
    limits: Limits
    language: Language
    universes: tuple[Universe, ...]
    previous: Request | None
    thread: Request | None = None


def focus_of(question: Question) -> tuple[tuple[Focus, ...], tuple[Inference, ...]]:
    """Return the sectors named outside limits; all of them unknown here is an error."""
    reading = question.reading
    asked = [
        phrase
        for number, phrase in enumerate(reading.sectors)
        if number not in question.limits.phrases
    ]
    found = {
        (universe, sector): phrase.said
        for phrase in reversed(asked)
        for universe, sector in reversed(meant(phrase, question))
    }
    if asked and not found:
        raise _no_such_sector(asked[0], question)
    if found:
        rows = tuple(
            Focus(universe=universe, sector=sector, said=said)
            for (universe, sector), said in reversed(found.items())
        )
        return rows, _told(rows, question)
    return (_kept_focus(question) if not reading.symbols else ()), ()


def meant(phrase: SectorPhrase, question: Question) -> tuple[tuple[str, str], ...]:
    """Return the (universe, sector) pairs of the chosen markets a phrase means."""
    markets = phrase.market or tuple(universe.id for universe in question.universes)
    return tuple(pair for pair in phrase.pairs if pair[0] in markets)


def _told(rows: tuple[Focus, ...], question: Question) -> tuple[Inference, ...]:
    """Return what was read from slang or a ticker, official names aside."""
    by_id = {universe.id: universe for universe in question.universes}
    told = []
    for row in rows:
        sector = by_id[row.universe].sector(row.sector)
        official = (sector.name_en, sector.name_vi, sector.id.replace("_", " "))
        if phrase_key(row.said) not in {phrase_key(name) for name in official}:
            value = f"{row.said} = {row.universe}/{row.sector}"
            told.append(Inference(field="sector", value=value, why="from_words"))
    return tuple(told)


def _kept_focus(question: Question) -> tuple[Focus, ...]:
    """Return the thread's sectors, read again where the market changed."""
    if question.previous is None:
        return ()
    chosen = {universe.id for universe in question.universes}
    phrases = phrases_of(question.universes)
    kept: dict[tuple[str, str], Focus] = {}
    for row in question.previous.focus:
        meaning = phrases.get(phrase_key(row.said))
        if row.universe in chosen:
            kept.setdefault((row.universe, row.sector), row)
        elif meaning is not None:
            for universe, sector in meaning.sectors:
                again = Focus(universe=universe, sector=sector, said=row.said)
                kept.setdefault((universe, sector), again)
    return tuple(kept.values())


def patch_of(question: Question) -> MandatePatch | None:
    """Return the thread's limits with those stated now; a later one on a sector replaces it.

    They hold until they are lifted, all or a sector's, or another market is asked about.
    """
    base = _held(question)
    caps = {row.sector: row.cap for row in base.caps}
    excluded = dict.fromkeys(base.excluded)
    for number in question.limits.lifted:
        for sector in _limited(number, question, single=False):
            excluded.pop(sector, None)
            caps.pop(sector, None)
    for number, percent in question.limits.caps:
        sector_ids = _limited(number, question, single=True)
        for sector in sector_ids:
            caps[sector] = _fraction(percent, question.language)
            excluded.pop(sector, None)
    for number in question.limits.excluded:
        for sector in _limited(number, question, single=False):
            excluded[sector] = None
            caps.pop(sector, None)
    turnover = question.limits.turnover_pct
    patch = MandatePatch(
        caps=tuple(SectorCap(sector=sector, cap=caps[sector]) for sector in sorted(caps)),
        excluded=tuple(sorted(excluded)),
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


def _limited(number: int, question: Question, *, single: bool) -> tuple[str, ...]:
    """Return the sector ids a limit is about; a cap over several of one market is refused."""
    phrase = question.reading.sectors[number]
    pairs = meant(phrase, question)
    if not pairs:
        raise _no_such_sector(phrase, question)
    markets = [universe for universe, _ in pairs]
    sectors = tuple(dict.fromkeys(sector for _, sector in pairs))
    if single and len(set(markets)) < len(markets):
        known = ", ".join(sectors)
        raise RequestError(
            refusal("cap_over_several", question.language, said=phrase.said, known=known)
        )
    return sectors


def _fraction(percent: float, language: Language) -> float:
    if not 0 <= percent <= 100:
        raise RequestError(refusal("percent", language, said=f"{percent:g}"))
    return percent / 100


def _no_such_sector(phrase: SectorPhrase, question: Question) -> RequestError:
    vietnamese = question.language == "vi"
    names = (row.name_vi if vietnamese else row.name_en for row in question.universes)
    known = dict.fromkeys(
        sector.name_vi if vietnamese else sector.name_en
        for universe in question.universes
        for sector in universe.sectors
    )
    return RequestError(
        refusal(
            "no_such_sector",
            question.language,
            said=phrase.said,
            universes=", ".join(names),
            known=", ".join(known),
        )
    )
