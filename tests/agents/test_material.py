from datetime import timedelta

from agents.material import Material, no_facts_drawn
from core.language.printed.labels import LABELS
from core.language.printed.measured import MEASURES
from core.records.evidence import Evidence
from tests.agents.bench import Bench, plain_report

REPORT = plain_report()
DRAWN = no_facts_drawn()


def material(evidence: tuple[Evidence, ...]) -> Material:
    return Material(
        request=REPORT.request,
        universes={universe.id: universe for universe in Bench().universes},
        evidence=evidence,
        gaps=(),
        scorecards=(),
        allocations=(),
        drawn=DRAWN,
    )


def test_facts_once_drawn_are_never_told_of_another_answer_of_the_same_call() -> None:
    (item, *_) = (row for row in REPORT.evidence if row.node == "heatmap")
    before = material((item,)).facts
    assert material((item,)).facts == before
    later = item.result.model_copy(update={"as_of": item.result.as_of + timedelta(days=1)})
    other = item.model_copy(update={"result": later, "sha256": later.content_hash()})
    after = material((other,)).facts
    assert {fact.as_of for fact in after.values()} != {fact.as_of for fact in before.values()}


def test_every_measure_of_a_report_has_a_name_in_both_languages() -> None:
    stems = {fact.measure.partition(".")[0] for fact in plain_report().facts}
    assert sorted(stems - MEASURES.keys() - LABELS.keys()) == []
