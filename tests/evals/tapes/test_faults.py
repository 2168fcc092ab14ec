"""Every recorded answer can be spoilt in every way, and is spoilt in that way alone."""

import json
from functools import cache
from typing import get_args

import pytest
from pydantic import JsonValue

from agents.toolbox.calls import Outcome, RecordedCall
from agents.toolbox.gate import STALE as OLDEST
from app.files.universes import load_universes
from core.records.contracts import RESULT_OF_TOOL
from core.records.payloads import FlowResult
from core.records.result import ToolResult
from core.records.sectors import HeatmapResult
from evals.records import Fault, FaultKind
from evals.tapes.faults import STALE, changed
from evals.tapes.tape import RECORDINGS, load_tape


@cache
def calls() -> tuple[RecordedCall, ...]:
    """Return one recorded call of each tool and set of arguments' names."""
    tape = load_tape(RECORDINGS / "demo", load_universes())
    told = [call for call in tape.calls if is_told(call.answer)]
    return tuple({(call.name, tuple(call.arguments or ())): call for call in told}.values())


def is_told(answer: JsonValue) -> bool:
    return isinstance(answer, dict) and answer["universe"] == "demo" and answer["gap"] is None


def spoilt(call: RecordedCall, kind: FaultKind) -> Outcome:
    return changed(call, Fault(tool=call.name, kind=kind))


def read(call: RecordedCall, outcome: Outcome) -> ToolResult:
    assert outcome.text is not None
    return RESULT_OF_TOOL[call.name].model_validate_json(outcome.text, strict=True)


def heatmap() -> RecordedCall:
    return next(call for call in calls() if call.name == "get_sector_heatmap")


@pytest.mark.parametrize("kind", ["missing", "stale", "contradictory"])
def test_every_spoilt_answer_still_has_its_tools_form(kind: FaultKind) -> None:
    for call in calls():
        result = read(call, spoilt(call, kind))
        assert (result.tool, result.universe) == (call.name, "demo")


def test_a_missing_answer_is_a_gap_and_holds_nothing() -> None:
    for call in calls():
        result = read(call, spoilt(call, "missing"))
        assert result.gap is not None
        assert result.gap.reason == "no_data"
        assert (result.known_at, result.factors, result.sources) == (None, (), ())
        assert not getattr(result, "rows", ())


def test_a_stale_answer_is_too_old_for_the_gate_and_knows_nothing_later() -> None:
    assert STALE > OLDEST
    for call in calls():
        before, after = read(call, call.outcome()), read(call, spoilt(call, "stale"))
        assert before.as_of - after.as_of == STALE
        assert after.known_at is None or after.known_at <= after.as_of
        assert after.sources == before.sources


def test_a_contradictory_heatmap_says_of_the_strongest_what_was_true_of_the_weakest() -> None:
    call = heatmap()
    before, after = read(call, call.outcome()), read(call, spoilt(call, "contradictory"))
    assert isinstance(before, HeatmapResult)
    assert isinstance(after, HeatmapResult)
    told = sorted((row.distance_200d_pct or 0.0, row.sector) for row in before.rows)
    told_now = sorted((row.distance_200d_pct or 0.0, row.sector) for row in after.rows)
    assert [value for value, _ in told] == [value for value, _ in told_now]
    assert [name for _, name in told] == [name for _, name in reversed(told_now)]
    tickers = {row.sector: row.ticker for row in before.rows}
    assert {row.sector: row.ticker for row in after.rows} == tickers


def test_contradicting_an_answer_twice_gives_it_back() -> None:
    for call in calls():
        once = spoilt(call, "contradictory").text or ""
        again = spoilt(call.model_copy(update={"answer": json.loads(once)}), "contradictory")
        assert again == call.outcome()


def test_of_a_single_sector_who_bought_has_sold() -> None:
    call = next(call for call in calls() if call.name == "get_foreign_flow")
    before, after = read(call, call.outcome()), read(call, spoilt(call, "contradictory"))
    assert isinstance(before, FlowResult)
    assert isinstance(after, FlowResult)
    for old, new in zip(before.rows, after.rows, strict=True):
        assert (new.symbol, new.net_bn, new.buy_bn) == (old.symbol, -old.net_bn, old.sell_bn)
        assert {old.state, new.state} in ({"buying", "selling"}, {"flat"}, {"not_measurable"})


def test_what_one_sector_is_told_to_be_without_trading_stays() -> None:
    call = heatmap()
    answer = json.loads(call.outcome().text or "")
    answer["rows"], answer["factors"] = answer["rows"][:1], []
    single = call.model_copy(update={"answer": answer})
    assert spoilt(single, "contradictory") == single.outcome()


@pytest.mark.parametrize(("kind", "reason"), [("rate_limited", "quota_spent"), ("hung", "timeout")])
def test_a_call_that_brings_nothing_says_why(kind: FaultKind, reason: str) -> None:
    assert {spoilt(call, kind).failed for call in calls()} == {reason}


def test_a_call_that_failed_stays_failed_whatever_is_wrong() -> None:
    failed = heatmap().model_copy(update={"answer": None, "failed": "server_down"})
    for kind in get_args(FaultKind):
        assert spoilt(failed, kind) == Outcome(failed="server_down")


def test_what_tells_of_sectors_or_of_trading_can_be_contradicted_and_nothing_else() -> None:
    turned = {call.name for call in calls() if spoilt(call, "contradictory") != call.outcome()}
    assert {"get_sector_heatmap", "get_foreign_flow_by_sector", "get_whale_activity"} <= turned
    assert not {"get_data_status", "get_scoring_inputs", "get_market_warning"} & turned
