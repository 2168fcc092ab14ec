"""What the packaged markets call their sectors and benchmarks; other markets have no names here."""

from functools import lru_cache

from app.files.universes import load_universes
from core.records.universe import Benchmark, Sector, Universe


@lru_cache(maxsize=32)
def names_of(universe: str) -> dict[str, frozenset[str]]:
    """Return, by name or ticker, the ids it stands for; empty for a market that is not packaged."""
    own = _packaged().get(universe)
    if own is None:
        return {}
    found: dict[str, set[str]] = {}
    called: tuple[Universe | Sector | Benchmark, ...] = (own, *own.sectors, *own.benchmarks)
    for row in called:
        for name in (row.name_en, row.name_vi):
            found.setdefault(name, set()).add(row.id)
    return {name: frozenset(ids) for name, ids in found.items()}


@lru_cache(maxsize=1)
def _packaged() -> dict[str, Universe]:
    return load_universes()
