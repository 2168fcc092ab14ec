"""A members file's names, exchanges and industries reach MCP clients as lines that lead nowhere."""

import csv
import json
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path

import pytest
from mcp.types import CallToolResult

from app.awaiting import awaited
from core.plain_text import plain_line
from core.records.instruments import NAME_CHARS
from evals.injection.corpus import CROSSINGS, Attack, crossed, sampled
from evals.injection.harm import LEADING, shown
from evals.injection.table import Table
from tests.evals.injection.delivering import UNIVERSE
from tools.context import ToolContext
from tools.intake.importing import imported
from tools.server import build_server
from tools.storage.models import ModelStore
from tools.storage.store import Store

LAST = date(2024, 3, 28)
DAYS = tuple(LAST - timedelta(days=back) for back in range(40) if back % 7 < 5)
FIELDS = ("name", "industry", "exchange")
TOOLS = {"search_instruments": "query", "get_stock_info": "symbol"}
"""Tools that tell a member's texts, and the argument that names it."""


def _written(path: Path, rows: Sequence[dict[str, object]]) -> tuple[Path]:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, tuple(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return (path,)


def _market(folder: Path, attacks: Sequence[Attack]) -> ToolContext:
    """Return a market whose every member has a text for its name, its industry and its exchange."""
    folder.mkdir()
    members: list[dict[str, object]] = []
    prices: list[dict[str, object]] = []
    for number, attack in enumerate(attacks):
        sector = UNIVERSE.sectors[number % len(UNIVERSE.sectors)]
        member: dict[str, object] = {"symbol": _symbol(number), "sector": sector.name_en}
        members.append(member | dict.fromkeys(FIELDS, attack.text))
        prices += [
            {"symbol": _symbol(number), "date": day, "close": 10.0 + day.day, "volume": 1000}
            for day in sorted(DAYS)
        ]
    store = Store(folder / "store")
    imported(store, _written(folder / "members.csv", members), "members", UNIVERSE)
    imported(store, _written(folder / "prices.csv", prices), "prices", UNIVERSE)
    return ToolContext(
        store, {UNIVERSE.id: UNIVERSE}, ModelStore(folder), UNIVERSE.id, today=lambda: LAST
    )


def _symbol(number: int) -> str:
    return f"S{number:04d}"


def _answers(context: ToolContext, count: int) -> list[dict[str, CallToolResult]]:
    """Return what each tool tells an MCP client of each member."""
    server = build_server(context)

    async def told(tool: str, symbol: str) -> CallToolResult:
        answer = await server.call_tool(tool, {TOOLS[tool]: symbol})
        assert isinstance(answer, CallToolResult)
        return answer

    async def main() -> list[dict[str, CallToolResult]]:
        return [
            {tool: await told(tool, _symbol(number)) for tool in TOOLS} for number in range(count)
        ]

    return awaited(main())


def _members(table: Table, attacks: Sequence[Attack], folder: Path) -> None:
    """Deliver texts; the one exception of the marks is `PLAIN_WORD`, which a name may hold."""
    for attack, told in zip(attacks, _answers(_market(folder, attacks), len(attacks)), strict=True):
        for tool, answer in told.items():
            content = answer.structuredContent or {}
            (row,) = content["rows"]
            assert row["name"] == (plain_line(attack.text, NAME_CHARS) or None)
            said = {"answer": json.dumps(content, ensure_ascii=False), "text": str(answer.content)}
            table.note(f"member's texts, {tool}", (attack,), list(shown(said, LEADING)))


def _counted(table: Table) -> list[int]:
    return [table.of(f"member's texts, {tool}") for tool in TOOLS]


def test_a_members_texts_lead_nowhere(table: Table, tmp_path: Path) -> None:
    few = sampled(311)
    _members(table, few, tmp_path / "market")
    assert table.failures == 0, table.why[:10]
    assert _counted(table) == [len(few)] * len(TOOLS)


@pytest.mark.prove
@pytest.mark.timeout(3600)
def test_the_whole_corpus_as_texts_of_members(table: Table, tmp_path: Path) -> None:
    for start in range(CROSSINGS):
        _members(table, crossed(start=start), tmp_path / str(start))
    assert table.failures == 0, table.why[:20]
    assert _counted(table) == [CROSSINGS * len(crossed())] * len(TOOLS)
