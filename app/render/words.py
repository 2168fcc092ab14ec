"""The words of a page in one language; domain words come from the core, furniture from here."""

import re
import tomllib
import unicodedata
from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from importlib.resources import files

from core.language.printed.factors import factor_name
from core.language.printed.names import CURRENCY_WORDS, MONEY_WORDS, UNIT_WORDS
from core.records.request import Language
from core.records.universe import Universe
from core.wording import (
    date_text,
    entity_name,
    key_name,
    label_text,
    measure_name,
    money_unit,
    number_text,
)

MAXIMUM_QUOTE = 600
MAXIMUM_LABEL = 17
UNSAID = frozenset({"sessions", "sd", "x"})
"""Units a column's heading does not repeat."""
_DIGITS = re.compile(r"[+\N{MINUS SIGN}]?[\d.,]+")


@lru_cache(maxsize=4)
def _labels(language: Language) -> Mapping[str, Mapping[str, str]]:
    text = files("app.render").joinpath(f"labels.{language}.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def quoted(text: str) -> str:
    """Return foreign text on one line, without control or direction characters, shortened."""
    kept = (" " if unicodedata.category(char)[0] in "CZ" else char for char in text)
    line = " ".join("".join(kept).split())
    return line if len(line) <= MAXIMUM_QUOTE else line[: MAXIMUM_QUOTE - 1] + "…"


class Words:
    """The words of one language for one universe."""

    def __init__(self, language: Language, universe: Universe) -> None:
        self.language = language
        self.universe = universe

    def label(self, kind: str, key: str) -> str:
        """Return the page's own label of a key, else the core's words for it."""
        own = _labels(self.language).get(kind, {}).get(key)
        if own is None and kind == "factor":
            name = factor_name(key, self.language)
            own = None if name is None else name[:1].upper() + name[1:]
        return own or label_text(key, self.language)

    def text(self, key: str, **slots: str) -> str:
        """Return a fixed sentence with its slots filled."""
        return _labels(self.language)["text"][key].format(**slots)

    def measure(self, measure: str) -> str:
        """Return a measure's name, as a heading: the page's own, else the core's."""
        stem, _, key = measure.partition(".")
        own = _labels(self.language)["measure"].get(stem)
        if own is not None:
            return f"{own} ({key_name(measure, self.language)})" if key else own
        name = measure_name(measure, self.language)
        return name[:1].upper() + name[1:]

    def entity(self, subject: str) -> str:
        """Return the name of a sector, the universe, a benchmark or a series."""
        return entity_name(subject, self.language, self.universe)

    def sector_tag(self, sector: str) -> str:
        """Return a sector's short label: the ticker of a fund or index, else a short name."""
        known = next((s for s in self.universe.sectors if s.id == sector), None)
        if known is not None and not self.universe.built_from_members:
            return known.ticker
        return self.short(sector)

    def short(self, sector: str) -> str:
        """Return a sector's short name."""
        name = _labels(self.language)["short"].get(sector) or self.entity(sector)
        if len(name) <= MAXIMUM_LABEL:
            return name
        return name[:MAXIMUM_LABEL].rsplit(" ", 1)[0].rstrip(" &,-") + "…"

    def day(self, day: date) -> str:
        """Return a date."""
        return date_text(day, self.language)

    def short_day(self, day: date) -> str:
        """Return a date without its year."""
        text = self.day(day)
        return text.rsplit("/" if self.language == "vi" else " ", 1)[0]

    def number(self, value: float, unit: str, *, signed: bool = False) -> str:
        """Return a number at its unit's decimals without the unit; fractions become percent."""
        digits = _DIGITS.match(self.measured(value, unit, signed=signed))
        return digits.group(0) if digits else ""

    def measured(self, value: float, unit: str, *, signed: bool = False) -> str:
        """Return a number with its unit."""
        return number_text(value, unit, self.language, self.universe, signed=signed)

    def money(self, value_bn: float, *, bare: bool, signed: bool = False) -> str:
        """Return billions; what is small in them is said in millions, or in money itself.

        `bare` leaves out the unit where it is billions, which then heads the column.
        """
        value, unit = money_unit(value_bn, self.universe)
        write = self.number if bare and unit == "bn" else self.measured
        return write(value, unit, signed=signed)

    def unit(self, unit: str) -> str:
        """Return a unit's word; money names its currency."""
        if unit == "bn":
            money = MONEY_WORDS[self.universe.money_unit][self.language]
            return f"{money} {CURRENCY_WORDS[self.universe.currency][self.language]}".strip()
        words = UNIT_WORDS.get(unit)
        return words[self.language] if words else ""

    def column(self, field: str, stem: str) -> str:
        """Return what a field is called at the head of its column, without its unit."""
        return _labels(self.language)["column"].get(field) or self.measure(stem)

    def heading(self, field: str, stem: str, unit: str) -> str:
        """Return a column's heading: the short name of a field and its unit."""
        name = self.column(field, stem)
        word = "" if unit in UNSAID else self.unit(unit)
        return f"{name}, {word}" if word else name
