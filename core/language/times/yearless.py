"""Finds a quarter or month that is named without its year; which year is meant nobody can tell.

Works on folded words joined by single spaces in which a date with its year stands as `;`.
"""

import re
from typing import Final

from core.language.times.dates import MONTH_WORDS

_YEARLESS: Final = re.compile(
    r"\bq[1-4]\b|\bquarter [1-4]\b"
    r"|\b(?:first|second|third|fourth|1st|2nd|3rd|4th) quarter\b"
    r"|\bquy [1-4]\b(?! (?:ty|trieu|nghin|ngan|bn|tr)\b)"
    rf"|\b(?:in|during|of|since|until|through|by)(?: early| mid| late)? (?:{MONTH_WORDS})\b"
    r"|(?<![0-9] )\bthang (?:[1-9]|1[0-2])\b(?! (?:toi|sau|nua|qua|truoc|lien)\b)"
)


def lacks_year(words: str) -> bool:
    """Tell whether folded words name a quarter or a month of no year."""
    return _YEARLESS.search(words) is not None
