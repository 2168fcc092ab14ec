"""Lines of the log: text for people, JSON for machines, a secret in neither."""

import json
import logging
import sys
from collections.abc import Iterator

import pytest

from agents.toolbox.redaction import Redactor
from agents.tracing import hear, span, unhear
from app.observing.logs import CleanFormatter, Form, JsonFormatter, log_lines, told

CANARY = "c4nary-0f-4n-0per4tor/with+signs=="
REDACTOR = Redactor(frozenset({CANARY}))


@pytest.fixture(autouse=True)
def _quiet_after() -> Iterator[None]:
    levels = {name: logging.getLogger(name).level for name in ("agents", "app", "core", "tools")}
    yield
    log_lines("off", "info", REDACTOR)
    unhear(told)
    for name, level in levels.items():
        logging.getLogger(name).setLevel(level)


def a_failure() -> logging.LogRecord:
    try:
        raise RuntimeError(f"cannot reach https://user:{CANARY}@host.example")
    except RuntimeError:
        return logging.LogRecord(
            "uvicorn.error", logging.ERROR, "x.py", 1, "failed with %s", (CANARY,), sys.exc_info()
        )


@pytest.mark.parametrize("formatter", [CleanFormatter(REDACTOR), JsonFormatter(REDACTOR)])
def test_no_line_holds_a_secret_not_even_a_traceback(formatter: logging.Formatter) -> None:
    line = formatter.format(a_failure())
    assert CANARY not in line
    assert "failed with redacted" in line
    assert "Traceback" in line


def test_a_json_line_is_one_line_and_says_what_was_under_way() -> None:
    with span("run", run="r1", universe="vn"):
        line = JsonFormatter(REDACTOR).format(a_failure())
    assert "\n" not in line
    said = json.loads(line)
    assert (said["run"], said["universe"], said["level"]) == ("r1", "vn", "error")
    assert said["at"].endswith("Z")


def written(capsys: pytest.CaptureFixture[str], form: Form, level: str = "info") -> list[str]:
    """Return the lines of a run, of our own warning and of a library's chatter."""
    log_lines(form, level, REDACTOR)
    hear(told)
    with span("run", run="r1", universe="vn") as work:
        logging.getLogger("app.watching").warning("late by %d s", 7)
        logging.getLogger("httpx").info("GET https://host.example/?key=%s", CANARY)
        work.note(outcome="finished", gaps=("no_data", "timeout"))
    return capsys.readouterr().err.splitlines()


def test_a_run_that_ended_is_a_line_with_its_facts(capsys: pytest.CaptureFixture[str]) -> None:
    warned, ended = map(json.loads, written(capsys, "json"))
    assert (warned["message"], warned["run"]) == ("late by 7 s", "r1")
    assert (ended["message"], ended["outcome"], ended["gaps"]) == ("run ended", "finished", 2)
    assert ended["seconds"] >= 0


def test_text_tells_the_same_in_brackets(capsys: pytest.CaptureFixture[str]) -> None:
    warned, ended = written(capsys, "text")
    assert warned == "WARNING app.watching: late by 7 s (run=r1 universe=vn)"
    assert "outcome=finished" in ended


def test_the_level_is_that_of_our_own_lines(capsys: pytest.CaptureFixture[str]) -> None:
    assert len(written(capsys, "json", "warning")) == 1


def test_off_writes_nothing_and_twice_is_once(capsys: pytest.CaptureFixture[str]) -> None:
    log_lines("text", "info", REDACTOR)
    assert len(written(capsys, "text")) == 2
    assert written(capsys, "off") == []
