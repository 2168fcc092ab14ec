"""A numeral is its fact's value as printed, or it is found."""

from collections.abc import Callable, Iterator
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.language.printed.factors import FACTORS, FEATURES, factor_name
from core.language.printed.measured import MEASURES
from core.language.printed.series import SERIES
from core.records.evidence import Fact
from core.records.report import Report, Sentence, Span
from core.records.request import Language
from core.wording import number_text
from evals.scorers.numbers.numerals import UNITS, has_digit, prints
from tests.evals.scorers.given import a_report, retold, said, score, value
from tests.servers.market import made_universe

UNIVERSE = made_universe()
LANGUAGES: tuple[Language, ...] = ("en", "vi")


def _fact(number: float, unit: str, measure: str = "excess_1m") -> Fact:
    return Fact(
        id="e.x.y",
        universe="toy",
        subject="energy",
        measure=measure,
        value=number,
        unit=unit,
        as_of=date(2026, 3, 20),
    )


@pytest.mark.parametrize("language", ["en", "vi"])
def test_every_numeral_of_a_report_is_its_facts(language: str) -> None:
    assert value("numeric-fidelity", a_report(language)) == 1.0


@pytest.mark.parametrize(
    ("text", "number", "unit"),
    [
        ("−2.5%", 2.5, "%"),
        ("+2.4%", 2.5, "%"),
        ("+25.0%", 2.5, "%"),
        ("+2.50%", 2.5, "%"),
        ("+3%", 2.5, "%"),
        ("+2.5 pp", 2.5, "%"),
        ("+2,5%", 2.5, "%"),
        ("２.5%", 2.5, "%"),
        ("+2500.0 bn", 2.5, "bn"),
        ("+2.5 tn", 2.5, "bn"),
        ("+2.5 mn", 2.5, "bn"),
        ("2.5", 2.5, "index"),
        ("2", 3.0, "count"),
        ("3 sessions of net selling in a row", 3.0, "sessions"),
        ("2 sessions of net buying in a row", 3.0, "sessions"),
        ("19 Mar 2026", 2.5, "%"),
    ],
)
def test_a_numeral_that_is_not_the_value_is_found(text: str, number: float, unit: str) -> None:
    assert not prints(text, _fact(number, unit), "en")


@given(
    st.floats(-1e5, 1e5),
    st.sampled_from([*sorted(UNITS), "bn", "index", ""]),
    st.sampled_from(LANGUAGES),
)
def test_what_the_product_prints_of_a_value_is_the_value(
    number: float, unit: str, language: Language
) -> None:
    text = number_text(number, unit, language, UNIVERSE, signed=True)
    assert prints(text, _fact(number, unit), language), text


@given(st.floats(-1e4, 1e4), st.floats(-1e4, 1e4), st.sampled_from([*sorted(UNITS), "bn"]))
def test_two_values_that_print_apart_are_told_apart(one: float, other: float, unit: str) -> None:
    text, own = (number_text(v, unit, "en", UNIVERSE, signed=True) for v in (one, other))
    assert text == own or not prints(text, _fact(other, unit), "en")


def test_names_may_hold_their_own_digits_only() -> None:
    assert prints("1-month excess return", _fact(2.5, "%"), "en")
    assert not prints("3-month excess return", _fact(2.5, "%"), "en")
    assert prints("revenue, 30 Sep 2024", _fact(2.5, "bn", "value.revenue.2024-09-30"), "en")
    assert not prints("revenue, 30 Sep 2023", _fact(2.5, "bn", "value.revenue.2024-09-30"), "en")
    spy = _fact(1.0, "", "quadrant.weekly").model_copy(
        update={"universe": "us", "benchmark": "spy"}
    )
    assert prints("SPDR S&P 500 ETF", spy, "en")
    assert not prints("SPDR S&P 600 ETF", spy, "en")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    "unit", ["", "%", " %", " pp", " sessions", " days", "M", " month", " phiên"]
)
@pytest.mark.parametrize("measure", ["excess_1m", "expected_excess.1m", "breadth_1d", "return_1w"])
def test_digits_of_a_name_are_no_value(measure: str, unit: str, language: Language) -> None:
    assert not prints(f"1{unit}", _fact(2.5, "%", measure), language)


