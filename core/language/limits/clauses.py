"""Tells whose doing a clause tells of, and whether it asks about a limit; it reads none.

Works on the words `core.language.limits.bounds` works on; who is known to trade stands as
`core.language.words.actors.ACTORS_MARK`.
"""

import re

_UNLESS = r"\b(?:if|given|assuming|supposing|suppose|provided|neu|gia su|gia dinh|truong hop) "
"""Words after which a limit is supposed, whatever was asked before."""
ASKED = re.compile(
    r"(?:(?<!> )(?<!> , )\bshould\b|\bshould (?:i|we|one|you)\b"
    r"|\b(?:why|did|does|is there|are there|co nen|tai sao|vi sao|sao lai)\b"
    r"|(?:^|[.?!;:] )(?:is|are|was|were|how|sao)\b)"
    rf"(?:(?!{_UNLESS})[^.?!;:])*$"
)
"""What stands before a limit that is asked about."""
ASKS = re.compile(
    r"^ *(?:which|what|why|is|are|did|does|how|nganh nao|nhung nganh|tai sao|vi sao)\b"
)
"""How a text begins that asks."""
_HOW = re.compile(
    r"(?:^|[.?!;:&] )(?:[a-z]+ ){0,2}?(?:what|how|where|which)\b(?! come\b)"
    r"(?: (?!did\b)[^ .?!;:]+){2,}?"
    r" (?:with|given|while)(?: my| our)?(?: [^ .?!;:]+){0,8} $"
)
_HOW_BEFORE = re.compile(
    r"(?:^|[.?!;:&] )(?:what|how|where|which)\b(?! come\b)(?: (?!did\b)[^ .?!;:]+){2,} $"
)
_WITHOUT = re.compile(r"(?:without|excluding|except)\b")
_SAYS = (
    r"(?: (?:say|says|said|tell|tells|told|recommend|recommends|suggest|suggests|advise|advises"
    r"|(?<!clients )(?:want|prefer|like)|khuyen|bao|noi|khuyen nghi|keu)"
    r"(?: (?:to|that|you|me|us|we|should|nen|la|rang|minh))*)?"
)
_WHO = (
    r"(?:they|people|everyone|everybody|nobody|others?|who|traders|investors|funds|etfs?|analysts?"
    r"|brokers?|managers?|institutions|banks|companies|clients|friends?|buffett|ai|ho|tay|tui tay"
    r"|nguoi ta|moi nguoi|nha dau tu|(?:cac|may|nhieu) quy|quy (?:ngoai|mo|etf)|quy [a-z]"
    r"|to chuc|tu doanh|chuyen gia|moi gioi|chung no|bon no|tui no)"
)
_THE_ONE = (
    r"\b(?:the|this|that|a|another|every|their|his|her) (?:fund|etf|index|bank|desk)(?: [a-z]+)?"
)
_AUXILIARIES = (
    r"(?: (?:dang|da|vua|van|cung|se|deu|lai|chi|toan|still|also|all|will|are|is|were|was|have|has"
    r"|been|being|had|would|may|might|could|can|must|should|just|mostly|now|then|recently"
    r"|continue|continues|started|start|began|to|tend|tends|do|not|don ?t|gan day|hom nay))*"
)
OTHERS = re.compile(rf"(?:(?<!\bmy )(?<!\bour )\b{_WHO}|{_THE_ONE}){_SAYS}{_AUXILIARIES} $")
"""Those whose leaving out is told of, not asked for."""


def is_stated(words: str, start: int) -> bool:
    """Tell whether what begins at `start` is the user's own and no question."""
    return not is_asked(words, start) and not is_others(words, start)


def is_asked(words: str, start: int) -> bool:
    """Tell whether what begins at `start` is asked about, not stated.

    What a question of another thing is asked under is stated: "how would it look without energy".
    """
    before = words[:start]
    if ASKED.search(before) is None:
        return False
    if _HOW.search(before):
        return False
    return not (_WITHOUT.match(words, start) and _HOW_BEFORE.search(before))


def is_others(words: str, start: int) -> bool:
    """Tell whether what begins at `start` is what others do."""
    return OTHERS.search(words[:start]) is not None
