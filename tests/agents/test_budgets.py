"""What a run, a day or a batch may not spend is not spent: gaps and rules stand, and say why."""

import asyncio
import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from typing_extensions import TypedDict, Unpack

from agents.budgeting import ALL, fitting
from agents.llm.protocol import LanguageModel, ModelAnswer
from agents.llm.scripted import ScriptedModel
from agents.run import Outcome, Waiting, advance, run_request
from agents.services import ModelPrice, RunLimits, Services
from agents.toolbox.ledger import Ledger
from agents.toolbox.purse import Purse
from agents.toolbox.quota import Way
from agents.toolbox.sessions import Sessions
from core.records.budget import Budget, Cost
from core.records.report import Report
from tests.agents.bench import Bench, a_ledger, a_request
from tests.agents.test_budgeting import SCORED, STEPS, ways_of

NOW = datetime(2026, 3, 21, 9, tzinfo=UTC)
PLAN, DRAFT = json.dumps({"steps": []}), json.dumps({"claims": []})


class CountedModel(ScriptedModel):
    """Says what it read and wrote."""

    async def complete(
        self, *, system: str, user: str, schema: dict[str, object], max_tokens: int
    ) -> ModelAnswer:
        """Return the next answer, counted."""
        answer = await super().complete(
            system=system, user=user, schema=schema, max_tokens=max_tokens
        )
        return answer.model_copy(update={"input_tokens": 1_000, "output_tokens": 200})


class SlowModel(CountedModel):
    """Takes longer than any run here may."""

    async def complete(
        self, *, system: str, user: str, schema: dict[str, object], max_tokens: int
    ) -> ModelAnswer:
        """Sleep."""
        await asyncio.sleep(30)
        raise AssertionError("it was waited for")


class Changes(TypedDict, total=False):
    """What a run's services have beside the bench's."""

    budget: Budget
    day_budget: Budget
    accounts: dict[str, Budget]
    model: LanguageModel
    price: ModelPrice
    limits: RunLimits


def ran(
    purse: Purse | None, bench: Bench | None = None, *, run: str = "run", **changes: Unpack[Changes]
) -> Report:
    """Return the report of a run whose services are changed."""
    bench = bench or Bench()

    async def main() -> Report:
        embedded = {} if bench.ledger.mode == "replay" else {"own": bench.served.server}
        async with Sessions(bench.specs, embedded=embedded, limits=bench.limits) as sessions:
            plain: Services = bench.services(sessions, None)
            services = replace(plain, purse=purse, **changes)
            return (await run_request(a_request(), services, run_id=run)).report

    return asyncio.run(main())


def a_purse(url: str = "sqlite://") -> Purse:
    return Purse(url, clock=lambda: NOW)


def replayed(ledger: Ledger, **changes: Unpack[Changes]) -> Report:
    """Return what a replay makes of a run's record, without any purse or budget."""
    again = a_ledger("replay")
    again.load(ledger.calls("run"), run="run")
    return ran(None, Bench(ledger=again), run="again", **changes)


PLAIN = ran(None)
CALLS = len(PLAIN.plan.steps)


def reasons(report: Report) -> set[str]:
    return {gap.gap.reason for gap in report.gaps}


def test_a_budget_of_calls_keeps_what_the_score_needs_and_says_what_it_left_out() -> None:
    bench, purse = Bench(), a_purse()
    report = ran(purse, bench, budget=Budget(calls_count=7))
    assert len(bench.served.calls) == 7
    assert [item.id for item in report.evidence][1:7] == SCORED
    assert reasons(report) == {"over_budget"}
    assert report.allocations == PLAIN.allocations
    said = [line.text for line in report.sentences if line.section == "missing"]
    assert any("may spend is used up" in text for text in said)
    assert replayed(bench.ledger).canonical_json() == report.canonical_json()


def test_a_budget_that_is_large_enough_changes_no_byte_and_books_what_was_spent() -> None:
    bench, purse = Bench(), a_purse()
    report = ran(
        purse, bench, budget=Budget(calls_count=100, seconds=60.0, bytes_count=256_000_000)
    )
    assert report.canonical_json() == PLAIN.canonical_json()
    spent = purse.spent("run:run")
    assert spent.calls_count == len(bench.served.calls) == CALLS
    assert 0 < spent.bytes_count < 1_000_000
    assert 0 < spent.seconds < 60
    assert purse.spent(purse.day) == spent


def test_no_bytes_are_left_for_a_call_whose_answer_might_not_fit() -> None:
    bench = Bench()
    ran(a_purse(), bench, budget=Budget(bytes_count=4_500_000))
    assert len(bench.served.calls) < CALLS
    assert len(bench.served.calls) >= 3


