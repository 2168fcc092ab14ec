"""Number words of both languages, folded, up to what a limit or a horizon needs."""

import re

_UNITS: dict[str, int] = {
    "a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7,
    "eight": 8, "nine": 9, "ten": 10, "eleven": 11, "twelve": 12, "fifteen": 15, "twenty": 20,
    "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80,
    "ninety": 90, "mot": 1, "hai": 2, "ba": 3, "bon": 4, "sau": 6, "bay": 7, "tam": 8, "chin": 9,
    "muoi": 10, "muoi hai": 12, "muoi lam": 15, "hai muoi": 20, "ba muoi": 30, "bon muoi": 40,
    "nam muoi": 50,
}  # fmt: skip

NUMBER = (
    r"(?:[0-9]{1,9}(?:[.,][0-9]{1,9}){0,3}|"
    + "|".join(sorted(map(re.escape, _UNITS), key=len, reverse=True))
    + ")"
)
"""A regular expression of one number in folded text, digits or words."""


def number_of(written: str) -> float:
    """Return the number a match of `NUMBER` writes; a lone comma or point is the decimal mark."""
    if written in _UNITS:
        return float(_UNITS[written])
    head, *groups = re.split(r"[.,]", written)
    if len(groups) == 1:
        return float(f"{head}.{groups[0]}")
    return float(head + "".join(groups))
