"""Reads what the user says a sector did, so that it can be checked; it believes none of it."""

import re

from core.language.limits.bounds import PERCENT
from core.language.limits.sectors import Question, meant
from core.language.words.numerals import number_of
from core.records.request import Stated
from core.records.universe import Horizon

STATED_CAP = 4

_UP = "up|gained|gains|rose|risen|added|climbed|tang"
_DOWN = "down|lost|loses|fell|fallen|dropped|shed|giam|mat"
_SAID = re.compile(
    r"<(?P<phrase>[0-9]+)> (?:(?:is|are|was|were|has|have|had|been|already|s|da|dang|vua|&|@) )*"
    rf"(?:(?P<up>{_UP})|(?P<down>{_DOWN})) (?:by |khoang |hon |about )?{PERCENT}"
    r"(?: (?:this|last|past|over|in|the|for|one|a|trong|suot|ca|1))*"
    r" (?P<unit>week|month|quarter|3 months|three months|tuan|thang|quy|3 thang|ba thang)\b"
)
_HORIZONS: dict[str, Horizon] = {
    "week": "1W", "tuan": "1W", "month": "1M", "thang": "1M", "quarter": "3M", "quy": "3M",
    "3 months": "3M", "three months": "3M", "3 thang": "3M", "ba thang": "3M",
}  # fmt: skip
_RANGE = (-100.0, 1000.0)


def stated_of(question: Question) -> tuple[Stated, ...]:
    """Return the returns the user states of sectors of the chosen markets."""
    found: list[Stated] = []
    for match in _SAID.finditer(question.reading.words):
        said = number_of(match["number"]) * (1.0 if match["up"] else -1.0)
        pairs = meant(question.reading.sectors[int(match["phrase"])], question)
        if _RANGE[0] <= said <= _RANGE[1]:
            found += [
                Stated(
                    universe=universe,
                    sector=sector,
                    horizon=_HORIZONS[match["unit"]],
                    return_pct=said,
                )
                for universe, sector in pairs[:1]
            ]
    return tuple(found[:STATED_CAP])
