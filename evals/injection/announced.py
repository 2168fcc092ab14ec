"""Where a server's announcement holds text: of itself, and of each tool it lists."""

from collections.abc import Callable, Mapping
from typing import Final

Json = dict[str, object]
Place = Callable[[Json, str], Json]
"""From what is announced and a text to the same with the text in its place."""


def _field(name: str) -> Place:
    return lambda tool, text: {**tool, name: text}


def _in_schema(which: str, changes: Callable[[str], Json]) -> Place:
    def place(tool: Json, text: str) -> Json:
        schema = tool.get(which)
        held: Json = dict(schema) if isinstance(schema, dict) else {"type": "object"}
        properties = held.get("properties")
        told = changes(text)
        fresh = told.get("properties")
        if isinstance(properties, dict) and isinstance(fresh, dict):
            told = {**told, "properties": {**properties, **fresh}}
        return {**tool, which: {**held, **told}}

    return place


def _in_property(which: str, field: str, *, listed: bool = False) -> Place:
    """Return the place of a text in a property of its own, so that places do not meet."""
    name = f"{field}_"

    def changes(text: str) -> Json:
        said: object = [text] if listed else text
        return {"properties": {name: {"type": "string", field: said}}}

    return _in_schema(which, changes)


def _icon(tool: Json, text: str) -> Json:
    return {**tool, "icons": [{"src": f"https://evil.example/{text}", "mimeType": text}]}


IN_LISTING: Final[Mapping[str, Place]] = {
    "tool description": _field("description"),
    "tool title": _field("title"),
    "annotations title": lambda tool, text: {
        **tool,
        "annotations": {"title": text, "readOnlyHint": False, "destructiveHint": True},
    },
    "tool icon": _icon,
    "tool _meta": lambda tool, text: {**tool, "_meta": {"note": text}},
    "inputSchema description": _in_schema("inputSchema", lambda text: {"description": text}),
    "inputSchema title": _in_schema("inputSchema", lambda text: {"title": text}),
    "inputSchema property name": _in_schema(
        "inputSchema", lambda text: {"properties": {text: {"type": "string"}}, "required": [text]}
    ),
    "inputSchema property description": _in_property("inputSchema", "description"),
    "inputSchema default": _in_property("inputSchema", "default"),
    "inputSchema enum": _in_property("inputSchema", "enum", listed=True),
    "outputSchema description": _in_schema("outputSchema", lambda text: {"description": text}),
    "outputSchema const": _in_property("outputSchema", "const"),
}
"""Of one tool, so that a listing of many tools carries as many texts a place."""

TOOL_NAME: Final = "tool name"
"""A tool that is only there for its name."""


def _of_server(field: str) -> Place:
    def place(result: Json, text: str) -> Json:
        info = result["serverInfo"]
        held = info if isinstance(info, dict) else {}
        return {**result, "serverInfo": {**held, field: text}}

    return place


IN_GREETING: Final[Mapping[str, Place]] = {
    "server instructions": lambda result, text: {**result, "instructions": text},
    "serverInfo name": _of_server("name"),
    "serverInfo title": _of_server("title"),
    "serverInfo version": _of_server("version"),
    "serverInfo website": _of_server("websiteUrl"),
    "server capability": lambda result, text: {
        **result,
        "capabilities": {
            "tools": {"listChanged": True},
            "prompts": {"listChanged": True},
            "resources": {"subscribe": True},
            "experimental": {text: {"note": text}},
        },
    },
    "greeting _meta": lambda result, text: {**result, "_meta": {"note": text}},
}
"""Of a session, of which a run opens one: several texts stand in one place, a line each."""
