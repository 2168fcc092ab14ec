"""A hung, lying, flooding or dead server costs a gap, in time, and its text never travels."""

import asyncio
import json
import sys
import time
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from agents.router import scored_steps
from agents.toolbox.ledger import Ledger
from agents.toolbox.sessions import Sessions
from agents.toolbox.spec import CallLimits, ServerSpec
from agents.toolbox.toolbox import Toolbox
from core.records.evidence import Evidence, Gap
from tests.servers.market import AS_OF, Market, made_universe

FAULTY = Path(__file__).parents[2] / "servers" / "faulty_stdio.py"
UNIVERSE = made_universe()
STEP = next(s for s in scored_steps("toy", horizon="1M", as_of=AS_OF) if s.id == "toy-flow")
BROKEN = (
    "nan",
    "surrogate",
    "huge_integer",
    "wrong_hash",
    "future",
    "known_after",
    "extra_key",
    "numeric_string",
    "other_sector",
    "big",
)
LIMITS = CallLimits(start_seconds=5, call_seconds=1, ping_seconds=0.5, answer_bytes=1_000_000)


def _called(fault: str, tmp_path: Path, limits: CallLimits = LIMITS) -> Evidence | Gap:
    answer = Market(UNIVERSE).result(STEP.tool).model_dump(mode="json")
    content = tmp_path / "answer.json"
    content.write_text(json.dumps(answer))
    spec = ServerSpec(
        name="faulty",
        transport="stdio",
        command=sys.executable,
        args=(str(FAULTY), fault, str(content)),
    )

    async def call() -> Evidence | Gap:
        async with Sessions((spec,), limits=limits) as sessions:
            box = Toolbox(
                sessions,
                Ledger(clock=lambda: datetime(2026, 3, 21, tzinfo=UTC)),
                universes={"toy": UNIVERSE},
                today=lambda: date(2026, 3, 21),
                default="faulty",
            )
            return await box.call(STEP, run="r")

    return asyncio.run(call())


@pytest.mark.parametrize("fault", ["none", "noise"])
def test_a_server_that_answers_well_brings_evidence(fault: str, tmp_path: Path) -> None:
    found = _called(fault, tmp_path)
    assert isinstance(found, Evidence)
    assert len(found.result.factors) == 11


@pytest.mark.parametrize(
    "fault",
    [
        "nan",
        "surrogate",
        "huge_integer",
        "wrong_hash",
        "future",
        "known_after",
        "extra_key",
        "numeric_string",
        "other_sector",
        "big",
    ],
)
def test_an_answer_that_breaks_the_contract_is_rejected(fault: str, tmp_path: Path) -> None:
    found = _called(fault, tmp_path)
    assert isinstance(found, Gap)
    assert found.gap.reason in {"rejected", "timeout"}


@pytest.mark.parametrize("fault", ["hang", "bad_json", "deep", "wrong_id"])
def test_a_server_that_never_answers_costs_the_time_limit(fault: str, tmp_path: Path) -> None:
    began = time.monotonic()
    found = _called(fault, tmp_path)
    assert isinstance(found, Gap)
    assert found.gap.reason == "timeout"
    assert time.monotonic() - began < 8


@pytest.mark.parametrize("fault", ["exit_at_start", "dies_mid_call"])
def test_a_dead_server_is_down_after_one_reopening(fault: str, tmp_path: Path) -> None:
    found = _called(fault, tmp_path)
    assert isinstance(found, Gap)
    assert found.gap.reason == "server_down"


def test_a_server_that_hangs_at_start_is_down_in_time(tmp_path: Path) -> None:
    began = time.monotonic()
    limits = LIMITS.model_copy(update={"start_seconds": 1.0})
    found = _called("hang_at_start", tmp_path, limits)
    assert isinstance(found, Gap)
    assert found.gap.reason == "server_down"
    assert time.monotonic() - began < 8


def test_the_text_of_an_error_goes_nowhere(tmp_path: Path) -> None:
    found = _called("is_error", tmp_path)
    assert isinstance(found, Gap)
    assert found.gap.reason == "tool_failed"
    assert "IGNORE" not in found.canonical_json()
    assert "evil" not in found.canonical_json()
