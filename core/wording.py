"""Renders facts, names, dates and units in English and Vietnamese; it decides no value.

Numbers are rounded half to even on their shortest decimal form, with decimals by unit; a value that
rounds to nothing has no sign. English groups with commas, Vietnamese with points.
"""

import re
from datetime import date
from decimal import ROUND_HALF_EVEN, Decimal

from core.language.printed.factors import factor_name
from core.language.printed.labels import LABELS
from core.language.printed.measured import MEASURES
from core.language.printed.names import (
    CALLS,
    COMPARATORS,
    COUNTED,
    CURRENCY_WORDS,
    DATASETS,
    LINES,
    MONEY_WORDS,
    REFERENCES,
    RUNS,
    UNIT_WORDS,
)
from core.language.printed.series import SERIES
from core.measures import FRACTION, FRACTION_CHANGE
from core.records.evidence import Fact
from core.records.report import Comparator
from core.records.request import Language
from core.records.universe import Benchmark, Sector, Universe

MINUS = "\N{MINUS SIGN}"
DECIMALS: dict[str, int] = {
    "%": 1, "fraction": 1, "pp": 1, "bp": 1, "bn": 1, "x": 1, "index": 2, "level": 2, "sd": 2,
    "days": 0, "weeks": 0, "sessions": 0, "count": 0, "°": 0, "thousands": 1, "USD": 2,
    "fraction_change": 1, "trading_days": 1, "mn": 1, "money": 0,
}  # fmt: skip
"""Decimals printed by unit; a unit that is not here gets two."""

WHOLE_MONEY = 100
"""From this many billions on, money is printed without decimals."""

SMALL_MONEY = 0.1
"""Below this many billions money is said in millions, below this many millions in itself."""

MILLIONS, MILLION = 1e3, 1e6
"""Of a billion, and of money."""

_SIGNED = (
    "excess", "return_", "expected_excess", "expected_low", "expected_high", "distance", "change",
    "history", "net", "proprietary_net", "foreign_net", "top_buys_net", "top_sells_net",
    "intensity", "signed", "active_weight", "trade_weight", "contribution", "score", "momentum_12",
    "revenue_growth", "growth", "stated_return", "inflation", "sentiment", "drawdown", "skill_ic",
    "skill_momentum_ic", "turnover_share_change", "put_through_net", "matched_net",
    "winsorised_intensity", "trade_value", "amount", "realised_excess", "momentum_excess",
    "cagr_difference", "style_change", "style_distance", "trend_distance", "skill_momentum_gap",
    "reason_contribution",
)  # fmt: skip
_UNSIGNED = ("net_profit_margin",)
_JOINED = frozenset({"%", "fraction", "°"})
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec"


def phrase(fact: Fact, language: Language, universe: Universe) -> str:
    """Return a fact's value in words, with its unit."""
    if fact.value is not None:
        counted = _counted(fact.measure.partition(".")[0], fact.value, language, universe)
        if counted is not None:
            return counted
        value, unit = fact.value, fact.unit
        if unit == "bn":
            value, unit = money_unit(value, universe)
        return number_text(value, unit, language, universe, signed=is_signed(fact.measure))
    label = fact.label or ""
    if fact.unit == "date":
        return date_text(date.fromisoformat(label), language)
    if fact.measure.endswith("_symbol"):
        return label
    return label_text(label, language)


def money_unit(value_bn: float, universe: Universe) -> tuple[float, str]:
    """Return billions in the unit they are said in: millions, or money itself, where they are few.

    A market counted in millions has them printed so from billions.
    """
    millions = MILLIONS * value_bn
    if 0.0 < abs(millions) < SMALL_MONEY:
        return MILLION * millions, "money"
    if universe.money_unit == "bn" and 0.0 < abs(value_bn) < SMALL_MONEY:
        return millions, "mn"
    return value_bn, "bn"


def number_text(
    value: float, unit: str, language: Language, universe: Universe, *, signed: bool = False
) -> str:
    """Return a number with its unit; `signed` writes a plus before what is above zero."""
    number, unit_word = Decimal(repr(float(value))), _unit_word(unit, language, universe)
    if unit in (FRACTION, FRACTION_CHANGE):
        number *= 100
    if unit == "bn" and universe.money_unit == "mn":
        number *= 1000
    rounded = _rounded(number, unit)
    sign = MINUS if rounded < 0 else "+" if signed and rounded > 0 else ""
    digits = f"{abs(rounded):,f}"
    if language == "vi":
        digits = digits.translate(str.maketrans(",.", ".,"))
    elif rounded == 1 and unit in ("days", "weeks", "sessions", "trading_days"):
        unit_word = unit_word.removesuffix("s")
    joined = unit in _JOINED or (unit == "x" and language == "en")
    gap = "" if joined or not unit_word else " "
    return f"{sign}{digits}{gap}{unit_word}"


