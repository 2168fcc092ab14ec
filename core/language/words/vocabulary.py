"""Finds market, sector and topic phrases in tokens, longest first; it decides no request."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from functools import lru_cache

from core.language.words.benchmarks import named_phrases, own_phrases
from core.language.words.fold import Token, phrase_key, written_key
from core.language.words.plain import MARKET_LINKS, PLAIN_WORDS
from core.language.words.terms import CUES, TOPICS, Cue
from core.records.request import Language, Topic
from core.records.universe import Sector, Universe

SUBJECT_FROM = 7
"""Letters of a word of no sector that a slip may be of; shorter ones have neighbours in use."""
WANTED_FROM = 6
"""Letters of a word for the kind of answer wanted that a slip may be of."""
_EXCHANGES = ("chứng khoán", "thị trường chứng khoán")
"""Words before a market's name that are no sector of it."""
_WANTED: frozenset[Cue] = frozenset({"report", "compare", "explain"})
"""Cues for kinds of answer: which one is taken is shown and moves no weight."""


@dataclass(frozen=True, slots=True)
class Meaning:
    """All a phrase stands for; `sectors` and `benchmarks` are pairs of a universe and its own.

    `named` are universes the phrase names outright, `implied` those whose ticker it is.
    """

    named: tuple[str, ...] = ()
    implied: tuple[str, ...] = ()
    sectors: tuple[tuple[str, str], ...] = ()
    topics: tuple[Topic, ...] = ()
    benchmarks: tuple[tuple[str, str], ...] = ()
    cues: frozenset[Cue] = field(default_factory=frozenset)
    language: Language | None = None

    def joined(self, other: "Meaning") -> "Meaning":
        """Return both meanings in one, in order, without repetition."""
        return Meaning(
            named=tuple(dict.fromkeys((*self.named, *other.named))),
            implied=tuple(dict.fromkeys((*self.implied, *other.implied))),
            sectors=tuple(dict.fromkeys((*self.sectors, *other.sectors))),
            topics=tuple(dict.fromkeys((*self.topics, *other.topics))),
            benchmarks=tuple(dict.fromkeys((*self.benchmarks, *other.benchmarks))),
            cues=self.cues | other.cues,
            language=self.language if self.language == other.language else None,
        )


@dataclass(frozen=True, slots=True)
class Match:
    """A phrase found at tokens [first, last)."""

    first: int
    last: int
    key: tuple[str, ...]
    meaning: Meaning


_Table = dict[tuple[str, ...], Meaning]


@dataclass(frozen=True, slots=True)
class Phrases:
    """What every known phrase means, and the words of the longest one."""

    meanings: _Table
    longest: int


@lru_cache(maxsize=16)
def phrases_of(universes: tuple[Universe, ...]) -> Phrases:
    """Return every phrase these universes and the closed vocabulary know."""
    table: _Table = {}
    for topic, written in TOPICS.items():
        _add(table, written, Meaning(topics=(topic,)))
    for cue, written in CUES.items():
        _add(table, written, Meaning(cues=frozenset({cue})))
    for universe in universes:
        names = (universe.id, universe.name_en, universe.name_vi, *universe.regions)
        _add(table, names, Meaning(named=(universe.id,)))
        trade = (f"{word} {name}" for word in _EXCHANGES for name in names)
        _add(table, trade, Meaning(named=(universe.id,), cues=frozenset({"finance"})))
        tickers = (row.ticker for row in universe.benchmarks if row.ticker)
        _add(table, tickers, Meaning(implied=(universe.id,)))
        for mark in universe.benchmarks:
            named = Meaning(benchmarks=((universe.id, mark.id),))
            cues: frozenset[Cue] = frozenset({"index"} if mark.kind == "series" else ())
            _add(table, own_phrases(mark), named)
            _add(
                table,
                named_phrases(mark),
                replace(named, implied=(universe.id,), cues=cues),
            )
        for sector in universe.sectors:
            pair = Meaning(sectors=((universe.id, sector.id),))
            _add(table, sector_names(sector), pair)
            _add(table, (sector.ticker,), replace(pair, implied=(universe.id,)))
    return Phrases(table, max(map(len, table)))


@lru_cache(maxsize=16)
def words_known(universes: tuple[Universe, ...]) -> frozenset[str]:
    """Return every single word of any phrase, and the plain words of both languages."""
    return frozenset(word for key in phrases_of(universes).meanings for word in key) | PLAIN_WORDS


@lru_cache(maxsize=16)
def words_meant(universes: tuple[Universe, ...]) -> frozenset[str]:
    """Return the words that a slip may be of: those that say what is spoken of, and no more."""
    return frozenset(
        word
        for key, meaning in phrases_of(universes).meanings.items()
        if speaks(meaning)
        for word in key
        if meaning.sectors
        or (len(word) >= SUBJECT_FROM and (meaning.topics or word in MARKET_LINKS))
        or (len(word) >= WANTED_FROM and meaning.cues & _WANTED)
    )


def speaks(meaning: Meaning) -> bool:
    """Tell whether a phrase says what is spoken of or how, and decides nothing else."""
    decides = meaning.named or meaning.benchmarks or not meaning.cues <= {"finance", *_WANTED}
    return not decides and bool(meaning.sectors or meaning.topics or meaning.cues)


def sector_names(sector: Sector) -> tuple[str, ...]:
    """Return all a sector is called, rollups included, its ticker not."""
    ids = (name.replace("_", " ") for name in (sector.id, *sector.rollups))
    return (sector.name_en, sector.name_vi, *ids, *sector.aliases)


def matches_in(tokens: tuple[Token, ...], phrases: Phrases) -> tuple[Match, ...]:
    """Return the phrases found from left to right, the longest first at each word."""
    words = tuple(token.word for token in tokens)
    found, at = [], 0
    while at < len(words):
        for last in range(min(len(words), at + phrases.longest), at, -1):
            meaning = phrases.meanings.get(words[at:last])
            if meaning is not None:
                found.append(Match(at, last, words[at:last], meaning))
                at = last
                break
        else:
            at += 1
    return tuple(found)


def _add(table: _Table, written: Iterable[str], meaning: Meaning) -> None:
    for phrase in written:
        key = phrase_key(phrase)
        if not key:
            continue
        spoken = replace(meaning, language=_language_of(phrase))
        for spelt in dict.fromkeys((key, written_key(phrase))):
            table[spelt] = table[spelt].joined(spoken) if spelt in table else spoken


def _language_of(phrase: str) -> Language | None:
    if not phrase.isascii():
        return "vi"
    lower = any(character.islower() for character in phrase)
    return "en" if lower and (phrase.islower() or phrase.istitle()) else None
