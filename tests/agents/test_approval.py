"""A plan is shown before it is carried out; the user's word decides, within what may be decided."""

import asyncio
import json
import sqlite3
from asyncio import FIRST_COMPLETED, Event
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from langchain_core.runnables import RunnableConfig
from langgraph.checkpoint.memory import InMemorySaver
from langgraph.types import Command

from agents.approval import agreed, rests_on
from agents.graph import build_graph
from agents.llm.protocol import ModelAnswer
from agents.llm.scripted import ScriptedModel
from agents.router import trading_steps
from agents.run import Declined, Finished, Progress, Waiting, advance, run_request
from agents.services import ModelPrice
from agents.state import first_state
from agents.toolbox.sessions import Sessions
from core.errors import CallerError, ProviderError
from core.records.approval import Approval, Consent
from core.records.desk import Desk
from core.records.holdings import Holdings
from core.records.report import Report
from tests.agents.bench import Bench, a_ledger, a_request
from tests.servers.market import AS_OF

RUN = Consent(verdict="run")
CANCEL = Consent(verdict="cancel")


class CountedModel(ScriptedModel):
    """A script whose answers cost tokens."""

    async def complete(
        self, *, system: str, user: str, schema: dict[str, object], max_tokens: int
    ) -> ModelAnswer:
        answer = await super().complete(
            system=system, user=user, schema=schema, max_tokens=max_tokens
        )
        return answer.model_copy(update={"input_tokens": 1000, "output_tokens": 100})


@pytest.fixture(scope="module")
def plain() -> Report:
    """The report nobody was asked about."""
    return Bench().run(a_request())


@pytest.fixture
def checkpoint(tmp_path: Path) -> Path:
    return tmp_path / "checkpoints.sqlite"


def waiting(bench: Bench, checkpoint: Path, **changes: object) -> Approval:
    outcome = bench.advance(a_request(**changes), checkpoint)
    assert isinstance(outcome, Waiting)
    return outcome.approval


def report(outcome: object) -> Report:
    assert isinstance(outcome, Finished)
    return outcome.report


def test_nothing_planned_is_called_before_the_user_agrees(checkpoint: Path) -> None:
    bench = Bench()
    told = waiting(bench, checkpoint)
    assert [tool for tool, _ in bench.served.calls] == ["get_data_status"]
    assert {row.tool for row in told.steps if row.scored} >= {"get_sector_heatmap"}
    assert all(row.server == "own" and not row.known for row in told.steps)
    assert told.servers[0].calls == len(told.steps)
    assert told.later_most == told.servers[0].later_most == 6
    found = report(bench.advance(a_request(), checkpoint, consent=RUN))
    shown = {row.step for row in told.steps} | {"toy-status"}
    followed = {step.id for step in found.plan.steps} - shown
    assert 0 < len(followed) <= told.later_most
    names = {row.step: row.about for row in bench.heard if row.about is not None}
    assert all(names[step].sector for step in followed)
    assert (told.author, told.model, told.tokens_most, told.money_most) == ("rules", None, 0, 0.0)


def test_asking_again_waits_again_and_calls_nothing(checkpoint: Path) -> None:
    bench = Bench()
    assert waiting(bench, checkpoint) == waiting(bench, checkpoint)
    assert len(bench.served.calls) == 1


def test_an_agreed_plan_gives_the_bytes_of_a_run_nobody_was_asked_about(
    checkpoint: Path, plain: Report
) -> None:
    bench = Bench()
    waiting(bench, checkpoint)
    found = report(bench.advance(a_request(), checkpoint, consent=RUN))
    assert found.canonical_json() == plain.canonical_json()
    assert len(bench.served.calls) == len({(t, s) for t, s in bench.served.calls})


