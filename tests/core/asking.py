"""What the tests of the grammar share: the shipped markets, and asking."""

import unicodedata
from importlib.resources import files

from core.markets.universe import parse_universe
from core.records.request import Request
from core.records.universe import Universe
from core.request import parse_request

UNIVERSES: tuple[Universe, ...] = tuple(
    parse_universe(files("core.universes").joinpath(f"{name}.toml").read_text("utf-8"))
    for name in ("demo", "europe", "us", "vn", "vn_hose", "world", "world_spdr")
)


def asked(text: str, default: str = "us", previous: Request | None = None) -> Request:
    """Return the question in closed terms, over the shipped markets."""
    return parse_request(text, UNIVERSES, default_universe=default, previous=previous)


def unmarked(text: str) -> str:
    """Return the text without diacritics."""
    plain = unicodedata.normalize("NFD", text.replace("đ", "d").replace("Đ", "D"))
    return "".join(mark for mark in plain if not unicodedata.combining(mark))
