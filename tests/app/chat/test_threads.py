"""Threads are kept in the ledger's database, whoever writes beside them."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from app.chat.threads import ALIAS_DAYS, KeptTurn, Threads
from core.errors import ConflictError, UnknownIdError
from core.records.request import Request
from tests.servers.postgres import a_postgres

NOON = datetime(2026, 3, 20, 12, tzinfo=UTC)


class Clock:
    """A clock that goes on a minute each time it is read."""

    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> datetime:
        self.now += timedelta(minutes=1)
        return self.now


def a_turn(run: str, thread: str = "t1", text: str = "Which sectors lead?") -> KeptTurn:
    request = Request(text=text, language="en", intent="question", universes=("demo",))
    return KeptTurn(run, thread, "2026-03-20T12:00:00+00:00", text, request, None)


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'ledger.sqlite'}"


@pytest.fixture
def kept(url: str) -> Iterator[Threads]:
    threads = Threads(url, clock=Clock())
    yield threads
    threads.close()


def test_the_last_changed_thread_comes_first_and_keeps_its_first_title(kept: Threads) -> None:
    kept.opened("t1", "demo", None)
    kept.opened("t2", "us", date(2024, 6, 28))
    assert [row.thread for row in kept.rows(10)] == ["t2", "t1"]
    kept.add(a_turn("r1"), title="Which sectors lead?")
    kept.add(a_turn("r2"), title="another")
    first = kept.rows(1)[0]
    assert (first.thread, first.title, first.turns_count) == ("t1", "Which sectors lead?", 2)
    assert first.changed_at.endswith("+00:00")
    assert kept.row("t2").as_of == date(2024, 6, 28)
    assert [turn.run for turn in kept.turns("t1")] == ["r1", "r2"]


def test_another_desk_on_the_same_database_sees_the_same(kept: Threads, url: str) -> None:
    kept.opened("t1", "demo", None)
    kept.add(a_turn("r1", text="Ngành nào dẫn dắt? 'x'; DROP TABLE turns; --"), title="q")
    other = Threads(url, clock=Clock())
    assert other.turn("r1") == kept.turn("r1")
    assert other.thread_of("r1") == "t1"
    assert other.thread_of("r9") is None
    other.close()


def test_a_forgotten_thread_takes_all_that_hangs_on_it_and_nothing_else(kept: Threads) -> None:
    for name in ("t1", "t2"):
        kept.opened(name, "demo", None)
        kept.add(a_turn(f"r-{name}", name), title="q")
        kept.remembered(f"key-{name}", f"r-{name}")
    assert kept.forgotten("t1") == ("r-t1",)
    assert [row.thread for row in kept.rows(10)] == ["t2"]
    assert (kept.recalled("key-t1"), kept.recalled("key-t2")) == (None, "r-t2")
    for missing in (lambda: kept.turn("r-t1"), lambda: kept.forgotten("t1")):
        with pytest.raises(UnknownIdError):
            missing()
    with pytest.raises(UnknownIdError):
        kept.add(a_turn("r3"), title="q")


def test_the_last_answer_to_a_history_counts_and_old_histories_are_forgotten(url: str) -> None:
    clock = Clock()
    kept = Threads(url, clock=clock)
    kept.remembered("k", "r1")
    kept.remembered("k", "r2")
    assert kept.recalled("k") == "r2"
    kept.close()
    clock.now += timedelta(days=ALIAS_DAYS + 1)
    later = Threads(url, clock=clock)
    assert later.recalled("k") is None
    later.close()


def test_a_turn_that_was_never_begun_leaves_nothing(kept: Threads) -> None:
    kept.opened("t1", "demo", None)
    kept.add(a_turn("r1"), title="q")
    kept.drop("r1")
    assert kept.turns("t1") == ()


def test_a_turn_put_after_what_is_no_longer_last_is_refused(kept: Threads) -> None:
    kept.opened("t1", "demo", None)
    kept.add(a_turn("r1"), title="q", after=0)
    with pytest.raises(ConflictError, match="meanwhile"):
        kept.add(a_turn("r2"), title="q", after=0)
    kept.add(a_turn("r3"), title="q", after=1)
    assert [turn.run for turn in kept.turns("t1")] == ["r1", "r3"]


@pytest.mark.prove
def test_postgres_keeps_threads_as_sqlite_does() -> None:
    with a_postgres() as url:
        kept = Threads(url, clock=Clock())
        try:
            test_a_forgotten_thread_takes_all_that_hangs_on_it_and_nothing_else(kept)
            kept.remembered("k", "r1")
            kept.remembered("k", "r2")
            assert kept.recalled("k") == "r2"
        finally:
            kept.close()
