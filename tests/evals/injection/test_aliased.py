"""A stranger's answer in a block of text leaves numbers, dates and listed names; none of its words.

Any string and any key of every answer the shipped alias map reads is a text once; and blocks with
many a text in their rows go through a session, the ledger and the gate.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count

import pytest
from mcp.server.fastmcp import FastMCP
from mcp.types import CallToolResult, TextContent
from pydantic import JsonValue, TypeAdapter

from agents.toolbox.aliases.closed_rows import Reader
from agents.toolbox.aliases.shipped import shipped
from agents.toolbox.errors import ToolCallError
from agents.toolbox.freshness import zone_of
from agents.toolbox.toolbox import Toolbox
from app.files.universes import load_universes
from core.records.evidence import Evidence
from evals.injection.corpus import Attack, Deal, corpus, handfuls, in_turn, sampled, whole
from evals.injection.harm import shown
from evals.injection.places import keyed, places, spoiled
from evals.injection.server import HARMLESS
from evals.injection.table import Table
from tests.agents.toolbox.strangers import MARKET, STRANGER, a_ledger, using
from tests.servers.market import AS_OF
from tests.servers.vimo_answers import ANSWERS

VIMO, VN = shipped("vimo"), load_universes()["vn"]
ASKED_AT = datetime(2026, 4, 24, 9, 0, tzinfo=UTC)
A_BLOCK = 100
"""Texts of one block: a row each, in the place of a date, of an unknown field and of a key."""
PLACES = 16
"""Of a text, and of a key beside it, in the answers the shipped map reads."""
SURFACES = ("any string", "any key", "text block", "block without JSON", "failure's words")
GOOD_ROWS = 40
"""Days enough for returns."""
JSON: TypeAdapter[JsonValue] = TypeAdapter(JsonValue)


def _left(their_tool: str, said: JsonValue, text: str) -> tuple[str, ...]:
    """Return where of a stranger's answer a text is left: in closed rows or in the refusal."""
    reader = Reader(VIMO, VIMO.answers[their_tool], zone_of(VN))
    try:
        kept = reader.closed(said, fetched_at=ASKED_AT).model_dump_json()
    except ToolCallError as error:
        return (f"{their_tool} quotes it",) if text in str(error) else ()
    left = text in kept or json.dumps(text) in kept or list(shown({"rows": kept}))
    return (f"{their_tool} keeps {text[:40]!r}",) if left else ()


def _read(table: Table, deal: Deal) -> None:
    turns = count()
    for their_tool, say in ANSWERS.items():
        answer = JSON.validate_python(say(ASKED_AT.date()))
        for path in places(answer):
            for attack in deal(next(turns)):
                wrong = _left(their_tool, spoiled(answer, path, attack.text), attack.text)
                table.note("any string, alias-mapped", (attack,), wrong)
                if isinstance(path[-1], str):
                    wrong = _left(their_tool, keyed(answer, path, attack.text), attack.text)
                    table.note("any key, alias-mapped", (attack,), wrong)


@dataclass
class Stranger:
    """A server that answers with the next of its blocks, each sent once."""

    blocks: list[tuple[str, bool]] = field(default_factory=list)

    def server(self) -> FastMCP:
        """Return it on MCP."""
        made = FastMCP("stranger", log_level="ERROR")

        async def market() -> CallToolResult:
            text, failed = self.blocks.pop(0)
            return CallToolResult(content=[TextContent(type="text", text=text)], isError=failed)

        made.add_tool(market, name="market")
        return made


def _block(texts: Sequence[str]) -> str:
    """Return an answer with good rows, and for each text a row that it spoils."""
    days = [AS_OF - timedelta(days=back) for back in range(GOOD_ROWS)]
    good = [{"day": str(day), "close": 100.0 + place} for place, day in enumerate(days)]
    rows = [{"day": text, "close": 1e6, "note": text, f"{text} ": text} for text in texts]
    return json.dumps({"data": [*rows, *good], "note": list(texts), "as_of": texts[0]})


def _told(blocks: Sequence[tuple[str, bool]]) -> list[tuple[str, str]]:
    """Return, of each block, the evidence or gap it comes to, and what the ledger keeps of it."""
    ledger, found = a_ledger(), list[tuple[str, str]]()

    async def use(box: Toolbox) -> None:
        for number in range(len(blocks)):
            told = await box.call(MARKET, run=f"run-{number}")
            kept = "\n".join(call.model_dump_json() for call in ledger.calls(f"run-{number}"))
            found.append((told.model_dump_json(), kept))
            assert isinstance(told, Evidence) is blocks[number][0].startswith('{"data"')

    using((STRANGER,), {"stranger": Stranger(list(blocks)).server()}, use, ledger=ledger)
    return found


def _sent(table: Table, attacks: Sequence[Attack]) -> None:
    few = tuple(handfuls(attacks, A_BLOCK))
    blocks = [(_block([attack.text for attack in each]), False) for each in few]
    twins = {len(each): _told([(_block([HARMLESS] * len(each)), False)])[0] for each in few}
    for each, told in zip(few, _told(blocks), strict=True):
        wrong = [] if told == twins[len(each)] else ["another answer, or more kept"]
        table.note("text block, alias-mapped", each, wrong)


def _failed(table: Table, attacks: Sequence[Attack]) -> None:
    """Deliver texts in place of an answer, and as the words of a failure."""
    for surface, failed in (("block without JSON", False), ("failure's words", True)):
        twin = _told([(HARMLESS, failed)])[0]
        told = _told([(attack.text, failed) for attack in attacks])
        for attack, each in zip(attacks, told, strict=True):
            wrong = [] if each == twin else ["another gap, or more kept"]
            table.note(f"{surface}, alias-mapped", (attack,), wrong)


def _counted(table: Table) -> list[int]:
    return [table.of(f"{surface}, alias-mapped") for surface in SURFACES]


def test_a_strangers_words_end_where_they_are_read(table: Table) -> None:
    sent, failed = sampled(83), sampled(311)
    _read(table, in_turn(sampled(41)))
    _sent(table, sent)
    _failed(table, failed)
    assert table.failures == 0, table.why[:10]
    assert _counted(table) == [PLACES, PLACES, len(sent), len(failed), len(failed)]


def test_another_number_is_another_answer() -> None:
    block = _block([HARMLESS])
    blocks = [(block, False), (block.replace("100.0", "50.0"), False)]
    assert len({told for told, _ in _told(blocks)}) == 2


@pytest.mark.prove
@pytest.mark.timeout(3600)
def test_no_word_of_the_whole_corpus_is_left_of_a_strangers_answer(table: Table) -> None:
    _read(table, whole)
    _sent(table, corpus())
    _failed(table, corpus())
    assert table.failures == 0, table.why[:20]
    texts = len(corpus())
    assert _counted(table) == [PLACES * texts, PLACES * texts, texts, texts, texts]
