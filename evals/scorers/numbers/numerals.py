"""Whether every numeral is bound to a fact and printed as its value, rounded half to even.

Names may hold digits ("12-month momentum"): such a name must be listed for its measure or subject.
"""

import re
import unicodedata
from collections.abc import Iterator
from datetime import date
from decimal import ROUND_HALF_EVEN, Context, Decimal

from core.records.evidence import Fact
from core.records.request import Language
from evals.records import Ran
from evals.scorers.checks import Check
from evals.scorers.numbers.names import is_name
from evals.scorers.told import Bound, Told, facts_of, literal, phrases, sentences

SHAPES: dict[Language, re.Pattern[str]] = {
    "en": re.compile(r"([+−-]?)(\d{1,3}(?:,\d{3})*)(?:\.(\d+))?(?![\d.,]*\d) ?(.*)"),
    "vi": re.compile(r"([+−-]?)(\d{1,3}(?:\.\d{3})*)(?:,(\d+))?(?![\d.,]*\d) ?(.*)"),
}
"""Sign, grouped digits, decimals, unit."""
DATES: dict[Language, re.Pattern[str]] = {
    "en": re.compile(r"(\d{1,2}) (Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) (\d{4})"),
    "vi": re.compile(r"(\d{2})/(\d{2})/(\d{4})"),
}
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
MONEY = re.compile(r"(bn|mn|tỷ|triệu)(?: (?:USD|EUR|VND|đồng|euro|XXX))?")
RUN = re.compile(r"(sessions?|phiên) (?:of net )?(buying|selling|mua ròng|bán ròng)(?: .+)?")
WHOLE_MONEY = 100
"""From this number of billions on money has no decimals, from so many millions it may have none."""
DIGITS = 400
"""More than any float has."""
UNITS: dict[str, tuple[int, int, tuple[str, ...]]] = {
    "%": (1, 1, ("%",)),
    "fraction": (100, 1, ("%",)),
    "fraction_change": (100, 1, ("pp", "điểm %")),
    "pp": (1, 1, ("pp", "điểm %")),
    "bp": (1, 1, ("bp", "điểm cơ bản")),
    "x": (1, 1, ("x", "lần")),
    "sd": (1, 2, ("sd", "độ lệch chuẩn")),
    "days": (1, 0, ("days", "day", "ngày")),
    "weeks": (1, 0, ("weeks", "week", "tuần")),
    "sessions": (1, 0, ("sessions", "session", "phiên")),
    "trading_days": (1, 1, ("days", "day", "phiên")),
    "count": (1, 0, ("", "bar", "bars", "nến")),
    "°": (1, 0, ("°",)),
    "thousands": (1, 1, ("thousand", "nghìn")),
    "USD": (1, 2, ("USD",)),
}
"""By unit: what a value is multiplied by, decimals printed, words that may follow."""
WORDS: dict[Language, re.Pattern[str]] = {
    "en": phrases(
        "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
        "dozen", "twenty", "thirty", "forty", "fifty", "hundred", "thousand", "million", "billion",
        "half", "halved", "doubled?", "double", "tripled?", "twice", "quarter of", "a third",
    ),
    "vi": phrases(
        "hai", "ba", "bốn", "năm mươi", "sáu", "bảy", "tám", "chín", "mười", "trăm", "nghìn",
        "triệu", "tỷ", "gấp đôi", "gấp ba", "một nửa", "phần trăm",
    ),
}  # fmt: skip
"""Number words a model's sentence may not say outside what is bound."""


def checks(ran: Ran) -> Iterator[Check]:
    """Yield a check for every piece with a digit, and for number words of a model's sentences."""
    for told in sentences(ran):
        language = told.judged.report.request.language
        for span in told.sentence.spans:
            if span.fact is None and has_digit(span.text):
                yield told.check(False, f"{span.text.strip()[:30]!r} is bound to nothing")
        for piece in told.bound:
            if has_digit(piece.span.text):
                yield _printed(told, piece, language)
        if told.sentence.author == "model":
            found = WORDS[language].search(literal(told.sentence))
            yield told.check(found is None, f"number word {found[0] if found else ''!r}")


