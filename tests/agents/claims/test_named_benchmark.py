"""Where the question names a benchmark, what is not told against it says what it is against."""

from dataclasses import replace

import pytest

from agents.material import Material
from core.records.report import Section
from core.records.request import Language
from core.records.sectors import HeatmapRow
from tests.agents.claims.told import REPORT, heatmap, material, texts
from tests.servers.market import made_universe

MARK = "sector_mean"
OWN = made_universe().benchmark
WARNED = "momentum_crossing_down"


def _placed(row: HeatmapRow, momentum: float) -> HeatmapRow:
    assert row.weekly is not None
    told = {"rs_momentum_index": momentum, "early_warning": WARNED}
    return row.model_copy(update={"weekly": row.weekly.model_copy(update=told)})


def _against(momentum: float = 101.25, **asked: object) -> Material:
    """Return the material of a question against a benchmark; its momentum is that of each row."""
    made = material(intent="question", topics=("rotation",), benchmark=MARK, **asked)
    scored = next(item for item in made.evidence if item.tool == "get_sector_heatmap")
    rows = tuple(_placed(row, momentum) for row in heatmap().rows)
    changes = {
        "id": f"toy-heatmap-{MARK}",
        "result": heatmap().model_copy(update={"rows": rows, "benchmark": MARK}),
        "arguments": scored.arguments.model_copy(update={"benchmark": MARK}),
    }
    return replace(made, evidence=(*made.evidence, scored.model_copy(update=changes)))


@pytest.mark.parametrize(
    ("language", "lead", "name"),
    [("en", "The score and past excess", OWN.name_en), ("vi", "Điểm số và lợi suất", OWN.name_vi)],
)
@pytest.mark.parametrize("section", ["answer", "rotation"])
def test_the_score_is_said_to_keep_the_markets_own_benchmark(
    section: Section, language: Language, lead: str, name: str
) -> None:
    said = texts(_against(language=language), section)
    (told,) = [text for text in said if text.startswith(lead)]

    assert name in told


def test_without_another_benchmark_nothing_is_said_of_the_score() -> None:
    said = texts(material(intent="question", topics=("rotation",)), "answer")

    assert not any(text.startswith("The score and") for text in said)


def test_an_early_warning_is_of_the_bars_the_quadrants_are_told_of() -> None:
    said = [text for text in texts(_against(), "warning") if "RS-Momentum" in text]

    assert said
    assert all(text.endswith("RS-Momentum 101.25.") for text in said)


def test_a_headlines_momentum_names_its_benchmark_where_the_quadrants_have_another() -> None:
    plain = [s.text for s in REPORT.sentences if s.text.startswith("In question once")]
    said = [text for text in texts(_against(), "headline") if text.startswith("In question once")]

    assert plain
    assert not any(OWN.name_en in text for text in plain)
    assert [f"RS-Momentum against {OWN.name_en}, " in text for text in said] == [True]


@pytest.mark.parametrize(
    ("treatment", "language", "words"),
    [
        ("total_return", "en", "total return, dividends included"),
        ("total_return", "vi", "tổng lợi suất, tính cả cổ tức"),
        ("price", "en", "price, dividends left out"),
        ("price", "vi", "giá, không tính cổ tức"),
    ],
)
def test_a_question_about_rotation_is_told_whether_dividends_count(
    treatment: str, language: Language, words: str
) -> None:
    told = heatmap().model_copy(update={"treatment": treatment})
    said = texts(
        material(told, intent="question", topics=("rotation",), language=language), "answer"
    )

    assert [words in text for text in said[:3]].count(True) == 1
