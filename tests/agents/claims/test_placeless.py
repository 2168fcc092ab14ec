"""A sector in the question that has no place is told so in the answer, and why."""

from dataclasses import replace

import pytest

from agents import notices
from agents.material import Material
from core.records.evidence import Gap
from core.records.request import Focus, Language
from core.records.result import MissingCell, NamedGap
from tests.agents.claims.told import heatmap, material, status, texts

SECTOR = "energy"
FOCUS = (Focus(universe="toy", sector=SECTOR, said="energy"),)
ASKED: dict[str, object] = {"intent": "question", "topics": ("rotation",), "focus": FOCUS}


def _unlisted(**changes: object) -> Material:
    rows = tuple(row for row in heatmap().rows if row.sector != SECTOR)
    cell = MissingCell(subject=SECTOR, measure="weekly", reason="not_listed")
    result = heatmap().model_copy(update={"rows": rows, "missing": (cell,)})
    made = material(result, **{**ASKED, **changes})
    return replace(made, scorecards=(), allocations=())


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "Energy: the series was not listed yet on that date."),
        ("vi", "Năng lượng: mã này chưa niêm yết vào ngày đó."),
    ],
)
def test_a_sector_that_was_not_listed_yet_is_said_to_have_been_none(
    language: Language, words: str
) -> None:
    assert words in texts(_unlisted(language=language), "answer")


def test_others_are_not_ranked_in_its_place() -> None:
    (card,) = material().scorecards
    others = tuple(row for row in card.sectors if row.sector != SECTOR)
    made = _unlisted()
    evidence = tuple(item for item in made.evidence if "flow" not in item.tool)
    cards = (card.model_copy(update={"sectors": others}),)
    said = texts(replace(made, evidence=evidence, scorecards=cards), "answer")

    assert said
    assert not any("score rank" in text for text in said)


def test_a_sector_that_has_a_place_and_a_report_are_told_nothing_of_the_kind() -> None:
    placed = texts(material(**ASKED), "answer")

    assert not any("not listed" in text for text in placed)
    assert not any("not listed" in text for text in texts(_unlisted(intent="report"), "answer"))


def test_a_market_without_a_heatmap_names_the_sector_in_a_comparison() -> None:
    absent = NamedGap(reason="no_data", actor="user", dataset="prices")
    gap = Gap(
        id="mirror-heatmap", node="heatmap", tool="get_sector_heatmap", universe="toy", gap=absent
    )
    made = material(**ASKED)
    evidence = tuple(item for item in made.evidence if item.tool == "get_data_status")
    said = texts(
        replace(made, evidence=evidence, gaps=(gap,), scorecards=(), allocations=()), "answer"
    )

    assert any(text.startswith("Energy: there are no prices of Toy market") for text in said)


def test_stocks_prices_that_are_missing_are_not_said_to_be_the_markets() -> None:
    gap = NamedGap(reason="no_data", actor="user", dataset="prices")
    missed = Gap(id="w", node="whale_activity", tool="get_whale_activity", universe="toy", gap=gap)
    first = status().rows[0]
    rows = (first, first.model_copy(update={"dataset": "members"}))
    made = material(status().model_copy(update={"rows": rows}))
    (said,) = notices.missing(replace(made, gaps=(missed,)))

    assert said.text.startswith("The sector members of Toy market are known, the prices of")
