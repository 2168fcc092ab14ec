import pytest

from evals.results.asking.progress import PARTS, tenths


def _said(count: int, step: int) -> list[str]:
    lines: list[str] = []
    heard = tenths("rules", count, lines.append)
    for done in range(step, count + step, step):
        heard(min(done, count))
    return lines


@pytest.mark.parametrize(("count", "step"), [(100, 1), (103, 4), (1000, 4)])
def test_every_tenth_is_said_once_and_the_last_case_too(count: int, step: int) -> None:
    lines = _said(count, step)
    assert len(lines) == PARTS
    assert lines[-1] == f"rules: {count} of {count} cases"


def test_few_cases_are_said_once_each_part() -> None:
    assert _said(5, 4) == ["rules: 4 of 5 cases", "rules: 5 of 5 cases"]
    assert _said(1, 4) == ["rules: 1 of 1 cases"]