def test_a_name_is_one_that_is_listed_for_its_measure() -> None:
    for measure, text in (
        ("expected_excess.3m", "expected excess return (3 months)"),
        ("contribution.members_ridge_1m", "linear view of members, 1M"),
        ("contribution.excess_1m", "1-month excess return"),
        ("textbook.leading.1m", "LEADING, 1 month"),
    ):
        assert prints(text, _fact(2.5, "", measure), "en")
        assert not prints(text, _fact(2.5, "", "hit.1w"), "en")
        assert not prints(f"1 of {text}", _fact(2.5, "", measure), "en")


def test_every_name_with_digits_the_product_has_is_listed() -> None:
    unlisted = [
        name
        for key, language, name in _names()
        if has_digit(name) and not prints(name, _fact(2.5, "", f"reason.{key}"), language)
    ]
    assert unlisted == []


def test_several_names_are_those_of_facts_told_alike() -> None:
    report = a_report()
    rows = [_symbol("TEC1"), _symbol("FIN1")]
    both = report.model_copy(update={"facts": (*report.facts, *rows)})
    named = both.sentences[0].model_copy(
        update={"spans": (Span(text="TEC1, FIN1", fact=rows[0].id),)}
    )
    told = both.model_copy(update={"sentences": (named,)})
    assert value("numeric-fidelity", told) == 1.0
    one = told.model_copy(update={"facts": (*report.facts, rows[0])})
    assert value("numeric-fidelity", one) == 0.0


def test_a_report_whose_values_become_their_measures_digits_is_found() -> None:
    report = a_report()
    facts = {fact.id: fact for fact in report.facts}

    def fits(sentence: Sentence, span: Span) -> bool:
        fact = facts.get(span.fact or "")
        value = fact is not None and fact.value is not None and fact.measure == "excess_1m"
        return value and span.text.lstrip("+−")[:1].isdigit() and "-" not in span.text

    assert value("numeric-fidelity", retold(report, fits, lambda text: "1 pp")) < 1.0


def test_a_report_with_a_changed_numeral_is_found() -> None:
    for unit, change in (
        ("%", lambda text: text.replace("%", " pp")),
        ("fraction", lambda text: "9" + text),
        ("index", lambda text: text[:-1]),
        ("count", lambda text: "7" + text),
    ):
        assert value("numeric-fidelity", _reprinted(a_report(), unit, change)) < 1.0


def test_numbers_bound_to_nothing_are_found() -> None:
    assert value("numeric-fidelity", said(a_report(), "It gained 3 percent.")) < 1.0
    assert "twelve" in score("numeric-fidelity", said(a_report(), "It gained twelve percent.")).why
    assert value("numeric-fidelity", said(a_report("vi"), "Tăng gấp đôi.")) < 1.0
    assert value("numeric-fidelity", said(a_report(), "It gained ½ of it.")) < 1.0


def _reprinted(report: Report, unit: str, change: Callable[[str], str]) -> Report:
    """Return the report with the first value of a unit printed otherwise."""
    facts = {fact.id: fact for fact in report.facts}

    def fits(sentence: Sentence, span: Span) -> bool:
        fact = facts.get(span.fact or "")
        value = fact is not None and fact.value is not None and fact.unit == unit
        return value and span.text.lstrip("+−")[:1].isdigit() and "-" not in span.text

    return retold(report, fits, change)


def _symbol(name: str) -> Fact:
    return Fact(
        id=f"request.toy.{name.lower()}",
        universe="toy",
        subject=name,
        measure="named_symbol",
        label=name,
        unit="",
        as_of=date(2026, 3, 20),
    )


def _names() -> Iterator[tuple[str, Language, str]]:
    """Yield what measures, series, factors and what a model learns from are called, by id."""
    for key, words in (*MEASURES.items(), *SERIES.items()):
        yield from ((key, language, words[language]) for language in LANGUAGES)
    of_sector = (f"sector_{key}" for key in FEATURES)
    views = (f"members_ridge_{span}" for span in ("1w", "1m", "3m"))
    for key in (*FACTORS, *FEATURES, *of_sector, *views):
        for language in LANGUAGES:
            yield key, language, factor_name(key, language) or ""
