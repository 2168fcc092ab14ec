"""Recognises that it is asked how good we are: our model, our forecasts, our method.

Works on folded words joined by single spaces in which the n-th sector phrase stands as `<n>`, a
market as `@` and another recognised topic as `_`. How good anything else is it does not hear.
"""

import re

from core.language.reading import Reading
from core.language.words.fold import phrase_key

_PLACE = r"(?: (?:for|of|on|in|about|cua|cho|ve) (?:the |nganh |nhom )?(?:<[0-9]+>|@))?"
_OURS = (
    r"(?:your (?:own )?(?:_ )?(?:models?|systems?|algorithms?|algo|tool|engine|method|approach"
    r"|calls?|predictions|recommendations?|rankings?|scores?|signals?|numbers|_)"
    r"|(?:the|this|that) (?:_ )?(?:models?|algorithms?|algo)(?: s _)?"
    rf"|(?:this|that) (?:tool|thing|system|engine)){_PLACE}"
)
_FORECAST = "(?:the|these|this|those|its) _"
"""Ours as well where the topic that was met is the forecast."""
_FORECASTS = frozenset(
    phrase_key(word)
    for word in ("forecast", "forecasts", "prediction", "predictions", "dự báo", "dự đoán")
)
"""Words for what we said; an outlook is what is to come."""
_VERY = r"(?: (?:been|ever|actually|really|even|any|that|very|truly|usually|generally))*"
_GOOD = (
    r"(?:good|use|useful|reliable|accurate|right|correct|trustworthy|believable|credible"
    r"|worth (?:anything|it|using|following|something)"
    r"|(?:any )?better than (?:chance|random|luck|guessing|a coin|nothing|_))"
)
_END = (
    r"(?= ?(?:[.?!;:&]|$)| (?:at|in|so|or|enough|lately|then|anyway|historically|now|yet|most)\b)"
)
_DONE = r"(?:done|do|performed|perform|fared|fare|worked|work|held up)"


def _english(who: str) -> re.Pattern[str]:
    """Return the English forms in which it is asked how good somebody is."""
    return re.compile(
        rf"\b(?:is|are|was|were|has|have|had) {who}{_VERY} {_GOOD}{_END}"
        r"|\bhow (?:good|useful|reliable|accurate|trustworthy|right|well)"
        rf" (?:is|are|was|were|has|have|does|do|did) {who}"
        rf"|(?<!\bhow )\b(?:does|do|did|has|have) {who}{_VERY}"
        rf" (?:worked|work|add value|beat _){_END}"
        rf"|\bhow often (?:is|are|was|were|has|have) {who}{_VERY} (?:right|wrong|correct)"
        rf"|\bcan (?:i|we|one) (?:rely|count|depend) on {who}"
        rf"|\bhow (?:has|have|did) {who}{_VERY} {_DONE}{_END}"
    )


_YOU = re.compile(
    r"\bhow often (?:are|were|have) you(?: been)? (?:right|wrong|correct)\b"
    r"|\bhave you (?:ever |usually |mostly )?been (?:right|wrong|correct)\b"
    r"|\b(?:are|were) you(?: ever| really)? any good at (?:this|it|_)"
    r"|\bhow good (?:are|were) you(?: at (?:this|it|_))?(?= ?(?:[.?!;:]|$))"
)
_SUCH = re.compile(
    r"^(?:(?:&|so|but|well) )*how (?:good|useful|reliable|accurate|right|well|often)"
    r" (?:is|are|was|were|has|have|did)"
    r" (?:(?:such|these|those|the|its|all|past|earlier|previous|former) )+"
    r"(?:calls?|recommendations?|rankings?|signals?|predictions?|picks|_)(?![a-z])"
)
"""What was said before, asked of alone; beside a question that answers with its record it is part
of that answer."""
_WHOSE = (
    r"(?: (?:_|nay|do|ay|cua (?:ban|cac ban|he thong|may|em|anh|minh|ung dung)|du bao))*"
    rf"{_PLACE}"
)
_MODEL = rf"(?:mo hinh|thuat toan|he thong){_WHOSE}"
_YOURS = rf"_ cua (?:ban|cac ban|he thong|may|em|ung dung|mo hinh){_PLACE}"
_TOLD = r"(?:(?<![a-z0-9_@>] )|(?<=\bban )|(?<=\bthong ))_"
"""What is told, where a clause begins or after whoever tells it."""
_GOOD_VI = (
    r"(?:tot|chinh xac|dung|dang tin|hieu qua|ra gi|on|chuan|xai duoc|dung duoc|tin duoc|gioi|_)"
)


def _vietnamese(who: str) -> re.Pattern[str]:
    """Return the Vietnamese forms in which it is asked how good somebody is."""
    return re.compile(
        rf"(?<![a-z0-9]){who}(?: (?:co|da|thuc su|that su|hay|lieu|tung))* {_GOOD_VI}"
        r"(?: (?:duoc|lam|den|phan tram|may))*"
        r" (?:khong|ko|chua|chu|bao nhieu|den dau|den muc nao|co nao|the nao|ra sao)\b"
    )


_RECORD = re.compile(
    rf"\byour (?:own )?record{_END}"
    r"|\bthanh tich(?: da chot)? cua (?:ban|cac ban|he thong|mo hinh)\b(?! kinh doanh)"
)
_RECORD_OF_TOLD = re.compile(
    rf"\b(?:_ s|_ own) record{_END}|\brecord of (?:the |your |its |this )*_(?![a-z])"
    r"|\bthanh tich(?: da chot)?(?: cua)? _"
)

_ASKS = _english(_OURS), _vietnamese(f"(?:{_MODEL}|{_YOURS})"), _YOU, _SUCH, _RECORD
_ASKS_OF_TOLD = _english(_FORECAST), _vietnamese(_TOLD), _RECORD_OF_TOLD


def asks_own_record(reading: Reading) -> bool:
    """Tell whether it is asked how good our model or our forecasts have been."""
    told = any(match.key in _FORECASTS for match in reading.matches)
    forms = (*_ASKS, *(_ASKS_OF_TOLD if told else ()))
    return any(form.search(reading.words) is not None for form in forms)
