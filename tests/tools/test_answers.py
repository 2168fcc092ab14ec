import os
import time
from datetime import date
from pathlib import Path

import anyio
import pytest
from mcp.types import CallToolResult

from tools.answers import Answers

LONG_AGO_NS = 1_700_000_000_000_000_000
MINUTE_NS = 60_000_000_000


class Counting:
    """Makes a fresh answer each time and counts."""

    def __init__(self, *, fails: bool = False) -> None:
        self.made, self._fails = 0, fails

    async def __call__(self) -> object:
        self.made += 1
        return CallToolResult(content=[], structuredContent={"n": self.made}, isError=self._fails)


class Day:
    """A calendar that can be turned."""

    def __init__(self) -> None:
        self.now = date(2024, 1, 2)

    def __call__(self) -> date:
        return self.now


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "us" / "prices").mkdir(parents=True)
    settle(tmp_path, LONG_AGO_NS)
    return tmp_path


def settle(folder: Path, stamp_ns: int) -> None:
    for path in (folder / "us" / "prices", folder / "us", folder):
        if path.exists():
            os.utime(path, ns=(stamp_ns, stamp_ns))


def ask(answers: Answers, make: Counting, **arguments: object) -> object:
    async def once() -> object:
        return await answers.answer("tool", arguments, make)

    return anyio.run(once)


def memory(folder: Path, *, today: Day | None = None, capacity: int = 2) -> Answers:
    inside = (folder / "us", folder / "us" / "prices")
    return Answers((folder,), inside=inside, today=today or Day(), capacity=capacity)


def test_an_equal_question_is_answered_once(folder: Path) -> None:
    answers, make = memory(folder), Counting()
    first = ask(answers, make, region="us", as_of="2024-01-02")
    assert ask(answers, make, as_of="2024-01-02", region="us") is first
    ask(answers, make, region="us")
    assert make.made == 2


def test_a_file_more_or_less_makes_the_answer_anew(folder: Path) -> None:
    answers, make = memory(folder), Counting()
    ask(answers, make)
    (folder / "us" / "prices" / "0001.parquet").touch()
    settle(folder, LONG_AGO_NS + 1)
    ask(answers, make)
    (folder / "us" / "prices" / "0001.parquet").unlink()
    settle(folder, LONG_AGO_NS + 2)
    ask(answers, make)
    assert make.made == 3


def test_a_folder_that_appears_makes_the_answer_anew_and_is_watched_from_then_on(
    tmp_path: Path,
) -> None:
    answers, make = memory(tmp_path / "store"), Counting()
    prices = tmp_path / "store" / "us" / "prices"
    for number, path in enumerate((tmp_path, prices.parents[1], prices.parent, prices)):
        path.mkdir(exist_ok=True)
        settle(tmp_path / "store", LONG_AGO_NS + number)
        ask(answers, make)
        ask(answers, make)
        assert make.made == number + 1, path
    (prices / "0001.parquet").touch()
    os.utime(prices, ns=(LONG_AGO_NS + 9, LONG_AGO_NS + 9))
    ask(answers, make)
    assert make.made == 5


def test_nothing_is_kept_while_a_folder_may_be_changing(folder: Path) -> None:
    answers, make = memory(folder), Counting()
    settle(folder, time.time_ns() + MINUTE_NS)  # as if now, however long the questions take
    ask(answers, make)
    ask(answers, make)
    assert make.made == 2


def test_another_day_asks_again(folder: Path) -> None:
    today, make = Day(), Counting()
    answers = memory(folder, today=today)
    ask(answers, make)
    today.now = date(2024, 1, 3)
    ask(answers, make)
    assert make.made == 2


def test_an_error_is_not_kept(folder: Path) -> None:
    answers, make = memory(folder), Counting(fails=True)
    ask(answers, make)
    ask(answers, make)
    assert make.made == 2


def test_what_was_asked_longest_ago_is_forgotten_first(folder: Path) -> None:
    answers, make = memory(folder, capacity=2), Counting()
    for name in ("a", "b", "a", "c", "a"):
        ask(answers, make, name=name)
    assert make.made == 3
    ask(answers, make, name="b")
    assert make.made == 4
