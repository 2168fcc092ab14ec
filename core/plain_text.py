"""Decides what is left of a text somebody else wrote before a person is shown it: one plain line.

It makes a text harmless to display, not true, and not fit to be followed by anyone.
"""

import html
import re
import unicodedata
from typing import Final

UNESCAPES: Final = 5
"""Times entities are resolved; what is still escaped after that loses its ampersands."""

LONGEST_READ: Final = 4_000
"""Characters looked at; no headline is longer, and a longer one would only cost time."""

CUT: Final = " ..."
SCHEMES: Final = "data|file|ftp|javascript|mailto|sms|tel|vbscript"
_ADDRESS: Final = re.compile(
    rf"""
    \b[a-z][a-z0-9+.-]{{0,20}}\s?:\s?//\S*   # any scheme with an authority
    | //\S*                                # one without its scheme
    | \b(?:{SCHEMES}):\S+                  # schemes that need none
    | (?:https?:|www\.)\S+                # in the middle of a word too
    | \S+@\S+                              # mail
    | \b(?:[\w-]+\.)+[a-z]{{2,24}}[/?\#:]\S+ # a host with a path or port
    | \b\d{{1,3}}(?:\.\d{{1,3}}){{3}}\S*       # a numeric host
    """,
    re.IGNORECASE | re.VERBOSE,
)
_TAG: Final = re.compile(r"<[^<>]*>")
_INVISIBLE: Final = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\u3164\ufe00-\ufe0f\uffa0\U000e0100-\U000e01ef]"
)
"""Blank letters and variation selectors: not format characters, yet nothing to see."""

_MARKUP: Final = str.maketrans(dict.fromkeys("<>|`\\", " ") | {"[": "(", "]": ")"})


def plain_line(text: str, chars: int) -> str:
    """Return the text as one line without addresses, markup, controls or hidden characters.

    Compatibility forms are resolved first (full-width letters, ligatures), then entities, so that
    nothing becomes an address afterwards. Twice done is once done.

    Args:
        text: of any source.
        chars: most characters kept, at least four; what is cut ends in dots.
    """
    line, before = text[:LONGEST_READ], None
    while line != before:
        before = line
        line = _once(line)
    return line if len(line) <= chars else f"{line[: chars - len(CUT)].rstrip()}{CUT}".strip()


def _once(text: str) -> str:
    line = unicodedata.normalize("NFKC", text)
    for _ in range(UNESCAPES):
        line = html.unescape(line)
    line = line if html.unescape(line) == line else line.replace("&", " ")
    line = "".join(_shown(char) for char in unicodedata.normalize("NFKC", line))
    line = _INVISIBLE.sub("", line)
    line = _ADDRESS.sub(" ", _TAG.sub(" ", line))
    return " ".join(line.translate(_MARKUP).split())


def _shown(char: str) -> str:
    """Return a character as it is shown: separators as spaces, what is not shown as nothing."""
    category = unicodedata.category(char)
    if char in "\t\n\r\v\f" or category in {"Zs", "Zl", "Zp"}:
        return " "
    return "" if category.startswith("C") else char
