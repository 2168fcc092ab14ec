import fcntl
import os
import threading
import time
from pathlib import Path

import pytest

from app.running.records import Failure, RunStep, Ticket
from app.running.tickets import FOLDER, KEPT_SECONDS, Claim, Tickets
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
    claim.finish(tmp_path / "runs")
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


def test_a_run_whose_question_is_not_written_yet_cannot_be_seen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tickets, seen = Tickets(tmp_path), list[tuple[str, ...]]()
    note = Claim.note

    def noted(claim: Claim, entry: Ticket) -> None:
        seen.append(tickets.listed())
        note(claim, entry)

    monkeypatch.setattr(Claim, "note", noted)
    claim = tickets.opened(ASKED)
    assert seen == [()]
    assert tickets.listed() == ("r1",)
    assert [path.name for path in (tmp_path / FOLDER).iterdir()] == ["r1.jsonl"]
    claim.release()


def test_a_run_of_a_name_that_is_taken_is_refused_and_the_first_stays(tmp_path: Path) -> None:
    tickets = Tickets(tmp_path)
    claim = tickets.opened(ASKED)
    with pytest.raises(FileExistsError):
        tickets.opened(ASKED)
    standing = tickets.standing("r1")
    assert standing is not None
    assert standing.state == "running"
    assert [path.name for path in (tmp_path / FOLDER).iterdir()] == ["r1.jsonl"]
    claim.release()


def test_who_only_asks_how_far_a_run_is_keeps_nobody_from_resuming_it(tmp_path: Path) -> None:
    tickets = Tickets(tmp_path)
    tickets.opened(ASKED).release()
    with (tmp_path / FOLDER / "r1.jsonl").open() as asking:
        fcntl.flock(asking, fcntl.LOCK_SH)
        threading.Timer(0.03, fcntl.flock, (asking, fcntl.LOCK_UN)).start()
        tickets.resumed("r1").release()


def test_a_run_that_finishes_while_another_process_opens_its_file_is_not_taken_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tickets = Tickets(tmp_path)
    claim = tickets.opened(ASKED)
    lock = fcntl.flock

    def finished_first(file: int, operation: int) -> None:
        claim.finish(tmp_path / "runs")
        if not claim._file.closed:
            claim.release()
        lock(file, operation)

    monkeypatch.setattr(fcntl, "flock", finished_first)
    with pytest.raises(CallerError, match="no unfinished run"):
        tickets.resumed("r1")


def test_a_run_that_finishes_while_it_is_asked_for_has_no_standing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tickets = Tickets(tmp_path)
    claim = tickets.opened(ASKED)
    claim.release()
    lock = fcntl.flock

    def finished_first(file: int, operation: int) -> None:
        claim.finish(tmp_path / "runs")
        lock(file, operation)

    monkeypatch.setattr(fcntl, "flock", finished_first)
    assert tickets.standing("r1") is None


def test_what_nobody_took_up_for_a_month_is_forgotten_and_what_is_worked_on_is_not(
    tmp_path: Path,
) -> None:
    tickets = Tickets(tmp_path)
    working = tickets.opened(ASKED.model_copy(update={"run_id": "working"}))
    for name in ("old", "young"):
        tickets.opened(ASKED.model_copy(update={"run_id": name})).release()
    (tmp_path / FOLDER / "killed.new").touch()
    long_ago = time.time() - KEPT_SECONDS - 60
    for name in ("working.jsonl", "old.jsonl", "killed.new"):
        os.utime(tmp_path / FOLDER / name, (long_ago, long_ago))
    assert tickets.pruned() == ("old",)
    left = sorted(path.name for path in (tmp_path / FOLDER).iterdir())
    assert left == ["working.jsonl", "young.jsonl"]
    assert not tickets.forgotten("working")
    working.release()
    assert tickets.forgotten("working")
    assert tickets.listed() == ("young",)
