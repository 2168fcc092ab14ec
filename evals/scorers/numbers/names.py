"""What may be called what: sectors and benchmarks by the markets' files, digits by a list of names.

Both are read as data, not by the product's code; a user's own market has no names here.
"""

import re
import tomllib
from functools import lru_cache
from importlib.resources import files

from core.records.evidence import Fact
from core.records.request import Language

SYMBOL = re.compile(r"[A-Z][A-Z0-9.^=-]*")
"""A ticker, which no value begins like."""
Listed = dict[str, list[str]]


@lru_cache(maxsize=32)
def names_of(universe: str) -> dict[str, frozenset[str]]:
    """Return, by name or ticker, the ids it stands for; empty for a market that is not packaged."""
    return _packaged().get(universe, {})


def is_name(text: str, fact: Fact, language: Language) -> bool:
    """Tell whether a text with digits is a name the fact has: of its subject, measure or label."""
    if {fact.subject, fact.benchmark, fact.universe} & names_of(fact.universe).get(
        text, frozenset()
    ):
        return True
    stem, *keys = fact.measure.split(".")
    if text in (fact.subject, fact.label, *keys):
        return SYMBOL.fullmatch(text) is not None
    listed, endings = _listed(language)
    ids = (stem, *keys, fact.subject, fact.label or "")
    rest = text
    for length, said in endings.items():
        if any(row == length or row.endswith(f"_{length}") for row in (stem, *keys)):
            rest = next((rest.removesuffix(end) for end in said if rest.endswith(end)), rest)
    known = {name.casefold() for row in ids for name in listed.get(row, [])}
    return rest.casefold() in known or (rest != text and not re.search(r"\d", rest))


@lru_cache(maxsize=2)
def _listed(language: Language) -> tuple[Listed, Listed]:
    """Return the names with digits by id, and the endings by length."""
    own = files("evals.scorers.numbers").joinpath("names.toml").read_text(encoding="utf-8")
    told = tomllib.loads(own)[language]
    return {key: names for key, names in told.items() if key != "endings"}, told["endings"]


@lru_cache(maxsize=1)
def _packaged() -> dict[str, dict[str, frozenset[str]]]:
    folder = files("core.universes")
    texts = [
        entry.read_text(encoding="utf-8")
        for entry in sorted(folder.iterdir(), key=lambda entry: entry.name)
        if entry.name.endswith(".toml")
    ]
    return {told["id"]: _ids(told) for told in map(tomllib.loads, texts)}


def _ids(told: dict[str, object]) -> dict[str, frozenset[str]]:
    """Return the ids by name of a universe's file: of itself, its sectors and its benchmarks."""
    found: dict[str, set[str]] = {}
    for row in (told, *_rows(told, "sectors"), *_rows(told, "benchmarks")):
        for name in (row["name_en"], row["name_vi"]):
            found.setdefault(str(name), set()).add(str(row["id"]))
    return {name: frozenset(ids) for name, ids in found.items()}


def _rows(told: dict[str, object], key: str) -> list[dict[str, object]]:
    rows = told.get(key, [])
    return [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []
