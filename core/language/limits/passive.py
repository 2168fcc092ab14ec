"""Writes who "is excluded" as who is left out, and two questions without a comma as two.

Works on the words `core.language.limits.bounds` works on. It writes only where one list can be
meant; what is not written is for `core.language.limits.dropped` to hear.
"""

import re
from typing import Final

from core.language.words.numerals import NUMBER

LEFT_OUT: Final = (
    r"(?:(?:is|are|be|being|gets?|stays?|to be|bi|duoc|nen bi|phai bi|se bi)"
    r" (?:all |both |completely |fully |entirely )?)?"
    r"(?:(?:excluded|left out|banned|removed|avoided|skipped|ruled out|off limits|not allowed"
    r"|forbidden)|(?<=bi )(?:loai tru(?! <)|loai bo(?! <)|loai|cam|gat|bo)"
    r"(?: (?:ra|khoi danh muc))?)\b"
)
"""Words after a sector that leave it out, not by whom."""
_OUT = (
    r"(?:(?:is|are|stays?) )?out(?= ?(?:[.?!;:&,]|$)| (?:<|[0-9]|(?:a|at|no|not|max|min|cap|limit"
    r"|keep|avoid|exclude|excluding|without|drop|leave|stay|remove|floor|but|then|please|thanks"
    r"|forbid|prohibit|ban|blacklist|veto|skip|never|don ?t)\b))"
)
"""Beside a sector, and not "out of" anything."""
BY_OTHERS: Final = (
    r"(?! (?:by|from|since|last|this|because|due|boi|khoi|tu|trong) "
    r"(?!(?:me|us|my|our|the (?:portfolio|allocation|mix|book)|it|danh muc)\b))"
)
_LIST = r"(?P<list><[0-9]+>(?:(?: <[0-9]+>)* (?:&|or|lan|cung) <[0-9]+>)?)"
_SIGN = r"(?:%|percent|per cent|pct|phan tram)"
_PASSIVE = re.compile(rf"{_LIST} (?:(?:sector|stocks|nganh|nhom) )?{LEFT_OUT}{BY_OTHERS}")
OUT_AFTER: Final = re.compile(rf"(?<!\bin )(?<!\bin & ){_LIST} {_OUT}")
_OWNER = (
    rf"(?:{NUMBER} ?{_SIGN}(?: (?:of|in|for|on|the|cho|vao|o|nhom|nganh|max|cap|min|each))*"
    r"|\b(?:cap|limit|keep|exclude|excluding|without|avoid|no|drop|except|loai|loai tru|loai bo|bo"
    r"|tranh|khong|gioi han|tran)(?: (?:the|nhom|nganh|co phieu|mua))*)"
)
_OWNED = re.compile(rf"{_OWNER} $")
"""What may own the first of a list."""
_LISTED = re.compile(r"<[0-9]+> $")
_BESIDE = re.compile(rf"(?<![&>] ){_OWNER} <[0-9]+> $")
"""A sector that has a limit of its own, so that the next begins another."""
_BOUND_BY = re.compile(
    r"(?P<name><[0-9]+>) (?:is|are|be|being|gets?|stays?|bi|duoc)"
    r" (?:(?P<said>capped|limited|floored)|(?:chan|gioi han|khong che|han che|ap tran))\b"
)
_WITH = re.compile(
    r"(?P<name><[0-9]+>) (?:with|has|having|voi) (?:a |an |the )?"
    rf"(?P<percent>{NUMBER} ?{_SIGN}) "
    r"(?:(?:cap|limit|max|maximum|ceiling|tran)|(?P<least>floor|minimum|min|san))\b(?! [0-9])"
)
_ASKS = re.compile(r"(?P<asks><[0-9]+> khong)(?=(?: <[0-9]+> khong)+ ?(?:[.?!;:]|$))")


def in_active(words: str) -> str:
    """Return the words with what is left out after its verb, and a stop after each question."""
    words = _ASKS.sub(r"\g<asks> ;", words)
    words = _BOUND_BY.sub(lambda match: f"{match['name']} {match['said'] or 'capped'}", words)
    words = _WITH.sub(_bounded, words)
    words = _PASSIVE.sub(_written, words)
    return OUT_AFTER.sub(_written, words)


def _written(match: re.Match[str]) -> str:
    before = match.string[: match.start()]
    several = match["list"].count("<") > 1
    taken = _LISTED.search(before) or _OWNED.search(before)
    if taken is None or (not several and _BESIDE.search(before)):
        return f"without {match['list']} ,"
    return match[0]


def _bounded(match: re.Match[str]) -> str:
    return f"{match['name']} at {'least' if match['least'] else 'most'} {match['percent']}"
