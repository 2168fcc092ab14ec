"""Decides the tone of a news text by counting words, and forgets the text.

It reads no meaning, and what it returns holds numbers, dates and sectors only.
"""

import re
import tomllib
import unicodedata
from functools import lru_cache
from importlib.resources import files

import numpy as np
import pandas as pd

from core.records.record import Record

NEGATION_WORDS = 3
"""Words before a phrase among which a negation turns it around."""

LONGEST_PHRASE = 5

_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")


class Tones(Record):
    """Words and phrases of one language, in lower case."""

    positive: tuple[str, ...]
    negative: tuple[str, ...]


class Lexicon(Record):
    """The whole of news_lexicon.toml."""

    negations: tuple[str, ...]
    en: Tones
    vi: Tones

    def signs(self) -> dict[tuple[str, ...], float]:
        """Return +1.0 or -1.0 by phrase, as its words."""
        found = {_words(text): 1.0 for tones in (self.en, self.vi) for text in tones.positive}
        return found | {_words(t): -1.0 for tones in (self.en, self.vi) for t in tones.negative}


def tone(text: str) -> float:
    """Return (positive - negative) / (positive + negative) phrases, -1 to 1; NaN without any.

    The longest phrase at each word counts, the other way with a negation among the three words
    before it (after Tetlock, 2007; Loughran and McDonald, 2011; the words are ours).
    """
    signs, negations = _phrases()
    words = _words(text)
    place, hits = 0, []
    while place < len(words):
        length = _longest(words, place, signs)
        if length:
            before = words[max(place - NEGATION_WORDS, 0) : place]
            turned = any(_longest(before, at, negations) for at in range(len(before)))
            hits.append(signs[words[place : place + length]] * (-1.0 if turned else 1.0))
        place += max(length, 1)
    return sum(hits) / len(hits) if hits else float("nan")


def daily_tones(items: pd.DataFrame, stem: str) -> pd.DataFrame:
    """Return the mean tone and the number of texts of each subject and day, as two series.

    Args:
        items: subject, period, known_at, assumed, row and `tone` of each text, none missing but
            tones. A day's figures are known once its last text is.
        stem: the series are `<stem>_sentiment`, without days that have no tone, and `<stem>_count`.
    """
    days = items.groupby(["subject", "period"], sort=True)
    told = days.agg(
        known_at=("known_at", "max"), assumed=("assumed", "any"), row=("row", "first")
    ).reset_index()
    mean, count = days["tone"].mean().to_numpy(), days.size().to_numpy(dtype=np.float64)
    sentiment = told.assign(series=f"{stem}_sentiment", value=mean)
    counts = told.assign(series=f"{stem}_count", value=count)
    found: pd.DataFrame = pd.concat([sentiment[~np.isnan(mean)], counts], ignore_index=True)
    return found


@lru_cache(maxsize=1)
def declared_lexicon() -> Lexicon:
    """Return the packaged list."""
    text = files("tools.sources").joinpath("news_lexicon.toml").read_text(encoding="utf-8")
    return Lexicon.model_validate(tomllib.loads(text))


@lru_cache(maxsize=1)
def _phrases() -> tuple[dict[tuple[str, ...], float], dict[tuple[str, ...], float]]:
    lexicon = declared_lexicon()
    return lexicon.signs(), {_words(text): -1.0 for text in lexicon.negations}


def _words(text: str) -> tuple[str, ...]:
    folded = unicodedata.normalize("NFC", text).lower().replace("’", "'")
    return tuple(_WORD.findall(folded))


def _longest(words: tuple[str, ...], place: int, phrases: dict[tuple[str, ...], float]) -> int:
    """Return the length of the longest phrase that begins at the word, 0 without any."""
    lengths = range(LONGEST_PHRASE, 0, -1)
    return next((n for n in lengths if words[place : place + n] in phrases), 0)
