from pathlib import Path

import pytest

from evals.cases.reading import load_cases
from evals.records import Case
from evals.results.asking.kept import DONE, Kept, forget, state_of
from evals.results.records import Marked
from tests.evals.results.made import a_case

ONE = load_cases()[0]
CASES = tuple(ONE.model_copy(update={"id": name}) for name in ("a", "b"))
FOUND = tuple(a_case(case.id, coverage=0.1 + 0.2, direction=None) for case in CASES)


def by_model(marked: Marked) -> Marked:
    planned = [one.model_copy(update={"planner": "model"}) for one in marked.exchanges]
    return marked.model_copy(update={"exchanges": tuple(planned)})


def in_other_words(case: Case) -> Case:
    turn = case.turns[0]
    return case.model_copy(
        update={"turns": (turn.model_copy(update={"text": "x"}), *case.turns[1:])}
    )


def test_what_is_kept_comes_back_as_it_was_for_the_same_text_model_and_state(
    tmp_path: Path,
) -> None:
    Kept(tmp_path, "s").keep(CASES, FOUND, "")
    assert Kept(tmp_path, "s").of(CASES, "") == {"a": FOUND[0], "b": FOUND[1]}
    assert Kept(tmp_path, "s").of(CASES, "gpt") == {}
    assert Kept(tmp_path, "s").of([in_other_words(CASES[0]), CASES[1]], "") == {"b": FOUND[1]}
    assert Kept(tmp_path, "other").of(CASES, "") == {}
    assert (tmp_path / DONE).read_bytes() == b"", "what was of another state is gone"


def test_a_line_that_was_cut_is_left_out_and_what_follows_it_is_kept(tmp_path: Path) -> None:
    Kept(tmp_path, "s").keep(CASES, FOUND, "")
    whole = (tmp_path / DONE).read_bytes()
    (tmp_path / DONE).write_bytes(whole[:-20])
    kept = Kept(tmp_path, "s")
    assert list(kept.of(CASES, "")) == ["a"]
    kept.keep(CASES, FOUND[1:], "")
    assert (tmp_path / DONE).read_bytes() == whole


def test_what_broke_and_what_the_model_did_not_answer_is_asked_again(tmp_path: Path) -> None:
    kept = Kept(tmp_path, "s")
    kept.keep(CASES, [a_case("a", error="broke")], "")
    kept.keep(CASES, [FOUND[0], by_model(FOUND[1])], "gpt")
    assert Kept(tmp_path, "s").of(CASES, "") == {}
    assert list(Kept(tmp_path, "s").of(CASES, "gpt")) == ["b"]


def test_without_a_folder_nothing_is_kept_and_a_whole_run_leaves_nothing(tmp_path: Path) -> None:
    Kept(None, "s").keep(CASES, FOUND, "")
    assert Kept(None, "s").of(CASES, "") == {}
    Kept(tmp_path, "s").keep(CASES, FOUND, "")
    forget(tmp_path)
    forget(tmp_path)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("changed", "counts"),
    [
        ("core/facts.py", True),
        ("prompts/judge.md", True),
        ("evals/cases/reading.py", True),
        ("tape/get.01.json", True),
        ("evals/cases/vague.toml", False),
        ("evals/baselines/offline.json", False),
        ("core/facts.pyc", False),
    ],
)
def test_the_state_is_that_of_the_sources_and_tapes(
    tmp_path: Path, changed: str, counts: bool
) -> None:
    for name in (changed, "agents/plan.py"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("a")
    before = state_of([tmp_path / "tape"], root=tmp_path)
    (tmp_path / changed).write_text("b")
    assert (state_of([tmp_path / "tape"], root=tmp_path) != before) == counts
