"""Resolves sector words to the chosen markets' sectors: what is in focus, what is limited."""

from dataclasses import dataclass

from core.errors import RequestError
from core.language.limits.bounds import Limits
from core.language.limits.held import Held
from core.language.reading import Reading, SectorPhrase, read
from core.language.words.fold import phrase_key
from core.language.words.refusals import Refusal, refusal
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
    held: Held | None = None


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
        raise no_such_sector(asked[0], question)
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
    kept: dict[tuple[str, str], Focus] = {}
    for row in question.previous.focus:
        if row.universe in chosen:
            kept.setdefault((row.universe, row.sector), row)
            continue
        phrases = read(row.said, question.universes).sectors
        for universe, sector in (pair for phrase in phrases for pair in phrase.pairs):
            again = Focus(universe=universe, sector=sector, said=row.said)
            kept.setdefault((universe, sector), again)
    return tuple(kept.values())


def limited(
    number: int, question: Question, *, over: Refusal | None = None, within: Universe | None = None
) -> tuple[str, ...]:
    """Return the sector ids a phrase of a limit or a holding means, of one market if told.

    Raises:
        RequestError: none of them, or with `over` several of one market.
    """
    phrase = question.reading.sectors[number]
    pairs = tuple(
        pair for pair in meant(phrase, question) if within is None or pair[0] == within.id
    )
    if not pairs:
        raise no_such_sector(phrase, question)
    markets = [universe for universe, _ in pairs]
    sectors = tuple(dict.fromkeys(sector for _, sector in pairs))
    if over is not None and len(set(markets)) < len(markets):
        known = ", ".join(sectors)
        raise RequestError(refusal(over, question.language, said=phrase.said, known=known))
    return sectors


def no_such_sector(phrase: SectorPhrase, question: Question) -> RequestError:
    """Return the error for a sector the markets asked about do not have."""
    return RequestError(
        refusal("no_such_sector", question.language, said=phrase.said, **known_sectors(question))
    )


def known_sectors(question: Question) -> dict[str, str]:
    """Return the markets asked about and their sectors by name, for a refusal."""
    vietnamese = question.language == "vi"
    names = (row.name_vi if vietnamese else row.name_en for row in question.universes)
    known = dict.fromkeys(
        sector.name_vi if vietnamese else sector.name_en
        for universe in question.universes
        for sector in universe.sectors
    )
    return {"universes": ", ".join(names), "known": ", ".join(known)}
