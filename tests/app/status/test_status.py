"""How the jobs stand: ages and backlog from the shared database, late ones told by an exit code."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from app.cli.standing import show_status
from app.delivery.outbox import Message, Outbox
from app.observing.successes import begun, succeeded
from app.status.readings import status
from core.errors import DataError, LateError

NOW = datetime(2026, 3, 21, 9, 15, tzinfo=UTC)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SECTORWISE_HOME", str(tmp_path))
    return tmp_path


def url_of(home: Path) -> str:
    return f"sqlite:///{home / 'ledger.sqlite'}"


def test_a_new_home_has_no_job_and_no_sink(home: Path) -> None:
    found = status(url_of(home), now=NOW)
    assert (found.jobs, found.outbox, found.database) == ((), (), "sqlite")
    assert found.late(timedelta(hours=1)) == ()
    assert found.late(timedelta(hours=1), ["watch:vn"]) == ("watch:vn",)


def test_ages_and_backlog_are_read_from_what_processes_share(home: Path) -> None:
    succeeded(url_of(home), "watch:vn", NOW - timedelta(minutes=20))
    outbox = Outbox(url_of(home), clock=lambda: NOW - timedelta(hours=2))
    outbox.add(
        [Message(key=f"k{n}", sink="desk", kind="alert", subject="s", text="t") for n in (1, 2)]
    )
    outbox.close()
    found = status(url_of(home), now=NOW)
    assert [(job.name, job.age_seconds) for job in found.jobs] == [("watch:vn", 1200)]
    (line,) = found.outbox
    assert (line.sink, line.waiting_count, line.given_up_count) == ("desk", 2, 0)
    assert line.oldest_seconds == 7200
    assert found.late(timedelta(minutes=19)) == ("watch:vn",)
    assert found.late(timedelta(minutes=21)) == ()


def test_a_success_ahead_of_the_clock_is_now(home: Path) -> None:
    succeeded(url_of(home), "deliver", NOW + timedelta(hours=1))
    assert status(url_of(home), now=NOW).jobs[0].age_seconds == 0


def test_a_database_that_cannot_be_read_is_one_sentence(home: Path) -> None:
    (home / "ledger.sqlite").write_bytes(b"no database at all, only words" * 100)
    with pytest.raises(DataError, match="sectorwise doctor"):
        status(url_of(home), now=NOW)


def test_the_command_prints_and_fails_where_a_job_is_late(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(LateError, match="no job has succeeded yet"):
        show_status((), max_age="1h", as_json=False)
    succeeded(url_of(home), "batch:nightly", datetime.now(UTC) - timedelta(hours=27, minutes=3))
    show_status((), max_age="28h", as_json=False)
    assert "1d 3h" in capsys.readouterr().out
    with pytest.raises(LateError, match="batch:nightly: no success in the last 26h"):
        show_status((), max_age="26h", as_json=True)
    assert json.loads(capsys.readouterr().out)["jobs"][0]["name"] == "batch:nightly"
    with pytest.raises(LateError, match="watch:vn never succeeded"):
        show_status(("watch:vn",), max_age=None, as_json=True)


def test_a_job_that_began_and_never_succeeded_is_late_without_being_named(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for hours in (30, 1):
        begun(url_of(home), "sync:vn", NOW - timedelta(hours=hours))
    begun(url_of(home), "deliver", NOW - timedelta(hours=40))
    succeeded(url_of(home), "deliver", NOW - timedelta(hours=2))
    found = status(url_of(home), now=NOW)
    assert found.late(timedelta(hours=26)) == ("sync:vn",)
    assert found.late(timedelta(hours=31)) == ()
    assert [job.succeeded_at for job in found.jobs] == [NOW - timedelta(hours=2), None]
    with pytest.raises(LateError, match="sync:vn never succeeded"):
        show_status(("sync:vn", "deliver"), max_age=None, as_json=False)
    assert "never" in capsys.readouterr().out
