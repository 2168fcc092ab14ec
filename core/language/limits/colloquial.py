"""Writes limits as people say them in passing in the forms bounds are read from; it reads none.

Works on the words `core.language.limits.bounds` works on, percentages written as such.
"""

import re

from core.language.words.numerals import NUMBER

_SIGN = r"(?:%|percent|per cent|pct|phan tram)"
_PERCENT = rf"({NUMBER} ?{_SIGN})"
_IN = r"(?:(?:in|into|of|on|for|any|the|vao|o|cho|nhom|nganh|my|our) )*"
SENDS_OFF = (
    r"(?= ?(?:[.?!;:&]|$)| (?:please|thanks|though|okay|for now|now|in there|in it|at all|anymore"
    r"|any more|from (?:it|the list|there)|then|thoi|nhe|nha|nhen|giup|dum|gium|ho|di|a|ad|nua|luon"
    r"|het|nao|next|over|this|trong|khoi (?:danh muc|list|ro))\b)"
)
"""A pattern of what may follow a limit that says all it has to say."""
_NOT_WANTED = r"\b(?:(?:i|we) )?(?:do not|don ?t) (?:want|wanna)(?: to (?:have|hold|own|see|buy))?"
_NOT_WANTED_VI = (
    r"\bkhong (?:lay|choi|muon(?: (?:co|mua|nam|giu|cam|nam giu|dau tu|dinh))*|dinh|dung(?: toi)?)"
)
_SECTORS = r"((?:<[0-9]+>(?: (?:(?:&|or|nor|plus|voi|hoac|hay|lan|cung|nhom|nganh) )*<[0-9]+>)*))"
_ABOVE = "(?:to (?:be|go|exceed|get) )?(?:over|above|more than|beyond|exceeding|past)"
_ABOVE_VI = "(?:qua|vuot|vuot qua|hon|tren|nhieu hon)"
_MOST = "(?:max|maximum|tops|at most|toi da|cap|tran)"
_LEAST = "(?:min|minimum|at least|toi thieu|it nhat)"
_NOT_LET = r"\b(?:don ?t|do not|never|khong|dung|khong nen|dung co) (?:let|allow|have|de|cho)"
_BE = (
    r"(?:(?:to|should|must|will|be|is|stay|stays|kept|remain|at|go|goes|get|gets|rise|nen|phai|o)"
    r" )*"
)
_NOT_OVER_VI = r"(?:khong|chua|dung) (?:(?:duoc|nen|the|phai|co|de|cho|phep) )+"
_FEWER = (
    r"(?:(?:less|lower|smaller) than|(?:no|not) (?:greater|bigger|larger|higher) than"
    r"|at or (?:below|under)|below or at|below|under|south of|it hon|thap hon|nho hon)"
)
_OR_LESS = r"(?:or (?:less|lower|below|under)|do (?:lai|xuong)|tro xuong)\b"
_OR_MORE = r"or (?:more|higher|above|over)\b"
_TRAILING = re.compile(
    rf"{_SECTORS} {_PERCENT} (?:(?P<most>{_MOST})|(?P<least>{_LEAST}))"
    rf"(?:{SENDS_OFF}|(?= <[0-9]+> {NUMBER} ?{_SIGN} (?:{_MOST}|{_LEAST})))"
)
"""Bounds after their percentages, all of a list alike: "tech 20 % max, energy 5 % min"."""
_EITHER = re.compile(rf"<[0-9]+> {NUMBER} ?{_SIGN} (?:{_MOST}|{_LEAST}) {_IN}<[0-9]+>")
_ADVISED = re.compile(
    r"(?<!\bco )\bnen (?=[^.?!;:]* (?:khong|chua|nhi|ha)(?: (?:nhi|a|ad|vay|the|em|moi nguoi))*"
    r" ?(?:[.?!;:&]|$))"
)
"""An advice that is asked for, whatever follows the word."""
_SAYS = r"(?:(?<![^.?!;:&] )|(?<=\bplease )|(?<=\bjust )|(?<=\bthen )|(?<=\bokay )|(?<=\blet s ))"
"""Where a clause begins in which somebody tells what to do."""
_RID = (
    r"(?:lose|ditch|dump|scrap|nix|get rid of|(?:take|throw|cut|kick) out|stay (?:away from|out of)"
    r"|steer clear of|keep away from|(?:anything|everything|all|any sectors?) but"
    r"|tranh xa|ne|ne xa)"
)
_PUT_OUT = r"\b(?:leave|keep|take|kick|throw|cut) (?:the )?"
_OUT_OF = r"(?:out|off)(?: of (?:it|this|there|(?:the|my|our) (?:portfolio|mix|list|book)))?"
_TRADED = (
    r"\b(?:change|trade|turn over|move|swap|replace|rebalance|doi|thay doi|giao dich|xoay|dao"
    r"|mua ban|co cau lai)(?: (?:only|just|chi))? (?:at most|no more than|not more than|max|maximum"
    r"|up to|toi da|khong qua|duoi|under|nhieu nhat|khong vuot qua)"
)
_NOT_TRADED = (
    r"\b(?:don ?t|do not|never|khong|dung) (?:change|trade|turn over|move|swap|doi|thay doi"
    r"|giao dich|xoay|dao|mua ban) (?:more than|over|above|qua|vuot qua|hon|nhieu hon)"
)
_OF_WHOLE = (
    r"(?:(?:of|cua|the|my|our|total|whole|gia tri|tong) )*"
    r"(?:nav|aum|assets|portfolio|book|fund|danh muc|tai san|von|quy)"
)
_FORMS: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(rf"{_TRADED} {_PERCENT} {_OF_WHOLE}\b"), r"turnover at most \1"),
    (re.compile(rf"{_NOT_TRADED} {_PERCENT} {_OF_WHOLE}\b"), r"turnover at most \1"),
    (re.compile(rf"{_NOT_WANTED} {_IN}{_SECTORS} {_ABOVE} {_PERCENT}"), r"\1 at most \2"),
    (re.compile(rf"{_NOT_WANTED} (?:to )?{_ABOVE} {_PERCENT} {_IN}{_SECTORS}"), r"at most \1 \2"),
    (re.compile(rf"{_NOT_WANTED_VI} {_IN}{_SECTORS} {_ABOVE_VI} {_PERCENT}"), r"\1 at most \2"),
    (re.compile(rf"{_NOT_WANTED_VI} {_ABOVE_VI} {_PERCENT} {_IN}{_SECTORS}"), r"at most \1 \2"),
    (
        re.compile(rf"{_NOT_LET} {_IN}{_SECTORS} {_BE}(?:{_ABOVE}|exceed|{_ABOVE_VI}) {_PERCENT}"),
        r"\1 at most \2",
    ),
    (re.compile(rf"{_SECTORS} {_NOT_OVER_VI}{_ABOVE_VI} {_PERCENT}"), r"\1 at most \2"),
    (re.compile(rf"{_SECTORS} {_BE}{_FEWER} {_PERCENT}"), r"\1 at most \2"),
    (re.compile(rf"{_SAYS}{_FEWER} {_PERCENT} {_IN}{_SECTORS}"), r"at most \1 \2"),
    (re.compile(rf"{_SECTORS} {_PERCENT} {_OR_LESS}"), r"\1 at most \2"),
    (re.compile(rf"{_SECTORS} {_PERCENT} {_OR_MORE}"), r"\1 at least \2"),
    (re.compile(rf"{_SECTORS} {_BE}at or above {_PERCENT}"), r"\1 at least \2"),
    (re.compile(rf"{_NOT_WANTED} {_IN}{_SECTORS}{SENDS_OFF}"), r"without \1"),
    (re.compile(rf"{_NOT_WANTED_VI} {_IN}{_SECTORS}{SENDS_OFF}"), r"without \1"),
    (
        re.compile(
            rf"{_SECTORS} (?:thi )?(?:loai|bo|gat|gach) (?:ra|di|luon|het|khoi danh muc)\b"
            rf"{SENDS_OFF}"
        ),
        r"without \1",
    ),
    (re.compile(rf"{_SAYS}{_RID} {_IN}{_SECTORS}{SENDS_OFF}"), r"without \1"),
    (re.compile(rf"{_PUT_OUT}{_SECTORS} {_OUT_OF}{SENDS_OFF}"), r"without \1"),
    (re.compile(rf"{_SAYS}{_MOST} {_SECTORS} {_PERCENT}"), r"\1 at most \2"),
    (re.compile(rf"{_SAYS}{_LEAST} {_SECTORS} {_PERCENT}"), r"\1 at least \2"),
    (
        re.compile(
            rf"({_MOST}|{_LEAST}|no (?:more|less) than) {_PERCENT} (?:each|apiece) "
            r"(?=(?:in |of |for )?<)"
        ),
        r"\1 \2 ",
    ),
    (re.compile(rf"(?<![a-z] ){_PERCENT} {_IN}{_SECTORS} {_MOST}{SENDS_OFF}"), r"at most \1 \2"),
    (re.compile(rf"(?<![a-z] ){_PERCENT} {_IN}{_SECTORS} {_LEAST}{SENDS_OFF}"), r"at least \1 \2"),
)


def in_usual_forms(words: str) -> str:
    """Return the words with such limits written in the usual forms."""
    words = _ADVISED.sub("co nen ", words)
    for pattern, form in _FORMS:
        words = pattern.sub(form, words)
    return _TRAILING.sub(_turned, words)


def is_between(words: str) -> bool:
    """Tell whether a bound after one sector and before another could be either's."""
    return _EITHER.search(in_usual_forms(words)) is not None


def _turned(match: re.Match[str]) -> str:
    return f"{match[1]} {'at most' if match['most'] else 'at least'} {match[2]}"
