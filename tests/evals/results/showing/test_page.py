from html.parser import HTMLParser
from pathlib import Path

import pytest

from core.errors import CallerError
from evals.records import Score
from evals.results.comparing.baseline import baseline_of
from evals.results.comparing.difference import difference
from evals.results.comparing.gate import falls
from evals.results.comparing.table import rows, worst
from evals.results.records import Exchange, read_results
from evals.results.showing.page import difference_page, results_page
from tests.evals.results.made import a_case, results

HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(1)> & “{{ 7*7 }}”"
ACTIVE = {"script", "img", "iframe", "object", "link", "form", "a", "base", "embed"}


class Tags(HTMLParser):
    """Notes every tag, attribute and text."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.text = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}

    def handle_data(self, data: str) -> None:
        self.text += data


def hostile_case(name: str = "a") -> object:
    case = a_case(name, coverage=0.25, said=(HOSTILE,))
    scores = (Score(case=name, scorer="coverage", value=0.25, why=HOSTILE),)
    exchanges = (
        Exchange(text=HOSTILE, understood={"said": HOSTILE}, error=HOSTILE, gaps=(HOSTILE,)),
        *case.exchanges,
    )
    return case.model_copy(update={"scores": scores, "exchanges": exchanges, "error": HOSTILE})


def test_whatever_an_answer_says_is_text_on_the_page() -> None:
    before = results(hostile_case(), a_case("b", coverage=1.0), model=HOSTILE)  # type: ignore[arg-type]
    after = results(hostile_case("b"), a_case("a", coverage=0.0), model=HOSTILE)  # type: ignore[arg-type]
    failed = falls(before, baseline_of(after))
    pages = (
        results_page(before, rows(before, baseline_of(after)), failed),
        difference_page(before, after, difference(before, after)),
    )
    for page in pages:
        seen = Tags(page)
        assert not seen.tags & ACTIVE
        assert not {name for name in seen.attributes if name.startswith("on") or name == "style"}
        assert HOSTILE in seen.text
        assert "http" not in page.replace("http-equiv", "")


def test_the_page_shows_each_scorer_each_case_and_what_is_worse() -> None:
    run = results(
        a_case("a", coverage=0.5, said=("Energy leads.",)),
        a_case("b", coverage=1.0),
        a_case("c", error="broke", coverage=None),
    )
    table = rows(run, baseline_of(results(a_case("a", coverage=1.0))))
    text = Tags(results_page(run, table, ("coverage fell",))).text
    for said in ("Energy leads.", "coverage fell", "broke", "−0.500", "What of b?", "0.750"):
        assert said in text
    assert text.index("What of c?") < text.index("What of a?") < text.index("What of b?")


def test_two_runs_differ_by_scorer_by_case_and_by_sentence() -> None:
    before = results(
        a_case("a", coverage=1.0, said=("Energy leads.", "Tech lags.")),
        a_case("b", coverage=1.0, said=("Same.",)),
        a_case("old", coverage=1.0),
    )
    after = results(
        a_case("a", coverage=0.5, said=("Energy lags.", "Tech lags.")),
        a_case("b", coverage=1.0, said=("Same.",)),
        a_case("new", coverage=1.0),
    )
    found = difference(before, after)
    (case,) = found.cases
    assert (case.id, case.gone, case.come) == ("a", ("Energy leads.",), ("Energy lags.",))
    assert [(row.before, row.after, row.why) for row in case.moved] == [
        (1.0, 0.5, "coverage short")
    ]
    (row,) = found.scorers
    assert (row.change, row.count) == (-0.25, 2)
    assert (found.only_before, found.only_after) == (("old",), ("new",))
    assert difference(before, before).cases == ()


def test_the_page_of_a_models_run_says_how_much_of_it_was_the_models() -> None:
    case = a_case("a", coverage=1.0, said=("Energy leads.", "Tech lags."))
    run = results(case, model="kit")
    said = "The model planned 0 of 0 answers and wrote 0 of 2 sentences"
    assert said in Tags(results_page(run, rows(run, None), None)).text
    assert said in Tags(difference_page(run, run, difference(run, run))).text
    rules = results(case)
    assert "The model" not in Tags(results_page(rules, rows(rules, None), None)).text


def test_the_worst_cases_are_those_with_the_most_that_fell_short() -> None:
    cases = [
        a_case("whole", coverage=1.0, direction=None),
        a_case("two", coverage=0.5, direction=0.75),
        a_case("one", coverage=0.5, direction=1.0),
    ]
    found = worst(cases)
    assert [(row.id, row.short) for row in found] == [("two", 0.75), ("one", 0.5)]
    assert [score.scorer for score in found[1].scores] == ["coverage"]


def test_kept_results_are_read_back_and_another_file_is_refused(tmp_path: Path) -> None:
    run = results(a_case("a", coverage=0.5))
    (tmp_path / "results.json").write_text(run.model_dump_json())
    assert read_results(tmp_path) == run
    (tmp_path / "other.json").write_text("{}")
    for name, said in (("other.json", "holds no results"), ("none.json", "No such file")):
        with pytest.raises(CallerError, match=said):
            read_results(tmp_path / name)
