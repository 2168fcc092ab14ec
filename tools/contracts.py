"""Decides how a typed result reads as text and how large an answer may be; no number changes.

The text is for a reader or a stranger's agent. Ours reads `structuredContent` only.
"""

import json
from datetime import date

from mcp.server.fastmcp.exceptions import ToolError
from mcp.types import CallToolResult, TextContent

from core.gaps import gap_sentence
from core.records.record import Record
from core.records.result import ToolResult
from core.records.universe import Universe

TEXT_CAP_CHARS = 10_000
"""4,000 tokens of tables: digits and separators run at about 2.5 characters a token."""
STRUCTURED_CAP_BYTES = 512 * 1024
"""What our own gateway accepts of one answer."""

_ENVELOPE = frozenset(ToolResult.model_fields)
_PICTURE_ONLY = frozenset({"tail", "values", "frequency"})


def answer(
    result: ToolResult, universe: Universe, *, bytes_cap: int = STRUCTURED_CAP_BYTES
) -> CallToolResult:
    """Return the result as MCP content: a table to read, and every value as JSON.

    Args:
        result: of this universe.
        universe: names the market in the sentence of a gap.
        bytes_cap: of the JSON.

    Raises:
        ToolError: the JSON is over the cap; the message says how to ask for less.
    """
    structured = result.model_dump(mode="json")
    size = len(json.dumps(structured, ensure_ascii=False).encode())
    if size > bytes_cap:
        raise ToolError(
            f"The answer has {size} bytes and {bytes_cap} is the cap: "
            "name one sector, fewer symbols or a shorter period."
        )
    text = TextContent(type="text", text=readable(result, universe))
    return CallToolResult(content=[text], structuredContent=structured)


def readable(result: ToolResult, universe: Universe, *, cap: int = TEXT_CAP_CHARS) -> str:
    """Return the result as compact tables of at most `cap` characters; a cut is announced."""
    lines = [_title(result)]
    if result.gap is not None:
        lines.append(f"gap {result.gap.reason}: {gap_sentence(result.gap, universe, 'en')}")
    for name in type(result).model_fields:
        if name not in _ENVELOPE:
            lines += _section(name, getattr(result, name))
    lines += _tail_lines(result)
    return _cut(lines, cap)


def _title(result: ToolResult) -> str:
    known = f", known at {result.known_at}" if result.known_at else ""
    synthetic = ", SYNTHETIC demo data" if result.synthetic else ""
    return (
        f"{result.tool} {result.universe} as of {result.as_of}{known}"
        f", money in {result.currency}{synthetic}"
    )


def _tail_lines(result: ToolResult) -> list[str]:
    lines = []
    if result.missing:
        cells: dict[tuple[str, str], list[str]] = {}
        for row in result.missing:
            cells.setdefault((row.reason, row.measure), []).append(row.subject)
        lines += [f"missing {m} ({r}): {', '.join(names)}" for (r, m), names in cells.items()]
    if result.factors:
        lines.append(f"factors: {len(result.factors)} values in the structured content")
    return lines


def _section(name: str, value: object) -> list[str]:
    if not isinstance(value, tuple):
        return [f"{name}: {_cell(value)}"] if value is not None else []
    records = [row for row in value if isinstance(row, Record)]
    if not records:
        return [f"{name}: {_cell(value)}"] if value else []
    rows = [_flat(row) for row in records]
    keys = dict.fromkeys(key for row in rows for key in row)
    columns = [key for key in keys if any(row.get(key, "-") != "-" for row in rows)]
    table = [" | ".join(row.get(key, "-") for key in columns) for row in rows]
    return [f"{name} ({len(rows)}):", " | ".join(columns), *table]


def _flat(record: Record, prefix: str = "") -> dict[str, str]:
    cells: dict[str, str] = {}
    for name in type(record).model_fields:
        value = getattr(record, name)
        if name in _PICTURE_ONLY:
            continue
        if isinstance(value, Record):
            cells |= _flat(value, f"{prefix}{name}.")
        else:
            cells[f"{prefix}{name}"] = _cell(value)
    return cells


def _cell(value: object) -> str:
    if value is None or value == ():
        return "-"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:.6g}" if abs(value) >= 1000 else f"{value:.4g}"
    if isinstance(value, tuple):
        return "; ".join(_cell(item) for item in value)
    if isinstance(value, Record):
        return " ".join(_flat(value).values())
    return value.isoformat() if isinstance(value, date) else str(value)


def _cut(lines: list[str], cap: int) -> str:
    text = "\n".join(lines)
    if len(text) <= cap:
        return text
    note = "(cut: {} more lines; the structured content is complete)"
    room = cap - len(note) - 8
    kept: list[str] = []
    for line in lines:
        room -= len(line) + 1
        if room < 0:
            break
        kept.append(line)
    return "\n".join([*kept, note.format(len(lines) - len(kept))])
