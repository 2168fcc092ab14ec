"""The outbox: one row a key, in order, fenced, tried again and given up."""

import asyncio
from collections.abc import Iterator
from contextlib import ExitStack, closing
from datetime import timedelta
from pathlib import Path

import pytest

from agents.toolbox.database import Database
from app.delivery import crowding
from app.delivery.message import Row, State
from app.delivery.outbox import LONGEST_WAIT, MOST_FAILURES, MOST_TRIES, Outbox, posted
from app.delivery.table import TABLES
from app.state.leases import Lease, Leases
from core.errors import BusyError, ConflictError, UnknownIdError
from tests.app.delivery.posts import DOWN, FAILED, NOON, REFUSED, SENT, Clock, alert, leases

WAITING, WHOLE = 12, 6


@pytest.fixture
def short_lines(monkeypatch: pytest.MonkeyPatch) -> None:
    """Lines that are crowded soon."""
    monkeypatch.setattr(crowding, "MOST_WAITING", WAITING)
    monkeypatch.setattr(crowding, "MOST_WHOLE", WHOLE)


@pytest.fixture
def clock() -> Clock:
    """A clock that is set by hand."""
    return Clock()


@pytest.fixture
def url(tmp_path: Path) -> str:
    """A database in a file."""
    return f"sqlite:///{tmp_path / 'ledger.sqlite'}"


@pytest.fixture
def held(url: str, clock: Clock) -> Iterator[tuple[Outbox, Leases]]:
    """An outbox, and the leases beside it."""
    with leases(url, clock) as rights, closing(Outbox(url, clock=clock)) as outbox:
        yield outbox, rights


def _lease(rights: Leases, owner: str = "one") -> Lease:
    lease = rights.taken("deliver:desk", owner, seconds=60)
    assert lease is not None
    return lease


def _begun(outbox: Outbox, lease: Lease) -> Row:
    row = outbox.begun("desk", lease)
    assert row is not None
    return row


def test_a_key_is_told_once_whoever_posts_it(held: tuple[Outbox, Leases], url: str) -> None:
    outbox, _ = held
    assert outbox.add([alert("a"), alert("b"), alert("a")]) == 2
    with closing(Outbox(url, clock=Clock())) as other:
        assert other.add([alert("b"), alert("c")]) == 1
    assert [row.message.key for row in outbox.waiting()] == ["a", "b", "c"]
    assert outbox.waiting()[0].created_at == NOON


def test_what_was_delivered_is_not_told_again_and_its_body_is_gone(
    held: tuple[Outbox, Leases],
) -> None:
    outbox, rights = held
    outbox.add([alert("a")])
    lease = _lease(rights)
    assert outbox.ended(_begun(outbox, lease), SENT, lease) == "delivered"
    assert outbox.add([alert("a")]) == 0
    assert outbox.begun("desk", lease) is None
    assert outbox.rows("delivered")[0].message.text == ""


def test_a_message_is_posted_exactly_if_the_transaction_around_it_ends_well(
    held: tuple[Outbox, Leases], url: str
) -> None:
    outbox, _ = held
    with closing(Database(url, TABLES)) as database:
        with pytest.raises(ZeroDivisionError), database.alone() as connection:
            assert 1 / (posted(connection, [alert("a")], now=NOON) - 1)
        assert outbox.waiting() == ()
        with database.alone() as connection:
            posted(connection, [alert("a")], now=NOON)
    assert [row.message.key for row in outbox.waiting()] == ["a"]


def test_nobody_overtakes_one_that_waits_for_its_next_try(
    held: tuple[Outbox, Leases], clock: Clock
) -> None:
    outbox, rights = held
    outbox.add([alert("a"), alert("b")])
    lease = _lease(rights)
    assert outbox.ended(_begun(outbox, lease), DOWN, lease) == "waiting"
    assert outbox.begun("desk", lease) is None
    clock.passes(seconds=5)
    assert _begun(outbox, lease).message.key == "a"


def test_who_slept_through_the_end_of_its_lease_marks_nothing(
    held: tuple[Outbox, Leases], clock: Clock
) -> None:
    outbox, rights = held
    outbox.add([alert("a"), alert("b")])
    slow = _lease(rights, "slow")
    row = _begun(outbox, slow)
    clock.passes(minutes=5)
    quick = _lease(rights, "quick")
    assert outbox.ended(row, REFUSED, slow) is None
    assert outbox.begun("desk", slow) is None
    again = _begun(outbox, quick)
    assert again.message.key == "a"
    assert outbox.ended(again, SENT, quick) == "delivered"
    assert outbox.ended(row, DOWN, slow) is None
    assert [kept.message.key for kept in outbox.waiting()] == ["b"]


def test_what_was_begun_and_not_ended_is_next_at_once(held: tuple[Outbox, Leases]) -> None:
    outbox, rights = held
    outbox.add([alert("a"), alert("b")])
    lease = _lease(rights)
    assert _begun(outbox, lease).tries_count == 1
    assert _begun(outbox, lease).message.key == "a"


def test_a_message_its_sink_does_not_take_is_given_up_and_shown_and_can_be_retried(
    held: tuple[Outbox, Leases], clock: Clock
) -> None:
    outbox, rights = held
    outbox.add([alert("a"), alert("b")])
    begun_at = clock.now
    states: list[State | None] = []
    while not states or states[-1] == "waiting":
        lease = _lease(rights)
        states.append(outbox.ended(_begun(outbox, lease), FAILED, lease))
        clock.passes(seconds=LONGEST_WAIT.total_seconds())
    assert len(states) == MOST_FAILURES
    assert clock.now - begun_at > timedelta(hours=2)
    dead = outbox.rows("dead")[0]
    assert (dead.message.text, dead.reason) == ("text of a", "answered with 500")
    assert _begun(outbox, _lease(rights)).message.key == "b"
    outbox.retried("a")
    assert _begun(outbox, _lease(rights)).message.key == "a"


