"""How a number is printed: which numeral of a text is a value, its decimals and its sign.

A numeral tells a value when it is within half a unit of its last decimal; nothing here knows
which number of decimals a field is due.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

MINUS: Final = "\N{MINUS SIGN}"
_NUMERAL: Final = {
    "en": re.compile(r"[+\u2212]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?"),
    "vi": re.compile(r"[+\u2212]?(?:\d{1,3}(?:\.\d{3})+|\d+)(?:,\d+)?"),
}
_SLACK: Final = 1e-9
SCALES: Final = (1.0, 100.0)
"""A fraction is printed as it is, or in hundredths."""
SMALLER: Final = (1e3, 1e9)
"""An amount in billions may be printed in millions, or in the currency itself."""


@dataclass(frozen=True, slots=True)
class Numeral:
    """A numeral of a text: where it stands, what it says, and how."""

    start: int
    end: int
    value: float
    decimals: int
    plus: bool

    def tells(self, value: float, scale: float = 1.0) -> bool:
        """Tell whether it is this value, rounded to its decimals, under its sign."""
        exact = value * scale
        unit = 10.0**-self.decimals
        near = abs(self.value - exact) <= unit / 2 + _SLACK * max(1.0, abs(exact))
        return near and not (self.plus and exact < 0.0)


def numerals(text: str, language: str) -> Iterator[Numeral]:
    """Yield the numerals of a text, as the language writes them."""
    for each in _NUMERAL[language].finditer(text):
        yield _read(each[0], each.start(), language)


def spelled(each: Numeral, scale: float) -> str:
    """Return how it is printed: its sign, its decimals, its scale."""
    times = f"*{scale:g}" if scale > 1.0 else ""
    return f"{{{'+' if each.plus else ''}.{each.decimals}{times}}}"


def _read(text: str, start: int, language: str) -> Numeral:
    point, comma = (".", ",") if language == "en" else (",", ".")
    whole, _, fraction = text.partition(point)
    digits = whole.replace(comma, "").strip(f"+{MINUS}")
    sign = -1.0 if text.startswith(MINUS) else 1.0
    value = sign * float(f"{digits}.{fraction or 0}")
    return Numeral(start, start + len(text), value, len(fraction), text.startswith("+"))
