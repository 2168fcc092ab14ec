"""`sectorwise deliver`: works the outbox, shows it, tries again, tests a sink."""

import json
import shutil
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from app.delivery.outbox import Outbox
from core.errors import CallerError, ConflictError, ProviderError, UnknownIdError
from tests.app.command import Ran, sectorwise
from tests.app.delivery.posts import alert


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A home with two messages, one for a sink that is not reached."""
    home = tmp_path / "home"
    home.mkdir()
    with closing(_outbox(home)) as outbox:
        outbox.add([alert("a", sink="box"), alert("b", sink="hook")])
    return home


def _outbox(home: Path) -> Outbox:
    return Outbox(f"sqlite:///{home / 'ledger.sqlite'}", clock=lambda: datetime.now(UTC))


def _deliver(home: Path, *arguments: str, hook: str = "http://127.0.0.1:9/x") -> Ran:
    sinks = {
        "box": {"url": f"file://{home.parent / 'box'}"},
        "hook": {"url": hook, "deadline_seconds": 2},
        "desk": {"url": "${DESK_MAIL_URL}", "language": "vi"},
    }
    env = {"SECTORWISE_SINKS": json.dumps(sinks)}
    return sectorwise("deliver", *arguments, home=home, env=env)


def test_one_round_delivers_what_it_can_and_says_by_its_code_what_it_could_not(
    home: Path,
) -> None:
    ran = _deliver(home, "--once", "--json")
    assert ran.code == ProviderError.exit_code
    assert ran.json() == {"dead": 0, "delivered": 1, "failed": 1}
    assert "1 message could not be delivered" in ran.error
    assert (home.parent / "box" / f"{alert('a').name}.json").exists()
    listed = _deliver(home, "list", "--json").json()
    assert isinstance(listed, list)
    assert [(row["key"], row["state"], row["tries_count"]) for row in listed] == [
        ("b", "waiting", 1)
    ]
    assert listed[0]["reason"] == "not reached (ConnectError)"
    assert "text" not in listed[0]
    shown = _deliver(home, "list", "--all")
    assert "delivered" in shown.out
    assert "not reached" in shown.out


def test_a_round_that_delivers_all_ends_well_and_leaves_nothing(home: Path) -> None:
    hook = f"file://{home.parent / 'hook'}"
    assert _deliver(home, "--once", hook=hook).out == "delivered 2 messages\n"
    assert _deliver(home, "list").out == "nothing waits, nothing was given up\n"
    assert _deliver(home, "--once", hook=hook).out == "delivered 0 messages\n"


def test_what_was_given_up_goes_back_in_line_and_nothing_else_does(home: Path) -> None:
    (home.parent / "gone").mkdir()
    with closing(_outbox(home)) as outbox:
        gone = {"attachments": (str(home.parent / "gone" / "file.pdf"),)}
        outbox.add([alert("c", sink="box").model_copy(update=gone)])
    _deliver(home, "--once")
    (home.parent / "gone" / "file.pdf").write_bytes(b"%PDF")
    assert "given up: c\n" in _deliver(home, "list").out
    assert _deliver(home, "retry", "b").code == ConflictError.exit_code
    assert _deliver(home, "retry", "z").code == UnknownIdError.exit_code
    assert _deliver(home, "retry").code == CallerError.exit_code
    assert _deliver(home, "retry", "--all").out == "1 message back in line\n"
    _deliver(home, "--once")
    assert (home.parent / "box" / f"{alert('c').name}.file.pdf").exists()


def test_a_sink_is_tested_past_its_line(home: Path) -> None:
    assert _deliver(home, "test", "box").out == "sink box took the test message\n"
    unreached = _deliver(home, "test", "hook")
    assert (unreached.code, unreached.error) == (
        ProviderError.exit_code,
        "sectorwise: sink hook: not reached (ConnectError)\n",
    )
    unset = _deliver(home, "test", "desk")
    assert unset.error == "sectorwise: sink desk uses ${DESK_MAIL_URL}, which is not set\n"
    assert "the settings name box, desk, hook" in _deliver(home, "test", "nobody").error


def test_without_sinks_there_is_nothing_to_work(home: Path) -> None:
    ran = sectorwise("deliver", "--once", home=home)
    assert ran.code == CallerError.exit_code
    assert "add [sinks.NAME] to sectorwise.toml" in ran.error


def test_a_secret_in_the_settings_is_an_error_in_one_sentence_that_does_not_repeat_it(
    home: Path,
) -> None:
    sinks = json.dumps({"desk": {"url": "tgram://123456789:hidden-token/1"}})
    ran = sectorwise("deliver", "list", home=home, env={"SECTORWISE_SINKS": sinks})
    assert ran.code == CallerError.exit_code
    assert "setting sinks.desk.url" in ran.error
    assert ran.error.count("\n") == 1
    assert "hidden" not in ran.error


def test_only_kept_runs_and_named_sinks_make_a_letter(home: Path) -> None:
    assert "no run is kept yet" in _deliver(home, "report", "last", "--to", "box").error
    assert "no sink is named 'x'" in _deliver(home, "report", "last", "--to", "x").error


@pytest.mark.prove
def test_a_kept_report_reaches_a_folder_as_a_letter_with_its_pdf(
    demo_home: Path, tmp_path: Path
) -> None:
    home = tmp_path / "own"
    shutil.copytree(demo_home, home)
    sectorwise("report", "-u", "demo", "--out", str(tmp_path / "out"), home=home)
    posted = _deliver(home, "report", "last", "--to", "box")
    assert "box: posted: SYNTHETIC DATA" in posted.out
    assert "was posted before" in _deliver(home, "report", "last", "--to", "box").out
    assert _deliver(home, "--once").out == "delivered 1 message\n"
    suffixes = sorted(path.suffix for path in (tmp_path / "box").iterdir())
    assert suffixes == [".json", ".pdf", ".txt"]
