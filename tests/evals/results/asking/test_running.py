import asyncio
from datetime import date

import pytest
from pydantic_evals import Case as Row
from pydantic_evals import Dataset

from evals.cases.reading import load_cases
from evals.records import Case, Ran, Score
from evals.results.asking.evaluators import Scoring, marks
from evals.results.asking.grounds import DEMO
from evals.results.asking.running import marked
from evals.results.records import Marked
from evals.scorers.registry import MEASURES, SCORERS
from evals.tapes.tape import RECORDINGS


@pytest.fixture(scope="module")
def two() -> tuple[Case, Case]:
    """A question that is answered, and one that is turned away."""
    cases = [case for case in load_cases() if case.universe == DEMO]
    answered = next(case for case in cases if case.kind == "question")
    return answered, next(case for case in cases if case.kind == "off_topic")


@pytest.fixture(scope="module")
def ran(two: tuple[Case, Case]) -> tuple[Marked, ...]:
    """What became of both, and of one in between whose day is not on the tape."""
    lost = two[0].model_copy(update={"id": "lost", "as_of": date(2020, 3, 2)})
    return marked((two[0], lost, two[1]), (RECORDINGS / DEMO,), workers=1)


def test_each_case_has_a_score_of_every_scorer_and_a_figure_of_every_measure(
    two: tuple[Case, Case], ran: tuple[Marked, ...]
) -> None:
    assert [case.id for case in ran] == [two[0].id, "lost", two[1].id]
    for case in (ran[0], ran[2]):
        assert not case.error
        assert [score.scorer for score in case.scores] == [scorer.name for scorer in SCORERS]
        assert [one.measure for one in case.measures] == [one.name for one in MEASURES]
    answered, refused = ran[0].exchanges[0], ran[2].exchanges[0]
    assert len(answered.said) > 3
    assert len(answered.called) > 3
    assert answered.understood is not None
    assert "text" not in answered.understood
    assert not refused.called


def test_a_case_that_breaks_is_told_as_such_and_the_others_go_on(ran: tuple[Marked, ...]) -> None:
    assert "is not on tape demo" in ran[1].error
    assert not ran[1].scores
    assert ran[1].exchanges[0].text == ran[0].exchanges[0].text


class Broken:
    """A scorer that raises."""

    name = "broken"

    def __call__(self, ran: Ran) -> Score:
        raise ZeroDivisionError(ran.case.id)


def test_a_scorer_that_breaks_is_an_error_of_the_case(two: tuple[Case, Case]) -> None:
    dataset = Dataset[Case, Ran, None](
        name="one", cases=[Row(name="x", inputs=two[0])], evaluators=[Scoring(Broken())]
    )
    silent = dataset.evaluate(lambda case: Ran(case=case, answers=()), progress=False)
    report = asyncio.run(silent)
    (case,) = marks(report)
    assert case.error == f"scorer broken: ZeroDivisionError: {two[0].id}"
    assert all(score.value is None for score in case.scores)
