"""A numeral is a value when it is the value rounded, in its language, under its sign."""

from hypothesis import given
from hypothesis import strategies as st

from evals.second.numerals import numerals


def said(text: str, language: str) -> list[float]:
    return [each.value for each in numerals(text, language)]


def test_each_language_reads_its_own_separators() -> None:
    assert said("1,234.5 and \u22120.3", "en") == [1234.5, -0.3]
    assert said("1.234,5 và \u22120,3", "vi") == [1234.5, -0.3]


@given(st.integers(-10_000_000, 10_000_000), st.integers(0, 3))
def test_a_value_is_told_by_its_rounding_and_by_no_other(exact: int, decimals: int) -> None:
    value = exact / 1000
    text = f"{value:+.{decimals}f}".replace("-", "\u2212")
    (found,) = numerals(text, "en")
    assert found.tells(value) or (found.plus and value < 0)
    assert not found.tells(value + 1.01 * 10.0**-decimals)
    assert not found.tells(value - 1.01 * 10.0**-decimals)


def test_a_plus_never_tells_a_loss() -> None:
    (found,) = numerals("+0.0", "en")
    assert found.tells(0.0)
    assert not found.tells(-0.04)
