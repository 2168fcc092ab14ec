"""One process works on a run: of one machine by a file's lock, of several by a lease."""

import os
import signal
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from app.state.rights import Rights
from core.errors import ConflictError
from tests.app.running.killing import forked
from tests.app.state.renewing import until_stands

pytestmark = pytest.mark.xdist_group("postgres")
Machine = Callable[..., Rights]
LATER = timedelta(hours=1)
SECONDS = 0.4


@pytest.fixture
def machine(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Machine]:
    """Make the rights as a machine sees them: each has a folder of its own by its name."""
    with ExitStack() as opened:

        def made(name: str, *, after: timedelta = timedelta(), seconds: float = 30.0) -> Rights:
            url = str(request.getfixturevalue("postgres_url"))
            rights = Rights(
                tmp_path / name, url, clock=lambda: datetime.now(UTC) + after, seconds=seconds
            )
            opened.callback(rights.close)
            return rights

        yield made


def killed_as_it_worked(folder: Path, url: str) -> None:
    Rights(folder, url).taken("run")
    os.kill(os.getpid(), signal.SIGKILL)


def test_of_one_machine_the_second_process_is_refused(tmp_path: Path) -> None:
    ours, other = (Rights(tmp_path, "sqlite://") for _ in range(2))
    right = ours.taken("run")
    with pytest.raises(ConflictError, match="run run is under way"):
        other.taken("run")
    with other.taken("another").writing():
        assert other.taken("a third").guard is None
    right.release()
    other.taken("run").release()
    assert not list(tmp_path.glob("run*"))


def test_a_killed_process_lets_go_of_its_run_at_once(tmp_path: Path, postgres_url: str) -> None:
    for url in ("sqlite://", postgres_url):
        process = forked().Process(target=killed_as_it_worked, args=(tmp_path, url))
        process.start()
        process.join(60)
        assert process.exitcode == -signal.SIGKILL
        assert list(tmp_path.glob("run.lock"))
        rights = Rights(tmp_path, url)
        assert not rights.is_elsewhere("run")
        rights.taken("run").release()
        rights.close()


def test_another_machine_is_refused_until_the_lease_has_ended(machine: Machine) -> None:
    right, other = machine("here").taken("run"), machine("there")
    assert other.is_elsewhere("run")
    with pytest.raises(ConflictError, match="run run is under way"):
        other.taken("run")
    right.release()
    assert not other.is_elsewhere("run")
    other.taken("run").release()


def test_who_slept_through_the_end_of_a_lease_writes_nothing_more(machine: Machine) -> None:
    slept = machine("here").taken("run")
    assert not slept.lost
    with slept.writing():
        pass
    taken = machine("there", after=LATER).taken("run")
    assert slept.lost
    with pytest.raises(ConflictError, match="has taken over run run"), slept.writing():
        pytest.fail("it wrote")
    slept.release()
    assert not taken.lost
    taken.release()


def test_a_lease_is_renewed_while_its_holder_lives(tmp_path: Path, postgres_url: str) -> None:
    moment = [datetime(2026, 3, 21, tzinfo=UTC)]
    here, there = (
        Rights(tmp_path / name, postgres_url, clock=lambda: moment[0], seconds=SECONDS)
        for name in ("here", "there")
    )
    right = here.taken("run")
    for _ in range(3):
        moment[0] += timedelta(seconds=0.8 * SECONDS)
        until_stands(postgres_url, "run:run", moment[0] + timedelta(seconds=0.5 * SECONDS))
        with pytest.raises(ConflictError):
            there.taken("run")
    right.release()
    assert not there.is_elsewhere("run")
    here.close()
    there.close()
