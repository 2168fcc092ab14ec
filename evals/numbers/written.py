"""Operators that write a wrong figure into the text, where a slot was; each result is false.

None is returned where an operator has nothing to change, or its result would say the same.
"""

from fractions import Fraction
from typing import Final

from core.records.report import Claim
from evals.numbers.printing import DECIMALS, MINUS, digits, printed
from evals.numbers.scene import Scene

SLOT: Final = "{value}"
FOREIGN: Final = (
    str.maketrans("0123456789", "０１２３４５６７８９"),
    str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩"),
    str.maketrans("0123456789", "०१२३४५६७८९"),
)
UNITS: Final = (" bp", "%", " pp", "x", " days", " điểm %", " lần", " phiên", " sd")
WORDS: Final = {
    "en": ("two", "seven", "twelve", "forty", "a hundred"),
    "vi": ("hai", "bảy", "mười hai", "bốn mươi", "một trăm"),
}
NAMES: Final = {"2", "7", "12", "40", "100"}
"""What those words say."""


def sign(scene: Scene) -> Claim | None:
    """Return the claim with the value's sign turned round."""
    text = _text(scene)
    if not any(char in text for char in "123456789"):
        return None
    return _figure(scene, text[1:] if text.startswith(MINUS) else f"{MINUS}{text}")


def tenfold(scene: Scene) -> Claim | None:
    """Return the claim with a tenth or ten times the value."""
    factor = scene.chance.choice((0.1, 10.0))
    return _other_value(scene, factor * (scene.first.value or 0.0))


def unit(scene: Scene) -> Claim | None:
    """Return the claim with the figure in another unit."""
    text = _text(scene)
    figure = text.rstrip("%x°").split(" ")[0]
    others = [other for other in UNITS if figure + other != text and "%" not in other]
    return _figure(scene, figure + scene.chance.choice(others))


def points(scene: Scene) -> Claim | None:
    """Return the claim with percent for percentage points, or the other way round."""
    word = scene.said(" pp", " điểm %")
    text = _text(scene)
    if text.endswith(word):
        return _figure(scene, text.removesuffix(word) + "%")
    return _figure(scene, text.removesuffix("%") + word) if text.endswith("%") else None


def magnitude(scene: Scene) -> Claim | None:
    """Return the claim with millions for billions, or the other way round."""
    for one, other in ((" bn", " mn"), (" mn", " bn"), (" tỷ", " triệu"), (" triệu", " tỷ")):
        if one in _text(scene):
            return _figure(scene, _text(scene).replace(one, other))
    return None


def separators(scene: Scene) -> Claim | None:
    """Return the claim with decimal and grouping marks exchanged: 1.234 for 1,234."""
    text = _text(scene)
    swapped = text.translate(str.maketrans(".,", ",."))
    return _figure(scene, swapped) if swapped != text else None


def finer(scene: Scene) -> Claim | None:
    """Return the claim with one digit more than declared, and that one made up."""
    if (rounded := _rounding(scene)) is None:
        return None
    exact, places = rounded
    right = round(exact * 10 ** (places + 1))
    made_up = right - right % 10 + (right % 10 + scene.chance.randint(2, 8)) % 10
    return _digits(scene, Fraction(made_up, 10 ** (places + 1)), places + 1)


def coarser(scene: Scene) -> Claim | None:
    """Return the claim with one digit less than declared, rounded the wrong way."""
    if (rounded := _rounding(scene)) is None or rounded[1] == 0:
        return None
    exact, places = rounded
    scale = 10 ** (places - 1)
    right = round(exact * scale)
    wrong = right + (1 if exact * scale > right else -1)
    return _digits(scene, Fraction(wrong, scale), places - 1)


def other_digits(scene: Scene) -> Claim | None:
    """Return the claim with another figure in the digits of another script."""
    text = _text(scene)
    table = {ord(str(one)): str((one + 3) % 10) for one in range(10)}
    return _figure(scene, text.translate(table).translate(scene.chance.choice(FOREIGN)))


def number_words(scene: Scene) -> Claim | None:
    """Return the claim with another figure in words."""
    text = _text(scene)
    if text.lstrip(MINUS).split(" ")[0].rstrip("%x°") in NAMES:
        return None
    word = scene.chance.choice(WORDS[scene.market.language])
    percent = scene.said(" percent", " phần trăm") if text.endswith("%") else ""
    return _figure(scene, word + percent)


def ranged(scene: Scene) -> Claim | None:
    """Return the claim with a range the value is not in."""
    value = abs(scene.first.value or 0.0) + 1.0
    low, high = (_print(scene, factor * value) for factor in (2.0, 3.0))
    return _figure(scene, f"{low}–{high}") if low != high else None


def brackets(scene: Scene) -> Claim | None:
    """Return the claim with a value above zero in an accountant's brackets, which say minus."""
    text = _text(scene)
    above = any(char in text for char in "123456789") and not text.startswith(MINUS)
    return _figure(scene, f"({text})") if above else None


def currency(scene: Scene) -> Claim | None:
    """Return the claim with money in another currency."""
    for one, other in ((" USD", " VND"), (" đồng", " USD"), (" VND", " EUR"), (" EUR", " USD")):
        if _text(scene).endswith(one):
            return _figure(scene, _text(scene).removesuffix(one) + other)
    return None


def _text(scene: Scene) -> str:
    return scene.market.text(scene.first)


def _print(scene: Scene, value: float) -> str:
    market, fact = scene.market, scene.first
    return printed(
        value, fact.unit, fact.measure, language=market.language, universe=market.universe
    )


def _figure(scene: Scene, text: str) -> Claim | None:
    if scene.first.value is None or SLOT not in scene.claim.text or text == _text(scene):
        return None
    return scene.worded(scene.claim.text.replace(SLOT, text, 1))


def _other_value(scene: Scene, value: float) -> Claim | None:
    return _figure(scene, _print(scene, value))


def _rounding(scene: Scene) -> tuple[Fraction, int] | None:
    """Return the number as printed before rounding and its decimals; None of counts and money."""
    fact = scene.first
    if fact.value is None or fact.unit in ("bn", "mn", "count", "sessions", "days", "weeks", "°"):
        return None
    exact = Fraction(repr(float(fact.value)))
    scale = 100 if fact.unit in ("fraction", "fraction_change") else 1
    return exact * scale, DECIMALS.get(fact.unit, 2)


def _digits(scene: Scene, value: Fraction, places: int) -> Claim | None:
    text = _text(scene)
    word = text.lstrip(f"{MINUS}0123456789.,")
    return _figure(scene, digits(value, places, scene.market.language) + word)
