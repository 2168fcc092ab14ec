"""What does not fit a server's quota is left out, least valuable first, and said."""

import asyncio
from collections.abc import Mapping
from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from agents.budgeting import fitting as fitting_ways
from agents.router import fixed_steps, scored_steps
from agents.run import run_request
from agents.services import Services
from agents.toolbox.ledger import Ledger
from agents.toolbox.quota import Quota, Way
from agents.toolbox.sessions import Sessions
from agents.toolbox.spec import ServerSpec
from agents.toolbox.toolbox import Toolbox
from core.records.desk import Desk
from core.records.plan import PlanStep
from core.records.report import Report
from tests.agents.bench import TODAY, Bench, a_request
from tests.servers.market import AS_OF, made_universe

NOW = datetime(2026, 3, 21, 9, tzinfo=UTC)
SCORED = [step.id for step in scored_steps("toy", horizon="1M", as_of=AS_OF)]
STEPS = fixed_steps("toy", Desk(), horizon="1M", as_of=AS_OF)


def ways_of(steps: tuple[PlanStep, ...], *ways: Way) -> dict[str, tuple[Way, ...]]:
    return {step.id: ways for step in steps}


def fitting(
    steps: tuple[PlanStep, ...], ways: Mapping[str, tuple[Way, ...]], left: dict[str, int]
) -> dict[str, tuple[str, ...]]:
    """Return the servers' names in place of the ways."""
    kept = fitting_ways(steps, ways, left)
    return {step: tuple(way.server for way in kept[step]) for step in kept}


def test_what_is_kept_is_what_the_score_needs_first() -> None:
    shuffled = tuple(reversed(STEPS[len(SCORED) :])) + STEPS[: len(SCORED)]
    kept = fitting(shuffled, ways_of(shuffled, Way("vimo")), {"vimo": 4})
    assert set(kept) == set(SCORED[:4])


def test_a_server_without_a_limit_keeps_everything() -> None:
    kept = fitting(STEPS, ways_of(STEPS, Way("own")), {"vimo": 0})
    assert kept == {step.id: ("own",) for step in STEPS}


def test_what_nobody_serves_spends_nothing_and_is_left_to_say_so() -> None:
    assert len(fitting(STEPS, {}, {"vimo": 0})) == len(STEPS)


def test_a_fallback_takes_what_the_first_server_has_no_calls_for() -> None:
    ways = ways_of(STEPS, Way("vimo"), Way("own"))
    assert len(fitting(STEPS, ways, {"vimo": 2})) == len(STEPS)
    assert len(fitting(STEPS, ways, {"vimo": 2, "own": 3})) == 5


def test_a_step_of_many_calls_gives_way_to_cheaper_ones_behind_it() -> None:
    ways = ways_of(STEPS, Way("vimo")) | {SCORED[0]: (Way("vimo", 30),)}
    kept = fitting(STEPS, ways, {"vimo": 5})
    assert SCORED[0] not in kept
    assert set(kept) == set(SCORED[1:6])


def test_a_known_answer_costs_nothing_even_when_the_day_is_spent() -> None:
    ways = ways_of(STEPS, Way("vimo")) | {SCORED[3]: (Way("vimo", 0),)}
    assert set(fitting(STEPS, ways, {"vimo": 0})) == {SCORED[3]}


def test_a_step_may_ask_the_servers_that_were_counted_for_it_and_what_is_left_over() -> None:
    ways = ways_of(STEPS, Way("first"), Way("second"))
    kept = fitting(STEPS, ways, {"first": len(SCORED), "second": len(STEPS) - len(SCORED) + 2})
    extra = [step.id for step in STEPS if not step.scored]
    assert {kept[step] for step in SCORED} == {("first", "second")}
    assert {kept[step] for step in extra} == {("second",)}
    ample = fitting(STEPS, ways, {"first": len(SCORED), "second": 99})
    assert len(ample) == len(STEPS)
    few = fitting(STEPS, ways, {"first": len(STEPS), "second": len(SCORED) + 1})
    assert [few[step] for step in extra[:2]] == [("first", "second"), ("first",)]


@given(
    costs=st.lists(st.integers(min_value=0, max_value=6), min_size=len(STEPS), max_size=len(STEPS)),
    left=st.integers(min_value=0, max_value=40),
)
def test_what_is_kept_never_costs_more_than_is_left(costs: list[int], left: int) -> None:
    ways = {step.id: (Way("vimo", cost),) for step, cost in zip(STEPS, costs, strict=True)}
    kept = fitting(STEPS, ways, {"vimo": left})
    assert sum(way[0].calls for name, way in ways.items() if name in kept) <= left


def a_report(
    bench: Bench, ledger: Ledger, *, quota: Quota | None, spec: ServerSpec, run: str
) -> Report:
    """Return the report of the bench's market where its server has a quota."""
    universes = {"toy": made_universe()}

    async def main() -> Report:
        embedded = {} if ledger.mode == "replay" else {"own": bench.served.server}
        async with Sessions((spec,), embedded=embedded, limits=bench.limits) as sessions:
            toolbox = Toolbox(
                sessions, ledger, universes=universes, today=lambda: TODAY, quota=quota
            )
            services = Services(universes=universes, toolbox=toolbox, today=lambda: TODAY)
            return (await run_request(a_request(), services, run_id=run)).report

    return asyncio.run(main())


def metered(a_day: int) -> ServerSpec:
    return ServerSpec(name="own", transport="memory", calls_a_day=a_day)


def test_a_plan_is_cut_to_the_quota_and_the_report_says_what_is_missing() -> None:
    bench, ledger = Bench(), Ledger(clock=lambda: NOW)
    report = a_report(bench, ledger, quota=Quota(clock=lambda: NOW), spec=metered(7), run="run")
    cut = [gap.id for gap in report.gaps]
    assert {gap.gap.reason for gap in report.gaps} == {"quota_spent"}
    assert cut[:2] == ["toy-warning", "toy-statistics"]
    assert [item.id for item in report.evidence][1:7] == SCORED
    assert report.allocations
    said = [line.text for line in report.sentences if line.section == "missing"]
    assert any("quota of calls is spent" in text for text in said)


def test_a_replay_without_any_quota_repeats_the_cut_to_the_byte() -> None:
    bench, ledger = Bench(), Ledger(clock=lambda: NOW)
    first = a_report(bench, ledger, quota=Quota(clock=lambda: NOW), spec=metered(7), run="run")
    replay = Ledger(clock=lambda: NOW, mode="replay")
    replay.load(ledger.calls("run"), run="run")
    plain = ServerSpec(name="own", transport="memory")
    again = a_report(bench, replay, quota=None, spec=plain, run="again")
    assert again.canonical_json() == first.canonical_json()


def test_a_quota_that_is_large_enough_changes_no_byte() -> None:
    bench = Bench()
    free = a_report(bench, Ledger(clock=lambda: NOW), quota=None, spec=metered(1), run="free")
    ample = a_report(
        bench, Ledger(clock=lambda: NOW), quota=Quota(clock=lambda: NOW), spec=metered(500),
        run="ample",
    )  # fmt: skip
    assert ample.canonical_json() == free.canonical_json()
