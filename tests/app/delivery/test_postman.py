"""The postman: in order, through a sink that is down, and past a message it refuses."""

import asyncio
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from pathlib import Path

import pytest

from app.delivery.message import Outcome, Row, State
from app.delivery.outbox import Outbox
from app.delivery.postman import Postman, Round
from app.state.leases import Lease
from core.records.sink import SinkSpec
from tests.app.delivery.posts import DOWN, FAILED, SENT, Box, Clock, a_postman, alert, rounds


@pytest.fixture
def clock() -> Clock:
    """A clock that is set by hand."""
    return Clock()


@pytest.fixture
def url(tmp_path: Path) -> str:
    """A database in a file."""
    return f"sqlite:///{tmp_path / 'ledger.sqlite'}"


def test_a_sink_that_is_down_for_an_hour_gets_all_in_order_when_it_is_back(
    url: str, clock: Clock
) -> None:
    desk, file = Box(outcome=DOWN), Box()
    with a_postman(url, clock, desk=desk, file=file) as postman:
        for n in range(6):
            postman.outbox.add([alert(f"a{n:02}"), alert(f"f{n:02}", sink="file")])
            rounds(postman, clock, hours=1 / 6, step_seconds=600)
        assert desk.got == []
        assert file.got == [f"f{n:02}" for n in range(6)]
        desk.outcome = SENT
        rounds(postman, clock, hours=0.25, step_seconds=300)
        assert desk.got == [f"a{n:02}" for n in range(6)]
        assert postman.outbox.waiting() == ()


def test_a_sink_that_answers_with_errors_for_an_hour_loses_nothing_either(
    url: str, clock: Clock
) -> None:
    desk = Box(outcome=FAILED)
    with a_postman(url, clock, desk=desk) as postman:
        postman.outbox.add([alert("a"), alert("b")])
        rounds(postman, clock, hours=1, step_seconds=300)
        desk.outcome = SENT
        rounds(postman, clock, hours=0.25, step_seconds=300)
        assert desk.got == ["a", "b"]


def test_a_message_the_sink_refuses_is_given_up_and_the_next_follows(
    url: str, clock: Clock
) -> None:
    desk = Box(refuses=frozenset({"b"}))
    with a_postman(url, clock, desk=desk) as postman:
        postman.outbox.add([alert("a"), alert("b"), alert("c")])
        assert asyncio.run(postman.round()) == Round(delivered=2, failed=1, dead=1)
        assert desk.got == ["a", "c"]
        assert postman.outbox.rows("dead")[0].reason == "answered with 400"


def test_a_sink_that_breaks_is_a_failure_of_its_own_and_the_others_go_on(
    url: str, clock: Clock
) -> None:
    class Broken(Box):
        async def sent(self, row: Row) -> Outcome:
            raise ValueError(f"a secret of {row.message.key}")

    desk = Box()
    with a_postman(url, clock, broken=Broken(), desk=desk) as postman:
        postman.outbox.add([alert("a", sink="broken"), alert("b")])
        assert asyncio.run(postman.round()) == Round(delivered=1, failed=1)
        assert postman.outbox.waiting()[0].reason == "its sink broke (ValueError)"
    assert desk.got == ["b"]


