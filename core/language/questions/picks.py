"""Recognises that advice on a stock is asked for, by closed patterns; it gives none."""

import re

from core.language.reading import Reading
from core.language.times.asked_over import about_investors

_TRADE = (
    "buy|sell|short|own|hold(?! up)|pick|choose|purchase|accumulate|dump|exit|offload|"
    "mua|ban|giu|nam giu|chon|om|gom|xa|thoat|chot|chot loi|cat lo|tich luy|bat day|xuong tien"
)
_TRADING = "buying|selling|holding|owning|keeping|shorting|accumulating|adding"
_OWN_ACT = re.compile(
    r"\b(?:should|shall|ought) (?:i|we|one)\b|\b(?:i|we) (?:should|shall|ought)\b"
    rf"|\b(?:co )?nen\b|\bco dang (?:{_TRADE})\b|\bdang (?:{_TRADE}) nhat\b"
    rf"|\b(?:good|worth|best|better|time|luc) (?:\S+ ){{0,2}}?(?:{_TRADE}|{_TRADING})\b"
    rf"|\b(?:{_TRADE}) (?:or|hay|hoac) (?:{_TRADE})\b"
    rf"|\b(?:{_TRADE}) (?:(?:them|bot|het|_) )?(?:\S+ )?duoc (?:chua|khong|roi)\b"
    rf"|\b(?:thinking|think) (?:of|about) (?:{_TRADING})\b"
)
"""What the user may do, not what others did."""
_VERDICT = r"(?:^|\b(?:is|are|still|now|being) )(?:\S+ ){0,3}?(?:a|an) (?:\S+ )?(?:buy|sell|hold)\b"
_ADVICE = re.compile(
    rf"{_OWN_ACT.pattern}|\b(?:recommend\w*|khuyen nghi|best)\b|{_VERDICT}"
    rf"|\b(?:to|muon|dinh) (?:{_TRADE})\b"
)
_TRADES = re.compile(rf"\b(?:{_TRADE}|{_TRADING}|invest)\b")
_CHOOSE = "pick|choose|suggest|recommend|chon|goi y|khuyen nghi"
_ONE_OF_A_SECTOR = re.compile(
    r"\b(?:which|what|single|best|one) (?:<[0-9]+> |@ )+_|_ (?:<[0-9]+> |@ )+(?:nao|gi)\b"
    r"|\b(?:recommend|khuyen nghi) (?:(?:me|us|a|one|some|any|good|cho|toi|mot|vai) )*_"
    rf"|_ (?:to|nen|dang) (?:{_TRADE})\b"
)
_TIPS = frozenset({"best", "hot", "pick", "picks", "tip", "tips"})
"""Words that make of a stock a pick, whatever is asked of it."""
_ORDERS = r"(?:^|[.?!;:&] |\bplease |\bhay )"
"""Where a sentence begins that tells somebody to do something."""


def asks_pick(reading: Reading) -> bool:
    """Tell whether the user wants to be told which stock to trade, or whether to trade one named.

    What investors did, and what would happen if, is no advice.
    """
    if not (reading.symbols or "stocks" in reading.topics):
        return False
    if reading.cues & {"what_if", "unheld"}:
        return False
    advice = _ADVICE.search(reading.words) is not None
    told = advice or (
        not about_investors(reading.topics) and _TRADES.search(reading.words) is not None
    )
    picks = [match.key for match in reading.matches if "pick" in match.meaning.cues]
    if any(not _TIPS.isdisjoint(key) for key in picks):
        return True
    if picks or _ONE_OF_A_SECTOR.search(reading.words):
        return told
    return not reading.sectors and _names_a_trade(reading)


def _names_a_trade(reading: Reading) -> bool:
    """Tell whether a named stock is to be traded: "should I buy XYZ", "buy XYZ", "pick a stock"."""
    names = "|".join(re.escape(symbol.lower()) for symbol in reading.symbols)
    if not names:
        chosen = rf"{_ORDERS}(?:{_CHOOSE}) (?:\S+ ){{0,4}}?_(?= |$)"
        return re.search(chosen, reading.words) is not None
    advice = _OWN_ACT if about_investors(reading.topics) else _ADVICE
    if advice.search(reading.words) and _TRADES.search(reading.words):
        return True
    ordered = rf"{_ORDERS}(?:{_TRADE}) (?:\S+ )?(?:{names})\b"
    return re.search(ordered, reading.words) is not None
