"""Names those who trade a market, who are not the user; what they do is no wish of the user's."""

from typing import Final

from core.language.words.fold import phrase_key

ACTORS: Final = frozenset(
    phrase_key(phrase)
    for phrase in (
        "foreigner", "foreigners", "foreign investors", "international investors", "hedge funds",
        "whale", "whales", "big money", "smart money", "khối ngoại", "nước ngoài",
        "nhà đầu tư nước ngoài", "NĐTNN", "NĐT ngoại", "vốn ngoại", "dòng vốn ngoại", "tự doanh",
        "ông tây", "mấy ông tây", "các ông tây", "mấy anh tây", "các bác tây", "tây lông",
        "cá mập", "cá voi", "tay to", "nhà đầu tư lớn",
    )
)  # fmt: skip
"""Folded phrases of `core.language.words.terms` that name them."""
ACTORS_MARK: Final = ("_", "traders")
"""What stands for one of them in a question's own words."""
