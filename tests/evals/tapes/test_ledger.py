"""A call is answered from the tape, or what becomes of it is told loudly."""

import asyncio
from datetime import date
from pathlib import Path
from typing import Final

import pytest

from agents.llm.protocol import ModelAnswer
from agents.toolbox.calls import CallRequest, Outcome, RecordedCall
from core.records.contracts import contract_hash
from evals.records import Fault
from evals.tapes.ledger import Misses, TapeLedger, TapeMissError

TOOL: Final = "get_market_overview"
ASKED: Final = CallRequest(
    kind="tool",
    server="sectorwise",
    name=TOOL,
    arguments={"region": "demo"},
    schema_hash=contract_hash(TOOL),
)
ANSWER: Final = Outcome(text='{"tool":"get_market_overview"}')


def ledger(
    misses: Misses, calls: dict[str, RecordedCall], faults: tuple[Fault, ...] = ()
) -> TapeLedger:
    return TapeLedger("t", calls, asked_on=date(2025, 1, 2), misses=misses, faults=faults)


def asked(tape: TapeLedger, request: CallRequest = ASKED, answer: Outcome = ANSWER) -> Outcome:
    async def call() -> Outcome:
        return answer

    async def main() -> Outcome:
        try:
            return await tape.outcome(request, run="r", call=call)
        finally:
            tape.close()

    return asyncio.run(main())


def a_tape() -> dict[str, RecordedCall]:
    calls: dict[str, RecordedCall] = {}
    asked(ledger("make", calls))
    return calls


def test_what_was_made_once_is_on_the_tape_and_not_made_again() -> None:
    replayed = ledger("raise", a_tape())
    assert asked(replayed, answer=Outcome(failed="server_down")) == ANSWER
    assert [(call.tool, call.missed, call.faulty) for call in replayed.asked] == [
        (TOOL, False, False)
    ]


def test_a_call_that_is_not_on_the_tape_ends_the_case() -> None:
    with pytest.raises(TapeMissError, match=r'get_market_overview \{"region":"demo"\} is not on'):
        asked(ledger("raise", {}))


def test_a_call_that_may_be_missing_is_a_gap_of_its_own_and_noted() -> None:
    tape = ledger("gap", {})
    assert asked(tape) == Outcome(failed="replay_miss")
    assert tape.asked[0].missed


def test_a_fault_changes_what_is_told_and_not_what_is_kept() -> None:
    fault = Fault(tool=TOOL, kind="hung")
    calls: dict[str, RecordedCall] = {}
    tape = ledger("make", calls, (fault,))
    assert asked(tape) == Outcome(failed="timeout")
    assert tape.asked[0].faulty
    assert [call.outcome() for call in calls.values()] == [ANSWER]
    assert asked(ledger("raise", calls)) == ANSWER


def test_a_model_is_always_asked_and_its_tokens_are_counted() -> None:
    said = ModelAnswer(text="{}", model="m", input_tokens=3, output_tokens=4)
    request = ASKED.model_copy(update={"kind": "model"})
    tape = ledger("raise", {})
    told = asked(tape, request, Outcome(text=said.canonical_json()))
    assert told.text == said.canonical_json()
    assert (tape.models, tape.asked) == ([said], [])
    refused = ledger("raise", {})
    assert asked(refused, request, Outcome(failed="rejected")).failed == "rejected"
    assert refused.models == [None]


def test_no_secret_gets_onto_a_tape(tmp_path: Path) -> None:
    calls: dict[str, RecordedCall] = {}
    told = Outcome(text='{"note":"Authorization: Bearer abcdefabcdef123456"}')
    asked(ledger("make", calls), answer=told)
    [call] = calls.values()
    assert "abcdefabcdef123456" not in call.model_dump_json()
    assert not list(tmp_path.iterdir())