def test_one_nobody_is_there_for_is_kept_for_days_and_given_up_in_the_end(
    held: tuple[Outbox, Leases], clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert timedelta(days=6) < MOST_TRIES * LONGEST_WAIT < timedelta(days=8)
    monkeypatch.setattr("app.delivery.outbox.MOST_TRIES", MOST_FAILURES + 3)
    outbox, rights = held
    outbox.add([alert("a")])
    states: list[State | None] = []
    while not states or states[-1] == "waiting":
        lease = _lease(rights)
        states.append(outbox.ended(_begun(outbox, lease), DOWN, lease))
        clock.passes(seconds=LONGEST_WAIT.total_seconds())
    assert len(states) == MOST_FAILURES + 3


def test_a_message_its_worker_always_dies_of_is_given_up(
    held: tuple[Outbox, Leases], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.delivery.outbox.MOST_TRIES", 3)
    outbox, rights = held
    outbox.add([alert("a"), alert("b")])
    lease = _lease(rights)
    keys = [_begun(outbox, lease).message.key for _ in range(4)]
    assert keys == ["a", "a", "a", "b"]
    assert outbox.rows("dead")[0].reason == "its sending never ended"


def test_a_clock_set_back_does_not_put_the_next_try_off(
    held: tuple[Outbox, Leases], clock: Clock
) -> None:
    outbox, rights = held
    outbox.add([alert("a")])
    lease = _lease(rights)
    outbox.ended(_begun(outbox, lease), DOWN, lease)
    clock.passes(hours=-1)
    assert _begun(outbox, _lease(rights)).message.key == "a"


def test_only_what_was_given_up_is_retried(held: tuple[Outbox, Leases]) -> None:
    outbox, _ = held
    outbox.add([alert("a")])
    with pytest.raises(ConflictError, match="waiting"):
        outbox.retried("a")
    with pytest.raises(UnknownIdError, match="deliver list"):
        outbox.retried("z")


def test_alerts_that_crowd_a_line_are_told_together_in_their_place(
    held: tuple[Outbox, Leases], short_lines: None
) -> None:
    del short_lines
    outbox, rights = held
    outbox.add([alert("first")])
    lease = _lease(rights)
    assert outbox.ended(_begun(outbox, lease), DOWN, lease) == "waiting"
    outbox.add([alert(f"a{n:04}") for n in range(WAITING)])
    lines = [row.message for row in outbox.waiting()]
    assert lines[0].key == "first"
    assert lines[1].kind == "digest"
    assert lines[1].text.splitlines()[0].endswith("about a0000")
    assert lines[1].text.splitlines()[-1].endswith(f"about a{WHOLE - 1:04}")
    assert [line.key for line in lines[2:4]] == [f"a{WHOLE:04}", f"a{WHOLE + 1:04}"]
    assert {row.merged_into for row in outbox.rows("merged")} == {lines[1].key}
    assert outbox.add([alert("a0000")]) == 0
    assert outbox.counts() == {
        ("desk", "waiting"): WAITING - WHOLE + 2, ("desk", "merged"): WHOLE,
    }  # fmt: skip


def test_a_line_crowded_again_and_again_stays_bounded_and_names_every_alert(
    held: tuple[Outbox, Leases], short_lines: None
) -> None:
    del short_lines
    outbox, _ = held
    for n in range(30):
        outbox.add([alert(f"a{n:03}")])
        assert len(outbox.waiting()) <= WAITING
    told = "\n".join(row.message.text + row.message.subject for row in outbox.waiting())
    assert all(f"about a{n:03}" in told for n in range(30))


def test_reports_that_crowd_a_line_are_refused_whole_and_alerts_still_fit(
    held: tuple[Outbox, Leases], short_lines: None
) -> None:
    del short_lines
    outbox, _ = held
    outbox.add([alert(f"r{n}", kind="report") for n in range(WHOLE)])
    with pytest.raises(BusyError, match="reports wait for the sink desk"):
        outbox.add([alert("one", kind="report"), alert("two", kind="orders")])
    assert len(outbox.waiting()) == WHOLE
    outbox.add([alert(f"a{n}") for n in range(WAITING)])
    assert len(outbox.waiting()) <= WAITING


def test_delivered_rows_are_forgotten_on_demand_and_waiting_ones_never(
    held: tuple[Outbox, Leases], clock: Clock
) -> None:
    outbox, rights = held
    outbox.add([alert("a"), alert("b")])
    lease = _lease(rights)
    outbox.ended(_begun(outbox, lease), SENT, lease)
    assert outbox.forgotten(before=clock.now) == 0
    clock.passes(days=400)
    assert outbox.forgotten(before=clock.now) == 1
    assert [row.message.key for row in outbox.rows()] == ["b"]


def test_many_at_once_post_each_key_once(url: str) -> None:
    async def all_at_once(boxes: list[Outbox]) -> list[int]:
        posts = [
            asyncio.to_thread(box.add, [alert(f"k{n}") for n in range(start, start + 20)])
            for start, box in zip((0, 5, 10, 15), boxes, strict=True)
        ]
        return await asyncio.gather(*posts)

    with ExitStack() as opened:
        boxes = [opened.enter_context(closing(Outbox(url, clock=Clock()))) for _ in range(4)]
        assert sum(asyncio.run(all_at_once(boxes))) == 35
        assert len(boxes[0].waiting()) == 35
