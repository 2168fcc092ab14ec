"""Recognises which end of a ranking is asked for; whether there is a ranking it does not decide.

Works on folded words joined by single spaces, a topic's own words among them.
"""

import re
from typing import Final

from core.language.limits.bounds import Limits
from core.language.reading import Reading
from core.language.words.plain import PLAIN_WORDS
from core.records.request import Request, Side

_SECTORS: Final = r"(?:sectors?|industr(?:y|ies)|groups?|names|areas)"
_WHICH: Final = r"(?:which|what|where|list|show|name|give|top|sectors? to|nganh|nhom|noi nao|dau)"
_BAD: Final = (
    r"worst(?! case| drawdown| month| day| week| call)(?: performing)?|weakest"
    r"(?! econom| dollar| growth| currenc)|poorest|bottom(?: [0-9]+| ranked| of)"
    r"|(?:lowest|least)(?: \S+)? (?:rank\w*|scor\w*|attractive|likely|promising|favou?red)"
    r"|lowest in|lag|lags|lagged|lagging|laggards?|trailing|(?:falling|fall|left) behind"
    r"|under ?perform\w*|losers?|out of favou?r|bearish|headwinds?"
    rf"|{_SECTORS} (?:is|are|look|looks|seem|seems) (?:\S+ )?(?:weak|weaker|bad)|(?:weak"
    rf"|bad) {_SECTORS}"
    r"|te nhat|yeu nhat|kem nhat|xau nhat|toi nhat|do nhat|diem thap nhat|hang thap nhat"
    r"|kem hon|yeu hon|te hon|yeu the|kem (?:sac|tich cuc|hap dan|kha quan)|it hap dan"
    r"|tut hau|thut lui|di sau|duoi suc|hut hoi|bi bo roi|(?:thua|kem)(?: kem)?(?: so voi)?"
    r" (?:thi truong|chi so|index|vn ?index|vni)"
    r"|trailed|(?:did|done) worse"
    r"|doi so(?! voi)|cuoi bang|xep cuoi|dung cuoi"
    r"|(?:fell|fallen|dropped|declined|lost|slid|sank|slumped|tumbled|plunged|crashed|(?:went|gone"
    r"|is|are|was|were|been) down) (?:\S+ )?(?:the )?(?:most|hardest|furthest|farthest)"
    r"|gained (?:the )?least|decliners?|fallers?|(?:biggest|largest) (?:falls?|drops?|loss(?:es)?"
    r"|declines?)|(?:giam|rot|sut) (?:gia |diem )?(?:manh|nhieu|sau) nhat|tang (?:gia )?it nhat"
)
_SHUN: Final = (
    r"avoid|avoids|avoided|avoiding|stay away|steer clear|keep away|stay out|get out|underweight\w*"
    r"|(?:should|to|must) (?:i |we )?(?:sell|dump|trim|reduce|cut|exit|short)"
    rf"|not (?:be )?(?:to )?(?:buy|buying|own|owning|hold|holding|touch|in)(?= {_SECTORS}"
    rf"| at all| \W|$)"
    rf"|{_SECTORS} (?:should|must|would) (?:i|we|one) not|{_SECTORS} not to"
    r"|(?<!canh )(?<!chien )(?<!buc )(?<!dau )(?<!phan )tranh"
    r"|(?:khong|chua|dung|cho) (?:nen )?(?:mua|giu|nam giu|om|dung vao|dau tu)(?= nganh| nhom| vao)"
    r"|nen (?:ban(?= nganh| nhom| gi| bot| di| [?.!]|$)|giam|ha ty trong|cat|thoat)|giam ty trong"
)
"""What somebody may mean as a limit as well."""
_SOLD: Final = (
    r"net (?:sold|sell|selling|sellers?|outflows?)|(?:sold|sell|selling|dump\w*) (?:off"
    r"|the most|most)"
    r"|outflows?|sell offs?|selloffs?|(?:foreigners?|investors|whales|funds|they"
    r"|desks) (?:are |were |have "
    r"|been |did )*(?:sell|selling|sold|dump|dumping|dumped|exiting|leaving)"
    r"|being (?:sold|dumped)|money (?:is |has been )?leav\w+"
    r"|ban (?:rong|manh|thao|nhieu|ra(?! sao))|bi ban|xa (?:hang|rong|manh|ra|nganh|nhom)"
    r"|rut (?:khoi|von|ra)"
    r"|tien (?:dang )?(?:rut|chay ra|thoat)|(?:ngoai|tay|map|rong) (?:dang |da )?(?:ban|xa|thoat)"
)
_FADING: Final = (
    r"weakening|weaken|weakens|weakened|fading|fade|faded|losing (?:momentum|steam|strength)"
    r"|(?:rotating|rolling|moving) out|deteriorat\w+|suy yeu|yeu di|yeu dan|giam toc|dang yeu"
)
_RISING: Final = (
    r"improving|improve|improves|improved|gaining (?:momentum|strength)|picking up|turning up"
    r"|turn(?:ed)? the corner|recovering|bottoming"
    r"|(?:got|gets?|getting|grew|growing) stronger|cai thien|manh len|khoe len|khoe dan|hoi phuc"
)
_CHEAP: Final = (
    r"cheap|cheapest|cheaper|undervalued|least expensive|best value"
    r"|lowest (?:pe|valuations?|multiples?)|re nhat|re hon|dang re|dinh gia (?:thap|re)"
)
_DEAR: Final = (
    r"most expensive|more expensive|priciest|overvalued|dearest|overpriced"
    r"|highest (?:pe|valuations?|multiples?)|dat nhat|dat hon|dang dat|dinh gia (?:cao|dat)"
)
_GOOD: Final = (
    r"best|strongest|lead|leads|leading|leaders?|top|winners?|out ?perform\w*|overweight\w*"
    r"|most attractive"
    r"|buy|buying|buys|bought|own|tot nhat|manh nhat|khoe nhat|dan dat|dan dau|dan song"
    r"|mua rong|mua"
    r"|nen mua|nen giu|tang ty trong|hap dan nhat|cao nhat|vao|inflows?"
)
_NEGATED: Final = re.compile(
    r"\b(?:won t|will not|don t|do not|doesn t|does not|isn t|aren t|not|never|without|khong"
    r"|chua|chang)"
    r" (?:\S+ ){0,1}$"
)
_JOINS: Final = re.compile(r"&|\b(?:or|vs|versus|hay|hoac|con|but|nhung|cung nhu|lan)\b|\?")
_ASKS: Final = re.compile(r"\b(?:which|what|who|(?:nganh|nhom) nao)\b")
_ENDS: Final[tuple[tuple[Side, re.Pattern[str]], ...]] = (
    ("weakest", re.compile(rf"\b(?:{_BAD}|{_SOLD})\b")),
    ("weakening", re.compile(rf"\b(?:{_FADING})\b")),
    ("improving", re.compile(rf"\b(?:{_RISING})\b")),
    ("cheapest", re.compile(rf"\b(?:{_CHEAP})\b")),
    ("dearest", re.compile(rf"\b(?:{_DEAR})\b")),
)
_SHUNNED: Final = re.compile(rf"\b(?:{_SHUN})(?= |$)")
_ASKED: Final = re.compile(rf"\b{_WHICH}\b")
_GOOD_END: Final = re.compile(rf"\b(?:{_GOOD})\b")
_ALL: Final = (*(pattern for _, pattern in _ENDS), _SHUNNED, _GOOD_END)


