"""Reads a question once into dates, phrases, symbols and plain words; it decides no field."""

from dataclasses import dataclass

from core.language.times.dates import SaidDate, dates_in
from core.language.words.actors import ACTORS, ACTORS_MARK
from core.language.words.beside import markets_beside
from core.language.words.elsewhere import markets_elsewhere
from core.language.words.fold import Folded, Token, fold, seen
from core.language.words.plain import (
    PLAIN_WORDS,
    VIETNAMESE_ONLY,
)
from core.language.words.quoted import quotations, quoted_in
from core.language.words.shorthand import Spoken, written_out
from core.language.words.spelling import respelt
from core.language.words.symbols import symbols_in
from core.language.words.terms import FIGURES, Cue
from core.language.words.tongue import spoken_in
from core.language.words.vocabulary import (
    Match,
    matches_in,
    phrases_of,
    speaks,
    words_known,
    words_meant,
)
from core.records.request import Language, Topic
from core.records.universe import Universe

SURE_FROM = 8
"""Letters of a sector's word from which on a slip of it is no other word."""
SAID_LIMIT = 80
"""Characters of the user's own words that are shown back."""


@dataclass(frozen=True, slots=True)
class SectorPhrase:
    """The user's words for a sector and the (universe, sector) pairs they can mean.

    `market` are the universes named right beside it; empty when none is.
    """

    said: str
    pairs: tuple[tuple[str, str], ...]
    market: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Slip:
    """A misspelt phrase as it was written, and the folded phrase it was read as.

    `sure` says that it is a sector's name and too long to be another word.
    """

    said: str
    read: str
    sector: bool
    sure: bool


@dataclass(frozen=True, slots=True)
class Reading:
    """What a question says; `words` is folded, sectors standing as `<n>`, markets as `@`.

    `own` is the same without what the user quotes, of which no date and no match that names a
    market, a benchmark or a cue is kept; `heard` is `own` without marks. `slips` are its misspelt
    words, `figures` the figures of speech, as written, with the topic each was taken for,
    `elsewhere` the markets nobody here has; `plain` says that beside its phrases it holds but words
    that say nothing of their own.
    """

    language: Language | None
    dates: tuple[SaidDate, ...]
    matches: tuple[Match, ...]
    sectors: tuple[SectorPhrase, ...]
    symbols: tuple[str, ...]
    vietnamese_symbols: bool
    words: str
    own: str
    heard: str
    length: int
    slips: tuple[Slip, ...] = ()
    figures: tuple[tuple[str, Topic], ...] = ()
    elsewhere: tuple[str, ...] = ()
    plain: bool = False

    @property
    def cues(self) -> frozenset[Cue]:
        """Every cue word met."""
        return frozenset().union(*(match.meaning.cues for match in self.matches))

    @property
    def benchmarks(self) -> tuple[tuple[str, str], ...]:
        """The (universe, benchmark) pairs that can be meant, in order."""
        found = (pair for match in self.matches for pair in match.meaning.benchmarks)
        return tuple(dict.fromkeys(found))

    @property
    def topics(self) -> tuple[Topic, ...]:
        """The topics met, in order."""
        return tuple(
            dict.fromkeys(topic for match in self.matches for topic in match.meaning.topics)
        )


def read(
    text: str,
    universes: tuple[Universe, ...],
    *,
    mend: bool = True,
    thread: Language | None = None,
) -> Reading:
    """Return what the text says of these universes; with `mend` slips of the keys are mended.

    Shorthand of both languages is read in that of the `thread` where nothing else tells.

    Raises:
        DateError: a day of a year nothing is known of; the message holds the words.
        ValueError: a date that does not exist; the message holds the words.
    """
    folded = fold(text)
    dates = _dates(text, folded)
    spans = tuple((said.start, said.end) for said in dates)
    written = folded.blanked(spans).tokens()
    spoken = _spoken(text, written, universes, thread)
    tokens = spoken.tokens
    slips: tuple[Slip, ...] = ()
    if mend:
        tokens, slips = _spelt(folded, tokens, universes)
    quoted, passages = quoted_in(text, tokens), quotations(text, tokens)
    matches = tuple(
        match
        for match in matches_in(tokens, phrases_of(universes))
        if match.first not in quoted or not _moves(match)
    )
    language = spoken_in(tokens, matches)
    if language != "vi":
        matches = tuple(match for match in matches if match.key not in VIETNAMESE_ONLY)
    taken = frozenset(at for match in matches for at in range(match.first, match.last))
    symbols, vietnamese = symbols_in(text, tokens, taken | spoken.written_out)
    return Reading(
        language=language,
        dates=tuple(said for said in dates if not _within(said, passages)),
        matches=matches,
        sectors=_sector_phrases(folded, tokens, matches, language),
        symbols=symbols,
        vietnamese_symbols=vietnamese,
        words=_words(tokens, matches, frozenset()),
        own=_words(tokens, matches, quoted, acting=True),
        heard=" ".join(";" if at in quoted else row.word for at, row in enumerate(tokens)),
        length=len(written),
        slips=slips,
        figures=_figures(folded, spoken, matches),
        elsewhere=markets_elsewhere(text, tokens, taken | quoted),
        plain=_is_plain(tokens, taken),
    )


