import asyncio
import json
from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from agents.llm.protocol import ModelAnswer
from agents.services import ModelPrice
from agents.toolbox.calls import CallRequest, Outcome
from app.compose import open_ledger
from app.research import RunRecord
from app.settling.judging import Spent, judged, spent_by_report
from app.settling.told import Told, Wording
from core.forecast.model import settles
from core.history.settling import Said
from core.records.history import CallsMade
from tests.app.settling.conftest import composed, request

RULES = ("demo-sector-overview-a", "demo-foreign-flow-a", "demo-sector-overview-b")
SHA = "d" * 64


def _told(*, model: str | None = "m", planned: bool = True, added: tuple[str, ...] = RULES) -> Told:
    day = date(2024, 1, 31)
    made = CallsMade(
        universe="demo", universe_hash="0" * 64, as_of=day, horizon="1M",
        settles=settles(day, "1M"), mandate="default", mandate_version=0, trained_until=None,
        report_sha256=SHA, calls=(),
    )  # fmt: skip
    return Told(
        said=Said(made, {}),
        targets={},
        benchmark={},
        report_hash=SHA,
        model=model,
        planned=planned,
        added=added,
        rules=RULES,
        wording=Wording(
            may_count=10, own_count=6, repairs=Counter(false=1, unbound=2),
            sections=frozenset({"for", "against", "macro", "flow"}),
            own_sections=frozenset({"for", "macro"}),
        ),
    )  # fmt: skip


def test_a_plan_is_held_to_the_calls_rules_choose_of_the_same_evidence() -> None:
    """The model proposed the first two calls of the plan; the second round added the third."""
    added = (RULES[0], "demo-technical-momentum", RULES[1], RULES[2])
    spent = {SHA: Spent(asked=2, read=5000, written=700, seconds=3.5, proposed=2)}
    found = judged([_told(added=added)], spent, price=ModelPrice(1.0, 10.0))
    assert found is not None
    assert (found.calls_count, found.ruled_count) == (2, 3)
    assert found.plan_precision_fraction == 0.5
    assert found.plan_recall_fraction == pytest.approx(1 / 3)
    assert found.usd == pytest.approx((5000 + 7000) / 1e6)
    assert (found.tokens_read_count, found.tokens_written_count, found.seconds) == (5000, 700, 3.5)


def test_sentences_and_sections_that_stood_are_its_coverage() -> None:
    found = judged([_told(), _told()], {}, price=None)
    assert found is not None
    assert (found.sentences_fraction, found.sections_fraction) == (0.6, 0.5)
    assert [(row.kind, row.count) for row in found.repairs] == [("false", 2), ("unbound", 4)]
    assert found.sections_worded == ("for", "macro")
    assert (found.plan_precision_fraction, found.usd, found.seconds) == (None, None, None)
    assert judged([_told(model=None)], {}, price=None) is None


def test_a_plan_rules_made_in_its_place_is_not_the_models() -> None:
    spent = {SHA: Spent(asked=1, read=1, written=1, seconds=1.0, proposed=None)}
    found = judged([_told(planned=False)], spent, price=None)
    assert found is not None
    assert (found.plans_count, found.calls_count, found.plan_recall_fraction) == (0, 0, None)


def test_what_a_run_cost_is_read_from_its_record_and_its_answers(tmp_path: Path) -> None:
    composition = composed(tmp_path)
    step = {"tool": "get_sector_overview", "universe": "demo", "sector": "energy"}
    plan = json.dumps({"steps": [step | {"why": why} for why in ("explains", "confirms")]})
    ledger = open_ledger(composition.settings, composition.clock)
    for number, text in enumerate((plan, '{"claims": []}')):
        asked = CallRequest(
            kind="model", server="s", name="m", arguments={"n": number}, schema_hash="0" * 64
        )
        answer = ModelAnswer(text=text, model="m", input_tokens=100, output_tokens=20)

        async def call(answer: ModelAnswer = answer) -> Outcome:
            return Outcome(text=answer.canonical_json())

        asyncio.run(ledger.outcome(asked, run="r1", call=call))
    ledger.close()
    folder = tmp_path / "runs" / "r1"
    folder.mkdir(parents=True)
    record = RunRecord(
        run="r1", asked_on=date(2024, 2, 1), started_at="x", seconds=2.5,
        request=request("demo", date(2024, 1, 31)), mandates=(), model="m", evidence_count=1,
        gaps_count=0, report_sha256=SHA,
    )  # fmt: skip
    (folder / "run.json").write_text(record.model_dump_json())
    assert spent_by_report(composition, [_told()]) == {
        SHA: Spent(asked=2, read=200, written=40, seconds=2.5, proposed=1)
    }
    assert spent_by_report(composition, [_told(model=None)]) == {}