def sides_of(reading: Reading, limits: Limits, previous: Request | None) -> tuple[Side, ...]:
    """Return the ends asked for, in order; empty for the strongest alone.

    What is to be shunned is an end where no limit is stated. A continued thread's ends are kept
    where none is named.
    """
    words = reading.heard
    found: dict[Side, int] = {}
    for side, pattern in _ENDS:
        at = _first(pattern, words)
        if at is not None:
            found[side] = at
    if limits == Limits() and _ASKED.search(words):
        shunned = _first(_SHUNNED, words)
        if shunned is not None:
            found["weakest"] = min(shunned, found.get("weakest", shunned))
    if not found:
        return previous.sides if previous is not None and not _GOOD_END.search(words) else ()
    good = _beside(words, found)
    if good is not None:
        found["strongest"] = good
    return tuple(sorted(found, key=lambda side: found[side]))


def names_an_end(reading: Reading) -> bool:
    """Tell whether an end is all that is named: "and the worst?"."""
    words = reading.heard
    ends = [match for pattern in _ALL for match in pattern.finditer(words)]
    for match in ends:
        words = f"{words[: match.start()]}{';' * len(match[0])}{words[match.end() :]}"
    return bool(ends) and all(word in PLAIN_WORDS or not word.isalpha() for word in words.split())


def _first(pattern: re.Pattern[str], words: str) -> int | None:
    """Return where the pattern is first met and not denied."""
    for match in pattern.finditer(words):
        if not _NEGATED.search(words[: match.start()]):
            return match.start()
    return None


def _beside(words: str, found: dict[Side, int]) -> int | None:
    """Return where the strongest are asked for too: joined to the other end, or asked anew."""
    for match in _GOOD_END.finditer(words):
        for place in found.values():
            first, last = sorted((match.start(), place))
            twice = _ASKS.search(words[:first]) and _ASKS.search(words[first:last])
            if twice or _JOINS.search(words[first:last]):
                return match.start()
    return None
