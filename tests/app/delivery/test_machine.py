"""Posting, delivering, crashing, sleeping and failing in any order: nothing lost, nothing twice."""

import asyncio
import tempfile
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Final, Literal, get_args

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from app.delivery.message import Outcome, Row, State
from app.delivery.outbox import Outbox
from app.delivery.postman import Postman
from app.state.leases import Lease
from core.records.sink import SinkSpec
from tests.app.delivery.posts import DOWN, FAILED, SENT, Clock, alert

Fault = Literal["none", "before the sending", "after the sending", "before the mark", "in the mark"]
WORKERS: Final = 2
QUICK: Final = next((path for path in ("/dev/shm",) if Path(path).is_dir()), None)  # noqa: S108 - in memory


class _Killed(BaseException):
    """What a kill is to the code it hits: nothing after it runs."""


class _Frail(Outbox):
    """An outbox whose worker can be killed at its marks; before: nothing, in: after the write."""

    fault: Fault = "none"

    def ended(self, row: Row, outcome: Outcome, lease: Lease) -> State | None:
        if self.fault == "before the mark":
            raise _Killed
        state = super().ended(row, outcome, lease)
        if self.fault == "in the mark":
            raise _Killed
        return state


class Deliveries(RuleBasedStateMachine):
    """Two workers on one outbox, killed anywhere."""

    def __init__(self) -> None:
        super().__init__()
        self.open = ExitStack()
        folder = self.open.enter_context(tempfile.TemporaryDirectory(dir=QUICK))
        self.url = f"sqlite:///{Path(folder) / 'ledger.sqlite'}"
        self.clock, self.outcome = Clock(), SENT
        self.got: list[str] = []
        self.posted: list[str] = []
        self.fault: Fault = "none"
        self.workers = [self._worker() for _ in range(WORKERS)]

    def _worker(self) -> Postman:
        machine = self

        class Sink:
            async def sent(self, row: Row) -> Outcome:
                if machine.fault == "before the sending":
                    raise _Killed
                if machine.outcome.result == "sent":
                    machine.got.append(row.message.key)
                if machine.fault == "after the sending":
                    raise _Killed
                return machine.outcome

        def opened(name: str, spec: SinkSpec, environment: Mapping[str, str]) -> Sink:
            del name, spec, environment
            return Sink()

        specs = {"desk": SinkSpec(url="file:///unused", deadline_seconds=10)}
        made = Postman(
            self.url, specs, home=Path(), environment=dict, clock=self.clock, spare_seconds=20,
            open_sink=opened,
        )  # fmt: skip
        made.outbox.close()
        made.outbox = _Frail(self.url, clock=self.clock)
        return made

    @rule(
        count=st.integers(0, 3),
        seconds=st.sampled_from((31, 1, 29, 600, -3600)),
        which=st.integers(0, WORKERS - 1),
        fault=st.sampled_from(get_args(Fault)),
        outcome=st.sampled_from((SENT, SENT, DOWN, FAILED)),
    )
    def live(self, count: int, seconds: int, which: int, fault: Fault, outcome: Outcome) -> None:
        """Post some, let time pass or the clock be set back, and let one work with its fault."""
        self.post(count)
        self.clock.passes(seconds=seconds)
        self.outcome = outcome
        self.work(which, fault)

    def post(self, count: int) -> None:
        """Post new messages, and an old one again."""
        new = [f"a{len(self.posted) + n}" for n in range(count)]
        added = self.workers[0].outbox.add([alert(key) for key in [*self.posted[-1:], *new]])
        assert added == count
        self.posted += new

    def work(self, which: int, fault: Fault) -> None:
        """Let a worker work until nobody is due, or until it is killed; another comes for it."""
        self.fault = fault
        frail = self.workers[which].outbox
        assert isinstance(frail, _Frail)
        frail.fault = fault
        try:
            self._until_killed(self.workers[which])
        except _Killed:
            self.workers[which].close()
            self.workers[which] = self._worker()
        else:
            frail.fault = "none"

    def _until_killed(self, worker: Postman) -> None:
        lease = worker._leases.taken("deliver:desk", worker._owner, seconds=30)
        if lease is None:
            return
        asyncio.run(worker._emptied("desk", lease, 30))
        worker._leases.released(lease)

    @precondition(lambda self: self.posted)
    @invariant()
    def effects_are_in_order_and_complete_up_to_the_last(self) -> None:
        """What had effect is a beginning of what was posted; what is marked had effect."""
        effects = list(dict.fromkeys(self.got))
        assert effects == self.posted[: len(effects)]
        marked = [row.message.key for row in self.workers[0].outbox.rows("delivered")]
        assert set(marked) <= set(effects)

    def teardown(self) -> None:
        """Let all recover: everything is delivered, each once in effect."""
        self.fault, self.outcome = "none", SENT
        for _ in range(4):
            self.clock.passes(hours=2)
            for which in range(WORKERS):
                self.work(which, "none")
        assert list(dict.fromkeys(self.got)) == self.posted
        assert self.workers[0].outbox.waiting() == ()
        for worker in self.workers:
            worker.close()
        self.open.close()


Deliveries.TestCase.settings = settings(max_examples=5, stateful_step_count=10)
TestDeliveries = Deliveries.TestCase


@pytest.mark.prove
def test_five_hundred_lives_of_an_outbox_lose_and_repeat_nothing() -> None:
    from hypothesis.stateful import run_state_machine_as_test

    run_state_machine_as_test(
        Deliveries, settings=settings(max_examples=500, stateful_step_count=50)
    )
