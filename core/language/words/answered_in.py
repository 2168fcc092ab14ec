"""Recognises that an answer is wanted in English or Vietnamese, which names no market."""

import re
from typing import Final

from core.language.words.fold import fold
from core.records.request import Language

_TO_WHOM: Final = r"(?:(?:it|that|this|me|us|the answer) )*"
_WANTED: Final = re.compile(
    rf"(?<![a-z])(?:(?:answer|reply|respond|write|say|tell|explain|repeat|give|translate|switch) "
    rf"{_TO_WHOM})?(?:in|into|to) (?P<en>english|vietnamese)"
    r"(?= *(?:[.?!,;:]|$)| (?:please|pls|now|instead|too|this time)(?![a-z]))"
    r"|(?<![a-z])(?:(?:tra loi|noi|viet|dich|chuyen|giai thich|bang|sang|qua|ra|lai) )*"
    r"(?:tieng (?P<vi>viet|anh))(?![a-z])"
)
_IS: Final[dict[str, Language]] = {"english": "en", "anh": "en", "vietnamese": "vi", "viet": "vi"}


def answered_in(text: str) -> tuple[str, Language | None]:
    """Return the text with those words blanked, and the language asked for, if any is."""
    folded = fold(text)
    wanted: Language | None = None
    for match in _WANTED.finditer(folded.text):
        wanted = _IS[match["en"] or match["vi"]]
        start, end = folded.positions[match.start()], folded.positions[match.end() - 1] + 1
        text = f"{text[:start]}{' ' * (end - start)}{text[end:]}"
    return text, wanted
