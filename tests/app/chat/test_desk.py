"""A question in a thread is understood, planned, agreed to, answered, followed up and forgotten."""

import asyncio
from datetime import date
from pathlib import Path

import pytest

from app.chat.desk import ChatDesk
from app.chat.records import PlanEvent, StepEvent, StoppedEvent, UnderstoodEvent
from core.errors import (
    CallerError,
    ConflictError,
    UnknownIdError,
)
from core.records.approval import Consent
from core.records.mandate import MandatePatch, SectorCap
from evals.kit.endpoint import FaultyEndpoint
from tests.app.chat.desks import (
    answered,
    calls,
    desk_of,
    finish,
    planned,
    repeated,
    sentences,
    silent_reporter,
    stepped,
    text,
    told,
)

pytestmark = pytest.mark.anyio
AS_OF = date(2024, 6, 28)
QUESTION = "Which sectors lead?"


async def test_a_plan_waits_is_agreed_to_and_everything_told_again_is_the_same(
    desk: ChatDesk, home: Path
) -> None:
    thread = desk.opened("demo", AS_OF).thread
    turn = await desk.asked(thread, QUESTION)
    plan = await planned(desk, turn.run)
    assert plan.waiting
    assert [call.name for call in calls(home, turn.run)] == ["get_data_status"]
    assert (await desk.agreed(turn.run, Consent(verdict="run"))).state == "running"
    rows = await told(desk, turn.run)
    numbers = [number for number, _ in rows]
    assert numbers == sorted(set(numbers))
    first, last = rows[0][1], finish(rows)
    assert isinstance(first, UnderstoodEvent)
    assert first.request.as_of == AS_OF
    assert (last.synthetic, last.reused_count, last.differences) == (True, 0, ())
    assert last.evidence_count > 8
    steps = [event for _, event in rows if isinstance(event, StepEvent)]
    assert [step.seconds for step in steps] == sorted(step.seconds for step in steps)
    assert not next(event for _, event in rows if isinstance(event, PlanEvent)).waiting
    assert await told(desk, turn.run) == rows
    middle = numbers[len(numbers) // 2]
    assert await told(desk, turn.run, middle) == [row for row in rows if row[0] > middle]
    assert desk.turn(turn.run).state == "finished"


@pytest.mark.prove
async def test_every_bound_number_has_its_source(desk: ChatDesk) -> None:
    thread = desk.opened("demo", AS_OF).thread
    turn = await desk.asked(thread, "Ngành nào đang dẫn dắt?", approve=False)
    spoken = sentences(await told(desk, turn.run))
    bound = {span.fact for row in spoken for span in row.spans if span.fact}
    sources = {source.fact: source for row in spoken for source in row.sources}
    assert len(bound) > 30
    assert set(sources) == bound
    assert {source.tool for source in sources.values()} >= {"get_sector_heatmap", None}
    assert all(source.tool or source.formula for source in sources.values())
    quadrant = next(row for row in sources.values() if row.fact.endswith("quadrant.weekly"))
    assert (quadrant.frequency, quadrant.server) == ("theo tuần", "sectorwise")


async def test_a_what_if_makes_no_needless_call_and_tells_the_difference(
    desk: ChatDesk, home: Path
) -> None:
    thread = desk.opened("demo", AS_OF).thread
    await answered(desk, thread, QUESTION)
    turn = await desk.asked(thread, "cap technology at 5 %, no real estate", approve=False)
    rows = await told(desk, turn.run)
    assert [call.name for call in calls(home, turn.run)] == ["get_data_status"]
    last = finish(rows)
    moved = {row.sector: row for row in last.differences}
    assert moved["real_estate"].after_weight == 0.0
    assert (moved["technology"].after_weight or 0.0) <= 0.05
    assert all(row.before_score == row.after_score for row in last.differences)
    assert last.reused_count >= last.evidence_count - 1
    first = rows[0][1]
    assert isinstance(first, UnderstoodEvent)
    assert "5.0%" in first.stated
    other = await desk.asked(thread, "three months instead of one", approve=False)
    assert desk.turn(other.run).request.horizon == "3M"
    finish(await told(desk, other.run))
    made = {call.name for call in calls(home, other.run)}
    assert made == {"get_data_status", "get_sector_heatmap", "get_scoring_inputs"}


@pytest.mark.prove
async def test_a_what_if_without_a_predecessor_is_told_against_its_own_evidence(
    desk: ChatDesk,
) -> None:
    thread = desk.opened("demo", AS_OF).thread
    patch = MandatePatch(caps=(SectorCap(sector="technology", cap=0.02),))
    turn = await desk.asked(thread, QUESTION, patch=patch, approve=False)
    assert turn.request.patch == patch
    last = finish(await told(desk, turn.run))
    assert {row.sector for row in last.differences} >= {"technology"}


@pytest.mark.prove
async def test_a_call_left_out_is_named_and_one_the_score_rests_on_is_kept(desk: ChatDesk) -> None:
    thread = desk.opened("demo", AS_OF).thread
    turn = await desk.asked(thread, QUESTION)
    plan = (await planned(desk, turn.run)).approval
    scored = next(row.step for row in plan.steps if row.scored)
    with pytest.raises(CallerError, match="cannot be left out"):
        await desk.agreed(turn.run, Consent(verdict="run", without=(scored,)))
    assert desk.turn(turn.run).state == "waiting"
    left = next(row.step for row in plan.steps if not row.scored)
    await desk.agreed(turn.run, Consent(verdict="run", without=(left,)))
    rows = await told(desk, turn.run)
    assert finish(rows).gaps_count == 1
    assert "left out as the user wished" in text(rows)
    with pytest.raises(ConflictError, match="does not wait"):
        await desk.agreed(turn.run, Consent(verdict="run"))


async def test_a_cancelled_plan_ends_and_a_new_question_takes_a_waiting_ones_place(
    desk: ChatDesk, home: Path
) -> None:
    thread = desk.opened("demo", AS_OF).thread
    turn = await desk.asked(thread, QUESTION)
    await planned(desk, turn.run)
    assert (await desk.agreed(turn.run, Consent(verdict="cancel"))).state == "cancelled"
    assert (await told(desk, turn.run))[-1][1] == StoppedEvent()
    assert len(calls(home, turn.run)) == 1
    with pytest.raises(ConflictError, match="was declined"):
        await desk.resumed(turn.run)
    second = await desk.asked(thread, QUESTION)
    await planned(desk, second.run)
    third = await desk.asked(thread, QUESTION)
    assert desk.turn(second.run).state == "cancelled"
    await planned(desk, third.run)
    assert (await desk.stopped(third.run)).state == "cancelled"


async def test_a_stopped_run_stands_and_makes_no_call_twice_when_it_goes_on(home: Path) -> None:
    with silent_reporter() as (url, model):
        desk = desk_of(home, model_url=url)
        async with desk.open():
            await _stopped_and_taken_up(desk, home, model)


async def _stopped_and_taken_up(desk: ChatDesk, home: Path, model: FaultyEndpoint) -> None:
    thread = desk.opened("demo", AS_OF).thread
    turn = await desk.asked(thread, QUESTION, approve=False)
    await stepped(desk, turn.run, "scorer")
    with pytest.raises(ConflictError, match="still worked on"):
        await desk.asked(thread, QUESTION)
    follower = asyncio.create_task(told(desk, turn.run))
    await asyncio.sleep(0)
    assert (await desk.stopped(turn.run)).state == "stopped"
    heard = await follower
    assert heard[-1][1] == StoppedEvent()
    with pytest.raises(ConflictError, match="not under way"):
        await desk.stopped(turn.run)
    model.behave("none")
    assert (await desk.resumed(turn.run)).state == "running"
    rows = await told(desk, turn.run, heard[-1][0])
    finish(rows)
    assert rows[0][0] > heard[-1][0]
    made = calls(home, turn.run)
    assert made
    assert repeated(made) == {}
    with pytest.raises(ConflictError, match="is finished"):
        await desk.resumed(turn.run)


@pytest.mark.prove
async def test_threads_at_once_never_mix_what_is_told(desk: ChatDesk) -> None:
    caps = [0.03, 0.04, 0.05, 0.06]

    async def one(cap: float) -> tuple[str, str]:
        thread = desk.opened("demo", AS_OF).thread
        turn = await desk.asked(
            thread, f"Cap technology at {cap:.0%}: what changes?", approve=False
        )
        rows = await told(desk, turn.run)
        assert finish(rows).run == turn.run
        first = rows[0][1]
        assert isinstance(first, UnderstoodEvent)
        assert f"{cap:.1%}" in first.stated
        return turn.run, text(rows)

    found = await asyncio.gather(*map(one, caps))
    assert len({run for run, _ in found}) == len(caps)
    for cap, (_, said) in zip(caps, found, strict=True):
        others = [f"at most {other:.1%}" for other in caps if other != cap]
        assert f"at most {cap:.1%}" in said
        assert not any(other in said for other in others)


async def test_a_forgotten_thread_takes_its_turns_and_histories_and_leaves_its_reports(
    desk: ChatDesk, home: Path
) -> None:
    thread = desk.opened("demo", AS_OF).thread
    run = await answered(desk, thread, "write me a poem")
    desk.remembered("a" * 64, run)
    assert desk.recalled("a" * 64) == run
    turn = await desk.asked(thread, QUESTION)
    await planned(desk, turn.run)
    desk.forgotten(thread)
    for missing in (lambda: desk.thread(thread), lambda: desk.turn(run)):
        with pytest.raises(UnknownIdError):
            missing()
    assert desk.recalled("a" * 64) is None
    assert (home / "runs" / run / "report.json").exists()
    while list((home / "research").glob(f"{turn.run}*")):
        await asyncio.sleep(0.01)
    with pytest.raises(UnknownIdError):
        desk.forgotten(thread)


async def test_a_waiting_plan_takes_no_other_questions_turn(home: Path) -> None:
    desk = desk_of(home, at_once=1, waiting=0)
    async with desk.open(taking_up=False):
        waiting = await desk.asked(desk.opened("demo", AS_OF).thread, QUESTION)
        await planned(desk, waiting.run)
        while desk.turn(waiting.run).state != "waiting":
            await asyncio.sleep(0)
        await answered(desk, desk.opened("demo").thread, "write me a poem")
        assert desk.turn(waiting.run).state == "waiting"
