"""The outbox in PostgreSQL does what it does in a file."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing

import pytest

from app.delivery import crowding
from app.delivery.outbox import Outbox
from app.delivery.postman import Round
from tests.app.delivery.posts import DOWN, NOON, SENT, Box, Clock, a_postman, alert


def test_messages_are_posted_once_told_in_order_and_merged_where_they_crowd(
    postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(crowding, "MOST_WAITING", 6)
    monkeypatch.setattr(crowding, "MOST_WHOLE", 4)
    clock, desk = Clock(), Box(outcome=DOWN, refuses=frozenset({"b"}))
    with a_postman(postgres_url, clock, desk=desk) as postman:
        outbox = postman.outbox
        assert outbox.add([alert("a"), alert("b"), alert("a")]) == 2
        assert outbox.add([alert("b")]) == 0
        assert asyncio.run(postman.round()) == Round(failed=1)
        outbox.add([alert(f"c{n}") for n in range(6)])
        assert outbox.counts() == {("desk", "waiting"): 5, ("desk", "merged"): 4}
        assert outbox.waiting()[0].created_at == NOON
        desk.outcome = SENT
        clock.passes(minutes=1)
        assert asyncio.run(postman.round()) == Round(delivered=5)
        together = next(row.message.key for row in outbox.rows() if row.message.kind == "digest")
        assert desk.got == ["a", together, "c3", "c4", "c5"]
        assert outbox.add([alert("a")]) == 0
        clock.passes(days=1)
        assert outbox.forgotten(before=clock.now) == 9


def test_many_at_once_post_each_key_once_there_too(postgres_url: str) -> None:
    with ExitStack() as opened, ThreadPoolExecutor(4) as threads:
        boxes = [
            opened.enter_context(closing(Outbox(postgres_url, clock=Clock()))) for _ in range(4)
        ]
        starts = zip((0, 5, 10, 15), boxes, strict=True)
        added = threads.map(
            lambda one: one[1].add([alert(f"k{n}") for n in range(one[0], one[0] + 20)]), starts
        )
        assert sum(added) == 35
        assert len(boxes[0].waiting()) == 35
