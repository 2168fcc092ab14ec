"""A citation leads to a fact, its record, the place that still says it, and whose it is."""

from collections.abc import Callable
from functools import partial

import pytest

from core.records.report import Report
from tests.agents.bench import Bench, a_request
from tests.evals.scorers.given import (
    a_limited_report,
    a_refusal,
    a_report,
    refact,
    replaced,
    retold,
    said,
    score,
    unsaid,
    value,
)
from tests.servers.market import made_universe


@pytest.mark.parametrize("made", [a_report, partial(a_report, "vi"), a_limited_report])
def test_every_citation_of_a_report_holds(made: Callable[[], Report]) -> None:
    assert value("citations", made()) == 1.0
    assert score("citations", a_refusal()).value is None


@pytest.mark.parametrize(
    "changes",
    [
        {"pointer": "/rows/99/excess_1m_pct"},
        {"pointer": "/rows/0"},
        {"evidence": "nobody"},
        {"subject": "utilities"},
        {"universe": "us"},
        {"value": 99.0},
        {"pointer": None, "formula": "difference", "of": ("nothing", "at-all")},
    ],
)
def test_a_fact_that_does_not_stand_where_it_says_is_found(changes: dict[str, object]) -> None:
    report = refact(
        a_report(),
        lambda fact: fact.evidence is not None and fact.value is not None and (
            fact.subject not in ("toy", "utilities")
        ),
        **changes,
    )  # fmt: skip
    assert value("citations", report) < 1.0


def test_a_fact_there_is_not_and_a_statement_without_any_are_found() -> None:
    report = a_report()
    cited = {span.fact for sentence in report.sentences for span in sentence.spans}
    dropped = next(fact.id for fact in report.facts if fact.id in cited)
    facts = tuple(fact for fact in report.facts if fact.id != dropped)
    assert value("citations", report.model_copy(update={"facts": facts})) < 1.0
    assert value("citations", said(report, "Energy leads.", section="rotation")) < 1.0


def test_a_sentence_that_cites_another_sector_is_found() -> None:
    report = a_report()
    place = next(n for n, row in enumerate(report.sentences) if row.section == "recommendation")
    other = report.sentences[place].model_copy(update={"entity": "utilities"})
    assert value("citations", replaced(report, place, other)) < 1.0


@pytest.mark.parametrize(("name", "other"), [("Energy", "Financials"), ("Industrials", "Energy")])
def test_a_sector_called_by_anothers_name_is_found(name: str, other: str) -> None:
    bench = Bench(universes=(made_universe("demo"),))
    report = bench.run(a_request(universes=("demo",)))
    shared = {"energy", "industrials", "financials"}
    report = unsaid(report, lambda row: row.entity not in shared or row.section == "headline")
    assert value("citations", report) == 1.0
    renamed = retold(report, lambda sentence, span: span.text == name, lambda text: other)
    assert value("citations", renamed) < 1.0
