import re

from app.files.universes import load_universes
from app.web.reports.retold import retold
from core.wording import entity_name
from tests.app.web.reports.conftest import Kept

VIETNAMESE = re.compile("[ăâđêôơưạảấầẩậắằẵặẹẻẽếềểễệịỉĩọỏốồổộớờởợụủứừửữựỳỷ]", re.I)


def test_the_other_language_says_the_same_facts_and_decides_the_same(kept: Kept) -> None:
    universes = load_universes()
    report = kept.reports[kept.later]
    told = retold(report, "vi", universes)
    assert told.request.language == "vi"
    assert told.allocations == report.allocations
    assert {fact.id: fact.value for fact in told.facts} == {
        fact.id: fact.value for fact in report.facts
    }
    texts = " ".join(sentence.text for sentence in told.sentences)
    assert VIETNAMESE.search(texts)
    assert entity_name("technology", "vi", universes["demo"]) in texts
    bound = {span.fact for row in report.sentences for span in row.spans if span.fact}
    assert {span.fact for row in told.sentences for span in row.spans if span.fact} == bound


def test_there_and_back_is_the_report_itself(kept: Kept) -> None:
    universes = load_universes()
    for report in kept.reports.values():
        assert retold(report, "en", universes) is report
        back = retold(retold(report, "vi", universes), "en", universes)
        assert back.sentences == report.sentences
        assert back.canonical_json() == report.canonical_json()
