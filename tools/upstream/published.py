"""Decides which published series are fetched for which universe, from `published.toml`."""

import tomllib
from functools import lru_cache
from importlib.resources import files

from core.records.record import Record


class Indicator(Record):
    """One World Bank indicator: its code and the series it is stored as."""

    code: str
    series: str


class Published(Record):
    """The whole of published.toml."""

    fred: dict[str, tuple[str, ...]]
    economies: dict[str, str]
    indicators: tuple[Indicator, ...]
    market_rates: tuple[str, ...]


@lru_cache(maxsize=1)
def published() -> Published:
    """Return the packaged table."""
    text = files("tools.upstream").joinpath("published.toml").read_text(encoding="utf-8")
    return Published.model_validate(tomllib.loads(text))
