import fcntl
import os
import pty
import re
import select
import shutil
import stat
import struct
import subprocess
import termios
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from app.cli.chatting_turn import left_out
from app.cli.chatting_words import again, choices, command_of, compare, limits, why
from app.files.universes import load_universes
from core.errors import CallerError
from core.records.approval import Approval, PlannedCall
from core.records.mandate import SectorCap
from core.request import parse_request
from tests.app.command import PROGRAM, sectorwise
from tests.homes import FITTED_WITH

UNIVERSES = load_universes()
ALL = tuple(UNIVERSES.values())
PATIENCE_SECONDS = 120.0
_CONTROL = re.compile(r"\x1b\[[0-9;?]*[a-zA-Z]|\r")


@pytest.fixture(scope="module")
def home(demo_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the demo home, which a chat may write to."""
    return Path(shutil.copytree(demo_home, tmp_path_factory.mktemp("chat") / "home"))


@pytest.mark.parametrize("universe", ["demo", "us", "vn"])
@pytest.mark.parametrize("language", ["en", "vi"])
def test_why_asks_the_closed_grammar_for_each_sector(universe: str, language: str) -> None:
    spoken = "vi" if language == "vi" else "en"
    for sector in UNIVERSES[universe].sectors:
        text = why(sector.id, UNIVERSES[universe], "vi" if language == "vi" else "en")
        request = parse_request(text, ALL, default_universe=universe)
        assert request.intent == "explain"
        assert [focus.sector for focus in request.focus] == [sector.id]
        assert request.language == spoken


def test_a_sector_nobody_has_is_refused_with_those_there_are() -> None:
    with pytest.raises(CallerError, match="utilities"):
        why("crypto", UNIVERSES["us"], "en")


@pytest.mark.parametrize("horizon", ["1W", "1M", "3M"])
def test_another_horizon_keeps_the_rest_of_the_question(horizon: str) -> None:
    first = parse_request("Which US sectors are leading?", ALL, default_universe="us")
    for text in (again(horizon.lower(), "en"), again(horizon, "vi")):
        asked = parse_request(text, ALL, default_universe="demo", previous=first)
        assert (asked.horizon, asked.universes) == (horizon, ("us",))
    with pytest.raises(CallerError, match="1W, 1M, 3M"):
        again("12M", "en")


@pytest.mark.parametrize(
    ("said", "sectors", "universes"),
    [
        ("banks, real estate", ["banks", "real_estate"], ("vn",)),
        ("real estate banks", ["real_estate", "banks"], ("vn",)),
        ("us vn", [], ("us", "vn")),
    ],
)
def test_a_comparison_names_sectors_or_markets(
    said: str, sectors: list[str], universes: tuple[str, ...]
) -> None:
    request = parse_request(compare(said, "en"), ALL, default_universe="vn")
    assert request.intent == "compare"
    assert [focus.sector for focus in request.focus] == sectors
    assert request.universes == universes


def test_a_limit_in_words_becomes_a_typed_patch_and_other_words_are_refused() -> None:
    patch = limits("cap technology 20%", UNIVERSES, "us")
    assert patch.caps == (SectorCap(sector="technology", cap=0.2),)
    assert limits("no real estate", UNIVERSES, "us").excluded == ("real_estate",)
    with pytest.raises(CallerError, match="no limit is stated"):
        limits("technology is nice", UNIVERSES, "us")


def test_commands_are_told_from_questions_and_unknown_ones_refused() -> None:
    assert command_of("Which sectors lead?") is None
    found = command_of("/why  real estate ")
    assert found is not None
    assert (found.name, found.said) == ("/why", "real estate")
    with pytest.raises(CallerError, match="/help"):
        command_of("/frobnicate")


def test_completion_offers_commands_markets_and_sector_names() -> None:
    assert "/compare" in choices("/co", UNIVERSES, "us")
    assert "vn" in choices("/universe v", UNIVERSES, "us")
    assert "Energy" in choices("/why En", UNIVERSES, "us")
    assert "Ngân hàng" in choices("so sánh Ng", UNIVERSES, "vn")


def test_only_numbers_of_the_plan_can_be_left_out() -> None:
    steps = tuple(
        PlannedCall(step=name, tool="get_market_overview", universe="us", scored=name == "fixed")
        for name in ("fixed", "first", "second")
    )
    plan = Approval(steps=steps, servers=(), author="rules")
    assert left_out("2, 1 2", plan) == ("second", "first")
    for numbers in ("3", "0", "fixed", "-1"):
        with pytest.raises(CallerError, match="1 to 2"):
            left_out(numbers, plan)


def test_a_pipe_is_answered_line_by_line_and_a_bad_line_costs_only_itself(home: Path) -> None:
    lines = (
        "/as-of 2024-06-28",
        "/universe demo",
        "/as-of last",
        "Which sectors are leading?",
        "/nothing",
        "/horizon 3M",
        "/export md",
        "What is the capital of France?",
        "/threads",
    )
    done = sectorwise("chat", "--universe", "demo", home=home, typed="\n".join(lines))
    assert done.code == 0, done.error
    assert done.out.count("Every number verified.") == 2, "a refusal has no number"
    assert "there is no command /nothing" in done.out
    assert "now Demo market (synthetic), as of 2024-06-28; others: europe" in done.out
    assert "demo-financial" not in done.out
    assert "\x1b" not in done.out
    written = re.search(r"wrote (\S+report\.md)", done.out)
    assert written is not None
    assert Path(written[1]).stat().st_size > 1000
    assert "Which sectors are leading?" in done.out[done.out.index("wrote") :]


@pytest.mark.prove
def test_a_person_agrees_stops_leaves_and_comes_back(home: Path) -> None:
    with _terminal(home, "chat", "--universe", "demo") as terminal:
        terminal.sees("demo>").types("Which sectors are leading?\r")
        terminal.sees("more calls into what ranks first").sees("yours to choose:")
        terminal.sees("[R/e/c]").types("e\r").sees("another way").types("1\r")
        terminal.sees("Every number verified.")
        terminal.sees("demo>").types("/mandate cap technology 20%\r").sees("(this thread)")
        terminal.sees("demo>").types("/horizon 3M\r").sees("Stated:")
        terminal.sees("[R/e/c]").types("\r").sees("✓").interrupts()
        terminal.sees("The thread stays.")
        terminal.sees("demo>").types("\x04")
        left = re.search(r"chat --thread (\S+)", terminal.sees("--thread ").rest())
    assert left is not None
    with _terminal(home, "chat", "--thread", left[1]) as terminal:
        terminal.sees("finished  Which sectors are leading?")
        terminal.sees("stopped   and 3 months instead?")
        terminal.sees("demo>").types("/quit\r").rest()
    assert stat.S_IMODE((home / "chat_history").stat().st_mode) == 0o600


class _Terminal:
    """The other end of a program's terminal."""

    def __init__(self, number: int) -> None:
        self._number, self._read, self._seen = number, "", 0

    def sees(self, text: str) -> "_Terminal":
        """Wait until the program writes the text, after what was seen before."""
        end = time.monotonic() + PATIENCE_SECONDS
        while text not in self._read[self._seen :]:
            assert time.monotonic() < end, f"no {text!r} after {self._read[self._seen :]!r}"
            if not self._take():
                break
        assert text in self._read[self._seen :], self._read
        self._seen = self._read.index(text, self._seen) + len(text)
        return self

    def types(self, text: str) -> "_Terminal":
        """Type, once the line is being edited."""
        time.sleep(0.2)
        os.write(self._number, text.encode())
        return self

    def interrupts(self) -> None:
        """Press Ctrl-C at once."""
        os.write(self._number, b"\x03")

    def rest(self) -> str:
        """Read on until the program leaves, and return what it wrote at the end."""
        while self._take():
            pass
        return self._read[max(self._seen - 40, 0) :]

    def _take(self) -> bool:
        if not select.select([self._number], [], [], 1.0)[0]:
            return True
        try:
            taken = os.read(self._number, 65536)
        except OSError:
            return False
        self._read += _CONTROL.sub("", taken.decode("utf-8", "replace"))
        return bool(taken)


@contextmanager
def _terminal(home: Path, *arguments: str) -> Iterator[_Terminal]:
    """Yield a terminal the program runs in; it is gone when this is left.

    `setsid` makes it the program's own. A fork of the tests' own process would do so too, but may
    hang where a library of theirs has threads.
    """
    number, ours = pty.openpty()
    fcntl.ioctl(number, termios.TIOCSWINSZ, struct.pack("HHHH", 50, 160, 0, 0))
    env = {
        "PATH": os.environ["PATH"], "HOME": str(home), "TERM": "xterm",
        "PROMPT_TOOLKIT_NO_CPR": "1", "SECTORWISE_HOME": str(home),
        "SECTORWISE_VIEWS": FITTED_WITH,
    }  # fmt: skip
    process = subprocess.Popen(
        ["setsid", "--ctty", str(PROGRAM), *arguments],
        stdin=ours, stdout=ours, stderr=ours, cwd=home, env=env,
    )  # fmt: skip
    os.close(ours)
    try:
        yield _Terminal(number)
    finally:
        os.close(number)
        try:
            process.wait(PATIENCE_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