def test_an_error_of_one_sink_s_line_is_raised_when_the_others_are_done(
    url: str, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Slow(Box):
        async def sent(self, row: Row) -> Outcome:
            await asyncio.sleep(0.1)
            return await super().sent(row)

    desk = Slow()
    with a_postman(url, clock, broken=Box(), desk=desk) as postman:
        postman.outbox.add([alert("a", sink="broken"), alert("b")])
        begun = postman.outbox.begun

        def fails(sink: str, lease: Lease) -> Row | None:
            if sink == "broken":
                raise OSError(28, "No space left on device")
            return begun(sink, lease)

        monkeypatch.setattr(postman.outbox, "begun", fails)
        with pytest.raises(OSError, match="No space"):
            asyncio.run(postman.round())
        assert [row.message.key for row in postman.outbox.rows("delivered")] == ["b"]


def test_a_message_s_files_are_found_where_the_home_is_now(
    url: str, clock: Clock, tmp_path: Path
) -> None:
    (tmp_path / "moved").mkdir()
    (tmp_path / "moved" / "orders.csv").write_text("a\n")
    spec = SinkSpec(url=f"file://{tmp_path / 'box'}")
    postman = Postman(url, {"desk": spec}, home=tmp_path / "moved", environment=dict, clock=clock)
    postman.outbox.add([alert("a").model_copy(update={"attachments": ("orders.csv",)})])
    assert asyncio.run(postman.round()) == Round(delivered=1)
    assert (tmp_path / "box" / f"{alert('a').name}.orders.csv").exists()
    postman.close()


def test_two_postmen_never_work_one_sink_at_once(url: str, clock: Clock) -> None:
    begun, most = 0, 0

    class Slow(Box):
        async def sent(self, row: Row) -> Outcome:
            nonlocal begun, most
            begun += 1
            most = max(most, begun)
            await asyncio.sleep(0.005)
            begun -= 1
            return await super().sent(row)

    async def both(first: Postman, second: Postman) -> None:
        await asyncio.gather(first.round(), second.round())

    desk = Slow()
    with ExitStack() as open_:
        one = open_.enter_context(a_postman(url, clock, desk=desk))
        two = open_.enter_context(a_postman(url, clock, desk=desk))
        one.outbox.add([alert(f"a{n}") for n in range(10)])
        asyncio.run(both(one, two))
    assert desk.got == [f"a{n}" for n in range(10)]
    assert most == 1


def test_one_that_slept_while_sending_lets_the_other_go_on_and_marks_nothing(
    url: str, clock: Clock
) -> None:
    desk = Box()
    with ExitStack() as open_:
        other = open_.enter_context(a_postman(url, clock, desk=desk))

        class Sleepy(Box):
            async def sent(self, row: Row) -> Outcome:
                clock.passes(minutes=10)
                await other.round()
                return DOWN

        one = open_.enter_context(a_postman(url, clock, desk=Sleepy()))
        one.outbox.add([alert("a"), alert("b")])
        assert asyncio.run(one.round()) == Round()
        assert desk.got == ["a", "b"]
        assert one.outbox.waiting() == ()


def test_a_sink_whose_variable_is_not_set_waits_and_says_its_name(
    url: str, clock: Clock, tmp_path: Path
) -> None:
    environment: dict[str, str] = {}
    postman = Postman(
        url, {"desk": SinkSpec(url="${BOX}")}, home=tmp_path,
        environment=lambda: environment, clock=clock,
    )  # fmt: skip
    postman.outbox.add([alert("a")])
    assert asyncio.run(postman.round()) == Round(failed=1)
    assert postman.outbox.waiting()[0].reason == "sink desk uses ${BOX}, which is not set"
    environment["BOX"] = f"file://{tmp_path / 'box'}"
    clock.passes(minutes=1)
    assert asyncio.run(postman.round()) == Round(delivered=1)
    assert (tmp_path / "box" / f"{alert('a').name}.json").exists()
    postman.close()


def test_a_sink_that_outstays_its_deadline_is_left(url: str, clock: Clock) -> None:
    class Stuck(Box):
        async def sent(self, row: Row) -> Outcome:
            await asyncio.sleep(60)
            return await super().sent(row)

    def stuck(name: str, spec: SinkSpec, environment: Mapping[str, str]) -> Box:
        del name, spec, environment
        return Stuck()

    specs = {"desk": SinkSpec(url="file:///unused", deadline_seconds=0.05)}
    postman = Postman(
        url, specs, home=Path(), environment=dict, clock=clock, spare_seconds=0.1, open_sink=stuck
    )
    postman.outbox.add([alert("a")])
    assert asyncio.run(postman.round()) == Round(failed=1)
    assert postman.outbox.waiting()[0].reason == "its deadline passed"
    postman.close()


def test_going_round_stops_when_it_is_stopped_and_gives_the_sink_away(
    url: str, clock: Clock
) -> None:
    desk = Box()

    async def a_while(postman: Postman) -> None:
        working = asyncio.ensure_future(postman.forever(seconds=0.01))
        while postman.outbox.waiting():
            await asyncio.sleep(0.01)
        working.cancel()
        await asyncio.gather(working, return_exceptions=True)

    with ExitStack() as open_:
        one = open_.enter_context(a_postman(url, clock, desk=desk))
        two = open_.enter_context(a_postman(url, clock, desk=desk))
        one.outbox.add([alert("a")])
        asyncio.run(a_while(one))
        one.outbox.add([alert("b")])
        assert asyncio.run(two.round()) == Round(delivered=1)
    assert desk.got == ["a", "b"]


def test_whoever_is_stopped_at_any_step_gives_the_sink_away(
    url: str, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def in_line(work: Callable[..., object], *args: object, **more: object) -> object:
        for _ in range(12):  # as in a busy pool: who is cancelled meanwhile is never begun
            await asyncio.sleep(0)
        return work(*args, **more)

    monkeypatch.setattr(asyncio, "to_thread", in_line)

    async def stopped(postman: Postman, *, after: int) -> bool:
        working = asyncio.ensure_future(postman.round())
        for _ in range(after):
            await asyncio.sleep(0)
        was_at_work = working.cancel()
        await asyncio.gather(working, return_exceptions=True)
        return was_at_work

    desk, step = Box(), 0
    with ExitStack() as open_:
        one = open_.enter_context(a_postman(url, clock, desk=desk))
        two = open_.enter_context(a_postman(url, clock, desk=desk))
        one.outbox.add([alert("first")])
        while asyncio.run(stopped(one, after=step)):
            step += 1
            one.outbox.add([alert(f"{step}")])
            asyncio.run(two.round())
            assert two.outbox.waiting() == (), f"stopped after {step} steps, it kept the sink"
    assert step > 10


def test_who_is_stopped_while_it_writes_has_written_before_it_gives_the_sink_away(
    url: str, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun = threading.Event()
    ended = Outbox.ended

    def slowly(self: Outbox, row: Row, outcome: Outcome, lease: Lease) -> State | None:
        begun.set()
        time.sleep(0.2)
        return ended(self, row, outcome, lease)

    async def stopped(postman: Postman) -> None:
        working = asyncio.ensure_future(postman.round())
        while not begun.is_set():
            await asyncio.sleep(0.01)
        working.cancel()
        await asyncio.gather(working, return_exceptions=True)

    monkeypatch.setattr(Outbox, "ended", slowly)
    with ExitStack() as open_:
        one = open_.enter_context(a_postman(url, clock, desk=Box()))
        one.outbox.add([alert("a")])
        asyncio.run(stopped(one))
        assert one.outbox.waiting() == ()
