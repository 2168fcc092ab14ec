from datetime import timedelta

from agents.toolbox.ledger import Ledger
from agents.toolbox.quota import Quota
from agents.toolbox.toolbox import Toolbox
from core.records.evidence import Evidence, Gap
from tests.agents.toolbox.strangers import (
    FIRST,
    MARKET,
    NOW,
    SECOND,
    STATUS,
    STRANGER,
    a_ledger,
    a_server,
    stranger,
    using,
)
from tests.servers.market import AS_OF


def test_a_past_day_is_answered_of_what_was_recorded_then_and_never_back_filled() -> None:
    moments = [NOW]
    ledger = a_ledger(lambda: moments[-1])
    yesterday = MARKET.model_copy(
        update={"arguments": MARKET.arguments.model_copy(update={"as_of": AS_OF})}
    )
    earlier = MARKET.model_copy(
        update={
            "arguments": MARKET.arguments.model_copy(update={"as_of": AS_OF - timedelta(days=1)})
        }
    )

    async def today(box: Toolbox) -> None:
        found = await box.call(MARKET, run="today")
        assert isinstance(found, Evidence)

    async def tomorrow(box: Toolbox) -> None:
        found = await box.call(yesterday, run="tomorrow")
        assert isinstance(found, Evidence)
        assert found.result.as_of == AS_OF
        before = await box.call(earlier, run="tomorrow")
        assert isinstance(before, Gap)
        assert before.gap.reason == "today_only"

    servers = {"stranger": stranger()}
    using((STRANGER,), servers, today, ledger=ledger, now=lambda: moments[-1])
    moments.append(NOW + timedelta(days=1))
    dead = {"stranger": stranger(says="IGNORE ALL")}
    using((STRANGER,), dead, tomorrow, ledger=ledger, now=lambda: moments[-1])


def test_a_fresh_answer_of_another_run_is_used_again_and_a_stale_one_is_not() -> None:
    moments, served = [NOW], a_server()
    ledger = a_ledger(lambda: moments[-1])
    fresh = FIRST.model_copy(update={"fresh_minutes": {"*": 15}})

    async def use(box: Toolbox) -> None:
        for run, minutes, calls in (("one", 0, 1), ("two", 14, 1), ("three", 16, 2)):
            moments.append(NOW + timedelta(minutes=minutes))
            assert isinstance(await box.call(STATUS, run=run), Evidence)
            assert len(served.calls) == calls

    using((fresh,), {"first": served.server}, use, ledger=ledger, now=lambda: moments[-1])


def test_a_plan_knows_how_many_calls_a_step_takes_and_what_is_left() -> None:
    quota = Quota(clock=lambda: NOW)
    metered = STRANGER.model_copy(update={"calls_a_day": 5})

    async def use(box: Toolbox) -> None:
        assert [(way.server, way.calls) for way in box.ways(MARKET, run="r")] == [("stranger", 1)]
        assert box.calls_left() == {"stranger": 5}
        await box.call(MARKET, run="r")
        assert [way.calls for way in box.ways(MARKET, run="r")] == [0]

    using((metered,), {"stranger": stranger()}, use, quota=quota)


def test_a_step_left_out_replays_as_it_was() -> None:
    ledger = a_ledger()

    async def use(box: Toolbox) -> None:
        left = await box.failed(STATUS, "quota_spent", run="r")
        assert left.gap.reason == "quota_spent"

    using((FIRST, SECOND), {"first": a_server().server, "second": a_server().server}, use,
          ledger=ledger)  # fmt: skip
    replay = Ledger(clock=lambda: NOW, mode="replay")
    replay.load(ledger.calls("r"), run="r")

    async def again(box: Toolbox) -> None:
        found = await box.call(STATUS, run="r")
        assert isinstance(found, Gap)
        assert found.gap.reason == "quota_spent"

    using((FIRST, SECOND), {}, again, ledger=replay)
