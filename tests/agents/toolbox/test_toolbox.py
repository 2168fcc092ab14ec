from datetime import date, timedelta

import pytest

from agents.budgeting import shared
from agents.services import Services
from agents.toolbox.ledger import Ledger
from agents.toolbox.quota import Quota
from agents.toolbox.spec import CallLimits
from agents.toolbox.toolbox import Toolbox
from core.records.evidence import Evidence, Gap
from core.records.plan import PlanStep
from tests.agents.toolbox.strangers import (
    ALIASES,
    FIRST,
    HEATMAP,
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


@pytest.mark.parametrize("bound", ["answer_bytes", "depth", "elements"])
def test_a_servers_answer_beyond_a_cap_is_a_gap(bound: str) -> None:
    whole = CallLimits()
    for limits, answered in ((whole, True), (whole.model_copy(update={bound: 3}), False)):

        async def asked(box: Toolbox, *, answered: bool = answered) -> None:
            found = await box.call(HEATMAP, run="one")
            assert isinstance(found, Evidence) is answered
            assert answered or (isinstance(found, Gap) and found.gap.reason == "rejected")

        using((FIRST,), {"first": a_server().server}, asked, limits=limits)


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


def on(day: date) -> PlanStep:
    """Return the step for a day."""
    return MARKET.model_copy(
        update={"arguments": MARKET.arguments.model_copy(update={"as_of": day})}
    )


def test_a_server_that_is_known_to_have_no_answer_is_no_way() -> None:
    moments = [NOW]
    past, before = on(AS_OF), on(AS_OF - timedelta(days=1))

    async def use(box: Toolbox) -> None:
        assert isinstance(await box.call(MARKET, run="today"), Evidence)
        moments.append(NOW + timedelta(days=1))
        assert [way.calls for way in box.ways(past, run="r")] == [0]
        assert box.ways(before, run="r") == ()

    using((STRANGER,), {"stranger": stranger()}, use, now=lambda: moments[-1])


def test_a_step_asks_the_servers_it_was_allotted_and_no_other() -> None:
    first, second = a_server(), a_server()

    async def use(box: Toolbox) -> None:
        box.allot({STATUS.id: ("second",)}, run="r")
        found = await box.call(STATUS, run="r")
        assert isinstance(found, Evidence)
        assert (found.server, first.calls) == ("second", [])
        other = await box.call(STATUS, run="another")
        assert isinstance(other, Evidence)
        assert other.server == "first"

    using((FIRST, SECOND), {"first": first.server, "second": second.server}, use)


def test_a_drill_down_leaves_the_first_servers_last_call_to_the_score() -> None:
    overview, scored = MARKET, HEATMAP
    specs = (FIRST.model_copy(update={"calls_a_day": 1}), SECOND)
    first, second = a_server(), a_server()

    async def use(box: Toolbox) -> None:
        services = Services(universes={}, toolbox=box, today=lambda: NOW.date())
        assert (await shared((overview, scored), services, run="r")).gaps == {}
        for step, server in ((overview, "second"), (scored, "first")):
            found = await box.call(step, run="r")
            assert isinstance(found, Evidence)
            assert found.server == server

    servers = {"first": first.server, "second": second.server}
    using(specs, servers, use, quota=Quota(clock=lambda: NOW))


def test_an_answer_that_was_read_by_a_wrong_map_is_of_no_past_day() -> None:
    moments, ledger = [NOW], a_ledger(lambda: moments[-1])
    wrong = ALIASES.model_copy(deep=True)
    wrong.answers["market"].fields["close"] = (
        wrong.answers["market"].fields["close"].model_copy(update={"factor": 1e-3})
    )

    async def today(box: Toolbox) -> None:
        assert isinstance(await box.call(MARKET, run="today"), Evidence)

    async def tomorrow(box: Toolbox) -> None:
        found = await box.call(on(AS_OF), run="tomorrow")
        assert isinstance(found, Gap)
        assert found.gap.reason == "today_only"

    misread = STRANGER.model_copy(update={"alias_map": wrong})
    servers = {"stranger": stranger()}
    using((misread,), servers, today, ledger=ledger, now=lambda: moments[-1])
    moments.append(NOW + timedelta(days=1))
    using((STRANGER,), servers, tomorrow, ledger=ledger, now=lambda: moments[-1])


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