def _spoken(
    text: str, written: tuple[Token, ...], universes: tuple[Universe, ...], thread: Language | None
) -> Spoken:
    """Return the words with shorthand written out, that of one language by what is sure."""
    known = words_known(universes)
    sure = written_out(text, written, known, None).tokens
    lean = spoken_in(sure, matches_in(sure, phrases_of(universes)))
    return written_out(text, written, known, lean or thread)


def _spelt(
    folded: Folded, tokens: tuple[Token, ...], universes: tuple[Universe, ...]
) -> tuple[tuple[Token, ...], tuple[Slip, ...]]:
    """Return the words, slips mended where that names a sector or a subject, and those slips."""
    found = {
        at: token
        for at, token in respelt(tokens, words_meant(universes), words_known(universes)).items()
        if not _capital(folded, token)
    }
    if not found:
        return tokens, ()
    mended = tuple(found.get(at, token) for at, token in enumerate(tokens))
    kept: set[int] = set()
    slips: list[Slip] = []
    for match in matches_in(mended, phrases_of(universes)):
        places = found.keys() & range(match.first, match.last)
        if places and speaks(match.meaning):
            kept |= places
            said = folded.source[tokens[match.first].start : tokens[match.last - 1].end]
            sector = bool(match.meaning.sectors)
            sure = sector and any(len(mended[at].word) >= SURE_FROM for at in places)
            slips.append(Slip(seen(said)[:SAID_LIMIT], " ".join(match.key), sector, sure))
    spelt = tuple(mended[at] if at in kept else token for at, token in enumerate(tokens))
    return spelt, tuple(slips)


def _figures(
    folded: Folded, spoken: Spoken, matches: tuple[Match, ...]
) -> tuple[tuple[str, Topic], ...]:
    """Return figures of speech and shorthand as written, and the topic each is taken for."""
    tokens = spoken.tokens
    return tuple(
        (seen(folded.source[tokens[match.first].start : tokens[match.last - 1].end]), topic)
        for match in matches
        if match.key in FIGURES or not spoken.written_out.isdisjoint(range(match.first, match.last))
        for topic in match.meaning.topics
    )


def _is_plain(tokens: tuple[Token, ...], taken: frozenset[int]) -> bool:
    return all(
        at in taken or token.word in PLAIN_WORDS or not token.word.isalpha()
        for at, token in enumerate(tokens)
    )


def _capital(folded: Folded, token: Token) -> bool:
    """Tell whether a word is in capitals, as symbols are."""
    return folded.source[token.start : token.end].isupper()


def _dates(text: str, folded: Folded) -> tuple[SaidDate, ...]:
    """Return the dates of the text; of its own words alone where a quoted one cannot be read."""
    try:
        return dates_in(folded.text)
    except ValueError:
        own = folded.blanked(quotations(text, folded.tokens()))
        return dates_in(own.text)


def _moves(match: Match) -> bool:
    """Tell whether a phrase decides what is computed, not only what is spoken of."""
    meaning = match.meaning
    return bool(meaning.named or meaning.implied or meaning.benchmarks or meaning.cues)


def _within(said: SaidDate, passages: tuple[tuple[int, int], ...]) -> bool:
    return any(start <= said.start and said.end <= end for start, end in passages)


def _sector_phrases(
    folded: Folded, tokens: tuple[Token, ...], matches: tuple[Match, ...], language: Language | None
) -> tuple[SectorPhrase, ...]:
    phrases = []
    for at, match in enumerate(matches):
        if not match.meaning.sectors:
            continue
        start, end = tokens[match.first].start, tokens[match.last - 1].end
        market = markets_beside(matches, tokens, at, after=language == "vi")
        said = seen(folded.source[start:end])[:SAID_LIMIT]
        phrases.append(SectorPhrase(said, match.meaning.sectors, market))
    return tuple(phrases)


def _words(
    tokens: tuple[Token, ...],
    matches: tuple[Match, ...],
    hidden: frozenset[int],
    *,
    acting: bool = False,
) -> str:
    """Return the folded words with sectors, markets and topics replaced by marks.

    Words about allocation stay, for they state limits; so do cues. A hidden token is a break. With
    `acting` those who trade have a mark of their own.
    """
    written: list[str] = []
    starts = {match.first: match for match in matches}
    at = sector = 0
    while at < len(tokens):
        match = starts.get(at)
        words = (tokens[at].word,) if match is None else _marked(match, sector)
        words = ACTORS_MARK if acting and match is not None and match.key in ACTORS else words
        sector += match is not None and bool(match.meaning.sectors)
        written.extend((";",) if at in hidden else words)
        at = at + 1 if match is None else match.last
    return " ".join(written)


def _marked(match: Match, sector: int) -> tuple[str, ...]:
    """Return what stands for a phrase; `sector` is its number where it names one."""
    meaning = match.meaning
    if meaning.sectors:
        return (f"<{sector}>",)
    if meaning.benchmarks:
        return ("_",)
    if meaning.named or meaning.implied:
        return ("@",)
    if "instead" in meaning.cues:
        return ("instead",)
    if "stop" in meaning.cues or (meaning.topics and "allocation" not in meaning.topics):
        return ("_",)
    return match.key
