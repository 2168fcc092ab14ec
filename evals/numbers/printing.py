"""How a value must look in print, by the rules declared in `core.wording`; an implementation apart.

Half to even on the shortest decimal form, in whole numbers: no function of the product is called,
so that an error there is not made twice.
"""

from datetime import date
from fractions import Fraction
from typing import Final

from core.records.request import Language
from core.records.universe import Universe

MINUS: Final = "\u2212"
DECIMALS: Final = {
    "%": 1, "fraction": 1, "fraction_change": 1, "pp": 1, "bp": 1, "bn": 1, "mn": 1, "x": 1,
    "thousands": 1, "trading_days": 1, "days": 0, "weeks": 0, "sessions": 0, "count": 0, "°": 0,
}  # fmt: skip
"""Decimals by unit; two where a unit is not named."""
WORDS: Final[dict[Language, dict[str, str]]] = {
    "en": {"%": "%", "fraction": "%", "fraction_change": " pp", "pp": " pp", "bp": " bp", "x": "x",
           "thousands": " thousand", "trading_days": " days", "days": " days", "weeks": " weeks",
           "sessions": " sessions", "°": "°", "sd": " sd", "USD": " USD"},
    "vi": {"%": "%", "fraction": "%", "fraction_change": " điểm %", "pp": " điểm %",
           "bp": " điểm cơ bản", "x": " lần", "thousands": " nghìn", "trading_days": " phiên",
           "days": " ngày", "weeks": " tuần", "sessions": " phiên", "°": "°",
           "sd": " độ lệch chuẩn", "USD": " USD"},
}  # fmt: skip
MONEY: Final[dict[Language, dict[str, str]]] = {
    "en": {"bn": " bn", "mn": " mn", "VND": " VND", "USD": " USD", "EUR": " EUR", "XXX": ""},
    "vi": {"bn": " tỷ", "mn": " triệu", "VND": " đồng", "USD": " USD", "EUR": " EUR", "XXX": ""},
}
COUNTED: Final = ("dwell", "bars")
WHOLE: Final = 100
"""From this many of its unit on money has no decimals."""
SMALL: Final = Fraction(1, 10)
"""Below this many billions money is said in millions."""
_ONE: Final = {" days", " weeks", " sessions"}
_MONTHS: Final = (
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
)  # fmt: skip


def printed(
    value: float, unit: str, measure: str, *, language: Language, universe: Universe
) -> str:
    """Return a value as a report must print it, without a plus before it."""
    stem, exact = measure.partition(".")[0], Fraction(repr(float(value)))
    if stem in COUNTED:
        word = "nến" if language == "vi" else "bar" if exact == 1 else "bars"
        return f"{digits(exact, 0, language)} {word}"
    if stem == "streak" and exact:
        return _run(exact, language)
    if unit == "bn":
        return _money(exact, language, universe)
    if unit in ("fraction", "fraction_change"):
        exact *= 100
    number = digits(exact, DECIMALS.get(unit, 2), language)
    word = WORDS[language].get(unit, "")
    return number + (word[:-1] if number == "1" and word in _ONE else word)


def digits(exact: Fraction, decimals: int, language: Language) -> str:
    """Return a number rounded half to even, grouped as the language does, with its minus."""
    whole = round(exact * 10**decimals)
    head, tail = divmod(abs(whole), 10**decimals)
    group, point = (",", ".") if language == "en" else (".", ",")
    grouped = f"{head:,}".replace(",", group)
    fraction = f"{point}{tail:0{decimals}}" if decimals else ""
    return f"{MINUS if whole < 0 else ''}{grouped}{fraction}"


def day(value: date, language: Language) -> str:
    """Return a date as a report must print it."""
    if language == "vi":
        return f"{value:%d/%m/%Y}"
    return f"{value.day} {_MONTHS[value.month - 1]} {value:%Y}"


def _money(exact: Fraction, language: Language, universe: Universe) -> str:
    size, whole = "bn", True
    if universe.money_unit == "mn":
        exact, size = exact * 1000, "mn"
    elif 0 < abs(exact) < SMALL:
        exact, size, whole = exact * 1000, "mn", False
    tenths = abs(round(exact * 10))
    number = digits(exact, 0 if whole and tenths >= 10 * WHOLE else 1, language)
    return number + MONEY[language][size] + MONEY[language][universe.currency]


def _run(exact: Fraction, language: Language) -> str:
    count = digits(abs(exact), 0, language)
    sold = exact < 0
    if language == "vi":
        said = f"{count} phiên {'bán' if sold else 'mua'} ròng"
        return said if abs(exact) == 1 else f"{said} liên tiếp"
    said = f"{count} session{'' if count == '1' else 's'} of net {'selling' if sold else 'buying'}"
    return said if abs(exact) == 1 else f"{said} in a row"