def has_digit(text: str) -> bool:
    """Tell whether a text holds a digit of any script, or a fraction's or circled sign."""
    return any(unicodedata.numeric(character, None) is not None for character in text)


def prints(text: str, fact: Fact, language: Language) -> bool:
    """Tell whether a text with digits is the fact's value, its date, or a name it has."""
    if not text.isascii() and any(mark.isnumeric() and not mark.isascii() for mark in text):
        return False
    day = _day(text, language)
    if day is not None:
        own = date.fromisoformat(fact.label) if fact.unit == "date" and fact.label else None
        return day in (own, fact.as_of)
    if fact.value is not None and _is_value(text, fact, language):
        return True
    return _is_name(text, fact, language)


def _printed(told: Told, piece: Bound, language: Language) -> Check:
    fact, text = piece.fact, piece.span.text
    held = fact.value if fact.value is not None else fact.label
    right = prints(text, fact, language) or _lists(told, piece, language)
    return told.check(right, f"{text!r} printed of {fact.measure} {held} {fact.unit}")


def _lists(told: Told, piece: Bound, language: Language) -> bool:
    """Tell whether the piece names several subjects the measure is told of, one after another."""
    own, parts = piece.fact, piece.span.text.split(", ")
    alike = [
        fact
        for fact in facts_of(told.judged.report).values()
        if (fact.universe, fact.measure) == (own.universe, own.measure)
    ]
    return len(parts) > 1 and all(
        any(is_name(part, fact, language) for fact in alike) for part in parts
    )


def _is_value(text: str, fact: Fact, language: Language) -> bool:
    shape = SHAPES[language].fullmatch(text)
    if shape is None or fact.value is None:
        return False
    sign, whole, decimals, unit = shape[1], re.sub(r"\D", "", shape[2]), shape[3] or "", shape[4]
    number = Decimal(f"{whole}.{decimals or 0}")
    value = Decimal(repr(fact.value))
    run = RUN.fullmatch(unit)
    if run is not None:
        bought = run[2] in ("buying", "mua ròng")
        return fact.unit == "sessions" and not sign and number == (value if bought else -value)
    scale, places = _scale(unit, fact, abs(number))
    if scale is None or len(decimals) not in places or (number == 0 and sign):
        return False
    exact = value * scale
    shown = -number if sign in ("−", "-") else number
    step = Decimal(1).scaleb(-len(decimals))
    return shown == exact.quantize(step, ROUND_HALF_EVEN, Context(prec=DIGITS))


def _scale(unit: str, fact: Fact, size: Decimal) -> tuple[int | None, tuple[int, ...]]:
    """Return what the value is multiplied by, and the decimals it may have; None: a wrong unit."""
    if fact.unit == "bn":
        money = MONEY.fullmatch(unit)
        if money is None:
            return None, ()
        small = money[1] in ("mn", "triệu")
        if size < WHOLE_MONEY:
            return 1000 if small else 1, (1,)
        return (1000, (0, 1)) if small else (1, (0,))
    scale, places, words = UNITS.get(fact.unit, (1, 2, ("", fact.unit)))
    return (scale if unit in words else None), (places,)


def _day(text: str, language: Language) -> date | None:
    found = DATES[language].fullmatch(text)
    if found is None:
        return None
    month = MONTHS.index(found[2]) + 1 if language == "en" else int(found[2])
    try:
        return date(int(found[3]), month, int(found[1]))
    except ValueError:
        return None


def _is_name(text: str, fact: Fact, language: Language) -> bool:
    """Tell whether the text is a name of the fact, any day in it the measure's own."""
    for found in DATES[language].finditer(text):
        day = _day(found[0], language)
        if day is None or day.isoformat() not in fact.measure:
            return False
    rest = DATES[language].sub("", text)
    return not has_digit(rest) or is_name(rest, fact, language)
