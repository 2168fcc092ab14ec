"""A score is the share of what holds; nothing to judge is unscored, and reasons fit."""

from hypothesis import given, settings
from hypothesis import strategies as st

from evals.records import Ran
from evals.scorers.checks import Check, Checked
from evals.scorers.registry import MEASURES, SCORERS
from tests.evals.scorers.given import a_report, ran_of

FOUND = st.lists(st.builds(Check, st.booleans(), st.text(min_size=1, max_size=500)), max_size=40)


@given(FOUND)
def test_a_score_is_the_share_that_holds_and_says_what_does_not(found: list[Check]) -> None:
    scored = Checked("own", lambda ran: found)(Ran(case=ran_of(a_report()).case, answers=()))
    wrong = [check for check in found if not check.right]
    if not found:
        assert scored.value is None
    else:
        assert (
            scored.value == 1 - len(wrong) / len(found)
            or abs((scored.value or 0.0) - 1 + len(wrong) / len(found)) < 1e-12
        )
    assert bool(scored.why) == bool(wrong)


def test_every_scorer_has_a_name_of_its_own() -> None:
    names = [scorer.name for scorer in SCORERS] + [measure.name for measure in MEASURES]
    assert len(set(names)) == len(names)


def test_a_run_without_answers_is_unscored_by_every_scorer() -> None:
    empty = Ran(case=ran_of(a_report()).case, answers=())
    assert {scorer(empty).value for scorer in SCORERS} == {None}


def test_measures_are_figures_of_all_turns() -> None:
    twice = ran_of(a_report(), a_report())
    found = {measure.name: measure(twice).value for measure in MEASURES}
    assert found["calls"] == 2 * len(a_report().plan.steps)
    assert found["known"] == found["tokens"] == found["seconds"] == found["model-calls"] == 0


@settings(max_examples=40)
@given(st.integers(0, 10_000), st.text(max_size=80), st.sampled_from(["en", "vi"]))
def test_no_scorer_raises_whatever_a_sentence_says(place: int, text: str, language: str) -> None:
    report = a_report(language)
    few = report.model_copy(update={"sentences": report.sentences[place % 40 :][:6]})
    spans = sum(len(row.spans) for row in few.sentences)
    left = iter(range(spans))
    told = tuple(
        row.model_copy(
            update={
                "spans": tuple(
                    span.model_copy(update={"text": text}) if next(left) == place % spans else span
                    for span in row.spans
                )
            }
        )
        for row in few.sentences
    )
    ran = ran_of(few.model_copy(update={"sentences": told}))
    assert all(0.0 <= (scorer(ran).value or 0.0) <= 1.0 for scorer in SCORERS)