def test_who_is_not_asked_hears_the_same_plan_and_gets_the_same_bytes(
    checkpoint: Path, plain: Report, tmp_path: Path
) -> None:
    shown = waiting(Bench(), tmp_path / "other.sqlite")
    bench = Bench()
    found = report(bench.advance(a_request(), checkpoint, approve=False))
    assert found.canonical_json() == plain.canonical_json()
    assert bench.planned == [shown]
    assert "approval" not in {row.node for row in bench.heard}


def test_a_cancelled_plan_ends_the_run_without_a_call(checkpoint: Path) -> None:
    bench = Bench()
    waiting(bench, checkpoint)
    assert bench.advance(a_request(), checkpoint, consent=CANCEL) == Declined()
    assert bench.advance(a_request(), checkpoint, consent=RUN) == Declined()
    assert len(bench.served.calls) == 1


def test_a_left_out_call_is_not_made_and_named_as_a_gap_a_replay_repeats(
    checkpoint: Path, plain: Report
) -> None:
    bench = Bench()
    told = waiting(bench, checkpoint)
    left = tuple(row.step for row in told.steps if not row.scored)
    assert left
    consent = Consent(verdict="run", without=left)
    found = report(bench.advance(a_request(), checkpoint, consent=consent))
    declined = {gap.id for gap in found.gaps if gap.gap.reason == "declined"}
    assert declined == set(left)
    assert {gap.gap.actor for gap in found.gaps} == {"user"}
    assert found.allocations == plain.allocations
    assert any("left out as the user wished" in row.text for row in found.sentences)
    replayed = a_ledger("replay")
    replayed.load(bench.ledger.calls("run"), run="run")
    again = Bench(ledger=replayed).run(a_request())
    assert again.canonical_json() == found.canonical_json()


def test_what_the_decision_rests_on_cannot_be_left_out(checkpoint: Path) -> None:
    bench = Bench()
    told = waiting(bench, checkpoint)
    scored = next(row.step for row in told.steps if row.scored)
    for named in (scored, "toy-none"):
        with pytest.raises(CallerError, match=f"{named} cannot be left out"):
            bench.advance(a_request(), checkpoint, consent=Consent(verdict="run", without=(named,)))
    assert len(bench.served.calls) == 1
    report(bench.advance(a_request(), checkpoint, consent=RUN))


@pytest.mark.parametrize(
    "word",
    [None, "yes", {"verdict": "maybe"}, {"verdict": "run", "without": ["toy-heatmap"]}],
)
def test_a_word_that_is_no_answer_to_the_plan_is_asked_for_again(
    checkpoint: Path, word: object
) -> None:
    assert agreed(waiting(Bench(), checkpoint), word) is None


def test_what_limits_and_trades_are_made_of_cannot_be_left_out_either() -> None:
    asked = Desk(holdings=Holdings(universe="toy", dated=None, source="test", positions=()))
    (step,) = trading_steps("toy", asked, as_of=AS_OF)
    assert not step.scored
    assert rests_on(step)


def test_off_topic_has_no_plan_to_agree_to(checkpoint: Path) -> None:
    request = a_request(text="Write me a poem", intent="off_topic")
    assert report(Bench().advance(request, checkpoint)).plan.steps == ()


def test_what_the_model_took_and_may_take_is_counted_and_priced(checkpoint: Path) -> None:
    bench = Bench()
    outcome = bench.advance(
        a_request(),
        checkpoint,
        model=CountedModel([json.dumps({"steps": []})]),
        price=ModelPrice(read_usd=2.0, written_usd=10.0),
    )
    assert isinstance(outcome, Waiting)
    told = outcome.approval
    assert (told.author, told.model, told.tokens_used) == ("model", "scripted", 1100)
    assert told.money_used == pytest.approx(0.003)
    assert told.tokens_most > 24_000
    assert told.money_most is not None
    assert told.money_most > 0.24


def test_without_a_price_the_money_is_not_known(checkpoint: Path) -> None:
    outcome = Bench().advance(a_request(), checkpoint, model=CountedModel(['{"steps": []}']))
    assert isinstance(outcome, Waiting)
    assert (outcome.approval.money_used, outcome.approval.money_most) == (None, None)


