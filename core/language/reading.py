"""Reads a question once into dates, phrases, symbols and plain words; it decides no field."""

from dataclasses import dataclass

from core.language.dates import SaidDate, dates_in
from core.language.fold import Folded, Token, fold
from core.language.symbols import symbols_in
from core.language.terms import ENGLISH_WORDS, MARKET_LINKS, VIETNAMESE_ONLY, VIETNAMESE_WORDS, Cue
from core.language.vocabulary import Match, matches_in, phrases_of
from core.records.request import Language, Topic
from core.records.universe import Universe

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
class Reading:
    """What a question says; `words` is folded, sectors standing as `<n>`, markets as `@`."""

    language: Language | None
    dates: tuple[SaidDate, ...]
    matches: tuple[Match, ...]
    sectors: tuple[SectorPhrase, ...]
    symbols: tuple[str, ...]
    vietnamese_symbols: bool
    words: str
    length: int

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


def read(text: str, universes: tuple[Universe, ...]) -> Reading:
    """Return what the text says of these universes.

    Raises:
        DateError: a day of a year nothing is known of; the message holds the words.
        ValueError: a date that does not exist; the message holds the words.
    """
    folded = fold(text)
    dates = dates_in(folded.text)
    spans = tuple((said.start, said.end) for said in dates)
    tokens = folded.blanked(spans).tokens()
    matches = matches_in(tokens, phrases_of(universes))
    language = _language(tokens, matches)
    if language != "vi":
        matches = tuple(match for match in matches if match.key not in VIETNAMESE_ONLY)
    taken = frozenset(at for match in matches for at in range(match.first, match.last))
    symbols, vietnamese = symbols_in(text, tokens, taken)
    return Reading(
        language=language,
        dates=dates,
        matches=matches,
        sectors=_sector_phrases(folded, tokens, matches, language),
        symbols=symbols,
        vietnamese_symbols=vietnamese,
        words=_words(tokens, matches),
        length=len(tokens),
    )


def _language(tokens: tuple[Token, ...], matches: tuple[Match, ...]) -> Language | None:
    """Return the language with more words; None when neither has more."""
    spoken = {"en": 0, "vi": 0}
    inside: set[int] = set()
    for match in matches:
        inside.update(range(match.first, match.last))
        if match.meaning.language is not None and match.key not in VIETNAMESE_ONLY:
            spoken[match.meaning.language] += match.last - match.first
    for at, token in enumerate(tokens):
        if at not in inside:
            spoken["en"] += token.word in ENGLISH_WORDS
            spoken["vi"] += token.word in VIETNAMESE_WORDS
    if spoken["en"] == spoken["vi"]:
        return None
    return "vi" if spoken["vi"] > spoken["en"] else "en"


def _sector_phrases(
    folded: Folded, tokens: tuple[Token, ...], matches: tuple[Match, ...], language: Language | None
) -> tuple[SectorPhrase, ...]:
    phrases = []
    for at, match in enumerate(matches):
        if not match.meaning.sectors:
            continue
        start, end = tokens[match.first].start, tokens[match.last - 1].end
        before = _market(matches, tokens, at - 1, at)
        after = _market(matches, tokens, at + 1, at)
        market = (after or before) if language == "vi" else (before or after)
        said = folded.source[start:end][:SAID_LIMIT]
        phrases.append(SectorPhrase(said, match.meaning.sectors, market))
    return tuple(phrases)


def _market(
    matches: tuple[Match, ...], tokens: tuple[Token, ...], other: int, at: int
) -> tuple[str, ...]:
    """Return the universes match `other` names, when only linking words part it from match `at`."""
    if not 0 <= other < len(matches):
        return ()
    left, right = sorted((matches[other], matches[at]), key=lambda match: match.first)
    between = tokens[left.last : right.first]
    if any(token.word not in MARKET_LINKS for token in between):
        return ()
    return matches[other].meaning.named


def _words(tokens: tuple[Token, ...], matches: tuple[Match, ...]) -> str:
    """Return the folded words with sectors, markets and topics replaced by marks.

    Words about allocation stay, for they state limits; so do cues.
    """
    written: list[str] = []
    starts = {match.first: match for match in matches}
    at = sector = 0
    while at < len(tokens):
        match = starts.get(at)
        if match is None:
            written.append(tokens[at].word)
            at += 1
            continue
        meaning = match.meaning
        if meaning.sectors:
            written.append(f"<{sector}>")
            sector += 1
        elif meaning.benchmarks:
            written.append("_")
        elif meaning.named or meaning.implied:
            written.append("@")
        elif "instead" in meaning.cues:
            written.append("instead")
        elif "stop" in meaning.cues or (meaning.topics and "allocation" not in meaning.topics):
            written.append("_")
        else:
            written.extend(match.key)
        at = match.last
    return " ".join(written)
