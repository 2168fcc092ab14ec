"""Tells whether a bound is of several sectors together, of their number, or another's advice.

It reads no limit; a question states none of these. Works on the words
`core.language.limits.bounds` works on, percentages written as such.
"""

import re
from collections.abc import Iterable

from core.language.limits.bounds import CAP_VERB, EXCLUDE_VERB, FILLS, LEAST, MOST, PERCENT_SIGN
from core.language.limits.clauses import is_asked, is_stated

_SEVERAL = (
    r"<[0-9]+>(?: (?:(?:&|or|plus|voi|lan|cung|with|nganh|nhom|the|sectors?|stocks) )*<[0-9]+>)+"
)
_SUM = (
    r"(?:combined|(?:put |all |taken )?together|between (?:them|the two|the three)|altogether"
    r"|taken together|in total|in sum|totall?ing|jointly|overall"
    r"|in (?:the )?aggregate|collectively|as (?:a|one) (?:group|block|basket|bucket|whole)"
    r"|total|tong cong|cong lai|cong don|gop(?: (?:lai|chung))?|cong chung|tinh chung"
    r"|ca (?:hai|ba|nhom) cong lai)"
)
_SUM_OF = (
    r"(?:combined|total|joint|aggregate|together|(?:the )?(?:sum|total|aggregate|combination) of"
    r"|tong(?: (?:cong|cua|ty trong))*|gop(?: (?:chung|ca))?)"
)
_LINK = r"(?:(?:of|the|my|our|weight|weights|exposure|ca|cua|cho|nhom|nganh|both|in|to) )*"
_UNSIGNED = rf"[0-9.,]+ ?{PERCENT_SIGN}"
_WITHIN = r"(?:(?!<)[^ .?!;:]+ )"
_TOGETHER = (
    re.compile(rf"{_SEVERAL} (?:sectors? |stocks |weights? |exposure |nganh |nhom )*{_SUM}\b"),
    re.compile(rf"\b{_SUM_OF} {_LINK}{_SEVERAL}"),
    re.compile(r"<[0-9]+> cong (?:voi )?<"),
    re.compile(rf"{_SEVERAL} {_WITHIN}{{0,6}}?{_UNSIGNED} {_WITHIN}{{0,2}}?{_SUM}\b(?! [a-z]* ?<)"),
    re.compile(rf"\b{_UNSIGNED} {_WITHIN}{{0,2}}?{_SUM} {_WITHIN}{{0,2}}?{_SEVERAL}"),
    re.compile(rf"\b{_UNSIGNED} (?:across|between|split between|shared by) {_LINK}{_SEVERAL}"),
)
_BOUNDS = re.compile(rf"\b(?:{MOST}|{LEAST}|{CAP_VERB}|capped|limited|floored?|san)\b")

_SHOWS = (
    r"\b(?:show|list|name|give|tell|rank|compare|display|print|which|what|top|explain|liet ke|ke"
    r"|neu|cho|xem|xep hang|so sanh|chon|pick|choose|hien)\b"
)
_HOLDS = (
    r"(?:hold|own|keep|invest in|stay in|be in|have|buy|use|giu|nam giu|nam|so huu|cam|mua|dau tu)"
)
_COUNT = (
    r"(?P<said>(?:{bound}) (?:[0-9]{{1,2}}|two|three|four|five|six|seven|eight|hai|ba|bon|nam|sau)"
    r" (?:different |distinct )?(?:sectors?|industries|nganh|nhom nganh|nhom)"
)
_HELD = (
    r"(?: (?:held|owned|in (?:the|my|our) (?:portfolio|book|fund|mix)|in total"
    r"|at (?:a|any|one) time"
    r"|trong (?:danh muc|quy)))"
)
_END = r"(?= ?(?:[.!;:&]|$)| (?:please|thoi|nhe|nha|giup|thanks|thi|but)\b)"
_AT_MOST = r"at most|no more than|not more than|max|maximum|toi da|nhieu nhat|khong qua"
_AT_LEAST = r"at least|no fewer than|no less than|minimum|min|it nhat|toi thieu"
_TO_SO_MANY = (
    rf"limit to|limited to|(?:gioi han|han che)(?: o)?|(?:only|just|chi) {_HOLDS}"
    rf"|{_HOLDS} (?:only|just|dung)"
)
_COUNTED = (
    re.compile(rf"\b{_COUNT.format(bound=_TO_SO_MANY)}{_END})"),
    re.compile(rf"\b{_COUNT.format(bound=_AT_MOST)}(?:{_HELD}|{_END}))"),
    re.compile(rf"\b{_COUNT.format(bound=f'{_AT_MOST}|{_AT_LEAST}')}{_HELD})"),
    re.compile(
        rf"\b{_HOLDS} (?:only |just |chi )?{_COUNT.format(bound=f'{_AT_MOST}|{_AT_LEAST}')}{_END})"
    ),
)

