"""Decides what a page is: its address, template, script and style, and the words it shows."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from jinja2 import Environment, PackageLoader, StrictUndefined

from app.web.assets import asset_path
from core.records.request import Language

Words = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Page:
    """A page of the site.

    name: of its template, script, style and words. path: its address; parameters in braces.
    nav: whether the navigation lists it.
    """

    name: str
    path: str
    nav: bool = True


@lru_cache(maxsize=64)
def words(name: str, language: Language) -> Words:
    """Return a page's words over those of every page and of the chat beside it.

    Raises:
        KeyError: the two languages do not say the same things; a test reads them all.
    """
    common = {**_read("site", language), **_read("chat", language)}
    return common if name == "site" else {**common, **_read(name, language)}


@lru_cache(maxsize=1)
def environment() -> Environment:
    """Return the templates of all pages; what is written into them is escaped."""
    made = Environment(
        loader=PackageLoader("app.web"), autoescape=True, undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    made.globals["asset"] = asset_path
    return made


def _read(name: str, language: Language) -> Words:
    text = files("app.web").joinpath("words", f"{name}.{language}.toml").read_text("utf-8")
    read: dict[str, str] = tomllib.loads(text)
    return read