def date_text(value: date, language: Language) -> str:
    """Return a date: 31 Dec 2024, or 31/12/2024 in Vietnamese."""
    if language == "vi":
        return f"{value.day:02d}/{value.month:02d}/{value.year:04d}"
    return f"{value.day} {_MONTHS.split()[value.month - 1]} {value.year:04d}"


def label_text(label: str, language: Language) -> str:
    """Return the words of a closed value."""
    words = LABELS.get(label)
    return words[language] if words else label.replace("_", " ")


def measure_name(measure: str, language: Language) -> str:
    """Return what a measure is called; its key (weekly, 1m, a factor) follows in brackets."""
    stem, _, key = measure.partition(".")
    words = MEASURES.get(stem)
    name = words[language] if words else label_text(stem, language)
    if not key:
        return name
    return f"{name} ({key_name(measure, language)})"


def key_name(measure: str, language: Language) -> str:
    """Return what a measure's key names: a factor, a statement's line and period, a horizon."""
    parts = measure.partition(".")[2].split(".")
    return ", ".join(_key_part(part, language) for part in parts)


def entity_name(subject: str, language: Language, universe: Universe) -> str:
    """Return the name of a sector, the universe, a benchmark or a series; a symbol as it is."""
    if subject == universe.id:
        return universe.name_vi if language == "vi" else universe.name_en
    known: tuple[Sector | Benchmark, ...] = (*universe.sectors, *universe.benchmarks)
    for named in known:
        if named.id == subject:
            return named.name_vi if language == "vi" else named.name_en
    known_words = SERIES.get(subject) or DATASETS.get(subject) or REFERENCES.get(subject)
    known_words = known_words or CALLS.get(subject.removeprefix(f"{universe.id}-"))
    if known_words is not None:
        return known_words[language]
    return subject.replace("_", " ") if subject.islower() else subject


def comparator_text(comparator: Comparator, language: Language) -> str:
    """Return a comparator in words."""
    return COMPARATORS[comparator][language]


def is_signed(measure: str) -> bool:
    """Tell whether a measure is printed with an explicit sign."""
    stem = measure.partition(".")[0]
    return (stem.startswith(_SIGNED) or stem == "z") and not stem.startswith(_UNSIGNED)


def _counted(stem: str, value: float, language: Language, universe: Universe) -> str | None:
    """Return a count with what it counts; None for a measure that is no such count."""
    if stem == "streak" and value:
        sessions = number_text(abs(value), "sessions", language, universe)
        bought, sold, run = RUNS[language]
        said = f"{sessions} {sold if value < 0 else bought}"
        return said if abs(value) == 1 else f"{said} {run}"
    if stem not in COUNTED:
        return None
    one, many, vietnamese = COUNTED[stem]
    word = vietnamese if language == "vi" else one if value == 1 else many
    return f"{number_text(value, 'count', language, universe)} {word}"


def _key_part(part: str, language: Language) -> str:
    factor, line = factor_name(part, language), LINES.get(part)
    if factor is not None:
        return factor
    if line is not None:
        return line[language]
    if _DATE.fullmatch(part):
        return date_text(date.fromisoformat(part), language)
    return label_text(part.upper() if part.upper() in LABELS else part, language)


def _rounded(number: Decimal, unit: str) -> Decimal:
    step = Decimal(1).scaleb(-DECIMALS.get(unit, 2))
    rounded = _to_step(number, step)
    if unit == "bn" and abs(rounded) >= WHOLE_MONEY:
        rounded = _to_step(number, Decimal(1))
    return rounded


def _to_step(number: Decimal, step: Decimal) -> Decimal:
    """Return the number at the step, half to even; what is larger than its digits stays exact."""
    if number.adjusted() - step.adjusted() >= 27:
        return number
    return number.quantize(step, rounding=ROUND_HALF_EVEN)


def _unit_word(unit: str, language: Language, universe: Universe) -> str:
    if unit == "money":
        return CURRENCY_WORDS[universe.currency][language]
    if unit in MONEY_WORDS:
        money = MONEY_WORDS["mn" if unit == "mn" else universe.money_unit][language]
        return f"{money} {CURRENCY_WORDS[universe.currency][language]}".strip()
    words = UNIT_WORDS.get(unit)
    return words[language] if words else ""
