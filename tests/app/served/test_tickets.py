from pathlib import Path

import pytest

from app.served.records import RunStep
from app.served.tickets import FOLDER, Failure, Ticket, Tickets
from core.errors import CallerError, DataError
from core.records.request import Request

ASKED = Ticket(
    run_id="r1", request=Request(text="?", language="en", intent="question", universes=("demo",))
)
PLANNED = RunStep(node="planner", state="finished")


def test_a_run_is_running_while_its_claim_is_held_and_stands_still_afterwards(
    tmp_path: Path,
) -> None:
    tickets = Tickets(tmp_path)
    claim = tickets.opened(ASKED)
    claim.note(PLANNED)
    running = tickets.standing("r1")
    claim.release()
    stopped = tickets.standing("r1")
    assert running is not None
    assert stopped is not None
    assert (running.state, stopped.state) == ("running", "stopped")
    assert stopped.ticket == ASKED
    assert stopped.steps == (PLANNED,)


def test_only_one_may_work_on_a_run(tmp_path: Path) -> None:
    tickets = Tickets(tmp_path)
    first = tickets.opened(ASKED)
    with pytest.raises(CallerError, match="under way"):
        tickets.resumed("r1")
    first.release()
    tickets.resumed("r1").release()


def test_a_failure_is_told_until_the_run_goes_on(tmp_path: Path) -> None:
    tickets = Tickets(tmp_path)
    claim = tickets.opened(ASKED)
    claim.note(Failure(error="the store is empty"))
    claim.release()
    failed = tickets.standing("r1")
    again = tickets.resumed("r1")
    again.note(PLANNED)
    again.release()
    stopped = tickets.standing("r1")
    assert failed is not None
    assert stopped is not None
    assert (failed.state, failed.error) == ("failed", "the store is empty")
    assert (stopped.state, stopped.error) == ("stopped", None)


def test_a_finished_run_leaves_nothing(tmp_path: Path) -> None:
    tickets = Tickets(tmp_path)
    claim = tickets.opened(ASKED)
    assert tickets.listed() == ("r1",)
    claim.finish()
    claim.release()
    assert tickets.listed() == ()
    assert tickets.standing("r1") is None
    with pytest.raises(CallerError, match="no unfinished run"):
        tickets.resumed("r1")


def test_a_half_written_last_line_costs_only_itself(tmp_path: Path) -> None:
    tickets = Tickets(tmp_path)
    claim = tickets.opened(ASKED)
    claim.note(PLANNED)
    claim.release()
    path = tmp_path / FOLDER / "r1.jsonl"
    path.write_text(path.read_text(encoding="utf-8") + '{"node":"rou', encoding="utf-8")
    standing = tickets.standing("r1")
    assert standing is not None
    assert standing.steps == (PLANNED,)
    path.write_text("nonsense\n", encoding="utf-8")
    with pytest.raises(DataError, match="r1 is damaged"):
        tickets.standing("r1")
