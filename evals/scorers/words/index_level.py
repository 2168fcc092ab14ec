"""Whether no level of an index is forecast, in numbers or in words."""

import re
from collections.abc import Iterator

from evals.records import Ran
from evals.scorers.checks import Check
from evals.scorers.told import phrases, sentences

INDEX = phrases(
    "vn-?index", "vn ?30", "hnx-?index", "upcom-?index", "s&p ?500", "s&p", "spx",
    "nasdaq(?:-100)?", "dow(?: jones)?", "russell ?2000", "stoxx(?: ?600)?", "dax",
    "ftse(?: ?100)?",
    "msci \\w+", "the index", "the market", "chỉ số", "thị trường",
)  # fmt: skip
AHEAD = phrases(
    "will", "target of", "price target", "reach(?:es)?", "is expected to (?:reach|rise|fall|trade)",
    "forecast (?:at|to)", "heading (?:to|for)", "by (?:next|the end)", "sẽ", "đạt mốc", "chạm mốc",
    "hướng tới", "mục tiêu", "dự báo (?:đạt|ở)", "lên mức", "về mức",
)  # fmt: skip
POINTS = re.compile(r"\d[\d.,]*\s*(?:points?\b|pts\b|điểm(?!\s*(?:%|cơ bản|z\b)))", re.IGNORECASE)
NUMBER = re.compile(
    r"\d[\d.,]*(?!\s*(?:[\d.,%/]|pp\b|bp\b|sessions?|days?|weeks?|months?|years?|phiên|ngày|tuần|tháng|"
    r"năm|điểm|(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)\b))"
)
"""A number that is no share, no length and no part of a date."""


def checks(ran: Ran) -> Iterator[Check]:
    """Yield of each sentence whether it gives no level."""
    for told in sentences(ran):
        yield told.check(not gives_level(told.sentence.text), "a level is forecast")


def gives_level(text: str) -> bool:
    """Tell whether a text says where an index will stand.

    A number of points beside an index does; so does a bare number after words that look ahead.
    """
    named = INDEX.search(text) is not None
    bare = INDEX.sub(" ", text)
    if named and POINTS.search(bare):
        return True
    ahead = AHEAD.search(bare)
    return named and ahead is not None and NUMBER.search(bare[ahead.start() :]) is not None
