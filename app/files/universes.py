"""Reads the universes: the shipped ones and the user's own files."""

from functools import cache
from importlib.resources import files
from pathlib import Path

from core.errors import CallerError, UnknownUniverseError
from core.markets.universe import parse_universe
from core.records.universe import Universe


def load_universes(own: tuple[Path, ...] = ()) -> dict[str, Universe]:
    """Return all universes by id, sorted; a user's file of the same id replaces a shipped one.

    Raises:
        CallerError: a file cannot be read or does not describe a universe.
    """
    parsed = (*_shipped(), *(parse_universe(_text(path)) for path in own))
    return {universe.id: universe for universe in sorted(parsed, key=lambda item: item.id)}


def one_of(universes: dict[str, Universe], name: str) -> Universe:
    """Return the universe of that id.

    Raises:
        UnknownUniverseError: there is none; the message lists those there are.
    """
    if name not in universes:
        raise UnknownUniverseError(
            f"universe {name!r} is unknown: use one of {', '.join(universes)}, "
            "or name your own file in SECTORWISE_UNIVERSE_FILES"
        )
    return universes[name]


@cache
def _shipped() -> tuple[Universe, ...]:
    entries = sorted(files("core.universes").iterdir(), key=lambda entry: entry.name)
    texts = (entry.read_text("utf-8") for entry in entries if entry.name.endswith(".toml"))
    return tuple(parse_universe(text) for text in texts)


def _text(path: Path) -> str:
    try:
        return path.expanduser().read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise CallerError(f"universe file {path} cannot be read: {error}") from error
