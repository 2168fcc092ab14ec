"""Where a JSON value holds text: the places, and the value with a text in one of them."""

from collections.abc import Callable, Iterator
from typing import cast

from pydantic import JsonValue

Path = tuple[str | int, ...]


def places(value: JsonValue, path: Path = ()) -> Iterator[Path]:
    """Yield the places of texts; of a list those of its first entry."""
    if isinstance(value, str):
        yield path
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield from places(inner, (*path, key))
    elif isinstance(value, list) and value:
        yield from places(value[0], (*path, 0))


def spoiled(value: JsonValue, path: Path, text: str) -> JsonValue:
    """Return the value with the text in a place."""
    return _changed(value, path, lambda _: text)


def keyed(value: JsonValue, path: Path, text: str) -> JsonValue:
    """Return the value with the text for one key more, beside the key a place ends in."""
    return _changed(value, path[:-1], lambda held: {**cast(dict[str, JsonValue], held), text: 1})


def _changed(value: JsonValue, path: Path, change: Callable[[JsonValue], JsonValue]) -> JsonValue:
    if not path:
        return change(value)
    head, rest = path[0], path[1:]
    if isinstance(value, dict) and isinstance(head, str):
        return {**value, head: _changed(value[head], rest, change)}
    rows = cast(list[JsonValue], value)  # a place leads through nothing else
    return [_changed(rows[0], rest, change), *rows[1:]]
