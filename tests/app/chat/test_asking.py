"""What a question in a thread must be, and what is refused before anything is begun."""

import asyncio
import sqlite3
from datetime import date, timedelta
from pathlib import Path

import pytest

from app import compose
from app.chat.desk import ChatDesk
from app.running.runs import Runs
from core.errors import (
    BusyError,
    CallerError,
    ConflictError,
    DateError,
    RequestError,
    UnknownIdError,
    UnknownUniverseError,
)
from core.records.approval import Consent
from core.records.holdings import Holdings, Position
from core.records.mandate import MandatePatch, SectorCap
from tests.app.chat.desks import (
    answered,
    composition_of,
    desk_of,
    finish,
    planned,
    silent_reporter,
    text,
    told,
)

pytestmark = pytest.mark.anyio
AS_OF = date(2024, 6, 28)
QUESTION = "Which sectors lead?"


async def test_a_patch_only_tightens_and_holdings_replace_the_words(desk: ChatDesk) -> None:
    thread = desk.opened("demo", AS_OF).thread
    loose = MandatePatch(caps=(SectorCap(sector="technology", cap=0.5),))
    held = Holdings(
        universe="demo", dated=None, source="editor",
        positions=(Position(sector="technology", weight=1.0),),
    )  # fmt: skip
    turn = await desk.asked(
        thread, "cap technology at 20 %", patch=loose, holdings=held, approve=True
    )
    assert turn.request.patch == MandatePatch(caps=(SectorCap(sector="technology", cap=0.2),))
    assert turn.request.holdings == held
    await planned(desk, turn.run)
    elsewhere = held.model_copy(update={"universe": "us"})
    with pytest.raises(CallerError, match="the holdings are of us"):
        await desk.asked(thread, QUESTION, holdings=elsewhere)
    other = held.model_copy(update={"positions": (Position(sector="spaceships", weight=1.0),)})
    with pytest.raises(CallerError, match="spaceships is no sector of demo"):
        await desk.asked(thread, QUESTION, holdings=other)


async def test_what_cannot_be_read_becomes_no_turn(desk: ChatDesk) -> None:
    thread = desk.opened("demo").thread
    later = date.today() + timedelta(days=9)  # noqa: DTZ011 - any later day
    barred = MandatePatch(excluded=("technology",))
    for words, patch, error in (
        ("x" * 4001, None, RequestError),
        (f"Which sectors lead as of {later}?", None, DateError),
        ("at least 10 % technology", barred, CallerError),
    ):
        with pytest.raises(error):
            await desk.asked(thread, words, patch=patch)
    assert desk.thread(thread).turns == ()
    for unknown in (desk.asked("no-such", QUESTION), desk.agreed("no", Consent(verdict="run"))):
        with pytest.raises(UnknownIdError):
            await unknown
    with pytest.raises(ConflictError, match="has no answer in this thread"):
        await desk.asked(thread, QUESTION, follows="20200101-000000-000000-abcdef")


async def test_a_thread_is_of_a_known_universe_and_a_day_that_was(desk: ChatDesk) -> None:
    with pytest.raises(UnknownUniverseError):
        desk.opened("atlantis")
    with pytest.raises(DateError):
        desk.opened("demo", date.today() + timedelta(days=2))  # noqa: DTZ011 - any later day


async def test_off_topic_is_answered_and_followed_up_by_nothing(desk: ChatDesk) -> None:
    thread = desk.opened("demo", AS_OF).thread
    run = await answered(desk, thread, "write me a poem")
    assert "English and Vietnamese" in text(await told(desk, run))
    row = next(row for row in desk.threads() if row.thread == thread)
    assert (row.title, row.turns_count) == ("write me a poem", 1)
    turn = await desk.asked(thread, QUESTION)
    assert turn.request.universes == ("demo",)
    await planned(desk, turn.run)


async def test_too_many_questions_are_refused_and_leave_no_turn(home: Path) -> None:
    with silent_reporter() as (url, _):
        desk = desk_of(home, at_once=1, waiting=0, model_url=url)
        async with desk.open(taking_up=False):
            first, second = desk.opened("demo", AS_OF), desk.opened("demo", AS_OF)
            turn = await desk.asked(first.thread, QUESTION, approve=False)
            with pytest.raises(BusyError):
                await desk.asked(second.thread, QUESTION)
            assert desk.thread(second.thread).turns == ()
            assert (await desk.stopped(turn.run)).state == "stopped"


async def test_a_refused_question_leaves_the_plan_that_waits(desk: ChatDesk) -> None:
    thread = desk.opened("demo", AS_OF).thread
    turn = await desk.asked(thread, QUESTION)
    await planned(desk, turn.run)
    with pytest.raises(RequestError):
        await desk.asked(thread, "x" * 4001)
    assert desk.turn(turn.run).state == "waiting"


async def test_of_two_questions_put_at_once_one_is_asked(desk: ChatDesk) -> None:
    thread = desk.opened("demo", AS_OF).thread
    both = await asyncio.gather(
        *(desk.asked(thread, QUESTION) for _ in range(2)), return_exceptions=True
    )
    assert sorted(type(one).__name__ for one in both) == ["ConflictError", "Turn"]
    (turn,) = desk.thread(thread).turns
    await planned(desk, turn.run)
    await desk.stopped(turn.run)


async def test_a_declined_plan_leaves_no_checkpoint(desk: ChatDesk, home: Path) -> None:
    turn = await desk.asked(desk.opened("demo", AS_OF).thread, QUESTION)
    await planned(desk, turn.run)
    assert checkpoints(home, turn.run) > 0
    await desk.agreed(turn.run, Consent(verdict="cancel"))
    assert checkpoints(home, turn.run) == 0


def checkpoints(home: Path, run: str) -> int:
    """Return how many checkpoints of a run are kept."""
    connection = sqlite3.connect(compose.checkpoints(composition_of(home).settings))
    try:
        query = "select count(*) from checkpoints where thread_id = ?"
        return int(connection.execute(query, (run,)).fetchone()[0])
    finally:
        connection.close()


@pytest.mark.prove
async def test_a_desk_held_to_a_date_knows_no_turn_that_may_know_more(home: Path) -> None:
    desk = desk_of(home)
    async with desk.open(taking_up=False):
        thread = desk.opened("demo").thread
        run = await answered(desk, thread, QUESTION)
    held = ChatDesk(Runs(lambda: composition_of(home), home, latest=date(2022, 6, 30)))
    async with held.open():
        assert held.thread(thread).turns == ()
        with pytest.raises(UnknownIdError, match="may know more than 2022-06-30"):
            held.turn(run)
        with pytest.raises(UnknownIdError):
            await told(held, run)
        turn = await held.asked(thread, "cap technology at 5 %", approve=False)
        assert turn.request.as_of == date(2022, 6, 30)
        assert finish(await told(held, turn.run)).base == "no_limits"
        assert [row.run for row in held.thread(thread).turns] == [turn.run]
