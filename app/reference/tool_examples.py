"""Decides which arguments a tool is shown and tried with; their meaning is the tool's own."""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import TypedDict

from mcp.types import Tool

Json = Mapping[str, object]


class Examples(TypedDict):
    """Two calls of one tool: with no more than it needs, and with all it takes."""

    least: dict[str, object]
    most: dict[str, object]


def examples_of(tool: Tool) -> Examples:
    """Return the tool's examples, derived from its schema and the table of example values.

    Raises:
        ValueError: an argument the tool needs has no example; the message says where to add it.
    """
    table = _table()
    own = table.get(tool.name, {})
    values = {**table["any"], **own}
    properties = _object(tool.inputSchema.get("properties"))
    needed = [*_names(tool.inputSchema.get("required")), *_names(own.get("required"))]
    left_out = set(_names(own.get("without")))
    most: dict[str, object] = {}
    for name, schema in properties.items():
        value = values.get(name, _derived(_object(schema)))
        if value is not None and name not in left_out:
            most[name] = value
    lacking = sorted(set(needed) - set(most))
    if lacking:
        wanted = ", ".join(lacking)
        raise ValueError(f"tool_examples.toml: [{tool.name}] needs an example of {wanted}")
    return Examples(least={name: most[name] for name in needed}, most=most)


def _derived(schema: Json) -> object:
    """Return the default, else the first value of a closed set; None where neither is there."""
    default = schema.get("default")
    if default is not None:
        return default
    for choice in (schema, *_objects(schema.get("anyOf"))):
        closed = choice.get("enum")
        if isinstance(closed, list):
            return closed[0]
        if choice.get("type") == "boolean":
            return False
    return None


@cache
def _table() -> dict[str, dict[str, object]]:
    text = files("app.reference").joinpath("tool_examples.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def _object(value: object) -> Json:
    return value if isinstance(value, Mapping) else {}


def _objects(value: object) -> list[Json]:
    return [_object(item) for item in value] if isinstance(value, list) else []


def _names(value: object) -> list[str]:
    return [str(item) for item in value] if isinstance(value, list) else []