def test_a_model_that_is_not_reached_is_named_with_the_plan(checkpoint: Path) -> None:
    down = CountedModel([ProviderError("down")])
    outcome = Bench().advance(a_request(language="vi"), checkpoint, model=down)
    assert isinstance(outcome, Waiting)
    assert outcome.approval.notice.startswith("Không kết nối được với mô hình lập kế hoạch")


def test_agreeing_asks_the_planning_model_no_second_time(checkpoint: Path) -> None:
    bench = Bench()
    script = CountedModel(['{"steps": []}', '{"claims": []}'])
    bench.advance(a_request(), checkpoint, model=script)
    report(bench.advance(a_request(), checkpoint, model=script, consent=RUN))
    assert len(script.prompts) == 2


def test_earlier_answers_are_told_as_known_and_cost_no_call(
    checkpoint: Path, plain: Report
) -> None:
    bench = Bench()
    outcome = bench.advance(a_request(as_of=AS_OF), checkpoint, earlier=plain.evidence)
    assert isinstance(outcome, Waiting)
    assert all(row.known for row in outcome.approval.steps)
    assert outcome.approval.servers == ()


def test_a_plan_without_a_checkpoint_to_wait_in_is_refused() -> None:
    async def asked() -> None:
        bench = Bench()
        async with Sessions(bench.specs, embedded={"own": bench.served.server}) as sessions:
            services = replace(bench.services(sessions, None), approve=True)
            await advance(a_request(), services, run_id="run", checkpoints=None)

    with pytest.raises(CallerError, match="needs a checkpoint"):
        asyncio.run(asked())


@pytest.mark.prove
def test_a_run_cut_off_at_any_step_leaves_its_checkpoint_to_others(checkpoint: Path) -> None:
    async def cut(count: int, turns: int) -> bool:
        bench, heard = Bench(), Event()

        def told(progress: Progress) -> None:
            bench.heard.append(progress)
            if len(bench.heard) == count:
                heard.set()

        async with Sessions(bench.specs, embedded={"own": bench.served.server}) as sessions:
            run = asyncio.create_task(
                run_request(
                    a_request(), bench.services(sessions, None), run_id=f"run{count}-{turns}",
                    checkpoints=str(checkpoint), progress=told,
                )
            )  # fmt: skip
            await asyncio.wait(
                {run, asyncio.create_task(heard.wait())}, return_when=FIRST_COMPLETED
            )
            for _ in range(turns):
                await asyncio.sleep(0)
            run.cancel()
            await asyncio.wait({run})
            with closing(sqlite3.connect(checkpoint, timeout=0.0)) as free:
                free.execute("BEGIN IMMEDIATE")
        return run.cancelled()

    assert all(asyncio.run(cut(count, turns)) for count in range(6, 22) for turns in (0, 2, 5))


def test_a_graph_with_anybodys_checkpoints_asks_again_until_the_word_is_an_answer() -> None:
    async def run() -> tuple[list[object], object]:
        bench = Bench()
        async with Sessions(bench.specs, embedded={"own": bench.served.server}) as sessions:
            services = replace(bench.services(sessions, None), approve=True)
            graph = build_graph(services, InMemorySaver(), earlier={})
            config = RunnableConfig(configurable={"thread_id": "t"})
            await graph.ainvoke(first_state(a_request(), "run", services.today()), config)
            asked: list[object] = []
            for word in ("what?", {"verdict": "run", "without": ["toy-heatmap"]}):
                await graph.ainvoke(Command(resume=word), config)
                asked += [row.value for row in (await graph.aget_state(config)).interrupts]
            return asked, await graph.ainvoke(Command(resume={"verdict": "run"}), config)

    asked, done = asyncio.run(run())
    assert len(asked) == 2
    assert asked[0] == asked[1]
    assert isinstance(done, dict)
    assert done["report"]["plan"]["author"] == "rules"
