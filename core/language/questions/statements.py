"""Decides which kinds of statements are asked for, and whether yearly ones; not of whom."""

import re
from typing import Final

from core.language.reading import Reading
from core.language.words.fold import phrase_key
from core.records.plan import StatementType

_CALLED: Final[dict[StatementType, tuple[str, ...]]] = {
    "income_statement": (
        "income statement", "income statements", "profit and loss", "báo cáo kết quả kinh doanh",
        "kết quả kinh doanh", "KQKD",
    ),
    "balance_sheet": (
        "balance sheet", "balance sheets", "bảng cân đối kế toán", "cân đối kế toán",
    ),
    "cash_flow": (
        "cash flow", "cash flows", "cash flow statement", "cash flow statements",
        "lưu chuyển tiền tệ", "báo cáo lưu chuyển tiền tệ",
    ),
}  # fmt: skip
_KINDS: Final = {
    phrase_key(phrase): kind for kind, phrases in _CALLED.items() for phrase in phrases
}
_YEARLY = re.compile(
    r"\b(?:annual|annually|yearly|full year|fiscal year|hang nam|theo nam|ca nam|thuong nien)\b"
    r"|_ nam\b"
)


def statement_kinds(reading: Reading) -> tuple[StatementType, ...]:
    """Return the kinds of statements named, in order; empty where none is."""
    found = (_KINDS.get(match.key) for match in reading.matches)
    return tuple(dict.fromkeys(kind for kind in found if kind is not None))


def asks_annual(reading: Reading) -> bool:
    """Tell whether statements of whole years are asked for."""
    if "statements" not in reading.topics:
        return False
    yearly = any(match.key[-1] == "nam" for match in reading.matches if match.meaning.topics)
    return yearly or _YEARLY.search(reading.words) is not None
