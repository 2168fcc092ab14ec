"""What a killed process left of a finished run is told whole, and brought to its end."""

from pathlib import Path

from app.compose import Composition
from app.running.leftovers import tidied
from app.running.records import RunStep, Ticket
from app.running.runs import Runs
from app.running.tickets import Tickets
from core.records.request import Request

STEP = RunStep(node="planner", state="finished", seconds=1.5)
ASKED = Ticket(
    run_id="r1", request=Request(text="?", language="en", intent="question", universes=("demo",))
)


def _never() -> Composition:
    raise AssertionError


def test_a_run_killed_before_its_lines_were_moved_keeps_them(tmp_path: Path) -> None:
    runs, tickets = Runs(_never, tmp_path), Tickets(tmp_path)
    claim = tickets.opened(ASKED)
    claim.note(STEP)
    folder = runs.folder / "r1"
    folder.mkdir(parents=True)
    (folder / "run.json").touch()
    assert tidied(tickets, runs) == []
    claim.release()
    for gone in (["r1"], []):
        course = runs.course("r1")
        assert course is not None
        assert (course.state, course.lines) == ("finished", (STEP,))
        assert tidied(tickets, runs) == gone
    assert tickets.listed() == ()
