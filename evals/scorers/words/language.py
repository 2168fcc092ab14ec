"""Whether every sentence is in the language of the question, by its letters and small words."""

import re
from collections.abc import Iterator

from core.records.request import Language
from evals.records import Ran
from evals.scorers.checks import Check
from evals.scorers.told import phrases, sentences

MARKS = re.compile(
    "[ăâđêôơưàáảãạằắẳẵặầấẩẫậèéẻẽẹềếểễệìíỉĩịòóỏõọồốổỗộờớởỡợùúủũụừứửữựỳýỷỹỵ]", re.IGNORECASE
)
"""Letters of Vietnamese that English has not."""
ENGLISH = phrases(
    "the", "of", "is", "are", "was", "and", "in", "on", "for", "with", "to", "from", "by", "at",
    "against", "no", "not", "this", "that", "which", "as", "an", "or", "its", "it", "than",
    "nothing", "has", "have", "so", "there", "their", "more", "less", "lately", "over",
)  # fmt: skip
WORDS = re.compile(r"[^\W\d_]+")
FEW = 3
"""Words below which no language can be told."""


def checks(ran: Ran) -> Iterator[Check]:
    """Yield of each sentence long enough whether it is in the language of the turn."""
    for told in sentences(ran):
        wanted = told.judged.turn.language
        found = language_of(told.sentence.text)
        if found is not None:
            yield told.check(found == wanted, f"{found}, not {wanted},")


def language_of(text: str) -> Language | None:
    """Return the language a sentence is in; None where it has too few words of either.

    Each Vietnamese word has a mark or stands beside one; small English words have none.
    """
    words = WORDS.findall(text)
    marked = sum(MARKS.search(word) is not None for word in words)
    small = len(ENGLISH.findall(text))
    if len(words) < FEW or marked == small == 0:
        return None
    return "vi" if marked > small else "en"
