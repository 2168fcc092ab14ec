"""How the jobs stand: ages and backlog from the shared database, late ones told by an exit code."""

import json
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, event

from app.cli.standing import show_status
from app.delivery.outbox import Message, Outbox
from app.observing.successes import begun, succeeded
from app.settings import Settings
from app.status.attempts import attempted, lasting
from app.status.readings import TOLD_DAYS, status
from core.errors import DataError, LateError, ProviderError
from tests.app.command import sectorwise

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


def failed_at(home: Path, name: str, at: datetime) -> None:
    """Let a job begin at a moment and end without a success a minute later."""
    begun(url_of(home), name, at)
    clock = iter((at, at + timedelta(minutes=1)))
    with (
        pytest.raises(LateError, match="on purpose"),
        attempted(Settings(home=home), name, clock=lambda: next(clock)),
    ):
        raise LateError("on purpose")


def test_a_job_that_failed_and_has_no_schedule_is_not_late_and_is_told_for_a_while(
    home: Path,
) -> None:
    failed_at(home, "batch:once", NOW)
    failed_at(home, "batch:once", NOW + timedelta(hours=3))
    for days, told in ((2, ["batch:once"]), (TOLD_DAYS, ["batch:once"]), (TOLD_DAYS + 1, [])):
        found = status(url_of(home), now=NOW + timedelta(days=days))
        assert ([row.name for row in found.failed], found.jobs) == (told, ())
        assert found.late(timedelta(hours=26)) == ()
        assert found.late(timedelta(hours=26), ["batch:once"]) == ("batch:once",), "it is named"
        assert found.unsuccessful(["batch:once"]) == ("batch:once",)


def test_a_job_that_is_begun_again_has_a_schedule_and_is_late(home: Path) -> None:
    for days in range(3):
        failed_at(home, "batch:nightly", NOW + timedelta(days=days))
    found = status(url_of(home), now=NOW + timedelta(days=2, hours=1))
    assert ([job.name for job in found.jobs], found.failed) == (["batch:nightly"], ())
    assert found.late(timedelta(hours=26)) == ("batch:nightly",)
    succeeded(url_of(home), "batch:nightly", NOW + timedelta(days=3))
    found = status(url_of(home), now=NOW + timedelta(days=3))
    assert (found.failed, found.late(timedelta(hours=26))) == ((), ())


def test_a_job_that_is_under_way_has_not_failed(home: Path) -> None:
    begun(url_of(home), "batch:once", NOW)
    with attempted(Settings(home=home), "batch:once", clock=lambda: NOW):
        found = status(url_of(home), now=NOW + timedelta(hours=30))
    assert ([job.name for job in found.jobs], found.failed) == (["batch:once"], ())


def test_the_command_tells_what_failed_and_fails_only_where_it_is_named(home: Path) -> None:
    failed_at(home, "batch:night", datetime.now(UTC) - timedelta(hours=2))
    succeeded(url_of(home), "deliver", datetime.now(UTC))
    told = sectorwise("status", "--max-age", "1h", home=home)
    assert told.code == 0, told.error
    assert f"Failed, never succeeded; told for {TOLD_DAYS} days" in told.out
    assert "batch:night" in told.out
    document = sectorwise("status", "--json", home=home).json()
    assert document["failed"][0]["name"] == "batch:night"  # type: ignore[index]  # parsed JSON
    named = sectorwise("status", "batch:night", "--max-age", "1h", home=home)
    assert (named.code, "batch:night: no success in the last 1h" in named.error) == (9, True)
    assert "Failed" in named.out


def test_the_command_reads_the_database_once(home: Path) -> None:
    failed_at(home, "batch:night", datetime.now(UTC))
    read: list[str] = []

    def heard(*told: object) -> None:
        read.append(str(told[2]))

    event.listen(Engine, "before_cursor_execute", heard)
    try:
        assert "Failed" in sectorwise("status", home=home).out
    finally:
        event.remove(Engine, "before_cursor_execute", heard)
    assert sum("FROM attempts" in statement for statement in read) == 1


def test_a_sync_that_failed_once_is_told_as_failed_and_a_success_ends_that(home: Path) -> None:
    words = ("sync", "us", "--source", "yahoo", "--bars", "5m")
    assert sectorwise(*words, home=home).code == 2
    found = status(url_of(home), now=datetime.now(UTC) + timedelta(days=2))
    assert ([row.name for row in found.failed], found.jobs) == (["sync:us"], ())
    assert found.late(timedelta(hours=26)) == ()
    succeeded(url_of(home), "sync:us", datetime.now(UTC))
    found = status(url_of(home), now=datetime.now(UTC))
    assert ([job.name for job in found.jobs], found.failed) == (["sync:us"], ())


def test_a_single_delivery_that_failed_is_not_late_and_one_that_runs_on_is(home: Path) -> None:
    with closing(Outbox(url_of(home), clock=lambda: datetime.now(UTC))) as outbox:
        outbox.add([Message(key="k", sink="desk", kind="alert", subject="s", text="t")])
    sinks = {"SECTORWISE_SINKS": '{"desk": {"url": "http://127.0.0.1:9/x", "deadline_seconds": 2}}'}
    assert sectorwise("deliver", "--once", home=home, env=sinks).code == ProviderError.exit_code
    days = datetime.now(UTC) + timedelta(days=2)
    found = status(url_of(home), now=days)
    assert ([row.name for row in found.failed], found.jobs) == (["deliver"], ())
    lasting(Settings(home=home), "deliver")
    found = status(url_of(home), now=days)
    assert (found.failed, found.late(timedelta(hours=26))) == ((), ("deliver",))


def test_a_single_look_that_failed_is_not_late(home: Path) -> None:
    env = {"SECTORWISE_MANDATE": str(home / "absent.toml")}
    assert sectorwise("watch", "--once", "-u", "us", home=home, env=env).code != 0
    found = status(url_of(home), now=datetime.now(UTC) + timedelta(days=2))
    assert ([row.name for row in found.failed], found.jobs) == (["watch:us"], ())
