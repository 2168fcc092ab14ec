"""What a file of cases may say, and the sentence for what it may not."""

from pathlib import Path

import pytest

from core.errors import CallerError
from evals.cases.reading import load_cases, read_cases

TOLD = """
[[case]]
id = "lead"
kind = "follow_up"
universe = "demo"
as_of = 2024-06-28
faults = [{tool = "get_sector_heatmap", kind = "hung"}]

[[case.turn]]
text = "Which sectors lead?"
language = "en"
[case.turn.variants]
vi = "Ngành nào dẫn dắt?"
short = "Leaders?"
[case.turn.expected]
intent = "question"

[[case.turn]]
text = "And over three months?"
language = "en"
[case.turn.variants]
vi = "Còn ba tháng?"
short = "3M?"
"""


def told(folder: Path, text: str = TOLD, name: str = "a.toml") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_a_case_comes_with_one_more_for_each_variant(tmp_path: Path) -> None:
    cases = read_cases(told(tmp_path))
    assert [case.id for case in cases] == ["lead", "lead--vi", "lead--short"]
    assert {case.base for case in cases} == {"lead"}
    assert [turn.text for turn in cases[1].turns] == ["Ngành nào dẫn dắt?", "Còn ba tháng?"]
    assert [turn.text for turn in cases[2].turns] == ["Leaders?", "3M?"]


def test_a_variant_differs_in_words_and_language_alone(tmp_path: Path) -> None:
    first, *others = read_cases(told(tmp_path))
    for case, language in zip(others, ("vi", "en"), strict=True):
        assert case.faults == first.faults
        assert case.as_of == first.as_of
        for turn, same in zip(case.turns, first.turns, strict=True):
            assert (turn.expected, turn.language) == (same.expected, language)


@pytest.mark.parametrize(
    ("change", "to", "said"),
    [
        ('universe = "demo"', 'market = "demo"', "a.toml, case.0."),
        ('intent = "question"', 'intent = "praise"', "a.toml, case.0.turn.0.expected.intent"),
        ('short = "3M?"', "", "a.toml: case lead: its turns have not the same variants"),
        ("[[case]]", "[[cases]]", "a.toml, case: "),
        ('text = "Which sectors lead?"', "text = ", "a.toml cannot be read"),
        ('text = "Which sectors lead?"', 'text = ""', "a.toml, case.0.turn.0.text"),
        ("get_sector_heatmap", "get_sector_heat", "a.toml, case.0.faults.0.tool"),
        ('id = "lead"', 'id = "lead--vi"', "a.toml, case.0.id"),
        ('id = "lead"', 'id = ""', "a.toml, case.0.id"),
        ('intent = "question"', "caps = {banks = 30}", "a.toml, case.0.turn.0.expected.caps.banks"),
    ],
)
def test_what_does_not_fit_is_named_with_its_file(
    tmp_path: Path, change: str, to: str, said: str
) -> None:
    path = told(tmp_path, TOLD.replace(change, to, 1))
    with pytest.raises(CallerError) as refused:
        read_cases(path)
    assert str(refused.value).startswith(said)


def test_two_cases_of_one_id_are_refused_wherever_they_are(tmp_path: Path) -> None:
    told(tmp_path)
    told(tmp_path, name="b.toml")
    with pytest.raises(CallerError, match="two cases are called lead"):
        load_cases(tmp_path)


def test_files_are_read_in_the_order_of_their_names(tmp_path: Path) -> None:
    told(tmp_path, TOLD.replace('"lead"', '"later"'), name="b.toml")
    told(tmp_path)
    assert [case.id for case in load_cases(tmp_path)][::3] == ["lead", "later"]
