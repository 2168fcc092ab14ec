"""Which alias maps come with the product, by name; users' own are read by the composition root."""

from functools import cache
from importlib.resources import files

from agents.toolbox.alias_map import AliasMap, alias_map

_FOLDER = "agents.toolbox.aliases"


def shipped_names() -> tuple[str, ...]:
    """Return the names of the shipped maps, sorted."""
    found = (entry.name for entry in files(_FOLDER).iterdir())
    return tuple(sorted(name.removesuffix(".toml") for name in found if name.endswith(".toml")))


@cache
def shipped(name: str) -> AliasMap:
    """Return the shipped map of that name.

    Raises:
        FileNotFoundError: there is none.
    """
    text = files(_FOLDER).joinpath(f"{name}.toml").read_text(encoding="utf-8")
    return alias_map(text, origin=name)
