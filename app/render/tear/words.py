"""The words and numbers of a tear sheet in one language; decides no value."""

import re
import tomllib
from collections.abc import Mapping
from datetime import date
from decimal import ROUND_HALF_EVEN, Decimal
from functools import lru_cache
from importlib.resources import files

from core.language.printed.factors import FACTORS
from core.records.request import Language
from core.wording import MINUS, date_text, label_text

WHOLE_YEARS = 20.0
"""From so many years on no decimal is printed."""

_MOMENTUM = re.compile(r"momentum:([0-9]+)(?:-([0-9]+))?")
_MODEL = re.compile(r"(model:[a-z0-9_]+)\+[0-9a-f]+")
_KEYED = re.compile(r"([a-z0-9_]+):(.+)")


@lru_cache(maxsize=4)
def _labels(language: Language) -> Mapping[str, Mapping[str, str]]:
    source = files("app.render.tear").joinpath(f"labels.{language}.toml")
    return tomllib.loads(source.read_text(encoding="utf-8"))


class TearWords:
    """The words of one language, and the names of one market's sectors."""

    def __init__(self, language: Language, sectors: Mapping[str, str]) -> None:
        self.language = language
        self._sectors = sectors

    def text(self, key: str, **slots: str) -> str:
        """Return a fixed sentence with its slots filled."""
        return _labels(self.language)["text"][key].format(**slots)

    def label(self, kind: str, key: str) -> str:
        """Return the sheet's own label of a key, else the core's words for it."""
        return _labels(self.language).get(kind, {}).get(key) or label_text(key, self.language)

    def strategy(self, name: str) -> str:
        """Return what a strategy of the signal grammar is called; an unknown one as it is.

        A forecast is called by its horizon, whatever recipe made it.
        """
        known = _labels(self.language)["strategy"]
        if name in known:
            return known[name]
        momentum = _MOMENTUM.fullmatch(name)
        if momentum:
            long, skipped = momentum.groups()
            key = "momentum" if skipped is None else "momentum_skipped"
            return self.text(key, long=long, skipped=skipped or "")
        keyed = _KEYED.fullmatch(_MODEL.sub(r"\1", name))
        if keyed and f"{keyed.group(1)}_of" in known:
            return known[f"{keyed.group(1)}_of"].format(key=keyed.group(2))
        return name

    def sector(self, sector: str) -> str:
        """Return a sector's name."""
        own = _labels(self.language)["sector"].get(sector)
        return self._sectors.get(sector) or own or sector

    def factor(self, factor: str) -> str:
        """Return a factor's name."""
        words = FACTORS.get(factor)
        name = words[self.language] if words else self.label("factor", factor)
        return name[:1].upper() + name[1:]

    def day(self, day: date) -> str:
        """Return a date."""
        return date_text(day, self.language)

    def number(self, value: float, decimals: int, *, signed: bool = False) -> str:
        """Return a number at so many decimals, half to even; what rounds to nothing has no sign."""
        step = Decimal(1).scaleb(-decimals)
        rounded = Decimal(repr(float(value))).quantize(step, rounding=ROUND_HALF_EVEN)
        sign = MINUS if rounded < 0 else "+" if signed and rounded > 0 else ""
        digits = f"{abs(rounded):,f}"
        if self.language == "vi":
            digits = digits.translate(str.maketrans(",.", ".,"))
        return f"{sign}{digits}"

    def percent(self, fraction: float, decimals: int = 1, *, signed: bool = False) -> str:
        """Return a fraction as percent, with its sign."""
        return f"{self.number(100.0 * fraction, decimals, signed=signed)}%"

    def points(self, fraction: float, decimals: int = 1, *, signed: bool = False) -> str:
        """Return a fraction in percent without the sign, for columns that say so."""
        return self.number(100.0 * fraction, decimals, signed=signed)

    def years(self, count: float) -> str:
        """Return a number of years, with a decimal where it matters."""
        return self.number(count, 1 if count < WHOLE_YEARS else 0)

    def chance(self, fraction: float) -> str:
        """Return a probability in percent; a certainty is never claimed."""
        if fraction > 0.999:
            return f">{self.percent(0.999)}"
        if fraction < 0.001:
            return f"<{self.percent(0.001)}"
        return self.percent(fraction)
