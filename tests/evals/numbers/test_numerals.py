"""Every numeral of a report is what its evidence says, at printed precision."""

import asyncio
from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from agents.llm.protocol import LanguageModel
from core.records.report import Report, Sentence, Span
from core.records.request import Language
from core.records.universe import Horizon
from evals.kit.good import Good
from evals.numbers.numerals import Numeral, numerals
from evals.numbers.reports import Made, Wanted, made

pytestmark = pytest.mark.xdist_group("numbers")
STATED = ("value", "date")
"""Kinds that state something; digits of names are beside."""
MODELS: tuple[LanguageModel | None, ...] = (None, None, Good(), None, Good(noise=0.5))
LANGUAGES: tuple[Language, ...] = ("en", "vi")
HORIZONS: tuple[Horizon, ...] = ("1W", "1M", "3M")


def unequal(found: tuple[Numeral, ...]) -> list[Numeral]:
    return [numeral for numeral in found if not numeral.equal]


def stated(found: tuple[Numeral, ...]) -> int:
    return sum(numeral.kind in STATED for numeral in found)


def test_every_numeral_is_recomputed_from_the_evidence(reports: tuple[Made, ...]) -> None:
    found = tuple(row for told in reports for row in numerals(told.report, told.universe))
    assert unequal(found) == []
    assert stated(found) >= 600
    assert {row.author for row in found} == {"model", "template"}
    assert {row.kind for row in found} == {"value", "date", "name", "words"}


def _with_first(report: Report, **changes: object) -> tuple[Report, str]:
    """Return the report with its first printed decimal's evidence changed, and the fact's id."""
    facts = {fact.id: fact for fact in report.facts}
    fact = next(
        facts[span.fact]
        for sentence in report.sentences
        for span in sentence.spans
        if span.fact and facts[span.fact].evidence and "." in span.text and facts[span.fact].value
    )
    raw = report.model_dump(mode="json", round_trip=True)
    place = next(row for row in raw["evidence"] if row["id"] == fact.evidence)["result"]
    *way, last = (fact.pointer or "").split("/")[1:]
    for step in way:
        place = place[int(step)] if isinstance(place, list) else place[step]
    place[last] = changes["value"]
    return Report.model_validate(raw), fact.id


def test_a_value_the_evidence_does_not_hold_is_found(reports: tuple[Made, ...]) -> None:
    told = reports[0]
    changed, name = _with_first(told.report, value=777.77)
    wrong = unequal(numerals(changed, told.universe))
    assert wrong
    assert {row.fact for row in wrong} == {name}
    assert all("777.8" in row.expected or "777.77" in row.expected for row in wrong)


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text.replace(".", ","),
        lambda text: f"{text}0",
        lambda text: f"−{text.lstrip('+')}",
        lambda text: text.replace("%", " pp"),
        lambda text: f"1{text}",
    ],
)
def test_a_number_printed_otherwise_is_found(reports: tuple[Made, ...], change: object) -> None:
    assert callable(change)
    told = reports[0]
    facts = {fact.id: fact for fact in told.report.facts}
    changed = [
        span.model_copy(update={"text": change(span.text)})
        for sentence in told.report.sentences
        for span in sentence.spans
        if span.fact and facts[span.fact].unit == "%" and span.text.lstrip("+")[0].isdecimal()
        and not span.text.startswith(("0.0", "−"))
        and "%" in span.text
    ]  # fmt: skip
    assert len(changed) > 20
    assert len(unequal(numerals(_saying(told.report, changed), told.universe))) == len(changed)


@pytest.mark.parametrize(
    "text", ["about 12 of them", "doubled", "twelve percent", "Ⅻ", "٣", "half"]
)
def test_a_numeral_without_a_fact_is_found(reports: tuple[Made, ...], text: str) -> None:
    told = reports[0]
    found = numerals(_saying(told.report, [Span(text=text)]), told.universe)
    assert [row.text for row in unequal(found)] == [text]


def _saying(report: Report, spans: list[Span]) -> Report:
    sentence = Sentence(
        section="rotation", universe="demo", entity="demo", spans=tuple(spans), author="model"
    )
    return report.model_copy(update={"sentences": (sentence,)})


def _month_ends() -> Iterator[date]:
    for month in range(62):
        year, of_year = divmod(month, 12)
        following = date(2019 + year + (of_year == 11), (of_year + 1) % 12 + 1, 1)
        yield following - timedelta(days=1)


@pytest.mark.prove
@pytest.mark.timeout(3600)
def test_fifteen_thousand_numerals_are_recomputed(evals_home: Path) -> None:
    """Month-ends by horizons, languages and authors, each by the product's own graph."""
    wanted = [
        Wanted(day, HORIZONS[place % 3], LANGUAGES[place % 2], MODELS[place % len(MODELS)])
        for place, day in enumerate((*_month_ends(), *_month_ends()))
    ]
    counts: Counter[tuple[str, ...]] = Counter()

    async def counted() -> list[Numeral]:
        wrong: list[Numeral] = []
        async for told in made(evals_home, wanted):
            found = numerals(told.report, told.universe)
            language = told.report.request.language
            counts.update((language, row.author, row.kind) for row in found)
            wrong += unequal(found)
        return wrong

    wrong = asyncio.run(counted())
    print(f"\n{len(wanted)} reports\nlanguage author   kind   numerals")
    for (language, author, kind), count in sorted(counts.items()):
        print(f"{language:8} {author:8} {kind:6} {count:8,}")
    total = sum(count for key, count in counts.items() if key[2] in STATED)
    print(f"stated values and dates {total:,}, not equal {len(wrong):,}")
    assert wrong == []
    assert total >= 15_000
