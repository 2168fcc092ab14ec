"""The committed tape is what the tools of a demo home answer."""

import asyncio
import math
import time
from dataclasses import dataclass
from pathlib import Path

import pytest
from pydantic import JsonValue

from core.errors import CallerError
from evals.cases.reading import load_cases
from evals.records import Answer, Case, Ran
from evals.runs.bench import Bench
from evals.runs.case import ran
from evals.runs.many import ran_all
from evals.runs.recording import DEMO_ASKED, MADE, REAL, REAL_ASKED, asked_about, record_real
from evals.tapes.homes import REAL_FILES, settings_of, state_of_real
from evals.tapes.tape import RECORDINGS, Tape, tape_of, write_tape
from tests.evals.runs.asking import UNIVERSES, demo_tape, replayed

DEMO = RECORDINGS / "demo"


def demo_cases() -> list[Case]:
    return [case for case in load_cases() if case.universe == "demo"]


def two_cases() -> list[Case]:
    """Return a plain question and a short conversation."""
    cases = demo_cases()
    plain = next(case for case in cases if case.kind == "question" and len(case.turns) == 1)
    return [plain, next(case for case in cases if len(case.turns) == 2)]


def same(one: JsonValue, other: JsonValue) -> bool:
    """Tell whether answers agree: numbers only to what is printed, as machines differ."""
    if isinstance(one, dict) and isinstance(other, dict):
        names = one.keys() - {"sha256"}
        return names == other.keys() - {"sha256"} and all(same(one[n], other[n]) for n in names)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(same, one, other))
    if isinstance(one, float) and isinstance(other, float):
        return math.isclose(one, other, rel_tol=1e-6, abs_tol=1e-9)
    return one == other


@dataclass(frozen=True, slots=True)
class Recorded:
    """What two cases came to on the tools themselves, and the tape that was made of it."""

    live: tuple[Ran, ...]
    tape: Tape


@pytest.fixture(scope="module")
def again(evals_home: Path) -> Recorded:
    """The two cases, recorded once more."""
    blank = demo_tape().model_copy(update={"calls": ()})

    async def main() -> Recorded:
        async with Bench.recording(blank, settings_of(evals_home), universes=UNIVERSES) as bench:
            live = tuple([await ran(case, bench) for case in two_cases()])
            calls = bench.calls["demo"].values()
        tape = tape_of("a", calls, of=("demo",), asked_on=DEMO_ASKED, universes=UNIVERSES)
        return Recorded(live, tape)

    return asyncio.run(main())


def test_recording_again_gives_the_committed_answers(again: Recorded) -> None:
    committed = demo_tape().by_hash()
    assert again.tape.calls
    for call in again.tape.calls:
        kept = committed[call.request_hash]
        assert same(call.answer, kept.answer), f"{call.name} {call.arguments}: record it again"
        assert call.failed == kept.failed


def test_a_tape_answers_to_the_reports_its_tools_had_answered_to(again: Recorded) -> None:
    for live in again.live:
        replay = replayed(live.case, tape=again.tape)
        for then, now in zip(live.answers, replay.answers, strict=True):
            assert then.report is not None
            assert now.report == then.report
            assert calls_of(now) == calls_of(then)


def calls_of(answer: Answer) -> list[str]:
    """Return the calls of a turn; which of those made at once is noted first is chance."""
    return sorted(call.model_dump_json() for call in answer.called)


def test_cases_come_back_in_the_order_they_were_given() -> None:
    cases = [case for case in demo_cases() if case.kind == "off_topic"][:3]
    assert [one.case for one in ran_all(cases, (DEMO,), workers=1)] == cases


@pytest.mark.prove
@pytest.mark.timeout(900)
def test_every_demo_case_finds_its_calls_and_every_fault_changes_one() -> None:
    cases = demo_cases()
    found = list(ran_all(cases, (DEMO,)))
    assert [one.case for one in found] == cases
    for one in found:
        faulty = {call.tool for answer in one.answers for call in answer.called if call.faulty}
        assert faulty == {fault.tool for fault in one.case.faults}, one.case.id
    turns = [answer for one in found for answer in one.answers]
    seconds = sum(answer.seconds for answer in turns) / len(turns)
    print(f"{len(cases)} cases, {len(turns)} turns, {seconds:.2f} s a turn")


@pytest.mark.prove
def test_two_processes_answer_as_one_does() -> None:
    cases = demo_cases()[::12]

    def timeless(found: Ran) -> Ran:
        answers = tuple(one.model_copy(update={"seconds": 0.0}) for one in found.answers)
        return found.model_copy(update={"answers": answers})

    alone = [timeless(one) for one in ran_all(cases, (DEMO,), workers=1)]
    assert [timeless(one) for one in ran_all(cases, (DEMO,), workers=2)] == alone


def test_a_tape_of_no_calls_is_a_head_alone(tmp_path: Path) -> None:
    write_tape(demo_tape().model_copy(update={"calls": ()}), tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["tape.json"]


def test_only_what_the_words_ask_about_is_made() -> None:
    real = [case for case in load_cases() if case.universe in REAL]
    assert {"us", "vn", "world"} <= asked_about(real)
    alone = next(case for case in real if case.universe == "world")
    assert asked_about((alone,)) == {"world"}
    turn = alone.turns[0].model_copy(update={"text": "Which US sectors lead?"})
    refused = turn.model_copy(update={"text": ""})
    named = alone.model_copy(update={"turns": (refused, turn)})
    assert asked_about((named,)) == {"world", "us"}


@pytest.mark.prove
def test_the_home_of_one_market_is_made_alone_and_once(shared_data: Path, tmp_path: Path) -> None:
    case = next(case for case in load_cases() if case.universe == "world")
    record_real([case], tmp_path, shared=shared_data)
    made = tmp_path / "home" / MADE
    assert [path.name for path in made.iterdir()] == ["world"]
    begun = time.time_ns()
    record_real([case], tmp_path, shared=shared_data)
    assert (made / "world").stat().st_mtime_ns < begun


def test_a_home_of_other_market_data_is_not_asked(tmp_path: Path) -> None:
    case = next(case for case in load_cases() if case.universe == "world")
    made, shared = tmp_path / "home" / MADE, tmp_path / "shared"
    for folder in (made, shared):
        folder.mkdir(parents=True)
    (made / "world").write_text(state_of_real(shared, "world"))
    ((_, (name,)),) = REAL_FILES["world"]
    (shared / name).write_bytes(b"other prices")
    with pytest.raises(CallerError, match="was made of other market data"):
        record_real([case], tmp_path, shared=shared)


@pytest.mark.prove
def test_the_real_markets_are_recorded_into_one_folder_and_held_to_its_day(
    shared_data: Path, tmp_path: Path
) -> None:
    cases = [case for case in load_cases() if case.universe in REAL][::20]
    tape = record_real(cases, tmp_path / "real", shared=shared_data)
    for call in tape.calls:
        assert isinstance(call.answer, dict)
        told = [call.answer[name] for name in ("as_of", "known_at") if call.answer[name]]
        assert all(str(day) <= REAL_ASKED.isoformat() for day in told), call.name
    found = list(ran_all(cases, (tmp_path / "real" / "tape",), workers=1))
    assert [one.case for one in found] == cases
    assert all(not call.missed for one in found for turn in one.answers for call in turn.called)
    assert [path.name for path in tmp_path.iterdir()] == ["real"]
