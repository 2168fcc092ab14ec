"""A run's lines say how far it is, whoever reads them and however its process ended."""

import asyncio
from pathlib import Path

import pytest

from agents.run import Progress
from app.running.records import Failure, Line, Mark, Planned, RunStep, Ticket
from app.running.run import Run
from app.running.tickets import FOLDER, Claim, Tickets
from core.errors import DataError
from core.records.approval import Approval, Consent
from core.records.request import Request

pytestmark = pytest.mark.anyio
ASKED = Ticket(
    run_id="r1", request=Request(text="?", language="en", intent="question", universes=("demo",))
)
PLAN = Approval(steps=(), servers=(), author="rules")
WAITS = Planned(approval=PLAN, waiting=True)
STEP = RunStep(node="planner", state="finished", seconds=1.5)
BEGAN, RESUMED = RunStep(node="router", state="started"), Mark(mark="resumed")
RUN, CANCEL = Consent(verdict="run"), Consent(verdict="cancel")


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


async def ended(run: Run, error: Exception | None) -> None:
    """Let a task work on the run that ends this way."""

    async def work() -> bool:
        with run:
            run.note(STEP)
            if error is not None:
                raise error
        return True

    run.begin(asyncio.create_task(work()))
    await asyncio.wait({run.task})


@pytest.mark.parametrize(
    ("lines", "state", "broke_off", "declined"),
    [
        ((), "stopped", True, False),
        ((STEP,), "stopped", True, False),
        ((STEP, Mark(mark="stopped")), "stopped", False, False),
        ((Mark(mark="stopped"), Mark(mark="resumed")), "stopped", True, False),
        ((STEP, RESUMED, BEGAN, RESUMED), "stopped", False, False),
        ((STEP, RESUMED, BEGAN, RESUMED, STEP), "stopped", True, False),
        ((STEP, WAITS), "waiting", False, False),
        ((STEP, Planned(approval=PLAN, waiting=False)), "stopped", True, False),
        ((WAITS, RUN), "stopped", True, False),
        ((WAITS, CANCEL), "stopped", False, True),
        ((STEP, Failure(error="no prices")), "failed", False, False),
        ((Failure(error="no prices"), Mark(mark="resumed")), "stopped", True, False),
    ],
)
async def test_the_last_line_says_where_a_run_stands(
    tmp_path: Path, lines: tuple[Line, ...], state: str, *, broke_off: bool, declined: bool
) -> None:
    claim = Tickets(tmp_path).opened(ASKED)
    for line in lines:
        claim.note(line)
    claim.release()
    found = Tickets(tmp_path).standing("r1")
    assert found is not None
    assert (found.state, found.broke_off, found.declined) == (state, broke_off, declined)
    assert found.lines == lines


async def test_a_fault_of_ours_is_told_as_a_failure_without_its_insides(tmp_path: Path) -> None:
    run = Run(Tickets(tmp_path).opened(ASKED))
    await ended(run, KeyError("/secret/path"))
    found = Tickets(tmp_path).standing("r1")
    assert found is not None
    assert found.error == "the run broke off (KeyError): resume it"
    assert run.standing.state == "failed"


async def test_an_error_that_says_who_must_act_is_told_as_it_is(tmp_path: Path) -> None:
    run = Run(Tickets(tmp_path).opened(ASKED))
    await ended(run, DataError("no prices: import them"))
    assert run.standing.error == "no prices: import them"


async def test_a_run_that_cannot_note_why_it_ended_is_let_go(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = Run(Tickets(tmp_path).opened(ASKED))

    def full(claim: Claim, entry: Line) -> None:
        raise OSError(28, "no space left")

    monkeypatch.setattr(Claim, "note", full)
    with pytest.raises(OSError, match="no space"):
        run.end(DataError("no prices"))
    assert run.claim.released


async def test_a_task_cancelled_before_it_began_lets_go_of_its_run(tmp_path: Path) -> None:
    run = Run(Tickets(tmp_path).opened(ASKED))

    async def never() -> bool:
        raise AssertionError

    run.begin(asyncio.create_task(never()))
    run.halted = True
    run.task.cancel()
    await asyncio.wait({run.task})
    await asyncio.sleep(0)
    again = Tickets(tmp_path).resumed("r1")
    assert again.found.lines == (Mark(mark="stopped"),)
    again.release()


async def test_a_half_written_line_is_cut_off_when_the_run_is_taken_up(tmp_path: Path) -> None:
    claim = Tickets(tmp_path).opened(ASKED)
    claim.note(STEP)
    claim.release()
    with (tmp_path / FOLDER / "r1.jsonl").open("a") as file:
        file.write('{"node":"rou')
    taken = Tickets(tmp_path).resumed("r1")
    taken.note(Mark(mark="resumed"))
    taken.release()
    found = Tickets(tmp_path).standing("r1")
    assert found is not None
    assert found.lines == (STEP, Mark(mark="resumed"))


async def test_a_consent_counts_until_the_plan_is_shown_again_or_the_run_fails(
    tmp_path: Path,
) -> None:
    run = Run(Tickets(tmp_path).opened(ASKED))
    told: tuple[Line, ...] = (
        WAITS,
        RUN,
        STEP,
        Mark(mark="resumed"),
        Failure(error="down"),
        RUN,
        WAITS,
    )
    wanted = (None, RUN, RUN, RUN, None, RUN, None)
    for line, consent in zip(told, wanted, strict=True):
        run.note(line)
        assert run.consent == consent
    run.claim.release()


async def test_time_goes_on_where_it_stood(tmp_path: Path) -> None:
    claim = Tickets(tmp_path).opened(ASKED)
    claim.note(STEP)
    claim.release()
    run = Run(Tickets(tmp_path).resumed("r1"))
    run.heard(Progress("router", "started"))
    assert 1.5 <= run.steps[-1].seconds < 60.0
    run.claim.release()


async def test_a_finished_runs_lines_are_kept_beside_its_report(tmp_path: Path) -> None:
    tickets, folder = Tickets(tmp_path), tmp_path / "runs" / "r1"
    folder.mkdir(parents=True)
    claim = tickets.opened(ASKED)
    claim.note(STEP)
    claim.finish(folder)
    claim.release()
    found = tickets.finished(folder)
    assert found is not None
    assert (found.state, found.lines) == ("finished", (STEP,))
    assert tickets.standing("r1") is None
    assert tickets.finished(tmp_path / "runs") is None