_ADVISER = (
    r"(?:brokers?|advis[eo]rs?|financial advis[eo]r|friends?|mates?|budd(?:y|ies)|brother|sister"
    r"|neighbou?r|dad|father|mum|mom|mother|wife|husband|uncle|aunt|cousin|colleagues?|coworker"
    r"|analysts?|bankers?|guru|professor|teacher|barber)"
)
_SAYS = (
    r"(?:says?|said|thinks?|thought|tells?|told|recommends?|recommended|suggests?|suggested"
    r"|advises?|advised|wants?|reckons?|keeps saying|is telling)"
)
_PRESS = (
    r"(?:the|a|an|this|that|some) (?:press|media|news|papers?|newspaper|article|report|blog"
    r"|podcast|video|newsletter|headlines?|tv|internet|analyst|broker|adviser|advisor|guy)"
)
_THEM = r"(?: (?:to|that|you|me|us|we|i|should|must|ought|need|needs|have|has|just|always|now|:))*"
_ADVISER_VI = (
    r"(?:moi gioi|broker|co van|tu van|nhan vien tu van|ban|anh ban|chi ban|ong ban|thang ban"
    r"|nho ban|dong nghiep|vo|chong|bo|me|anh trai|chi gai|em trai|hang xom|bao|bao chi|tivi"
    r"|chuyen gia)"
)
_THEM_VI = r"(?: (?:toi|minh|em|anh|chi|bon minh|la|rang|nen|hay|phai|cu))*"
_LIMITS = (
    rf"(?:{EXCLUDE_VERB}|{CAP_VERB}|no|zero|{MOST}|{LEAST}"
    rf"|{FILLS}<[0-9]+> (?:(?:should|must|be|is|nen|phai|bi) )*"
    rf"(?:{MOST}|{LEAST}|out|capped|limited|excluded|loai))"
)
_HEARSAY = (
    re.compile(
        rf"(?P<said>(?:\b(?:my|our) (?:[a-z]+ )?{_ADVISER}|\b{_PRESS}) {_SAYS}){_THEM} {_LIMITS}\b"
    ),
    re.compile(
        rf"(?P<said>\b{_ADVISER_VI}(?: cua)?(?: (?:toi|minh|em|anh|chung toi))?"
        rf" (?:bao|khuyen|noi|keu|khuyen nghi|dan|bao la)){_THEM_VI} {_LIMITS}\b"
    ),
    re.compile(
        rf"\b{_LIMITS} (?:[^ .?!:]+ ){{0,4}}?(?P<said>(?:my|our) (?:[a-z]+ )?{_ADVISER} {_SAYS}"
        r")(?= ?(?:[.!;]|$|so\b))"
    ),
)


def is_of_several(words: str) -> bool:
    """Tell whether a percentage bounds several sectors together."""
    words = words.replace(" :", "")
    for clause in re.finditer(r"[^.?!;:]+", words):
        if re.search(PERCENT_SIGN, clause[0]) and _BOUNDS.search(clause[0]):
            found = _first(_TOGETHER, clause[0])
            if found is not None and not is_asked(words, clause.start() + found.start()):
                return True
    return False


def counted_sectors(words: str) -> str | None:
    """Return the words that bound how many sectors are held; None where none do."""
    for pattern in _COUNTED:
        for match in pattern.finditer(words):
            before = re.split("[.?!;:]", words[: match.start()])[-1]
            if is_stated(words, match.start()) and not re.search(_SHOWS, before):
                return match["said"]
    return None


def hearsay(words: str) -> str | None:
    """Return who advises what reads as a limit, in the user's words; None where nobody does."""
    found = _first(_HEARSAY, words)
    return None if found is None or is_asked(words, found.start()) else found["said"]


def _first(patterns: Iterable[re.Pattern[str]], words: str) -> re.Match[str] | None:
    return next((match for one in patterns if (match := one.search(words))), None)
