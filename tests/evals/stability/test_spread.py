"""The same question has the same decision every time; how far its prose differs is a figure."""

from collections.abc import Callable

import pytest

from agents.toolbox.spec import CallLimits
from core.records.report import Report, Span
from evals.kit.bad import Garbage, Looping, Refusing, Verbose
from evals.kit.compromised import GOALS, Compromised
from evals.kit.good import Good
from evals.kit.model import KitModel
from evals.kit.sloppy import Sloppy
from evals.stability.spread import asked_again, spread, table
from tests.agents.bench import Bench, a_request

TIMES = 20
PATIENT = CallLimits(call_seconds=60, start_seconds=60)
"""What is counted is what models change, not how fast this machine is."""
MODELS: dict[str, Callable[[int], KitModel]] = {
    "good": lambda seed: Good(seed=seed),
    "good, noise 0.3": lambda seed: Good(seed=seed, noise=0.3),
    "good, noise 1.0": lambda seed: Good(seed=seed, noise=1.0),
    "sloppy": lambda seed: Sloppy(seed=seed),
    "verbose": lambda seed: Verbose(seed=seed),
    "looping": lambda _: Looping(),
    "refusing": lambda _: Refusing(),
    "garbage": lambda seed: Garbage(seed=seed),
    "compromised": lambda seed: Compromised(GOALS[seed % len(GOALS)], seed=seed),
}


def _reported(model: KitModel | None) -> Report:
    return Bench(limits=PATIENT).run(a_request(), model=model)


@pytest.fixture(scope="module")
def plain() -> Report:
    """The report without a model."""
    return _reported(None)


def _with_first_words(report: Report, text: str) -> Report:
    first, *others = report.sentences
    told = first.model_copy(update={"spans": (Span(text=text),)})
    return report.model_copy(update={"sentences": (told, *others)})


def test_the_same_reports_do_not_differ(plain: Report) -> None:
    found = spread("none", [plain] * 3)
    assert (found.decisions, found.plans, found.own) == (1, 1, 0.0)
    assert (found.same_sentences, found.same_words) == (1.0, 1.0)


def test_one_sentence_in_other_words_is_told_as_a_share(plain: Report) -> None:
    count = len({(row.section, row.text) for row in plain.sentences})
    found = spread("x", [plain, _with_first_words(plain, "Something else altogether.")])
    assert found.same_sentences == pytest.approx((count - 1) / (count + 1))
    assert found.same_words < 1


def test_another_decision_is_counted(plain: Report) -> None:
    other = plain.model_copy(update={"allocations": ()})
    assert spread("x", [plain, other, plain]).decisions == 2


def test_a_report_alone_differs_from_nothing(plain: Report) -> None:
    with pytest.raises(ValueError, match="two"):
        spread("x", [plain])


def test_noise_changes_the_prose_and_never_the_decision() -> None:
    found = asked_again(lambda n: _reported(Good(seed=n, noise=1.0)), name="good", times=3)
    assert found.decisions == 1
    assert found.same_sentences < 1
    assert found.own > 0
    assert "good" in table([found])


@pytest.mark.prove
@pytest.mark.timeout(1_800)
def test_whatever_a_model_is_twenty_reports_have_one_decision(plain: Report) -> None:
    found = [
        asked_again(lambda n, make=make: _reported(make(n)), name=name, times=TIMES)  # type: ignore[misc]  # a default binds the loop's own
        for name, make in MODELS.items()
    ]
    print(f"\n{table(found)}")
    assert all(row.decisions == 1 for row in found)
    assert all(row.replaced == 0 for row in found if row.name.startswith("good"))
    assert next(row for row in found if row.name == "good").same_sentences == 1.0
    assert _reported(MODELS["compromised"](0)).allocations == plain.allocations
