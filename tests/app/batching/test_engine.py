import os
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from types import SimpleNamespace

import pytest

from app.batching.engine import Crew, outcomes
from app.batching.records import Job
from app.batching.site import Task
from core.records.request import Request

REQUEST = Request(text="", language="en", intent="report", universes=("demo",))


class Deadly(Task):
    """Ends the process that takes it, as memory that runs out does."""

    def __reduce__(self) -> tuple[object, tuple[int]]:
        return os._exit, (1,)


@dataclass(frozen=True, slots=True)
class Followed(Task):
    """Notes which process takes it."""

    folder: str

    def __reduce__(self) -> tuple[object, tuple[str, Job, str]]:
        return taken, (self.folder, self.job, self.run)


ROOT = Path(__file__).parents[3]
"""Of the project."""


def taken(folder: str, job: Job, run: str) -> Task:
    """Write the process under the job's name, and return the task."""
    Path(folder, job.name).write_text(str(os.getpid()), encoding="utf-8")
    return Task(job, run)


def job_of(day: date, language: str) -> Job:
    return Job(
        name=f"d{day.month}-{day.day}-{language}",
        request=REQUEST.model_copy(update={"as_of": day}),
    )


def test_reports_of_one_market_and_day_are_made_by_one_worker(tmp_path: Path) -> None:
    days = [date(2024, 2, day) for day in range(1, 13)]
    single = [job_of(date(2024, 1, day), "en") for day in (1, 2, 3)]  # an interruption's leftovers
    pairs = [job_of(day, language) for day in days for language in ("en", "vi")]
    jobs = [single[0], *pairs[:8], single[1], *pairs[8:], single[2]]
    site = SimpleNamespace(out=Path("night"))  # nothing can be made with it
    tasks = [Followed(job, "run", str(tmp_path)) for job in jobs]
    assert len(list(outcomes(site, tasks, Crew(workers=2)))) == 27  # type: ignore[arg-type]
    by = {path.name: path.read_text(encoding="utf-8") for path in tmp_path.iterdir()}
    apart = [day for day in days if by[f"d2-{day.day}-en"] != by[f"d2-{day.day}-vi"]]
    assert not apart
    assert str(os.getpid()) not in by.values()


@dataclass(frozen=True, slots=True)
class Stopping(Task):
    """Stops the process that takes it a moment after it is done: it never leaves by itself."""

    def __reduce__(self) -> tuple[object, tuple[Job, str]]:
        return stopping, (self.job, self.run)


def stopping(job: Job, run: str) -> Task:
    """Return the task, and stop the process soon after."""
    told = f"import os,signal,time; time.sleep(0.5); os.kill({os.getpid()}, signal.SIGSTOP)"
    subprocess.Popen([sys.executable, "-c", told])
    return Task(job, run)


@pytest.mark.prove
def test_a_worker_that_does_not_leave_at_the_end_is_ended(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("app.batching.engine.LEAVING_SECONDS", 1.0)
    jobs = [job_of(date(2024, 3, day), "en") for day in (1, 2)]
    site = SimpleNamespace(out=Path("night"))  # nothing can be made with it
    found = []
    for outcome in outcomes(site, [Stopping(job, "run") for job in jobs], Crew(workers=2)):  # type: ignore[arg-type]
        found.append(outcome.name)
        if len(found) == len(jobs):
            wait_until_stopped()
    assert sorted(found) == sorted(job.name for job in jobs)


def wait_until_stopped() -> None:
    """Wait until a process this one started is stopped."""
    deadline = time.monotonic() + 60.0
    while time.monotonic() < deadline:
        for status in Path("/proc").glob("[0-9]*/stat"):
            with suppress(OSError):
                _, _, fields = status.read_text().rpartition(")")
                state, parent = fields.split()[:2]
                if (state, parent) == ("T", str(os.getpid())):
                    return
        time.sleep(0.02)
    raise AssertionError("no worker was stopped")


def test_a_job_that_kills_its_worker_fails_alone_and_an_error_is_told_by_its_type() -> None:
    names = [f"demo-{number}" for number in range(6)]
    jobs = [Job(name=name, request=REQUEST) for name in names]
    tasks = [Deadly(jobs[0], "run"), *(Task(job, "run") for job in jobs[1:])]
    site = SimpleNamespace(out=Path("night"))  # nothing can be made with it
    found = list(outcomes(site, tasks, Crew(workers=2)))  # type: ignore[arg-type]  # on purpose
    assert sorted(row.name for row in found) == names
    lost = [row for row in found if row.lost]
    assert [row.name for row in lost] == names[:1]
    assert "worker was lost" in str(lost[0].error)
    assert {row.error for row in found if not row.lost} == {"AttributeError"}


def test_whoever_starts_workers_lets_them_be_replaced() -> None:
    sources = [
        path.read_text("utf-8") for room in ("app", "evals") for path in (ROOT / room).rglob("*.py")
    ]
    starting = [text for text in sources if "Parallel(" in text]
    assert len(starting) >= 4
    assert all("let_workers_be_replaced()" in text for text in starting)
