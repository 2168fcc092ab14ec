"""Recognises markets that are named and nobody here has; what is told instead is not decided."""

from typing import Final

from core.language.words.fold import Token, phrase_key

_NAMES: Final = (
    "Africa", "African", "Argentina", "Argentine", "Asia", "Asian", "Australia", "Australian",
    "Austria", "Austrian", "Belgium", "Belgian", "Brazil", "Brazilian", "Canada", "Canadian",
    "Chile", "Chilean", "China", "Chinese", "Colombia", "Colombian", "Denmark", "Danish", "Egypt",
    "Egyptian", "Europe", "European", "Finland", "Finnish", "France", "French", "Germany", "German",
    "Greece", "Greek", "Hong Kong", "India", "Indian", "Indonesia", "Indonesian", "Israel",
    "Israeli", "Italy", "Italian", "Japan", "Japanese", "Korea", "Korean", "Kuwait",
    "Latin America", "Latin American", "Malaysia", "Malaysian", "Mexico", "Mexican", "Netherlands",
    "Dutch", "Nigeria", "Nigerian", "Norway", "Norwegian", "Pakistan", "Pakistani", "Peru",
    "Peruvian", "Philippines", "Philippine", "Poland", "Portugal", "Portuguese", "Russia",
    "Russian", "Saudi Arabia", "Saudi", "Singapore", "South Africa", "South African", "Spain",
    "Spanish", "Sweden", "Swedish", "Switzerland", "Swiss", "Taiwan", "Taiwanese", "Thailand",
    "Thai", "Turkey", "Turkish", "United Kingdom", "UK", "Britain", "British", "United States",
    "US", "USA", "American", "Vietnam", "Vietnamese", "Nikkei", "Hang Seng", "Bovespa", "Sensex",
    "Trung Quốc", "Nhật Bản", "Hàn Quốc", "Ấn Độ", "Thái Lan", "Đài Loan", "Hồng Kông",
    "Anh Quốc", "nước Anh", "nước Đức", "nước Pháp", "nước Nga", "nước Úc", "Thụy Sĩ",
    "Thụy Điển", "Tây Ban Nha", "Châu Á", "châu Phi", "Nam Mỹ", "Mỹ Latinh", "châu Âu",
)  # fmt: skip
_CAPITAL: Final = frozenset({"us", "thai", "turkey"})
"""Folded words that mean something else as well unless they begin with a capital."""
_KEYS: Final = {phrase_key(name) for name in _NAMES}
_LONGEST: Final = max(map(len, _KEYS))


def markets_elsewhere(
    source: str, tokens: tuple[Token, ...], taken: frozenset[int]
) -> tuple[str, ...]:
    """Return the countries and regions named that no market here is of, as written, in order.

    Args:
        source: the text.
        tokens: its words.
        taken: places of words that mean something of ours, or that are quoted.
    """
    found: dict[str, None] = {}
    at = 0
    while at < len(tokens):
        sizes = range(min(_LONGEST, len(tokens) - at), 0, -1)
        size = next((n for n in sizes if _is_name(source, tokens[at : at + n])), 0)
        if size and taken.isdisjoint(range(at, at + size)):
            found[source[tokens[at].start : tokens[at + size - 1].end]] = None
        at += size or 1
    return tuple(found)


def _is_name(source: str, tokens: tuple[Token, ...]) -> bool:
    key = tuple(token.word for token in tokens)
    if key not in _KEYS:
        return False
    return key[0] not in _CAPITAL or source[tokens[0].start].isupper()