@pytest.mark.parametrize("account", ["day", "batch"])
def test_runs_share_what_a_day_or_a_batch_may_spend(account: str) -> None:
    purse, limit = a_purse(), Budget(calls_count=CALLS + 3)
    changes: Changes = {"accounts": {"batch:b": limit}}
    if account == "day":
        changes = {"day_budget": limit}
    benches = [Bench(), Bench(), Bench()]
    reports = [
        ran(purse, bench, run=f"run{n}", **changes) for n, bench in enumerate(benches)
    ]  # fmt: skip
    assert [len(bench.served.calls) for bench in benches] == [CALLS, 3, 0]
    assert [reasons(report) for report in reports[1:]] == [{"over_budget"}] * 2
    assert not reports[2].evidence


def test_a_run_that_is_late_turns_what_is_left_to_gaps_and_still_reports() -> None:
    bench, purse = Bench(), a_purse()
    purse.settled({"run:run": Budget()}, {"before": Cost(seconds=60)}, run="run")
    report = ran(purse, bench, budget=Budget(seconds=60.0))
    assert bench.served.calls == []
    assert reasons(report) == {"over_budget"}
    assert report.sentences
    assert replayed(bench.ledger).canonical_json() == report.canonical_json()


def test_a_hanging_model_ends_with_the_run_and_the_template_says_so() -> None:
    bench, model = Bench(), SlowModel([])
    limits = RunLimits(model_seconds=60)
    report = ran(a_purse(), bench, model=model, limits=limits, budget=Budget(seconds=1.0))
    assert report.provenance.reporter == "template"
    warned = " ".join(line.text for line in report.sentences if line.section == "warning")
    assert "used up" in warned
    again = replayed(bench.ledger, model=ScriptedModel([]))
    assert again.canonical_json() == report.canonical_json()


def test_a_model_is_not_asked_for_what_it_may_not_cost() -> None:
    model = CountedModel([PLAN, DRAFT])
    bench = Bench()
    price = ModelPrice(read_usd=1.0, written_usd=10.0)
    report = ran(a_purse(), bench, model=model, price=price, budget=Budget(usd=0.05))
    assert len(model.prompts) == 1
    assert (report.provenance.planner, report.provenance.reporter) == ("model", "template")
    said = [line.text for line in report.sentences if line.section == "warning"]
    assert any("templates wrote" in text and "used up" in text for text in said)
    again = replayed(bench.ledger, model=ScriptedModel([]))
    assert again.canonical_json() == report.canonical_json()


def test_what_a_model_cost_is_settled_to_what_its_server_counted() -> None:
    purse, price = a_purse(), ModelPrice(read_usd=1.0, written_usd=10.0)
    ran(purse, model=CountedModel([PLAN, DRAFT]), price=price, budget=Budget(tokens_count=60_000))
    spent = purse.spent("run:run")
    assert spent.tokens_count == 2 * 1_200
    assert spent.usd == pytest.approx(2 * 0.003)
    assert spent.calls_count == CALLS + 2


def test_a_run_that_is_made_again_after_a_kill_books_nothing_twice(tmp_path: Path) -> None:
    ledger, purse = a_ledger(url=f"sqlite:///{tmp_path / 'l.sqlite'}"), a_purse()
    budget = Budget(calls_count=CALLS + 2, tokens_count=60_000)
    model = CountedModel([PLAN, DRAFT])
    first = ran(purse, Bench(ledger=ledger), model=model, budget=budget)
    spent = purse.spent("run:run")
    again = ran(purse, Bench(ledger=ledger), model=model, budget=budget)
    assert again.canonical_json() == first.canonical_json()
    assert len(model.prompts) == 2
    assert purse.spent("run:run").calls_count == spent.calls_count
    assert purse.spent("run:run").tokens_count == spent.tokens_count


def test_fallbacks_are_asked_within_the_budget_alone() -> None:
    ways = ways_of(STEPS, Way("first"), Way("second"))
    kept = fitting(STEPS, ways, {ALL: len(STEPS) + 2})
    assert sum(way.calls for found in kept.values() for way in found) == len(STEPS) + 2
    assert all(kept[step][0].server == "first" for step in kept)
    metered = fitting(STEPS, ways, {"second": 0, ALL: 100})
    assert {step for step, found in metered.items() if len(found) == 2} == set(SCORED)


def test_a_plan_is_shown_with_what_the_run_may_still_spend_its_own_calls_included(
    tmp_path: Path,
) -> None:
    bench, purse = Bench(), a_purse()

    async def main() -> Outcome:
        async with Sessions(
            bench.specs, embedded={"own": bench.served.server}, limits=bench.limits
        ) as sessions:
            services = replace(
                bench.services(sessions, CountedModel([PLAN])),
                purse=purse, approve=True, budget=Budget(calls_count=50, tokens_count=40_000),
            )  # fmt: skip
            return await advance(
                a_request(), services, run_id="run", checkpoints=str(tmp_path / "c.sqlite")
            )

    told = asyncio.run(main())
    assert isinstance(told, Waiting)
    left = told.approval.left
    assert (left.calls_count, left.tokens_count, left.usd) == (50 - 2, 40_000 - 1_200, None)
    assert told.approval.tokens_most <= 40_000
    assert purse.spent("run:run").calls_count == 2 + len(told.approval.steps)
