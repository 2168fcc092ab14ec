"""Decides how the tools are described to a reader: arguments, results with units, one call each.

All of it comes from the published schemas and the table of examples, so it cannot say anything else
than the server does.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from importlib.resources import files
from string import Template
from typing import Final

from mcp.types import Tool

from app.reference.tool_examples import examples_of
from core.measures import measure_of
from core.records.result import UNITS, ToolResult

Json = Mapping[str, object]
ENVELOPE: Final = tuple(ToolResult.model_fields)
CONTRACT: Final = str(ToolResult.model_fields["contract"].default)
NUMBERS: Final = frozenset({"number", "integer"})
TYPES: Final = {"string": "text", "boolean": "true or false", "object": "object", "null": "null"}


def reference_text(tools: Sequence[Tool]) -> str:
    """Return the reference of these tools as Markdown, in alphabetical order."""
    ordered = sorted(tools, key=lambda tool: tool.name)
    frame = files("app").joinpath("tool_reference.md").read_text(encoding="utf-8")
    envelope = ToolResult.model_json_schema()
    parts: dict[str, Json] = dict(_definitions(envelope))
    for tool in ordered:
        parts |= {
            name: part
            for name, part in _definitions(_object(tool.outputSchema)).items()
            if name not in parts
        }
    return Template(frame).substitute(
        contract=CONTRACT,
        count=len(ordered),
        units=", ".join(
            f"`_{name}`" + (f" {unit}" if unit else "") for name, unit in UNITS.items()
        ),
        index="\n".join(
            f"- [{tool.name}](#{tool.name}): {first_paragraph(tool)}" for tool in ordered
        ),
        envelope=_table(_fields(envelope)),
        tools="\n\n".join(_section(tool) for tool in ordered),
        parts="\n\n".join(_part(name, parts[name]) for name in sorted(parts)),
    )


def first_paragraph(tool: Tool) -> str:
    """Return what the tool answers, in its own first sentence."""
    return (tool.description or "").strip().split("\n\n")[0].replace("\n", " ").strip()


def _section(tool: Tool) -> str:
    arguments = list(_arguments(tool))
    example = json.dumps(examples_of(tool)["most"], ensure_ascii=False)
    result = _object(tool.outputSchema)
    fields = [row for row in _fields(result) if not _enveloped(result) or row[0] not in _TICKED]
    return "\n\n".join(
        [
            f"### {tool.name}",
            _paragraphs(tool.description or ""),
            _table(arguments, "argument", "takes", "default", "meaning")
            if arguments
            else "No arguments.",
            _table(fields) if fields else "The answer is text, a picture or the envelope alone.",
            f"    sectorwise tools call {tool.name} --json '{example}'",
        ]
    )


def _part(name: str, part: Json) -> str:
    closed = part.get("enum")
    if isinstance(closed, list):
        return f"### {name}\n\n{_type(part)}"
    lines = [f"### {name}", str(part.get("description", "")).replace("\n", " ")]
    return "\n\n".join([line for line in lines if line] + [_table(_fields(part))])


_TICKED: Final = frozenset(f"`{name}`" for name in ENVELOPE)


def _enveloped(result: Json) -> bool:
    return set(ENVELOPE) <= set(_object(result.get("properties")))


def _arguments(tool: Tool) -> Iterator[tuple[str, str, str, str]]:
    needed = tool.inputSchema.get("required", [])
    for name, value in _object(tool.inputSchema.get("properties")).items():
        schema = _object(value)
        default = schema.get("default")
        shown = "needed" if name in needed else f"`{_plain(default)}`" if default else ""
        yield f"`{name}`", _type(schema, null=False), shown, str(schema.get("description", ""))


def _fields(record: Json) -> list[tuple[str, str, str, str]]:
    rows = []
    for name, value in _object(record.get("properties")).items():
        schema = _object(value)
        unit = measure_of(name)[1] if _is_number(schema) else ""
        unit = "" if unit in {"index", "level"} else unit
        rows.append((f"`{name}`", _type(schema), unit, str(schema.get("description", ""))))
    return rows


def _table(
    rows: Sequence[tuple[str, str, str, str]],
    *headings: str,
) -> str:
    shown = headings or ("field", "type", "unit", "meaning")
    lines = [shown, tuple("---" for _ in shown), *rows]
    return "\n".join(
        "| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in line) + " |"
        for line in lines
    )


def _type(schema: Json, *, null: bool = True) -> str:
    reference = schema.get("$ref")
    if isinstance(reference, str):
        name = reference.rpartition("/")[2]
        return f"[{name}](#{name.lower()})"
    choices = _objects(schema.get("anyOf")) or _objects(schema.get("oneOf"))
    if choices:
        said = [_type(choice) for choice in choices if null or choice.get("type") != "null"]
        return " or ".join(dict.fromkeys(said))
    if "const" in schema:
        return f"`{_plain(schema['const'])}`"
    closed = schema.get("enum")
    if isinstance(closed, list):
        return ", ".join(f"`{_plain(item)}`" for item in closed)
    return _simple_type(schema)


def _simple_type(schema: Json) -> str:
    kinds = schema.get("type", "any")
    if isinstance(kinds, list):
        return " or ".join(TYPES.get(str(each), str(each)) for each in kinds)
    kind = str(kinds)
    if kind == "array":
        inside = _object(schema.get("items"))
        most = schema.get("maxItems")
        return f"list of {_type(inside)}" + (f", at most {most}" if most else "")
    if kind in NUMBERS:
        least, most = schema.get("minimum"), schema.get("maximum")
        bounds = [f"from {least}"] * (least is not None) + [f"to {most}"] * (most is not None)
        return " ".join([kind, *bounds])
    form = schema.get("format")
    return str(form) if form in {"date", "date-time"} else TYPES.get(kind, kind)


def _is_number(schema: Json) -> bool:
    choices = [schema, *_objects(schema.get("anyOf")), _object(schema.get("items"))]
    return any(str(choice.get("type")) in NUMBERS for choice in choices)


def _paragraphs(text: str) -> str:
    return "\n\n".join(
        " ".join(part.split()) for part in text.strip().split("\n\n") if part.strip()
    )


def _plain(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _definitions(schema: Json) -> dict[str, Json]:
    return {name: _object(part) for name, part in _object(schema.get("$defs")).items()}


def _object(value: object) -> Json:
    return value if isinstance(value, Mapping) else {}


def _objects(value: object) -> list[Json]:
    return [_object(item) for item in value] if isinstance(value, list) else []
